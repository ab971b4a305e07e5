//! Environments in their promotion order.

use super::{Name, SecretName, Url};
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Ranged, Required};
use crate::manifest::value::choice::choice;

choice! {
    /// The role of an environment for releases.
    pub enum Role {
        /// Entering it turns the draft release into a prerelease.
        Prerelease = "prerelease",
        /// The version that runs here is released.
        Release = "release",
    }
}

choice! {
    /// The branches that may deploy to an environment.
    pub enum BranchPolicy {
        /// Protected branches only.
        Protected = "protected",
        /// The branches and tags that the patterns name.
        Custom = "custom",
        /// Every branch.
        All = "all",
    }
}

/// Minutes that GitHub waits before an environment's jobs start, at most 30 days.
///
/// Source: GitHub's REST API, environments, `wait_timer`.
pub type WaitTimer = Ranged<0, 43_200>;

block! {
    /// One environment: a name, or a block.
    pub struct EnvironmentBlock as "name";
    /// The name: letters, digits, `_`, `-`.
    name: Required<Name>,
    /// The role of the environment for releases; by default the last is the release and the last but one the prerelease.
    role: Option<Role>,
    /// The GitHub environment that gates deployments: approvals, timers, secrets.
    gha_environment: Option<String>,
    /// The address at which a person sees the deployment.
    environment_url: Option<Url>,
    /// Users and teams of whom one must approve, at most six.
    required_reviewers: Vec<String>,
    /// Minutes that GitHub waits before a deployment starts.
    wait_timer: Defaulted<WaitTimer> = 0,
    /// The branches that may deploy.
    branch_policy: Option<BranchPolicy>,
    /// Branch patterns of the `custom` policy.
    branch_patterns: Vec<String>,
    /// Tag patterns of the `custom` policy.
    tag_patterns: Vec<String>,
    /// Names of the environment's secrets.
    secrets: Vec<SecretName>,
    /// Names of the environment's variables.
    variables: Vec<SecretName>,
}

block! {
    /// The older place of an environment's settings.
    pub struct EnvironmentSettings;
    /// The role of the environment for releases.
    role: Option<Role>,
    /// The GitHub environment that gates deployments.
    gha_environment: Option<String>,
    /// The address at which a person sees the deployment.
    environment_url: Option<Url>,
    /// Users and teams of whom one must approve, at most six.
    required_reviewers: Vec<String>,
    /// Minutes that GitHub waits before a deployment starts.
    wait_timer: Defaulted<WaitTimer> = 0,
    /// The branches that may deploy.
    branch_policy: Option<BranchPolicy>,
    /// Branch patterns of the `custom` policy.
    branch_patterns: Vec<String>,
    /// Tag patterns of the `custom` policy.
    tag_patterns: Vec<String>,
    /// Names of the environment's secrets.
    secrets: Vec<SecretName>,
    /// Names of the environment's variables.
    variables: Vec<SecretName>,
}
