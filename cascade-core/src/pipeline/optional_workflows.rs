//! Optional workflows that are switched on, and what starts runs besides a push.

use crate::manifest::{ReconcileSource, RunActivity, SecretName, TelemetryAdapter, Url};

/// A preview, or a check, of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// True if it comments on the pull request.
    pub comment: bool,
}

/// The repair of what drifted between state, tags and releases.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconcile {
    /// The side that counts when they differ.
    pub source: ReconcileSource,
    /// Commits repairs.
    pub commit: bool,
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
