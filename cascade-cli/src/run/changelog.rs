//! The text of a release that a callback wrote in this run.

use super::needs;
use crate::cli::error::Failure;
use crate::cli::runner::variable;
use cascade_core::lifecycle::outcome::Job;
use cascade_core::protocol::job::CHANGELOG as JOB;
use cascade_core::protocol::output::CHANGELOG as OUTPUT;
use cascade_core::protocol::variable::CHANGELOG;
use serde_json::{Value, json};

/// A version and the text about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) version: String,
    pub(crate) text: String,
}

/// Returns what a callback is told of a release: its two ends.
pub(crate) fn about(
    (version, sha): (&str, &str),
    (previous_version, previous_sha): (Option<&str>, Option<&str>),
) -> Value {
    json!({
        "version": version,
        "sha": sha,
        "previous_version": previous_version.unwrap_or_default(),
        "previous_sha": previous_sha.unwrap_or_default(),
    })
}

/// Reads the text; nothing where no callback wrote one in this run.
pub(crate) fn written() -> Result<Option<Written>, Failure> {
    match variable(CHANGELOG) {
        Some(about) => read(&about, &needs::job(JOB)?),
        None => Ok(None),
    }
}

fn read(about: &str, job: &Job) -> Result<Option<Written>, Failure> {
    if !job.result.is_success() {
        return Ok(None);
    }
    let about: Value = serde_json::from_str(about).map_err(|error| {
        Failure::new(format!("the variable {CHANGELOG} cannot be read")).cause(error)
    })?;
    let text = job.outputs.get(OUTPUT).map_or("", |text| text.trim());
    if text.is_empty() {
        return Err(
            Failure::new(format!("`changelog.workflow` put out no `{OUTPUT}`"))
                .help("put out a text that no secret is part of, and run the failed jobs again"),
        );
    }
    Ok(Some(Written {
        version: about["version"].as_str().unwrap_or_default().to_owned(),
        text: text.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::lifecycle::outcome::Outcome;

    fn job(result: Outcome, text: &str) -> Job {
        Job {
            result,
            outputs: [(OUTPUT.to_owned(), text.to_owned())].into(),
        }
    }

    #[test]
    fn only_a_job_that_succeeded_has_a_text() {
        let about = about(("v1.1.0", "abc"), (Some("v1.0.0"), None)).to_string();
        let written = read(&about, &job(Outcome::Success, " # Notes\n")).unwrap();
        let expected = Written {
            version: "v1.1.0".to_owned(),
            text: "# Notes".to_owned(),
        };
        assert_eq!(written, Some(expected));
        for result in [Outcome::Failure, Outcome::Cancelled, Outcome::Skipped] {
            assert_eq!(read(&about, &job(result, "half")).unwrap(), None);
        }
        let failure = read(&about, &job(Outcome::Success, " ")).unwrap_err();
        assert!(failure.to_string().contains("put out no `changelog`"));
    }
}
