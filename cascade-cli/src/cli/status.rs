//! How a run ends.

use std::process::ExitCode;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done; warnings do not matter.
    Success,
    /// The answer is no: drift, an error finding, another version.
    No,
    /// The question could not be answered.
    CouldNotRun,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Success => 0,
            ExitStatus::No => 1,
            ExitStatus::CouldNotRun => 2,
        })
    }
}
