//! Keeping a fork in step with its upstream.

use super::{Branch, Cron, IntegrationValidateBlock, Repository, TimeSpan, Token};
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Ranged, Required};
use crate::manifest::value::choice::choice;

choice! {
    /// The treatment of the upstream's workflow files in a branch that is pushed here.
    pub enum UpstreamWorkflows {
        /// They are left out: nothing of the upstream can run.
        Exclude = "exclude",
        /// They come along, and may run with this repository's secrets before anybody has read them.
        Include = "include",
    }
}

block! {
    /// Keeps a fork in step with its upstream.
    pub struct IntegrationBlock;
    /// The upstream, `owner/repo`.
    upstream: Required<Repository>,
    /// The branch of the upstream.
    upstream_branch: Defaulted<Branch> = "main",
    /// The branch that mirrors it here.
    mirror_branch: Defaulted<Branch> = "fork_upstream",
    /// The branch on which the two meet.
    integration_branch: Defaulted<Branch> = "fork_integration",
    /// The workflow that an integration must pass.
    validate: Option<IntegrationValidateBlock>,
    /// The times at which the upstream is checked, as a cron expression.
    sync_schedule: Defaulted<Cron> = "0 0 * * *",
    /// The workflow that watches the integrations.
    monitor: Defaulted<MonitorBlock>,
    /// The names of the labels.
    labels: Defaulted<LabelsBlock>,
    /// The token that pushes branches and opens pull requests.
    token: Option<Token>,
    /// The upstream's `.github/workflows`, where the two repositories share no network and its
    /// commits are pushed to a branch here. `include` lets events that `[skip ci]` does not cover
    /// run them with this repository's secrets before anybody has read them.
    upstream_workflows: Defaulted<UpstreamWorkflows> = "exclude",
}

block! {
    /// Watches integrations: reminds, recovers, escalates.
    pub struct MonitorBlock;
    /// The times at which it checks, as a cron expression.
    schedule: Defaulted<Cron> = "0 */6 * * *",
    /// After how long a blocked or failed integration is escalated.
    stale_after: Defaulted<TimeSpan> = "48h",
    /// Starts a missed integration.
    auto_trigger: Defaulted<bool> = true,
    /// Starts a failed one again once a person has released it.
    retry: Defaulted<bool> = true,
    /// The number of times.
    max_retries: Defaulted<Ranged<0, 10>> = 3,
    /// Reports on health in the summary.
    report: Defaulted<bool> = true,
}

block! {
    /// The names of the labels that carry an integration's state.
    pub struct LabelsBlock;
    /// A change of the upstream.
    sync: Defaulted<String> = "upstream-sync",
    /// A person must act.
    human: Defaulted<String> = "human-required",
    /// An integration runs.
    active: Defaulted<String> = "cascade-active",
    /// A conflict waits for a person.
    blocked: Defaulted<String> = "cascade-blocked",
    /// An integration failed.
    failed: Defaulted<String> = "cascade-failed",
    /// The change waits to be merged into trunk.
    ready: Defaulted<String> = "production-ready",
    /// Somebody was told that nobody acts.
    escalated: Defaulted<String> = "cascade-escalated",
    /// A run could not be started.
    trigger_failed: Defaulted<String> = "cascade-trigger-failed",
    /// Look at this first.
    high_priority: Defaulted<String> = "high-priority",
}

impl LabelsBlock {
    /// Returns every label with its key, in the order of the keys.
    pub(crate) const fn each(&self) -> [(&'static str, &Defaulted<String>); 9] {
        [
            ("sync", &self.sync),
            ("human", &self.human),
            ("active", &self.active),
            ("blocked", &self.blocked),
            ("failed", &self.failed),
            ("ready", &self.ready),
            ("escalated", &self.escalated),
            ("trigger_failed", &self.trigger_failed),
            ("high_priority", &self.high_priority),
        ]
    }
}
