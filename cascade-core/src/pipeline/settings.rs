//! Settings of the whole repository.

use super::{Board, Cli, Integration, Platform, Preview, Reconcile, Telemetry};
use crate::manifest::{
    Branch, ExactVersion, GitMode, JobMinutes, Pin, PinMode, RunsOn, SecretName, Stored,
};
use std::collections::BTreeMap;

/// The settings of the whole repository.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// A description of what the pipeline delivers.
    pub description: Option<String>,
    /// The branch that releases flow from.
    pub trunk: Branch,
    /// The GitHub that workflows run on.
    pub platform: Platform,
    /// The path of the manifest.
    pub manifest_file: String,
    /// The key that its body stands under.
    pub manifest_key: String,
    /// The folder of the composite action.
    pub action_folder: String,
    /// The source of the `cascade` program in workflows.
    pub cli: Cli,
    /// The version that workflows install, if the manifest says one.
    pub cli_version: Option<ExactVersion>,
    /// The runners of jobs that belong to no component.
    pub runs_on: RunsOn,
    /// The time limit of jobs that belong to no component.
    pub job_timeout_minutes: JobMinutes,
    /// The form of references to third-party actions.
    pub pin_mode: PinMode,
    /// Pins of actions that replace the built-in ones.
    pub action_pins: BTreeMap<String, Pin>,
    /// The branch that keeps the state, if the manifest does not.
    pub state_branch: Option<Branch>,
    /// The credential that writes state.
    pub state_token: Credential,
    /// The credential that writes releases, if the manifest names one for them.
    pub own_release_token: Option<Credential>,
    /// The author of commits.
    pub git: GitIdentity,
    /// Keeps a fork in step with its upstream.
    pub integration: Option<Integration>,
    /// True if the generated files are checked in pull requests.
    pub drift_check: Option<Preview>,
    /// True if the merge queue has a workflow.
    pub merge_queue: bool,
    /// Adopts bumps of pinned actions.
    pub reconcile: Option<Reconcile>,
    /// Writes a page with the status.
    pub board: Option<Board>,
    /// Events about runs.
    pub telemetry: Option<Telemetry>,
}

/// The credential with which a job writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A secret; `GITHUB_TOKEN` is one.
    Secret(SecretName),
    /// A short-lived token of a GitHub App.
    App {
        /// The secret or variable that holds the App's id or client id.
        app_id: Stored,
        /// The secret or variable that holds its private key.
        private_key: Stored,
    },
}

impl Credential {
    /// Returns true if it is the token that GitHub gives every run.
    #[must_use]
    pub fn is_github(&self) -> bool {
        matches!(self, Self::Secret(name) if name.is_github())
    }
}

impl Settings {
    /// The credential that writes releases.
    #[must_use]
    pub fn release_token(&self) -> &Credential {
        self.own_release_token.as_ref().unwrap_or(&self.state_token)
    }

    /// Returns true if releases can be tagged on commits whose workflow files differ from the trunk's:
    /// `GITHUB_TOKEN` never can, and of Apps only one that is named for releases is asked to.
    #[must_use]
    pub fn tags_foreign_workflows(&self) -> bool {
        match self.release_token() {
            token if token.is_github() => false,
            Credential::Secret(_) => true,
            Credential::App { .. } => self.own_release_token.is_some(),
        }
    }
}

/// The identity that signs cascade's commits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GitIdentity {
    /// Whose identity is used.
    pub mode: GitMode,
    /// The name of the committer.
    pub user_name: Option<String>,
    /// The address of the committer.
    pub user_email: Option<String>,
    /// The id of the signing key.
    pub gpg_key_id: Option<String>,
    /// The secret that holds the signing key.
    pub gpg_key_secret: Option<SecretName>,
}
