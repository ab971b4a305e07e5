//! Concurrency groups.

use super::Value;

/// The treatment of runs that meet in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    pub(super) group: Value,
    pub(super) policy: Policy,
}

/// GitHub refuses a queue together with cancelling, so there is one choice of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    KeepLatest,
    CancelInProgress,
    QueueAll,
}

impl Concurrency {
    /// One at a time; of those that wait, GitHub keeps the latest only.
    #[must_use]
    pub fn group(name: impl Into<Value>) -> Self {
        Self {
            group: name.into(),
            policy: Policy::KeepLatest,
        }
    }

    /// A new run cancels the one in progress.
    #[must_use]
    pub const fn cancel_in_progress(mut self) -> Self {
        self.policy = Policy::CancelInProgress;
        self
    }

    /// None that waits is dropped (`queue: max`).
    #[must_use]
    pub const fn queue_all(mut self) -> Self {
        self.policy = Policy::QueueAll;
        self
    }
}
