//! Every scenario of this folder, and some of each kind with the state on a branch of its own.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use e2e::scenario::suite::{Options, files, run};

/// The scenarios that run with the state on a branch, too: quick ones that write much.
const ON_STATE_BRANCH: [&str; 18] = [
    "basics/two-environments",
    "external/killed",
    "external/pull-poll-tags",
    "failures/deploy-restores",
    "faults/foreign-workflows",
    "faults/kill-and-rerun",
    "gates/hotfix-open",
    "gates/other-refs",
    "hotfix/clean",
    "integration/clean",
    "promotion/library",
    "lifecycle/two-quick-pushes",
    "rollback/two-signals",
    "selection/per-deploy",
    "settings/dry-run",
    "strategies/canary-promoted",
    "truth/restore-fails",
    "versions/moved-tag",
];

/// Both tests use the whole machine, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn all_pass(files: &[PathBuf], state_branch: bool) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let options = Options {
        jobs: 2,
        only: None,
        keep: false,
        state_branch,
        actions: None,
    };
    let outcomes = run(files, &options, &|_| {}).unwrap();
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.failures.is_empty());
    let failed: String = failed.map(|outcome| outcome.report()).collect();
    assert!(failed.is_empty(), "{failed}");
    assert_eq!(outcomes.len(), files.len());
}

#[test]
fn scenarios_are_as_expected() {
    all_pass(&files(&[folder()]).unwrap(), false);
}

#[test]
fn each_kind_is_as_expected_with_the_state_on_a_branch() {
    let kinds = std::fs::read_dir(folder()).unwrap();
    for kind in kinds.map(|entry| entry.unwrap().file_name()) {
        let kind = kind.into_string().unwrap();
        // What `init` sets up has its state on a branch already.
        let has_own = matches!(kind.as_str(), "state" | "install" | "README.md");
        let is_there = ON_STATE_BRANCH
            .iter()
            .any(|name| name.split('/').next() == Some(&kind));
        assert!(has_own || is_there, "no scenario of `{kind}`");
    }
    let files: Vec<PathBuf> = ON_STATE_BRANCH
        .iter()
        .map(|name| folder().join(format!("{name}.yaml")))
        .collect();
    all_pass(&files, true);
}
