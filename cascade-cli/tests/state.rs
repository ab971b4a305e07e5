//! `state move`, and commands by hand where the state is on a branch.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{DEPLOY, Run, Sandbox};
use serde_json::{Value, json};

const HEAD: &str = "\
# Ours.
ci:
  config:
    schema_version: 1
    trunk_branch: main # stays
    cli: { source: preinstalled }
    environments: [dev, prod]
    deploys:
      - { name: web, workflow: .github/workflows/deploy.yaml, permissions: {} }
";
const STATE: &str = "  state:\n    dev: { sha: abc, version: v1.0.0-rc.0 }\n  latest_release: { version: v0.9.0 }\n";
const BRANCH: &str = "    state: { branch: cascade-state }\n";

fn on_branch() -> String {
    HEAD.replace("# stays\n", &format!("# stays\n{BRANCH}"))
}

/// A clone with a remote that has the same commits.
fn clone(manifest: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("work/.github/manifest.yaml", manifest);
    sandbox.write("work/.github/workflows/deploy.yaml", DEPLOY);
    sandbox.git(&[
        "init",
        "--quiet",
        "--bare",
        "--initial-branch=main",
        "remote",
    ]);
    sandbox.git(&["init", "--quiet", "--initial-branch=main", "work"]);
    let remote = sandbox.path("remote");
    git(
        &sandbox,
        &["remote", "add", "origin", remote.to_str().unwrap()],
    );
    publish(&sandbox);
    sandbox
}

fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox.git(&[&["-C", "work"], args].concat())
}

/// Commits everything and pushes it to the trunk.
fn publish(sandbox: &Sandbox) {
    git(sandbox, &["add", "--all"]);
    git(
        sandbox,
        &["commit", "--quiet", "--allow-empty", "-m", "feat: change"],
    );
    git(sandbox, &["push", "--quiet", "origin", "HEAD:main"]);
}

fn run(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_in("work", args)
}

fn ok(sandbox: &Sandbox, args: &[&str]) -> Run {
    let run = run(sandbox, args);
    assert_eq!(run.code, 0, "{run}");
    run
}

/// The command is refused, and nothing changed on the remote or here.
fn refused(sandbox: &Sandbox, args: &[&str], said: &[&str]) {
    let refs = || sandbox.git(&["-C", "remote", "for-each-ref"]);
    let manifest = || sandbox.read("work/.github/manifest.yaml");
    let before = (refs(), manifest());
    let run = run(sandbox, args);
    assert_eq!(run.code, 2, "{run}");
    for part in said {
        assert!(run.stderr.contains(part), "`{part}` in {run}");
    }
    assert_eq!((refs(), manifest()), before);
}

fn manifest(sandbox: &Sandbox) -> String {
    sandbox.read("work/.github/manifest.yaml")
}

fn remote(sandbox: &Sandbox, object: &str) -> String {
    sandbox.git(&["-C", "remote", "show", object])
}

fn version(sandbox: &Sandbox) -> Value {
    let run = ok(sandbox, &["status", "--json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    document["environments"][0]["version"].clone()
}

/// A later run's write to the state branch.
fn record(sandbox: &Sandbox, file: &str) {
    let work = "work/.git/recording";
    git(sandbox, &["fetch", "--quiet", "origin", "cascade-state"]);
    git(
        sandbox,
        &["worktree", "add", "--quiet", ".git/recording", "FETCH_HEAD"],
    );
    sandbox.write(&format!("{work}/state.yaml"), file);
    sandbox.git(&[
        "-C",
        work,
        "commit",
        "--quiet",
        "-am",
        "chore(cascade): record",
    ]);
    sandbox.git(&[
        "-C",
        work,
        "push",
        "--quiet",
        "origin",
        "HEAD:refs/heads/cascade-state",
        "HEAD:refs/cascade/state",
    ]);
    git(
        sandbox,
        &["worktree", "remove", "--force", ".git/recording"],
    );
}

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
fn a_move_that_died_goes_on_where_it_was() {
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
fn every_kind_of_clone_finds_the_state() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    publish(&sandbox);
    record(
        &sandbox,
        "state:\n  dev: { sha: def, version: v1.0.0-rc.1 }\n  prod: { sha: abc, version: v0.9.0 }\n",
    );
    let url = format!("file://{}", sandbox.path("remote").display());
    for (at, more) in [
        &["--single-branch"][..],
        &["--depth=1"],
        &["--depth=1", "--no-single-branch"],
        &["--no-checkout"],
    ]
    .iter()
    .enumerate()
    {
        let name = format!("clone-{at}");
        sandbox.git(&[&["clone", "--quiet"], *more, &[&url, &name]].concat());
        sandbox.git(&["-C", &name, "checkout", "--quiet", "main"]);
        let run = sandbox.run_in(&name, &["status", "--json"]);
        assert!(run.stdout.contains("v1.0.0-rc.1"), "{more:?}: {run}");
        // What it held before is below the newest commit.
        let run = sandbox.run_in(
            &name,
            &[
                "rollback",
                "preflight",
                "--environment",
                "prod",
                "--to",
                "v0.0.1",
            ],
        );
        assert!(run.stderr.contains("never held"), "{more:?}: {run}");
        let log = sandbox.git(&["-C", &name, "log", "--format=%s", "origin/cascade-state"]);
        assert_eq!(log.lines().count(), 2, "{more:?}: {log}");
    }
}

#[test]
fn without_its_remote_a_clone_shows_what_it_fetched() {
    let sandbox = clone(&format!("{HEAD}{STATE}"));
    ok(&sandbox, &["state", "move"]);
    version(&sandbox);
    git(&sandbox, &["remote", "set-url", "origin", "../nowhere"]);
    let run = ok(&sandbox, &["status"]);
    assert!(run.stdout.contains("v1.0.0-rc.0"), "{run}");
    assert!(run.stderr.contains("as it was last fetched"), "{run}");
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

#[test]
fn what_is_recorded_by_hand_stays_in_the_clone_until_it_is_pushed() {
    let sandbox = clone(&on_branch());
    let head = git(&sandbox, &["rev-parse", "HEAD"]);
    let plan = json!({
        "layout": 1, "environment": "dev", "sha": head, "version": "v1.0.0-rc.0",
        "base": {}, "advance": true, "restore": true,
        "deploys": { "web": { "sha": head, "version": "v1.0.0-rc.0" } },
    });
    let sandbox = sandbox
        .variable("PLAN", &plan.to_string())
        .variable("OPERATION", "orchestrate");
    ok(
        &sandbox,
        &["deploy", "record", "--deploy-results", "web:success"],
    );
    assert_eq!(version(&sandbox), "v1.0.0-rc.0");
    assert_eq!(sandbox.git(&["-C", "remote", "branch"]), "* main");
    git(&sandbox, &["push", "--quiet", "origin", "cascade-state"]);
    record(
        &sandbox,
        "state:\n  dev: { sha: def, version: v1.0.0-rc.1 }\n",
    );
    assert_eq!(version(&sandbox), "v1.0.0-rc.1");
    let apart = git(
        &sandbox,
        &["commit-tree", "cascade-state^{tree}", "-m", "apart"],
    );
    git(
        &sandbox,
        &["update-ref", "refs/heads/cascade-state", &apart],
    );
    refused(
        &sandbox,
        &["status"],
        &["different commits", "git branch -D"],
    );
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
