//! Keeping a fork in step with its upstream.

use super::{Branch, Cron, Duration, Repository, Token, ValidateBlock};
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Ranged, Required};
use crate::manifest::value::choice::choice;

choice! {
    /// What becomes of the upstream's workflow files in a branch that is pushed here.
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
    /// The upstream's `.github/workflows`, where the two repositories share no network and its
    /// commits are pushed to a branch here. `include` lets events that `[skip ci]` does not cover
    /// run them with this repository's secrets before anybody has read them.
    upstream_workflows: Option<UpstreamWorkflows> = "exclude",
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

/// A label: its key, and what it is called.
pub(crate) struct Label<'a> {
    pub(crate) key: &'static str,
    pub(crate) given: Option<&'a String>,
    pub(crate) default: &'static str,
}

impl Label<'_> {
    pub(crate) fn name(&self) -> &str {
        self.given.map_or(self.default, String::as_str)
    }
}

impl LabelsBlock {
    /// Every label, in the order of the keys; without a block, as they are called by default.
    pub(crate) fn each(block: Option<&Self>) -> [Label<'_>; 9] {
        let label = |key, given: fn(&Self) -> Option<&String>, default| Label {
            key,
            given: block.and_then(given),
            default,
        };
        [
            label("sync", |it| it.sync.as_ref(), "upstream-sync"),
            label("human", |it| it.human.as_ref(), "human-required"),
            label("active", |it| it.active.as_ref(), "cascade-active"),
            label("blocked", |it| it.blocked.as_ref(), "cascade-blocked"),
            label("failed", |it| it.failed.as_ref(), "cascade-failed"),
            label("ready", |it| it.ready.as_ref(), "production-ready"),
            label("escalated", |it| it.escalated.as_ref(), "cascade-escalated"),
            label(
                "trigger_failed",
                |it| it.trigger_failed.as_ref(),
                "cascade-trigger-failed",
            ),
            label(
                "high_priority",
                |it| it.high_priority.as_ref(),
                "high-priority",
            ),
        ]
    }
}
