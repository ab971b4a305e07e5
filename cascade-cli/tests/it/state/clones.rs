//! What each kind of clone shows of the state.

use super::{HEAD, STATE, clone, git, ok, on_branch, publish, record, refused, version};
use serde_json::json;

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
fn what_is_recorded_by_hand_stays_in_the_clone_until_it_is_pushed() {
    let sandbox = clone(&on_branch());
    let head = git(&sandbox, &["rev-parse", "HEAD"]);
    let plan = json!({
        "layout": 1, "environment": "dev", "sha": head, "version": "v1.0.0-rc.0",
        "base": {}, "advance": true, "restore": true,
        "deploys": { "web": { "sha": head, "version": "v1.0.0-rc.0" } },
        "reasons": {}, "validate": false, "run_builds": [], "dry_run": false,
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
