//! The exit status of a run.

use std::process::ExitCode;

/// The exit status of a run.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_the_code_that_the_help_promises() {
        let codes = [ExitStatus::Success, ExitStatus::No, ExitStatus::CouldNotRun];
        let codes = codes.map(|status| format!("{:?}", ExitCode::from(status)));
        assert_eq!(
            codes,
            [0, 1, 2].map(|code| format!("{:?}", ExitCode::from(code)))
        );
    }
}
