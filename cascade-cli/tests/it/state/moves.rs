//! `state move`, there and back.

use super::{
    HEAD, STATE, clone, git, manifest, ok, on_branch, publish, record, refused, remote, run,
    version,
};
use serde_json::{Value, json};

#[test]
fn the_state_moves_to_a_branch_and_back_and_loses_nothing() {
    let before = format!("{HEAD}{STATE}");
    let sandbox = clone(&before);
    let told = ok(&sandbox, &["state", "move"]);
    assert!(told.stdout.contains("`cascade-state`"), "{told}");
    assert_eq!(manifest(&sandbox), on_branch());
    assert_eq!(
        remote(&sandbox, "cascade-state:state.yaml")
            .lines()
            .skip(1)
            .collect::<Vec<_>>(),
        [
            "state:",
            "  dev:",
            "    sha: abc",
            "    version: v1.0.0-rc.0",
            "latest_release:",
            "  version: v0.9.0",
        ]
    );
    assert_eq!(
        sandbox.git(&["-C", "remote", "ls-tree", "--name-only", "cascade-state"]),
        "state.yaml"
    );
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    publish(&sandbox);
    let again = ok(&sandbox, &["state", "move"]);
    assert!(again.stdout.contains("already"), "{again}");

    record(
        &sandbox,
        "state:\n  dev: { sha: def, version: v1.0.0-rc.1 }\n",
    );
    ok(&sandbox, &["state", "move", "--to-manifest"]);
    let after = manifest(&sandbox);
    assert!(after.starts_with(HEAD), "{after}");
    assert!(
        after.contains("version: v1.0.0-rc.1") && !after.contains("{ branch"),
        "{after}"
    );
    assert_eq!(version(&sandbox), "v1.0.0-rc.1");
    publish(&sandbox);
    let past = sandbox.git(&["-C", "remote", "log", "--format=%s", "refs/cascade/state"]);
    assert_eq!(past.lines().count(), 3, "{past}");

    ok(&sandbox, &["state", "move", "other"]);
    let past = sandbox.git(&["-C", "remote", "log", "--format=%s", "other"]);
    assert_eq!(past.lines().count(), 4, "{past}");
    assert_eq!(version(&sandbox), "v1.0.0-rc.1");
}

#[test]
fn a_move_that_crashed_goes_on_where_it_was() {
    let before = format!("{HEAD}{STATE}");
    let sandbox = clone(&before);
    ok(&sandbox, &["state", "move"]);
    let moved = sandbox.git(&["-C", "remote", "rev-parse", "cascade-state"]);
    sandbox.write("work/.github/manifest.yaml", &before);
    let refusal = run(&sandbox, &["status"]);
    assert_eq!(refusal.code, 2, "{refusal}");
    assert!(
        refusal.stderr.contains("the state is on a branch"),
        "{refusal}"
    );
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), on_branch());
    assert_eq!(
        sandbox.git(&["-C", "remote", "rev-parse", "cascade-state"]),
        moved
    );

    publish(&sandbox);
    ok(&sandbox, &["state", "move", "--to-manifest"]);
    sandbox.write("work/.github/manifest.yaml", HEAD);
    let refusal = run(&sandbox, &["status"]);
    assert_eq!(refusal.code, 2, "{refusal}");
    assert!(refusal.stderr.contains("does not have it"), "{refusal}");
    ok(&sandbox, &["state", "move", "--to-manifest"]);
    assert!(manifest(&sandbox).contains("v1.0.0-rc.0"));
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), on_branch());
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
}

#[test]
fn the_trunk_moves_in_the_same_push_if_asked() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let run = ok(&sandbox, &["state", "move", "--commit-push", "--json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        document["pushes"],
        json!(["cascade-state", "main"]),
        "{run}"
    );
    assert_eq!(document["from"], "manifest");
    assert_eq!(
        remote(&sandbox, "main:.github/manifest.yaml"),
        on_branch().trim_end()
    );
    git(&sandbox, &["pull", "--quiet", "origin", "main"]);
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    ok(
        &sandbox,
        &["state", "move", "--to-manifest", "--commit-push"],
    );
    let there = remote(&sandbox, "main:.github/manifest.yaml");
    assert!(
        there.starts_with(HEAD) && there.contains("v1.0.0-rc.0"),
        "{there}"
    );
}

