//! Keeping a fork in step with its upstream.

use super::choice::choice;
use super::{Branch, Callback, Credential, Cron, Duration, Repository, Token, ValidateBlock};
use crate::draft::block::block;
use crate::draft::{Ranged, Required};

/// Keeps a fork in step with its upstream: everything resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    /// The upstream.
    pub upstream: Repository,
    /// The branch of the upstream.
    pub upstream_branch: Branch,
    /// The branch that mirrors it here.
    pub mirror: Branch,
    /// The branch on which the two meet.
    pub branch: Branch,
    /// What an integration must pass.
    pub validate: Option<Callback>,
    /// When the upstream is looked at.
    pub sync_schedule: Cron,
    /// Who watches the integrations.
    pub monitor: Monitor,
    /// The names of the labels.
    pub labels: Labels,
    /// What pushes branches and opens pull requests.
    pub token: Credential,
    /// What becomes of the upstream's workflow files where its commits are pushed here.
    pub upstream_workflows: UpstreamWorkflows,
}

/// Watches integrations: reminds, recovers, escalates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitor {
    /// When it looks.
    pub schedule: Cron,
    /// After how long a blocked or failed integration is escalated.
    pub stale_after: Duration,
    /// Whether a missed integration is started.
    pub auto_trigger: bool,
    /// Whether a failed one is started again once a person has released it.
    pub retry: bool,
    /// How often: 0 to 10.
    pub max_retries: u8,
    /// Whether the summary reports on health.
    pub report: bool,
}

/// The names of the labels that carry an integration's state.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Labels {
    /// What the labels are called.
    pub(crate) fn new(block: Option<&LabelsBlock>) -> Self {
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
        ] = LabelsBlock::each(block).map(|label| label.name().to_owned());
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
        Self::new(None)
    }
}
