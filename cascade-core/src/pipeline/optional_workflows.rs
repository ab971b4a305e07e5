//! Optional workflows that are switched on, and what starts runs besides a push.

use crate::manifest::{
    ReconcileCommit, ReconcileSource, RunActivity, SecretName, TelemetryAdapter, Url,
};

/// A preview, or a check, of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// True if it comments on the pull request.
    pub comment: bool,
}

/// The adoption of bumps of pinned actions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconcile {
    /// The bot whose pull requests are looked at.
    pub source: ReconcileSource,
    /// The place that the adoption is committed to.
    pub commit: ReconcileCommit,
}

impl Reconcile {
    /// Returns the account of the bot.
    ///
    /// Sources: GitHub's documentation, "Automating Dependabot with GitHub Actions"; Renovate's, "Security and
    /// Permissions", for the hosted App.
    #[must_use]
    pub const fn account(&self) -> &'static str {
        match self.source {
            ReconcileSource::Dependabot => "dependabot[bot]",
            ReconcileSource::Renovate => "renovate[bot]",
        }
    }
}

/// A page with the status of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Board {
    /// True if GitHub Pages publishes it.
    pub pages: bool,
}

/// Records on GitHub's Deployments API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deployments {
    /// True if the prior deployment stays active.
    pub keep_prior_active: bool,
}

/// Events about the pipeline's runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Telemetry {
    /// The receiver.
    pub adapter: TelemetryAdapter,
    /// The address of the webhook adapter.
    pub webhook: Option<Webhook>,
    /// Shows them in the job summary.
    pub job_summary: bool,
}

/// An address that takes JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The address.
    pub url: Url,
    /// The secret that signs what is sent.
    pub secret_name: Option<SecretName>,
}

/// Runs of other workflows that start a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkflowRun {
    /// The names of the workflows.
    pub workflows: Vec<String>,
    /// The activity types of the runs; only `completed` starts anything.
    pub types: Vec<RunActivity>,
}
