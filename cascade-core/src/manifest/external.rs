//! Other repositories: those that push versions here, and those that are pulled from.

use super::{
    Branch, Cron, Name, PermissionSet, Repository, Requirement, SecretName, Secrets, TagPrefix,
    WorkflowRef,
};
use crate::changes::Pattern;
use crate::finding::message::Wording;
use crate::finding::rules;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Refused, Required};
use crate::manifest::value::choice::choice;
use crate::message;

choice! {
    /// The side that starts: the producer pushes, or the consumer pulls.
    pub enum ExternalMode {
        /// The other repository reports its versions here.
        Push = "push",
        /// This repository asks for the other's version.
        Pull = "pull",
    }
}

choice! {
    /// The kind of version that is pulled.
    pub enum Source {
        /// The highest tag that satisfies the requirement, by semver.
        Tag = "tag",
        /// The head of a branch.
        Commit = "commit",
    }
}

choice! {
    /// The moment at which a pulled version is resolved.
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
    /// A description of what the repository delivers.
    description: Option<String>,
    /// The ref of workflows of other repositories that are written without one, by default the trunk; never the artifact's version.
    r#ref: Option<Branch>,
    /// The deploys of the repository; needed to push.
    deploys: Vec<ExternalDeployBlock>,
    /// The side that starts: the producer pushes, or the consumer pulls.
    mode: Defaulted<ExternalMode> = "push",
    /// The kind of version that is pulled.
    source: Defaulted<Source> = "tag",
    /// The versions that may be pulled, a semver requirement.
    version: Option<Requirement>,
    /// The text before the version in a tag.
    tag_prefix: Defaulted<TagPrefix> = "v",
    /// The branch of a pulled commit; by default the other repository's default branch.
    branch: Option<Branch>,
    /// The moment at which a pulled version is resolved.
    cadence: Defaulted<Cadence> = "next-run",
    /// The times at which a polled version is resolved, as a cron expression.
    schedule: Defaulted<Cron> = "0 */6 * * *",
    /// The secret that reads a private repository.
    read_token: Option<SecretName>,
    /// Reads the repository with a credential.
    private: Defaulted<bool> = false,
    /// The environment of a pulled version; by default the first.
    environment: Option<String>,
    /// The environments that a repository may report for; by default all.
    environments: Vec<String>,
    /// Lets the receiver look the version up in the source repository.
    verify_source: Defaulted<bool> = false,
    /// Refused on a pull entry, where it would be a credential that can do more than read.
    token: Option<SecretName>,
}

block! {
    /// Something that another repository deploys.
    pub struct ExternalDeployBlock;
    /// The name, unique over all external deploys.
    name: Required<Name>,
    /// A description of what is deployed.
    description: Option<String>,
    /// The reusable workflow that deploys a promoted version.
    workflow: Option<WorkflowRef>,
    /// Path patterns of this repository: a promotion that brings a change of such a file deploys the version again.
    triggers: Vec<Pattern>,
    /// The secrets that the workflow gets.
    secrets: Option<Secrets>,
    /// The complete permissions of the job that calls the workflow.
    permissions: Option<PermissionSet>,
    /// Callbacks that come before, whatever becomes of them.
    optional_depends_on: Vec<String>,
    /// The reaction to a new version.
    on_update: Option<OnUpdateBlock>,
}

block! {
    /// The reaction to a new version.
    pub struct OnUpdateBlock;
    /// The deployment that follows.
    deploy: Option<OnUpdateDeployBlock>,
}

const SCRIPT: Wording =
    Wording::new(|| "an update deploys with a reusable workflow, not a script".into());
const SCRIPT_HELP: Wording = Wording::new(|| {
    message!(
        "name a file with {} under {}",
        value = "on: workflow_call",
        key = "workflow"
    )
});

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
    /// The workflow that it receives with: a file name, or its path.
    workflow: Defaulted<String> = "external-update.yaml",
    /// The secret that may dispatch that workflow.
    token: Defaulted<SecretName> = "PRIMARY_REPO_TOKEN",
    /// The name under which the version is recorded there; by default that of the first deploy, else of the first build.
    deploy_name: Option<Name>,
    /// The environment in which the version is recorded there.
    environment: Option<Name>,
}
