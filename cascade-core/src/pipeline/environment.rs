//! Environments in their promotion order.

use crate::manifest::{BranchPolicy, Name, Role, SecretName, Url};

/// An environment with everything resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Environment {
    /// The name.
    pub name: Name,
    /// Its role in releases.
    pub role: Option<Role>,
    /// The GitHub environment that gates its deployments.
    pub gha_environment: Option<String>,
    /// The address at which people see the deployed version.
    pub url: Option<Url>,
    /// Users and teams of whom one must approve.
    pub reviewers: Vec<String>,
    /// Minutes that GitHub waits before a deployment starts.
    pub wait_timer: i64,
    /// The branches that may deploy.
    pub branch_policy: BranchPolicy,
    /// Branch patterns of the custom policy.
    pub branch_patterns: Vec<String>,
    /// Tag patterns of the custom policy.
    pub tag_patterns: Vec<String>,
    /// Names of its secrets.
    pub secrets: Vec<SecretName>,
    /// Names of its variables.
    pub variables: Vec<SecretName>,
}

impl Environment {
    /// The environment of GitHub's that gates deployments: the one named, or one of the same name
    /// if anything is set that only GitHub's environments have.
    #[must_use]
    pub fn gate(&self) -> Option<&str> {
        let settings = self.url.is_some()
            || !self.reviewers.is_empty()
            || self.wait_timer > 0
            || self.branch_policy != BranchPolicy::All
            || !self.secrets.is_empty()
            || !self.variables.is_empty();
        self.gha_environment
            .as_deref()
            .or_else(|| settings.then(|| self.name.as_str()))
    }
}
