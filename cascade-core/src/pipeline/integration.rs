//! Keeping a fork in step with its upstream.

use super::{Callback, Credential};
use crate::manifest::draft::Defaulted;
use crate::manifest::{Branch, Cron, LabelsBlock, Repository, TimeSpan, UpstreamWorkflows};

/// Keeps a fork in step with its upstream: everything resolved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Integration {
    /// The upstream.
    pub upstream: Repository,
    /// The branch of the upstream.
    pub upstream_branch: Branch,
    /// The branch that mirrors it here.
    pub mirror: Branch,
    /// The branch on which the two meet.
    pub branch: Branch,
    /// The callback that validates an integration.
    pub validate: Option<Callback>,
    /// The schedule on which the upstream is checked for changes.
    pub sync_schedule: Cron,
    /// The monitor of the integrations.
    pub monitor: Monitor,
    /// The names of the labels.
    pub labels: Labels,
    /// The credential that pushes branches and opens pull requests.
    pub token: Credential,
    /// The treatment of the upstream's workflow files when its commits are pushed here.
    pub upstream_workflows: UpstreamWorkflows,
}

/// Watches integrations: reminds, recovers, escalates.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Monitor {
    /// The schedule on which it runs.
    pub schedule: Cron,
    /// The time after which a blocked or failed integration is escalated.
    pub stale_after: TimeSpan,
    /// True if a missed integration is started.
    pub auto_trigger: bool,
    /// True if a failed one is started again once a person has released it.
    pub retry: bool,
    /// The most times that one is started again: 0 to 10.
    pub max_retries: u8,
    /// True if the summary reports on health.
    pub report: bool,
}

/// The names of the labels that carry an integration's state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Labels {
    /// A change of the upstream.
    pub sync: String,
    /// A person must act.
    pub human: String,
    /// An integration runs.
    pub active: String,
    /// A conflict waits for a person.
    pub blocked: String,
    /// An integration failed.
    pub failed: String,
    /// The change waits to be merged into trunk.
    pub ready: String,
    /// Somebody was told that nobody acts.
    pub escalated: String,
    /// A run could not be started.
    pub trigger_failed: String,
    /// Look at this first.
    pub high_priority: String,
}

impl Labels {
    /// Returns every label.
    #[must_use]
    pub fn all(&self) -> [&str; 9] {
        [
            &self.sync,
            &self.human,
            &self.active,
            &self.blocked,
            &self.failed,
            &self.ready,
            &self.escalated,
            &self.trigger_failed,
            &self.high_priority,
        ]
    }
}

impl Labels {
    /// Returns the labels of a block.
    pub(crate) fn new(block: &LabelsBlock) -> Self {
        let [
            sync,
            human,
            active,
            blocked,
            failed,
            ready,
            escalated,
            trigger_failed,
            high_priority,
        ] = block.each().map(|(_, label)| label.get().clone());
        Self {
            sync,
            human,
            active,
            blocked,
            failed,
            ready,
            escalated,
            trigger_failed,
            high_priority,
        }
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self::new(Defaulted::<LabelsBlock>::absent().get())
    }
}
