//! Optional workflows.

use super::{ConcurrencyGroup, EventType, SecretName, Url};
use crate::finding::message::{Sample, Setting, Wording};
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Ranged, Required};
use crate::manifest::value::choice::choice;
use crate::message;
use crate::scalar::Scalar;

block! {
    /// How a rollback is started besides by hand.
    pub struct RollbackBlock;
    /// The events of other systems that start one.
    repository_dispatch: Option<RepositoryDispatchBlock>,
}

block! {
    /// Events that other systems send.
    pub struct RepositoryDispatchBlock;
    /// Their types.
    types: Vec<EventType>,
}

block! {
    /// A workflow on pull requests that may comment what it finds.
    pub struct PreviewBlock;
    /// Generates the workflow.
    enabled: Defaulted<bool> = false,
    /// True if it comments on the pull request.
    comment: Defaulted<bool> = true,
}

block! {
    /// An optional workflow without settings.
    pub struct OptionalWorkflowBlock;
    /// Generates the workflow.
    enabled: Defaulted<bool> = false,
}

block! {
    /// Adopts bumps of pinned actions in generated files.
    pub struct ReconcileBlock;
    /// Generates the workflows.
    enabled: Defaulted<bool> = false,
    /// The bot whose pull requests are looked at.
    source: Defaulted<ReconcileSource> = "dependabot",
    /// The place that the adoption is committed to.
    commit: Defaulted<ReconcileCommit> = "append",
}

choice! {
    /// A bot that bumps actions.
    pub enum ReconcileSource {
        /// Dependabot.
        Dependabot = "dependabot",
        /// Renovate.
        Renovate = "renovate",
    }
}

choice! {
    /// The place that an adoption is committed to.
    pub enum ReconcileCommit {
        /// The branch of the bot's pull request.
        Append = "append",
        /// A branch and a pull request of its own.
        Followup = "followup",
    }
}

block! {
    /// A page with the status of the repository.
    pub struct BoardBlock;
    /// Generates the workflow.
    enabled: Defaulted<bool> = false,
    /// Publishes the page with GitHub Pages.
    pages: Defaulted<bool> = false,
}

block! {
    /// GitHub's Deployments API.
    pub struct DeploymentsBlock;
    /// True if deployments are recorded there.
    enabled: Defaulted<bool> = false,
    /// True if the prior deployment stays active.
    keep_prior_active: Defaulted<bool> = false,
}

choice! {
    /// Where telemetry goes.
    pub enum TelemetryAdapter {
        /// Nobody; only the job summary has the events.
        None = "none",
        /// An address that takes JSON.
        Webhook = "webhook",
    }
}

block! {
    /// Events about the pipeline's runs.
    pub struct TelemetryBlock;
    /// Reports deployments and releases.
    enabled: Defaulted<bool> = false,
    /// The receiver of the events.
    adapter: Defaulted<TelemetryAdapter> = "none",
    /// The address of the webhook adapter.
    webhook: Option<WebhookBlock>,
    /// Shows the events in the job summary.
    job_summary: Defaulted<bool> = true,
}

block! {
    /// An address that takes JSON.
    pub struct WebhookBlock;
    /// The address.
    url: Required<Url>,
    /// The secret with which each body is signed.
    secret_name: Option<SecretName>,
}

block! {
    /// Events besides a push that start orchestrate.
    pub struct ExtraTriggersBlock refusing &[crate::manifest::draft::Refused {
        key: "merge_group",
        rule: &crate::finding::rules::MERGE_GROUP,
        message: Wording::new(|| message!("{} is not an extra trigger", key = "merge_group")),
        help: Wording::new(|| {
            message!(
                "set {}: the queue has a workflow of its own that deploys nothing",
                setting = Setting::new("merge_queue", Sample::map([("enabled", true)]))
            )
        }),
    }];
    /// Times.
    schedule: Vec<ScheduleBlock>,
    /// Events of other systems.
    repository_dispatch: Option<RepositoryDispatchBlock>,
    /// Other workflows of this repository.
    workflow_run: Option<WorkflowRunBlock>,
}

block! {
    /// A time.
    pub struct ScheduleBlock;
    /// When, cron.
    cron: Required<super::Cron>,
}

choice! {
    /// What another workflow's run does.
    pub enum RunActivity {
        /// It ended.
        Completed = "completed",
        /// It was asked for.
        Requested = "requested",
        /// It began.
        InProgress = "in_progress",
    }
}

block! {
    /// Runs of other workflows: one that succeeded starts a run for its own commit, if that is on
    /// the trunk.
    pub struct WorkflowRunBlock;
    /// Their names.
    workflows: Vec<String>,
    /// Only `completed` starts anything, and only if the run succeeded.
    types: Vec<RunActivity>,
}

choice! {
    /// The type of a dispatch input.
    pub enum InputKind {
        /// Text.
        String = "string",
        /// Yes or no.
        Boolean = "boolean",
        /// A number.
        Number = "number",
        /// One of some words.
        Choice = "choice",
        /// One of the repository's environments on GitHub.
        Environment = "environment",
    }
}

block! {
    /// A further input of a run that a person starts.
    pub struct DispatchInputBlock;
    /// Its type.
    r#type: Defaulted<InputKind> = "string",
    /// The words of a choice.
    options: Vec<String>,
    /// What it is when nobody says.
    default: Option<Scalar>,
    /// What it means.
    description: Option<String>,
    /// True if a person must say.
    required: Defaulted<bool> = false,
}

block! {
    /// Which runs wait for each other.
    pub struct ConcurrencyBlock;
    /// A name that is added to each workflow's own.
    group: Option<ConcurrencyGroup>,
    /// Lets a newer run of a workflow that writes nothing cancel an older one.
    cancel_in_progress: Defaulted<bool> = false,
}

/// Minutes of a job, at most the six hours that a hosted runner works.
pub type JobMinutes = Ranged<1, 360>;
