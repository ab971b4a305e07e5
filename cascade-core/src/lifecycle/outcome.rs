//! The outcomes of jobs.

use super::Missing;
use crate::protocol;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The outcome of a job, in GitHub's words.
///
/// Source: GitHub's documentation of contexts, `needs.<job_id>.result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did what it should.
    Success,
    /// It did not.
    Failure,
    /// Somebody stopped it.
    Cancelled,
    /// It did not run.
    #[default]
    Skipped,
}

/// A job, as GitHub's `needs` context has it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Job {
    /// Its outcome.
    #[serde(default)]
    pub result: Outcome,
    /// Its outputs.
    #[serde(default)]
    pub outputs: IndexMap<String, String>,
}

/// The outcome of a callback over all its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attempted {
    /// The outcome of the last attempt that ran.
    pub result: Outcome,
    /// Its outputs.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, String>,
    /// The number of attempts that ran.
    #[serde(default)]
    pub attempts: u8,
    /// The outputs that it lacks though it ended well; it counts as failed then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// True if its rollout was rolled back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rolled_back: bool,
}

/// The outcomes of callbacks, by name.
pub type Results = IndexMap<String, Attempted>;

impl Outcome {
    /// Returns true if it did what it should.
    #[must_use]
    pub fn is_success(self) -> bool {
        self == Self::Success
    }

    /// Returns true if it failed, or was stopped.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Failure | Self::Cancelled)
    }

    /// GitHub's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Success, Self::Failure, Self::Cancelled, Self::Skipped]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
            .ok_or_else(|| {
                format!(
                    "`{word}` is no result: write `success`, `failure`, `cancelled` or `skipped`"
                )
            })
    }
}

impl Attempted {
    /// One attempt that ended so, without outputs.
    #[must_use]
    pub fn once(result: Outcome) -> Self {
        Self {
            result,
            attempts: u8::from(result != Outcome::Skipped),
            ..Self::default()
        }
    }

    /// Returns how this and what follows it ended together: it must have succeeded, or have been left
    /// out, for the second to count.
    #[must_use]
    pub fn then(self, second: Self) -> Self {
        if self.result.is_bad() {
            return self;
        }
        let mut outputs = self.outputs;
        outputs.extend(second.outputs);
        Self {
            outputs,
            attempts: self.attempts.max(second.attempts),
            ..second
        }
    }

    /// A further attempt; one that did not run changes nothing.
    pub fn again(&mut self, result: Outcome, outputs: IndexMap<String, String>) {
        if result == Outcome::Skipped {
            return;
        }
        self.result = result;
        self.outputs = outputs;
        self.attempts = self.attempts.saturating_add(1);
    }
}

/// A callback's job with its retries; the last attempt that ran counts.
///
/// # Errors
/// What `job` says of a job that cannot be read.
pub fn attempts<E>(
    id: &str,
    retries: u8,
    job: impl Fn(&str) -> Result<Job, E>,
) -> Result<Attempted, E> {
    let first = job(id)?;
    let mut attempted = Attempted::once(first.result);
    attempted.outputs = first.outputs;
    for retry in 1..=retries {
        let job = job(&protocol::job::retry(id, retry))?;
        attempted.again(job.result, job.outputs);
    }
    Ok(attempted)
}

/// Returns the outcome of the callback of this name; one that is not listed did not run.
pub(super) fn of(results: &Results, name: &str) -> Outcome {
    results
        .get(name)
        .map_or(Outcome::Skipped, |each| each.result)
}
