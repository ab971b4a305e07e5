//! Environments, in the order of promotion.

use super::setters::setters;
use crate::manifest::draft::{Map, Node};
use crate::manifest::{BranchPolicy, Role};

/// An environment of the promotion order.
///
/// ```
/// use cascade_core::builder::Environment;
/// let prod = Environment::new("prod").gha_environment("production").wait_timer(5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    map: Map,
}

impl Environment {
    /// An environment named `name`.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { map: Map::new() }.set("name", name.into())
    }
}

setters! {
    Environment {
        /// The role of the environment for releases.
        role: choice(Role),
        /// The GitHub environment that gates deployments.
        gha_environment: text,
        /// Where a person sees what was deployed.
        environment_url: text,
        /// Users and teams of whom one must approve, at most six.
        required_reviewers: list,
        /// Minutes that GitHub waits before a deployment starts.
        wait_timer: number,
        /// The branches that may deploy.
        branch_policy: choice(BranchPolicy),
        /// Branch patterns of the `custom` policy.
        branch_patterns: list,
        /// Tag patterns of the `custom` policy.
        tag_patterns: list,
        /// Names of the environment's secrets.
        secrets: list,
        /// Names of the environment's variables.
        variables: list,
    }
}

impl From<&str> for Environment {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Environment {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<Environment> for Node {
    fn from(mut environment: Environment) -> Self {
        if environment.map.len() == 1 {
            environment.map.pop().map_or(Self::Null, |(_, name)| name)
        } else {
            Self::Map(environment.map)
        }
    }
}
