//! The outcomes of the jobs before this one: the variables `NEEDS_<JOB>`.

use crate::cli::error::Failure;
use crate::cli::terminal::Terminal;
use cascade_core::lifecycle::outcome::{self, Attempted, Job, Outcome, Results};
use cascade_core::lifecycle::rollout;
use cascade_core::pipeline::{Callback, Strategy};
use cascade_core::protocol::job as id;
use cascade_core::protocol::variable::needs;
use std::env;

/// The job of this id; one that the workflow does not wait for did not run.
pub(crate) fn job(id: &str) -> Result<Job, Failure> {
    let name = needs(id);
    // `null` is what GitHub writes for a job of the caller that it was not told of.
    let text = env::var(&name).ok().filter(|text| text != "null");
    let Some(text) = text else {
        return Ok(Job::default());
    };
    let help = "it is `${{ toJSON(needs.<job>) }}` or `${{ needs.<job>.result }}` in the generated workflow";
    let unreadable = || Failure::new(format!("the variable {name} holds no job")).help(help);
    if text.starts_with('{') {
        return serde_json::from_str(&text).map_err(|error| unreadable().cause(error));
    }
    let result = text.parse().map_err(|error| unreadable().cause(error))?;
    Ok(Job {
        result,
        ..Job::default()
    })
}

/// A callback's job with its retries; the last attempt that ran counts.
pub(crate) fn attempts(id: &str, retries: u8) -> Result<Attempted, Failure> {
    outcome::attempts(id, retries, job)
}

/// Returns how the change of a deploy's target ended, behind the call of its workflow if it has one.
pub(crate) fn target(callback: &Callback) -> Result<Attempted, Failure> {
    let (name, retries) = (callback.name.as_str(), callback.retries);
    let change = outcome::attempts(&id::target(name, callback.workflow.is_some()), retries, job)?;
    match callback.workflow {
        Some(_) => Ok(attempts(&id::deploy(name), retries)?.then(change)),
        None => Ok(change),
    }
}

/// A deploy's rollout: its completing stage decides, the last wave has the outputs.
pub(crate) fn rollout(id: &str, strategy: &Strategy, retries: u8) -> Result<Attempted, Failure> {
    rollout::ended(id, strategy, retries, job)
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

/// Says which outputs are missing; whether any is.
pub(crate) fn tell_missing(results: &Results, terminal: &Terminal) -> bool {
    let missing = results.values().flat_map(|each| &each.missing);
    let help = "put out a value that no secret is part of, and run it again";
    let failures = missing.map(|missing| Failure::new(missing.to_string()).help(help));
    failures
        .inspect(|failure| terminal.failure(failure))
        .count()
        > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_by_hand_are_pairs_and_a_name_alone_succeeded() {
        let results = by_hand(" web:failure, api ,,").unwrap();
        let results: Vec<_> = results
            .iter()
            .map(|(name, each)| (name.as_str(), each.result))
            .collect();
        assert_eq!(
            results,
            [("web", Outcome::Failure), ("api", Outcome::Success)]
        );
        assert!(by_hand("").unwrap().is_empty());
    }

    #[test]
    fn a_result_by_hand_that_does_not_exist_is_named() {
        let failure = by_hand("web:fine").unwrap_err().to_string();
        assert!(failure.contains("fine"), "{failure}");
    }

    #[test]
    fn the_variable_of_a_job_is_upper_case_with_underscores() {
        assert_eq!(needs("deploy-us-east-web_1"), "NEEDS_DEPLOY_US_EAST_WEB_1");
    }
}
