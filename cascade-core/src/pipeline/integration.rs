//! Keeping a fork in step with its upstream.

use super::{Branch, Cron, Duration, Repository, Token, ValidateBlock};
use crate::draft::block::block;
use crate::draft::{Ranged, Required};

block! {
    /// Keeps a fork in step with its upstream.
    pub struct IntegrationBlock;
    /// The upstream, `owner/repo`.
    upstream: Required<Repository>,
    /// The branch of the upstream.
    upstream_branch: Option<Branch> = "main",
    /// The branch that mirrors it here.
    mirror_branch: Option<Branch> = "fork_upstream",
    /// The branch on which the two meet.
    integration_branch: Option<Branch> = "fork_integration",
    /// What an integration must pass.
    validate: Option<ValidateBlock>,
    /// When the upstream is looked at, cron.
    sync_schedule: Option<Cron> = "0 0 * * *",
    /// Who watches the integrations.
    monitor: Option<MonitorBlock>,
    /// The names of the labels.
    labels: Option<LabelsBlock>,
    /// The token that pushes branches and opens pull requests.
    token: Option<Token>,
}

block! {
    /// Watches integrations: reminds, recovers, escalates.
    pub struct MonitorBlock;
    /// When it looks, cron.
    schedule: Option<Cron> = "0 */6 * * *",
    /// After how long a blocked or failed integration is escalated.
    stale_after: Option<Duration> = "48h",
    /// Whether a missed integration is started.
    auto_trigger: Option<bool> = "true",
    /// Whether a failed one is started again once a person has released it.
    retry: Option<bool> = "true",
    /// How often.
    max_retries: Option<Ranged<0, 10>> = "3",
    /// Whether the summary reports on health.
    report: Option<bool> = "true",
}

block! {
    /// The names of the labels that carry an integration's state.
    pub struct LabelsBlock;
    /// A change of the upstream.
    sync: Option<String> = "upstream-sync",
    /// A person must act.
    human: Option<String> = "human-required",
    /// An integration runs.
    active: Option<String> = "cascade-active",
    /// A conflict waits for a person.
    blocked: Option<String> = "cascade-blocked",
    /// An integration failed.
    failed: Option<String> = "cascade-failed",
    /// The change waits to be merged into trunk.
    ready: Option<String> = "production-ready",
    /// Somebody was told that nobody acts.
    escalated: Option<String> = "cascade-escalated",
    /// A run could not be started.
    trigger_failed: Option<String> = "cascade-trigger-failed",
    /// Look at this first.
    high_priority: Option<String> = "high-priority",
}
