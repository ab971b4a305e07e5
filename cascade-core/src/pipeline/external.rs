//! Other repositories: those that push versions here, and those that are pulled from.

use super::Callback;
use crate::manifest::{Branch, Cron, Name, Repository, Requirement, SecretName, Source, TagPrefix};

/// A repository that reports its versions here, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PushSource {
    /// The repository.
    pub repo: Repository,
    /// A description of what the repository delivers.
    pub description: Option<String>,
    /// The artifacts that it deploys.
    pub deploys: Vec<ExternalDeploy>,
    /// True if the receiver looks the version up in the source repository.
    pub verify_source: bool,
    /// The environments that it may report for; all if empty.
    pub environments: Vec<String>,
}

/// A repository that is asked for its version, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PullSource {
    /// The entry's name.
    pub name: Name,
    /// The repository.
    pub repo: Repository,
    /// A description of what the repository delivers.
    pub description: Option<String>,
    /// The version that is pulled.
    pub version: PulledVersion,
    /// The cadence at which it is resolved.
    pub cadence: PullCadence,
    /// The secret that reads the repository, if it is private.
    pub read_token: Option<SecretName>,
    /// The environment in which a version lands.
    pub environment: Option<Name>,
    /// The deploys of the pulled version; empty if nothing deploys it.
    pub deploys: Vec<ExternalDeploy>,
}

/// The version that a pull resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PulledVersion {
    /// The highest tag that satisfies the requirement.
    Tag {
        /// The versions that may be taken; any release if absent.
        requirement: Option<Requirement>,
        /// The prefix of the version in a tag.
        prefix: TagPrefix,
    },
    /// The head of a branch; of the default branch if absent.
    Commit {
        /// The branch.
        branch: Option<Branch>,
    },
}

impl PulledVersion {
    /// The word for it in the manifest and the state.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Tag { .. } => Source::Tag.as_str(),
            Self::Commit { .. } => Source::Commit.as_str(),
        }
    }
}

/// The cadence at which a pull is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullCadence {
    /// On every orchestrate run.
    NextRun,
    /// On a schedule.
    Poll(Cron),
}

/// Something that another repository deploys, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExternalDeploy {
    /// The name.
    pub name: Name,
    /// A description of what is deployed.
    pub description: Option<String>,
    /// The callback that deploys a promoted version.
    pub workflow: Option<Callback>,
    /// The callback that deploys a version that has just arrived.
    pub on_update: Option<Callback>,
}

impl PullSource {
    /// Returns true if a version that arrives under this name has to be deployed.
    #[must_use]
    pub fn deploys_on_arrival(&self, name: &str) -> bool {
        let mut deploys = self.deploys.iter();
        deploys.any(|deploy| deploy.name.as_str() == name && deploy.on_update.is_some())
    }

    /// The names that a version is recorded under: those of the deploys, or the entry's own.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        if self.deploys.is_empty() {
            return vec![self.name.as_str()];
        }
        self.deploys
            .iter()
            .map(|deploy| deploy.name.as_str())
            .collect()
    }
}

/// The repository that hears of this one's versions, with everything resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notify {
    /// The repository.
    pub repo: Repository,
    /// The workflow that it receives with.
    pub workflow: String,
    /// The secret that may dispatch that workflow.
    pub token: SecretName,
    /// The name under which the version is recorded there.
    pub deploy_name: Name,
    /// The environment in which the version is recorded there.
    pub environment: Option<Name>,
}
