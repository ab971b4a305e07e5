//! What git cannot answer is an error with git's reason, and never an answer.

use crate::support::{Run, Sandbox};
use std::fs;

const CONFIG: &str = "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    cli: { source: preinstalled }\n    runs_on: self-hosted\n    environments: [dev]\n    deploys:\n      - { name: web, workflow: .github/workflows/deploy.yaml, permissions: {}, triggers: [\"src/**\"] }\n";

/// A repository whose first commit is deployed, and whose trunk is known.
fn deployed() -> (Sandbox, String) {
    let sandbox = Sandbox::new(CONFIG);
    let first = sandbox.commit("feat: a");
    let state =
        format!("{CONFIG}  state:\n    dev: {{ sha: \"{first}\", version: v0.1.0-rc.0 }}\n");
    sandbox.write(".github/manifest.yaml", &state);
    let last = sandbox.change("src/b", "feat: b");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", &last]);
    (sandbox, first)
}

fn damage(sandbox: &Sandbox, object: &str, content: &str) {
    let file = format!(".git/objects/{}/{}", &object[..2], &object[2..]);
    fs::remove_file(sandbox.path(&file)).unwrap();
    sandbox.write(&file, content);
}

fn refused(run: &Run, parts: &[&str]) {
    assert_eq!(run.code, 2, "{run}");
    for part in parts {
        assert!(run.stderr.contains(part), "`{part}` in {run}");
    }
    for answer in ["no commit yet", "is not on", "stale plan"] {
        assert!(!run.stderr.contains(answer), "{run}");
    }
}

#[test]
fn a_whole_repository_is_answered_for() {
    let (sandbox, _) = deployed();
    let run = sandbox.run(&["orchestrate", "setup"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_repository_of_somebody_else_is_gits_to_explain() {
    let (sandbox, _) = deployed();
    let sandbox = sandbox.variable("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    for command in [&["orchestrate", "setup"][..], &["next-version"]] {
        let run = sandbox.run(command);
        refused(
            &run,
            &[
                "dubious ownership",
                "help: To add an exception",
                "safe.directory",
            ],
        );
    }
}

#[test]
fn a_damaged_commit_is_not_one_that_never_was() {
    for content in ["garbage", ""] {
        let (sandbox, first) = deployed();
        damage(&sandbox, &first, content);
        let run = sandbox.run(&["orchestrate", "setup"]);
        refused(&run, &[&first, "git fsck"]);
    }
}

#[test]
fn a_damaged_file_is_not_one_that_is_missing() {
    let (sandbox, _) = deployed();
    let manifest = sandbox.git(&["rev-parse", "HEAD:.github/manifest.yaml"]);
    damage(&sandbox, &manifest, "garbage");
    let run = sandbox.run(&["orchestrate", "setup"]);
    refused(&run, &["manifest.yaml", "git fsck"]);
}

#[test]
fn a_damaged_branch_is_not_one_without_commits() {
    for content in ["garbage\n", "1111111111111111111111111111111111111111\n"] {
        let (sandbox, _) = deployed();
        sandbox.write(".git/refs/heads/main", content);
        let run = sandbox.run(&["orchestrate", "setup"]);
        refused(&run, &["cannot be read", "cause:"]);
    }
}

#[test]
fn a_damaged_git_folder_is_no_repository() {
    let (sandbox, _) = deployed();
    sandbox.write(".git/HEAD", "garbage\n");
    let run = sandbox.run(&["orchestrate", "setup"]);
    refused(&run, &["not a git repository"]);
}

#[test]
fn a_branch_without_commits_is_said_to_be_one() {
    let sandbox = Sandbox::new(CONFIG);
    sandbox.git(&["init", "--quiet", "--initial-branch=main"]);
    let run = sandbox.run(&["orchestrate", "setup"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("has no commit yet"), "{run}");
}
