//! The conditions of jobs, as GitHub evaluates them: as much as rollouts use.

use crate::expression::{Data, Expression, Job, Object, Surroundings};
use crate::lifecycle::outcome::Outcome;
use indexmap::IndexMap;
use serde_json::{Value, json};

/// Returns true if a job whose `if` is `text` runs, when `jobs` ended like that.
pub(super) fn holds(
    text: &str,
    jobs: &IndexMap<String, Outcome>,
    cancelled: bool,
    strategy: &str,
) -> bool {
    let condition = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    for read in condition.reads() {
        let known = match (read.context, read.names.as_slice()) {
            ("inputs", ["dry_run"]) | ("needs", ["gate", "outputs", "deploys"]) => true,
            ("needs", [job, "result"]) => jobs.contains_key(*job),
            _ => false,
        };
        assert!(known, "{read:?} is not known here");
    }
    let around = Surroundings {
        contexts: contexts(jobs, strategy),
        job: if cancelled {
            Job::Cancelled
        } else {
            Job::Succeeded
        },
    };
    let value = condition.evaluate(&around);
    value
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .is_truthy()
}

fn contexts(jobs: &IndexMap<String, Outcome>, strategy: &str) -> Object {
    let deploys = json!({"web": {"sha": "a commit", "strategy": strategy}});
    let inputs = json!({"dry_run": false});
    let jobs = jobs.iter();
    let mut needs: Value = jobs
        .map(|(id, ended)| (id.clone(), json!({"result": ended.to_string()})))
        .collect();
    needs["gate"]["outputs"] = json!({"deploys": deploys.to_string()});
    let contexts = [("inputs", inputs), ("needs", needs)];
    let contexts = contexts.iter();
    contexts
        .map(|(name, value)| ((*name).to_owned(), Data::from(value)))
        .collect()
}
