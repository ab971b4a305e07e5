//! `state move`, and commands by hand where the state is on a branch.

mod clones;
mod delivered;
mod moves;
mod refusals;

use crate::support::{DEPLOY, Run, Sandbox};
use serde_json::Value;

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
