//! Blocks of the settings with a choice among their keys.

use super::setters::setters;
use super::{Validate, part::Part};
use crate::manifest::draft::{Map, Node};
use crate::manifest::{
    CliSource, GitMode, InputKind, ReconcileCommit, ReconcileSource, RunActivity, TargetMode,
    TelemetryAdapter, UpstreamWorkflows,
};

/// Declares a block: what it must have is an argument of its constructor.
macro_rules! settings_block {
    (
        $(#[doc = $doc:literal])*
        $name:ident($($required:ident : $ty:ty),*) {
            $($setters:tt)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            map: Map,
        }

        impl $name {
            /// Makes the block with what it must have.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "only some of them need nothing")]
            pub fn new($($required: $ty),*) -> Self {
                Self { map: Map::new() }$(.set(stringify!($required), $required))*
            }
        }

        setters! { $name { $($setters)* } }

        impl From<$name> for Node {
            fn from(block: $name) -> Self {
                Self::Map(block.map)
            }
        }
    };
}

settings_block! {
    /// The source of the `cascade` program in workflows.
    ///
    /// ```
    /// use cascade_core::builder::{Cli, CliSource};
    /// let cli = Cli::new(CliSource::Workspace).path(".github/pipeline");
    /// ```
    Cli(source: CliSource) {
        /// The version that runs use, without a range; by default the generating one.
        version: text,
        /// The repository whose releases carry it.
        repository: text,
        /// The SHA-256 of each platform's archive.
        checksums: map,
        /// The repository that it is built from, as `git clone` takes it.
        url: text,
        /// The full commit that it is built from.
        rev: text,
        /// Cargo features that it is built with.
        features: list,
        /// The secret that reads the repository, where it is private.
        token: node,
        /// The pipeline crate that it is built from.
        path: text,
    }
}

settings_block! {
    /// The author of cascade's commits.
    Git(mode: GitMode) {
        /// The name of the committer.
        user_name: text,
        /// The address of the committer.
        user_email: text,
        /// The id of the signing key.
        gpg_key_id: text,
        /// The secret that holds the signing key.
        gpg_key_secret: text,
    }
}

settings_block! {
    /// A further input of a run that a person starts.
    DispatchInput() {
        /// Its type.
        r#type: choice(InputKind),
        /// The words of a choice.
        options: list,
        /// Its value when nobody gives one.
        default: node,
        /// The meaning, for the person who starts a run.
        description: text,
        /// Requires a value.
        required: flag,
    }
}

settings_block! {
    /// Events besides a push that start a run.
    ExtraTriggers() {
        /// Times, each a block with `cron`.
        schedule: list,
        /// Events of other systems.
        repository_dispatch: node,
        /// Runs of other workflows of this repository.
        workflow_run: block(WorkflowRun),
    }
}

settings_block! {
    /// Runs of other workflows, of which one that succeeded starts a run.
    WorkflowRun() {
        /// Their names.
        workflows: list,
        /// The activity types of the runs.
        types: choices(RunActivity),
    }
}

settings_block! {
    /// A repository that is the target of a deployment.
    DeployTarget(mode: TargetMode) {
        /// The repository; this one if absent.
        repo: text,
        /// The YAML or JSON file that is written; `{environment}` is the environment.
        path: text,
        /// The field of the file, like `image.tag` or `containers[0].image`.
        field: text,
        /// The text that is written: `version`, `sha`, `artifact_id`, or a text with placeholders.
        value: text,
        /// The branch that is written, or that has the dispatched workflow.
        branch: text,
        /// Records the commit that was written.
        track_sha: flag,
        /// Proposes the change as a pull request, and waits until it is merged.
        pull_request: flag,
        /// The time in which the pull request must be merged.
        timeout: text,
        /// The secret with a token for the repository.
        token: text,
        /// The GitHub App that mints a token for the repository.
        token_app: node,
    }
}

settings_block! {
    /// The adoption of bumps of pinned actions.
    Reconcile() {
        /// Generates the workflows.
        enabled: flag,
        /// The bot whose pull requests are looked at.
        source: choice(ReconcileSource),
        /// The place that the adoption is committed to.
        commit: choice(ReconcileCommit),
    }
}

settings_block! {
    /// Events about the pipeline's runs.
    Telemetry() {
        /// Sends them.
        enabled: flag,
        /// Their destination.
        adapter: choice(TelemetryAdapter),
        /// The address of the webhook adapter.
        webhook: node,
        /// Shows them in the job summary.
        job_summary: flag,
    }
}

settings_block! {
    /// Keeps a fork in step with its upstream.
    Integration(upstream: &str) {
        /// The branch of the upstream.
        upstream_branch: text,
        /// The branch that mirrors it here.
        mirror_branch: text,
        /// The branch on which the two meet.
        integration_branch: text,
        /// The workflow that an integration must pass.
        validate: block(Validate),
        /// The times at which the upstream is checked, as a cron expression.
        sync_schedule: text,
        /// The workflow that watches the integrations.
        monitor: node,
        /// The names of the labels.
        labels: node,
        /// The token that pushes branches and opens pull requests.
        token: node,
        /// The treatment of the upstream's workflow files in a branch that is pushed here.
        upstream_workflows: choice(UpstreamWorkflows),
    }
}

impl From<Validate> for Node {
    fn from(validate: Validate) -> Self {
        Self::Map(validate.into_map())
    }
}
