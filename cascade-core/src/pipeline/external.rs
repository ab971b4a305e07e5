//! Other repositories: those that push versions here, and those that are pulled from.

use super::choice::choice;
use super::{
    Branch, Callback, Cron, Name, PermissionSet, Repository, Requirement, SecretName, Secrets,
    TagPrefix, WorkflowRef,
};
use crate::changes::Pattern;
use crate::draft::block::block;
use crate::draft::{Refused, Required};
use crate::finding::rules;

choice! {
    /// Who moves first.
    pub enum ExternalMode {
        /// The other repository reports its versions here.
        Push = "push",
        /// This repository asks for the other's version.
        Pull = "pull",
    }
}

choice! {
    /// What a pulled version is.
    pub enum Source {
        /// The highest tag that satisfies the requirement, by semver.
        Tag = "tag",
        /// The head of a branch.
        Commit = "commit",
    }
}

choice! {
    /// When a pulled version is resolved.
    pub enum Cadence {
        /// On every orchestrate run.
        NextRun = "next-run",
        /// On a schedule of its own.
        Poll = "poll",
    }
}

block! {
    /// Another repository that reports its versions here, or is asked for them.
    pub struct ExternalBlock;
    /// The repository, `owner/name`.
    repo: Required<Repository>,
    /// The name of a pulled version; by default that of the repository.
    name: Option<Name>,
    /// What the repository delivers.
    description: Option<String>,
    /// Pins the workflows that are called in the other repository; never the artifact's version.
    r#ref: Option<Branch>,
    /// What the repository deploys; needed to push.
    deploys: Vec<ExternalDeployBlock>,
    /// Who moves first.
    mode: Option<ExternalMode> = "push",
    /// What a pulled version is.
    source: Option<Source> = "tag",
    /// The versions that may be pulled, a semver requirement.
    version: Option<Requirement>,
    /// What stands before the version in a tag.
    tag_prefix: Option<TagPrefix> = "v",
    /// The branch of a pulled commit; by default the other repository's default branch.
    branch: Option<Branch>,
    /// When a pulled version is resolved.
    cadence: Option<Cadence> = "next-run",
    /// When a polled version is resolved, cron.
    schedule: Option<Cron> = "0 */6 * * *",
    /// The secret that reads a private repository.
    read_token: Option<SecretName>,
    /// Whether the repository needs a credential to be read.
    private: Option<bool> = "false",
    /// Where a pulled version lands; by default the first environment.
    environment: Option<String>,
    /// The environments that a repository may report for; by default all.
    environments: Vec<String>,
    /// Whether the receiver looks the version up in the source repository.
    verify_source: Option<bool> = "false",
    /// Refused on a pull entry, where it would be a credential that can do more than read.
    token: Option<SecretName>,
}

block! {
    /// Something that another repository deploys.
    pub struct ExternalDeployBlock;
    /// The name, unique over all external deploys.
    name: Required<Name>,
    /// What is deployed.
    description: Option<String>,
    /// The reusable workflow that deploys a promoted version.
    workflow: Option<WorkflowRef>,
    /// Path patterns.
    triggers: Vec<Pattern>,
    /// The secrets that the workflow gets.
    secrets: Option<Secrets>,
    /// The complete permissions of the job that calls the workflow.
    permissions: Option<PermissionSet>,
    /// Callbacks that come before, whatever becomes of them.
    optional_depends_on: Vec<String>,
    /// What happens when a new version arrives.
    on_update: Option<OnUpdateBlock>,
}

block! {
    /// What happens when a new version arrives.
    pub struct OnUpdateBlock;
    /// The deployment that follows.
    deploy: Option<OnUpdateDeployBlock>,
}

const SCRIPT: &str = "an update deploys with a reusable workflow, not a script";
const SCRIPT_HELP: &str = "name a file with `on: workflow_call` under `workflow`";

block! {
    /// The deployment that follows an update.
    pub struct OnUpdateDeployBlock refusing &[
        Refused { key: "run", rule: &rules::ON_UPDATE, message: SCRIPT, help: SCRIPT_HELP },
        Refused { key: "shell", rule: &rules::ON_UPDATE, message: SCRIPT, help: SCRIPT_HELP },
    ];
    /// The reusable workflow.
    workflow: Option<WorkflowRef>,
}

block! {
    /// The repository that hears of this one's versions.
    pub struct NotifyBlock;
    /// The repository, `owner/name`.
    repo: Required<Repository>,
    /// The workflow that it receives with.
    workflow: Option<String> = "external-update.yaml",
    /// The secret that may dispatch that workflow.
    token: Option<SecretName> = "PRIMARY_REPO_TOKEN",
    /// The name under which the version is recorded there.
    deploy_name: Required<Name>,
    /// The environment in which the version is recorded there.
    environment: Option<Name>,
}

/// The secret that dispatches a receiver unless another is named.
const NOTIFY_TOKEN: &str = "PRIMARY_REPO_TOKEN";

impl NotifyBlock {
    /// The secret that may dispatch the receiver.
    #[must_use]
    pub fn token(&self) -> String {
        let token = self.token.as_ref().map(SecretName::as_str);
        token.unwrap_or(NOTIFY_TOKEN).to_owned()
    }
}

/// A repository that reports its versions here, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct PushSource {
    /// The repository.
    pub repo: Repository,
    /// What it deploys.
    pub deploys: Vec<ExternalDeploy>,
    /// Whether the receiver looks the version up in the source repository.
    pub verify_source: bool,
    /// The environments that it may report for; all if empty.
    pub environments: Vec<String>,
}

/// A repository that is asked for its version, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct PullSource {
    /// The entry's name.
    pub name: Name,
    /// The repository.
    pub repo: Repository,
    /// What is pulled.
    pub version: PulledVersion,
    /// When it is resolved.
    pub cadence: PullCadence,
    /// The secret that reads the repository, if it is private.
    pub read_token: Option<SecretName>,
    /// The environment in which a version lands.
    pub environment: Option<Name>,
    /// What deploys it, if anything does.
    pub deploys: Vec<ExternalDeploy>,
}

/// What a pull resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PulledVersion {
    /// The highest tag that satisfies the requirement.
    Tag {
        /// The versions that may be taken; any release if absent.
        requirement: Option<Requirement>,
        /// What stands before the version in a tag.
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

/// When a pull is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullCadence {
    /// On every orchestrate run.
    NextRun,
    /// On a schedule.
    Poll(Cron),
}

/// Something that another repository deploys, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct ExternalDeploy {
    /// The name.
    pub name: Name,
    /// What deploys a promoted version.
    pub workflow: Option<Callback>,
    /// What deploys a version that has just arrived.
    pub on_update: Option<Callback>,
}

impl PullSource {
    /// Whether a version that arrives under this name has to be deployed.
    #[must_use]
    pub fn deploys_on_arrival(&self, name: &str) -> bool {
        let mut deploys = self.deploys.iter();
        deploys.any(|deploy| deploy.name.as_str() == name && deploy.on_update.is_some())
    }

    /// The names that a version is recorded under: those of the deploys, or the entry's own.
    #[must_use]
    pub fn slots(&self) -> Vec<&str> {
        if self.deploys.is_empty() {
            return vec![self.name.as_str()];
        }
        self.deploys
            .iter()
            .map(|deploy| deploy.name.as_str())
            .collect()
    }
}
