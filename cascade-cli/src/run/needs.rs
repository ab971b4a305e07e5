//! How the jobs before this one ended: the variables `NEEDS_<JOB>`.

use crate::error::Failure;
use cascade_core::lifecycle::outcome::{Attempted, Outcome, Results};
use cascade_core::pipeline::Strategy;
use indexmap::IndexMap;
use serde::Deserialize;
use std::env;

/// A job, as GitHub's `needs` context has it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Job {
    /// How it ended.
    #[serde(default)]
    pub(crate) result: Outcome,
    /// What it put out.
    #[serde(default)]
    pub(crate) outputs: IndexMap<String, String>,
}

/// The job of this id; one that the workflow does not wait for did not run.
pub(crate) fn job(id: &str) -> Result<Job, Failure> {
    let name = variable(id);
    let Ok(text) = env::var(&name) else {
        return Ok(Job::default());
    };
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("the variable {name} holds no job"))
            .cause(error)
            .help("it is `${{ toJSON(needs.<job>) }}` in the generated workflow")
    })
}

/// A callback's job with its retries; the last attempt that ran counts.
pub(crate) fn attempts(id: &str, retries: u8) -> Result<Attempted, Failure> {
    let first = job(id)?;
    let mut attempted = Attempted::once(first.result);
    attempted.outputs = first.outputs;
    for retry in 1..=retries {
        let job = job(&format!("{id}-retry-{retry}"))?;
        attempted.again(job.result, job.outputs);
    }
    Ok(attempted)
}

/// A deploy's rollout: its completing stage decides, the last wave has the outputs.
pub(crate) fn rollout(id: &str, strategy: &Strategy, retries: u8) -> Result<Attempted, Failure> {
    let (waves, completing) = match strategy {
        Strategy::Canary(canary) => {
            let waves = 1..=canary.steps.len();
            let names = waves.map(|wave| (format!("begin-{wave}"), format!("canary-{wave}")));
            (names.collect(), "promote")
        }
        Strategy::BlueGreen(_) => (vec![("begin".to_owned(), "green".to_owned())], "cutover"),
    };
    let mut ended = Attempted::default();
    let (mut began, mut reached) = (false, false);
    let mut cancelled = false;
    for (begin, deploy) in &waves {
        let begin = job(&format!("{id}-{begin}"))?.result;
        let wave = attempts(&format!("{id}-{deploy}"), retries)?;
        began |= begin != Outcome::Skipped;
        cancelled |= [begin, wave.result].contains(&Outcome::Cancelled);
        if wave.result != Outcome::Skipped {
            reached = true;
            ended.attempts = ended.attempts.max(wave.attempts);
            ended.outputs = wave.outputs;
        }
    }
    for stage in stages_after(waves.len(), completing) {
        cancelled |= job(&format!("{id}-{stage}"))?.result == Outcome::Cancelled;
    }
    ended.result = match job(&format!("{id}-{completing}"))?.result {
        Outcome::Success => Outcome::Success,
        _ if cancelled => Outcome::Cancelled,
        _ if began => Outcome::Failure,
        _ => Outcome::Skipped,
    };
    let called_back = job(&format!("{id}-rollback"))?.result.is_success();
    let bad = ended.result.is_bad();
    ended.rolled_back = bad && (called_back || !reached || !strategy.takes_back());
    Ok(ended)
}

fn stages_after(waves: usize, completing: &str) -> Vec<String> {
    let waves = (1..=waves).flat_map(|wave| [format!("bake-{wave}"), format!("analysis-{wave}")]);
    let last = ["bake".to_owned(), completing.to_owned()];
    waves.chain(last).collect()
}

/// Results given by hand: `name:result`, separated by commas.
pub(crate) fn by_hand(text: &str) -> Result<Results, Failure> {
    let pairs = text
        .split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, result) = pair.rsplit_once(':').unwrap_or((pair, "success"));
            let result: Outcome = result.parse().map_err(Failure::new)?;
            Ok((name.to_owned(), Attempted::once(result)))
        })
        .collect()
}

fn variable(id: &str) -> String {
    format!("NEEDS_{}", id.replace('-', "_").to_uppercase())
}
