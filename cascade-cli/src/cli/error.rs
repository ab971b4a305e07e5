//! The reasons why a command did not finish.

use crate::cli::diagnostic::{Report, human, json};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use cascade_core::lifecycle::rollout::NotUnderWay;
use cascade_core::lifecycle::{self, StalePlan, Stopped};
use std::fmt;

/// The reason why a command did not finish.
#[derive(Debug)]
pub(crate) enum Error {
    /// Something kept it from running.
    Failure(Failure),
    /// The pipeline breaks rules.
    Findings {
        /// The report with everything that was found.
        report: Box<Report>,
        /// The exit status of the run.
        status: ExitStatus,
    },
}

/// The result of a command: it ends with a status, or not at all.
pub(crate) type CommandResult = Result<ExitStatus, Error>;

/// A failure that kept a command from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    message: String,
    cause: Option<String>,
    help: Option<String>,
}

impl Failure {
    /// Makes a failure of what happened, and where: one sentence without a final stop.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            cause: None,
            help: None,
        }
    }

    /// Returns what happened, and where, without cause and help.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
    /// Sets the cause.
    pub(crate) fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Sets the advice on what to do next.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do next, unless that is said already.
    pub(crate) fn or_help(self, help: impl Into<String>) -> Self {
        match self.help {
            Some(_) => self,
            None => self.help(help),
        }
    }
}

impl Error {
    /// The same error where it means that nothing could be checked.
    pub(crate) fn unchecked(self) -> Self {
        match self {
            Self::Findings { report, .. } => Self::Findings {
                report,
                status: ExitStatus::CouldNotRun,
            },
            failure @ Self::Failure(_) => failure,
        }
    }

    /// Returns the exit status of the run.
    pub(crate) const fn status(&self) -> ExitStatus {
        match self {
            Self::Failure(_) => ExitStatus::CouldNotRun,
            Self::Findings { status, .. } => *status,
        }
    }

    /// Tells people, and scripts that asked for JSON.
    pub(crate) fn print(&self, terminal: &Terminal) {
        match self {
            Self::Failure(failure) => terminal.failure(failure),
            Self::Findings { report, .. } if terminal.json() => {
                // There is nobody left to tell that this failed.
                let _ = terminal.out(&json::render(report));
            }
            Self::Findings { report, .. } => {
                terminal.err(&human::render(report, terminal.colors_errors()));
            }
        }
    }
}

impl<R> From<Failure> for Stopped<R, Failure> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<R> From<Failure> for Stopped<R, Error> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.into())
    }
}

impl<R> From<Error> for Stopped<R, Error> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl<R: fmt::Display> From<Stopped<R, Self>> for Failure {
    fn from(stopped: Stopped<R, Self>) -> Self {
        match stopped {
            Stopped::Refused(refusal) => Self::new(refusal.to_string()),
            Stopped::Failed(failure) => failure,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<lifecycle::NotUnderWay> for Failure {
    fn from(refused: lifecycle::NotUnderWay) -> Self {
        Self::new(refused.to_string()).help(
            "the failed jobs alone cannot go on from what was undone: choose `Re-run all jobs`, or start a new run",
        )
    }
}

impl From<NotUnderWay> for Failure {
    fn from(refused: NotUnderWay) -> Self {
        Self::new(refused.to_string()).help(
            "the failed jobs alone would leave the waves before out: choose `Re-run all jobs`, or start a new run",
        )
    }
}

impl From<StalePlan> for Failure {
    fn from(stale: StalePlan) -> Self {
        Self::new(stale.to_string()).help("nothing was written; start a new run")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(cause) = &self.cause {
            write!(f, "\n  cause: {cause}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::diagnostic::Source;

    #[test]
    fn a_failure_says_what_why_and_what_to_do() {
        let failure = Failure::new("no").cause("because").help("do this");
        assert_eq!(failure.to_string(), "no\n  cause: because\n  help: do this");
    }

    #[test]
    fn the_first_advice_stays() {
        let advised = Failure::new("no").help("first").or_help("second");
        assert!(advised.to_string().ends_with("help: first"));
        let other = Failure::new("no").or_help("second");
        assert!(other.to_string().ends_with("help: second"));
    }

    #[test]
    fn findings_of_a_command_that_needs_a_sound_pipeline_could_not_run() {
        let findings = |status| Error::Findings {
            report: Box::new(Report::new(Source::Code, Vec::new())),
            status,
        };
        assert_eq!(findings(ExitStatus::No).status(), ExitStatus::No);
        assert_eq!(
            findings(ExitStatus::No).unchecked().status(),
            ExitStatus::CouldNotRun
        );
        let failure = Error::from(Failure::new("no"));
        assert_eq!(failure.status(), ExitStatus::CouldNotRun);
    }
}
