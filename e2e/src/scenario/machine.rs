//! The machine on which runs take place, and the choice of runs.

use std::path::PathBuf;

use super::programs::Runner;
use crate::engine::Moment;

/// The time at which scenarios begin: 2026-01-05T09:00:00Z, in seconds since 1970.
pub(super) const START: u64 = 1_767_603_600;

/// The machine on which runs take place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine {
    /// The folder of real actions.
    pub(crate) actions: Option<PathBuf>,
    /// The program act, if it is another one than that of the tests.
    pub(crate) act: Option<PathBuf>,
    pub(crate) runner: Runner,
    pub(crate) hostile_git: bool,
    /// The time at which everything begins, in seconds since 1970.
    pub(crate) start: u64,
}

/// Hears of a moment in the run of a workflow; the number is that of the run.
pub(crate) type Watcher = dyn Fn(u64, &Moment<'_>) + Send + Sync;

/// The workflows that events start.
#[derive(Debug, Clone, Default)]
pub(super) enum RunScope {
    /// All that the repository has.
    #[default]
    Every,
    /// Only those that these are; the others are noted.
    Only {
        wanted: Vec<String>,
        others: Vec<String>,
    },
}

impl RunScope {
    /// Returns true if the workflow is to run; notes it otherwise.
    pub(super) fn admits(&mut self, workflow: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Only { wanted, .. } if wanted.iter().any(|one| one == workflow) => true,
            Self::Only { others, .. } => {
                if !others.iter().any(|one| one == workflow) {
                    others.push(workflow.to_owned());
                }
                false
            }
        }
    }
}
