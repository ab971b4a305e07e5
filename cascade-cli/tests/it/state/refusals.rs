//! What is refused, with nothing changed.

use super::{
    HEAD, STATE, clone, git, manifest, ok, on_branch, publish, record, refused, run, version,
};
use serde_json::json;

#[test]
fn state_that_was_not_moved_is_never_taken_for_none() {
    let sandbox = clone(&format!("{}{STATE}", on_branch()));
    refused(
        &sandbox,
        &["status"],
        &["still in the manifest", "cascade state move cascade-state"],
    );
    refused(
        &sandbox,
        &["simulate", "orchestrate"],
        &["cascade state move"],
    );
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), on_branch());
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    // What the trunk still has is an older state that the branch knows.
    record(
        &sandbox,
        "state:\n  dev: { sha: def, version: v1.0.0-rc.1 }\n",
    );
    git(&sandbox, &["checkout", "--quiet", "."]);
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), on_branch());
    assert_eq!(version(&sandbox), "v1.0.0-rc.1");
}

#[test]
fn two_states_that_contradict_each_other_stay_where_they_are() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    let other = STATE.replace("rc.0", "rc.7");
    sandbox.write(
        "work/.github/manifest.yaml",
        format!("{}{other}", on_branch()),
    );
    publish(&sandbox);
    for to in [&["state", "move"][..], &["state", "move", "--to-manifest"]] {
        refused(&sandbox, to, &["different states"]);
    }
}

#[test]
fn nothing_moves_while_a_deployment_is_under_way() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let begun = json!({
        "operation": "promote", "version": "v1.0.0-rc.0", "sha": "abc", "from": "dev",
        "deploys": ["web"], "run": "https://github.example/acme/app/actions/runs/7", "at": "2026-01-15T10:30:00Z", "by": "octocat",
    });
    let message = format!("cascade: promote dev\n\n{begun}\n");
    let commit = git(
        &sandbox,
        &["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", &message],
    );
    let name = format!("{commit}:refs/cascade/deployments/dev");
    git(&sandbox, &["push", "--quiet", "origin", &name]);
    refused(
        &sandbox,
        &["state", "move"],
        &["under way", "dev", "runs/7"],
    );
}

#[test]
fn a_branch_that_was_deleted_is_no_first_run() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    publish(&sandbox);
    version(&sandbox);
    sandbox.git(&["-C", "remote", "branch", "-D", "cascade-state"]);
    refused(
        &sandbox,
        &["status"],
        &["deleted or renamed", "cascade state move cascade-state"],
    );
    refused(&sandbox, &["next-version"], &["deleted or renamed"]);
    ok(&sandbox, &["state", "move"]);
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    let renamed = on_branch().replace("cascade-state", "elsewhere");
    sandbox.write("work/.github/manifest.yaml", renamed);
    refused(&sandbox, &["status"], &["the state is not on `elsewhere`"]);
}

#[test]
fn a_broken_file_is_told_and_kept() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    for broken in [
        "state: {",
        "state: {}\nnews: 1\n",
        "<<<<<<< ours\nstate: {}\n",
    ] {
        record(&sandbox, broken);
        refused(
            &sandbox,
            &["status"],
            &["state.yaml on `cascade-state` cannot be read"],
        );
        refused(
            &sandbox,
            &["state", "move", "--to-manifest"],
            &["cannot be read"],
        );
    }
}

#[test]
fn what_cannot_be_a_state_branch_is_refused_before_anything_moves() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    for (name, said) in [
        ("main", "both `main`"),
        ("env/state", "hotfixes"),
        ("main/state", "beside"),
        ("a b", "not a branch name"),
        ("-x", "unexpected argument"),
    ] {
        refused(&sandbox, &["state", "move", name], &[said]);
    }
    refused(
        &sandbox,
        &["state", "move", "x", "--to-manifest"],
        &["cannot be used"],
    );
    git(&sandbox, &["remote", "remove", "origin"]);
    let run = run(&sandbox, &["state", "move"]);
    assert!(run.code == 2 && run.stderr.contains("no remote"), "{run}");
}

#[test]
fn an_old_working_tree_is_not_moved() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let newer = format!("{HEAD}{}", STATE.replace("rc.0", "rc.1"));
    sandbox.write("work/.github/manifest.yaml", newer);
    publish(&sandbox);
    git(&sandbox, &["reset", "--quiet", "--hard", "HEAD^"]);
    refused(&sandbox, &["state", "move"], &["git pull"]);
}