#[test]
fn a_move_can_be_looked_at_first() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let run = ok(&sandbox, &["state", "move", "--dry-run"]);
    assert!(run.stdout.contains("would be"), "{run}");
    assert_eq!(manifest(&sandbox), format!("{HEAD}{STATE}"));
    assert_eq!(sandbox.git(&["-C", "remote", "branch"]), "* main");
}

#[test]
fn what_a_run_wrote_to_the_manifest_meanwhile_is_moved_too() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let late = format!("{HEAD}{}", STATE.replace("rc.0", "rc.1"));
    sandbox.write("work/.github/manifest.yaml", late);
    git(
        &sandbox,
        &["commit", "--quiet", "-am", "chore(cascade): late [skip ci]"],
    );
    git(
        &sandbox,
        &["push", "--quiet", "origin", "HEAD:refs/prepared/late"],
    );
    git(&sandbox, &["reset", "--quiet", "--hard", "HEAD^"]);
    // A run that read everything before the move pushes after it.
    let hook = "#!/bin/sh\ngrep -q heads/cascade-state || exit 0\ngit update-ref refs/heads/main refs/prepared/late\n";
    sandbox.write("remote/hooks/post-receive", hook);
    let path = sandbox.path("remote/hooks/post-receive");
    let mut mode = std::fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    ok(&sandbox, &["state", "move"]);
    assert_eq!(version(&sandbox), "v1.0.0-rc.1");
    let head = sandbox.git(&["-C", "remote", "rev-parse", "cascade-state"]);
    let bookmark = sandbox.git(&["-C", "remote", "rev-parse", "refs/cascade/state"]);
    assert_eq!(head, bookmark);
    git(&sandbox, &["stash", "--quiet"]);
    git(&sandbox, &["pull", "--quiet", "origin", "main"]);
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), on_branch());
}

#[test]
fn code_names_the_branch_before_the_state_moves() {
    let sandbox = clone(HEAD).program("in-code");
    ok(&sandbox, &["generate", "--force"]);
    let text = manifest(&sandbox);
    sandbox.write("work/.github/manifest.yaml", format!("{text}{STATE}"));
    publish(&sandbox);
    refused(
        &sandbox,
        &["state", "move"],
        &[
            "keeps the state in the manifest",
            "state(branch = \"cascade-state\")",
        ],
    );
    let sandbox = sandbox.variable("EXAMPLE_STATE_BRANCH", "cascade-state");
    refused(&sandbox, &["status"], &["still in the manifest"]);
    ok(&sandbox, &["state", "move"]);
    assert_eq!(manifest(&sandbox), text);
    ok(&sandbox, &["generate"]);
    assert!(manifest(&sandbox).contains("state:\n      branch: cascade-state\n"));
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    refused(
        &sandbox,
        &["state", "move", "--to-manifest"],
        &["remove `state(...)`"],
    );
    let sandbox = sandbox.variable("EXAMPLE_STATE_BRANCH", "");
    ok(&sandbox, &["state", "move", "--to-manifest"]);
    assert!(manifest(&sandbox).contains("version: v1.0.0-rc.0"));
    let file = remote(&sandbox, "cascade-state:state.yaml");
    assert!(file.contains("moved_to:\n  manifest: "), "{file}");
}

#[test]
fn a_branch_that_the_configuration_forgot_is_closed() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    // The configuration names another branch by hand, and the state follows.
    let renamed = on_branch().replace("cascade-state", "elsewhere");
    sandbox.write("work/.github/manifest.yaml", &renamed);
    publish(&sandbox);
    ok(&sandbox, &["state", "move"]);
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    let file = remote(&sandbox, "cascade-state:state.yaml");
    assert!(file.ends_with("moved_to:\n  branch: elsewhere"), "{file}");
    sandbox.write("work/.github/manifest.yaml", on_branch());
    refused(&sandbox, &["status"], &["moved to the branch `elsewhere`"]);
}

#[test]
fn a_move_is_signed_where_git_signs_commits() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    let key = sandbox.path("key");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status()
        .unwrap();
    assert!(made.success());
    git(&sandbox, &["config", "gpg.format", "ssh"]);
    git(
        &sandbox,
        &["config", "user.signingkey", key.to_str().unwrap()],
    );
    git(&sandbox, &["config", "commit.gpgsign", "true"]);
    ok(&sandbox, &["state", "move", "--commit-push"]);
    for branch in ["cascade-state", "main"] {
        let commit = sandbox.git(&["-C", "remote", "cat-file", "commit", branch]);
        assert!(commit.contains("gpgsig"), "{branch}: {commit}");
    }
}
