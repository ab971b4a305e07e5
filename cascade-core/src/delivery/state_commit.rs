//! A commit that holds the state.

use crate::state::Managed;
use crate::time::Time;

/// A commit of the file that keeps the state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateCommit {
    /// Its name.
    pub sha: String,
    /// The commits of the same file that it follows; several for a merge.
    pub parents: Vec<String>,
    /// The time at which it was made.
    pub at: Time,
    /// The name of its author.
    pub author: String,
    /// Its message.
    pub message: String,
    /// The state that it holds.
    pub managed: Managed,
}

impl StateCommit {
    /// Returns the page of the run that wrote it.
    #[must_use]
    pub fn run(&self) -> Option<&str> {
        let mut lines = self.message.lines().skip(1);
        lines.find_map(|line| line.strip_prefix("Run: "))
    }
}
