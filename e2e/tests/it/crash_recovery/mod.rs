//! Every command that writes crashes at each of its writes, before or after the write takes effect,
//! and its job is run again: what is left at the end is what runs without a crash leave.

mod pipeline;

use crate::support::machine;
use pipeline::{Crash, Pipeline, Victims};
use serde_json::json;
use std::sync::LazyLock;

fn every_operation(crash: Option<Crash>, on_branch: bool) -> Pipeline {
    run_every_operation(Pipeline::new(crash, on_branch))
}

fn run_every_operation(mut pipeline: Pipeline) -> Pipeline {
    pipeline.orchestrate();
    pipeline.push("fix: b");
    pipeline.orchestrate();
    pipeline.promote(&json!({ "mode": "default" }));
    pipeline.push("feat: c");
    pipeline.orchestrate();
    pipeline.promote(&json!({ "mode": "dev-to-prod" }));
    pipeline.push("fix: d");
    let fix = pipeline.commits[pipeline.commits.len() - 1].clone();
    pipeline.hotfix(&fix);
    // The last run does not crash, or nothing would be made up for.
    let goes_on_crashing = |crash: &Crash| crash.victims == Victims::Repeated;
    pipeline.crash = pipeline.crash.filter(goes_on_crashing);
    pipeline.orchestrate();
    pipeline
}

/// Crashes ever later, until no command comes so far; returns what crashed.
fn crash_at_each_write(victims: Victims, applied: bool, on_branch: bool) -> Vec<String> {
    let _place = machine::one_core();
    let unbroken = if on_branch { &ON_BRANCH } else { &UNBROKEN };
    let mut crashed = Vec::new();
    for after in 0.. {
        let crash = Crash {
            after,
            applied,
            victims,
        };
        let pipeline = every_operation(Some(crash), on_branch);
        if pipeline.crashed.is_empty() {
            return crashed;
        }
        let crashed_here = &pipeline.crashed;
        match victims {
            Victims::Repeated => {
                for (left, unbroken) in pipeline.left.iter().zip(&unbroken.left) {
                    assert_eq!(left, unbroken, "{crash:?} of {crashed_here:?}");
                }
            }
            Victims::Abandoned => {
                let last = |pipeline: &Pipeline| pipeline.left.last().cloned().unwrap();
                assert_eq!(
                    last(&pipeline).without_past_candidates(),
                    last(unbroken).without_past_candidates(),
                    "{crash:?} of {crashed_here:?}"
                );
            }
        }
        crashed.extend(pipeline.crashed);
    }
    crashed
}

static UNBROKEN: LazyLock<Pipeline> = LazyLock::new(|| every_operation(None, false));

static ON_BRANCH: LazyLock<Pipeline> = LazyLock::new(|| every_operation(None, true));

/// Each command that writes crashed somewhere.
fn each_crashed(crashed: &[String]) {
    for verb in [
        "deploy gate",
        "deploy record",
        "orchestrate finalize",
        "promote release",
        "promote finalize",
        "hotfix apply",
        "hotfix finalize",
    ] {
        let found = crashed.iter().any(|each| each.starts_with(verb));
        assert!(found, "{verb}: {crashed:?}");
    }
}

#[test]
fn a_job_run_again_ends_as_an_unbroken_one_where_the_write_was_lost() {
    each_crashed(&crash_at_each_write(Victims::Repeated, false, false));
}

#[test]
fn a_job_run_again_ends_as_an_unbroken_one_where_only_the_answer_was_lost() {
    each_crashed(&crash_at_each_write(Victims::Repeated, true, false));
}

#[test]
fn the_next_run_makes_up_for_one_that_nobody_ran_again() {
    for applied in [false, true] {
        assert!(crash_at_each_write(Victims::Abandoned, applied, false).len() > 4);
    }
}

/// The first write makes the branch, and each one moves the bookmark with it.
#[test]
fn a_job_run_again_ends_as_an_unbroken_one_on_a_state_branch() {
    each_crashed(&crash_at_each_write(Victims::Repeated, true, true));
}

#[test]
fn no_setting_of_a_runner_changes_what_is_written() {
    for (unbroken, on_branch) in [(&UNBROKEN, false), (&ON_BRANCH, true)] {
        let mut pipeline = Pipeline::new(None, on_branch);
        pipeline.hostile = true;
        let pipeline = run_every_operation(pipeline);
        assert_eq!(pipeline.left, unbroken.left);
    }
}
