//! Every scenario of this folder.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use e2e::scenario::suite::{Options, files, run};

#[test]
fn scenarios_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let options = Options {
        jobs: 2,
        only: None,
        keep: false,
        state_branch: false,
        actions: None,
    };
    let files = files(&[folder]).unwrap();
    let outcomes = run(&files, &options, &|_| {}).unwrap();
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.failures.is_empty());
    let failed: String = failed.map(|outcome| outcome.report()).collect();
    assert!(failed.is_empty(), "{failed}");
    assert!(!outcomes.is_empty());
}
