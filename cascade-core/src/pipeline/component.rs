//! A part of the repository that is released on its own.

use super::{
    Build, Callback, Changelog, Deploy, DeployTarget, Deployments, Environment, ExternalDeploy,
    Notify, Preview, PullCadence, PullSource, PushSource, ReleaseBuild, Strategy, TagGrammar,
    WorkflowRun,
};
use crate::changes::{Pattern, Patterns};
use crate::expression::Template;
use crate::manifest::{
    Cron, EventType, InputKind, InputName, JobMinutes, Name, OnFailure, RelativePath,
    ReleaseTrigger, Role, RunsOn,
};
use crate::scalar::Scalar;
use std::sync::Arc;

/// Everything that is released together: the repository, or one of its components.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Component {
    /// The component, if it is one.
    pub identity: Option<ComponentIdentity>,
    /// A description of what the component delivers.
    pub description: Option<String>,
    /// The environments in promotion order.
    pub environments: Vec<Environment>,
    /// The patterns of the push that starts a run; none means every push.
    pub push_filter: Vec<Pattern>,
    /// The changes that start a run.
    pub release_trigger: ReleaseTrigger,
    /// The grammar of tags.
    pub tag_grammar: TagGrammar,
    /// The group of runs that wait for each other.
    pub concurrency_group: Option<Template>,
    /// Lets a newer run of a workflow that writes nothing cancel an older one.
    pub cancel_in_progress: bool,
    /// The runners of cascade's own jobs.
    pub runs_on: RunsOn,
    /// The time limit of cascade's own jobs.
    pub job_timeout_minutes: JobMinutes,
    /// Further inputs of a run that a person starts.
    pub dispatch_inputs: Vec<DispatchInput>,
    /// Times that start a run.
    pub schedules: Vec<Cron>,
    /// Events of other systems that start a run.
    pub repository_dispatch: Vec<EventType>,
    /// Runs of other workflows that start a run.
    pub workflow_run: Option<WorkflowRun>,
    /// True if breaking changes are promoted without a question.
    pub allow_breaking_changes: bool,
    /// The callback that a commit must pass.
    pub validate: Option<Callback>,
    /// The builds, in the order of declaration.
    pub builds: Vec<Build>,
    /// The deploys, in the order of declaration.
    pub deploys: Vec<Deploy>,
    /// The callback that publishes each build.
    pub publish: Option<Callback>,
    /// Repositories that report versions here.
    pub push_sources: Vec<PushSource>,
    /// Repositories that are asked for versions.
    pub pull_sources: Vec<PullSource>,
    /// The repository that hears of this one's versions.
    pub notify: Option<Notify>,
    /// The settings of releases.
    pub release_build: ReleaseBuild,
    /// The settings of the changelog.
    pub changelog: Changelog,
    /// Events of other systems that start a rollback.
    pub rollback_events: Vec<EventType>,
    /// A preview of what a pull request would deploy.
    pub pr_preview: Option<Preview>,
    /// True if the manifest is checked in pull requests.
    pub validate_check: bool,
    /// GitHub's Deployments API.
    pub deployments: Option<Deployments>,
}

/// The identity of a component among others.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComponentIdentity {
    /// Its name.
    pub name: Name,
    /// Its folder.
    pub path: RelativePath,
    /// Further paths, the shared ones included.
    pub extra_paths: Vec<Pattern>,
    /// The components that are released together with it, itself included; none if it has no links.
    pub train: Option<Arc<Train>>,
}

/// Components that are linked: they always have the same version.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Train {
    /// Its members, in the order of declaration.
    pub members: Vec<Member>,
}

/// A member of a train.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// The grammar of its tags.
    pub tag_grammar: TagGrammar,
    /// The environments in promotion order.
    pub environments: Vec<Name>,
}

impl Member {
    /// Returns the file name of one of the member's workflows.
    #[must_use]
    pub fn file(&self, stem: &str) -> String {
        file(Some(self.name.as_str()), stem)
    }
}

/// Returns the file name of a workflow of a component; the root has no name.
fn file(component: Option<&str>, stem: &str) -> String {
    match component {
        Some(name) => format!("{stem}-{name}.yaml"),
        None => format!("{stem}.yaml"),
    }
}

/// A further input of a run that a person starts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DispatchInput {
    /// Its name.
    pub name: InputName,
    /// Its type.
    pub kind: InputKind,
    /// The words of a choice.
    pub options: Vec<String>,
    /// The default.
    pub default: Option<Scalar>,
    /// The meaning, for the person who starts a run.
    pub description: Option<String>,
    /// True if a person must give a value.
    pub required: bool,
}

impl Component {
    /// The build of this name.
    #[must_use]
    pub fn build(&self, name: &str) -> Option<&Build> {
        self.builds
            .iter()
            .find(|build| build.callback.name.as_str() == name)
    }

    /// Everything that other repositories deploy, in the order of declaration.
    pub fn external_deploys(&self) -> impl Iterator<Item = &ExternalDeploy> + Clone {
        let pushed = self.push_sources.iter().flat_map(|source| &source.deploys);
        let pulled = self.pull_sources.iter().flat_map(|source| &source.deploys);
        pushed.chain(pulled)
    }

    /// The repositories that are asked on schedules of their own.
    pub fn polled(&self) -> impl Iterator<Item = &PullSource> {
        let polls = |source: &&PullSource| matches!(source.cadence, PullCadence::Poll(_));
        self.pull_sources.iter().filter(polls)
    }

    /// The repositories that every run asks.
    pub fn pulled_by_runs(&self) -> impl Iterator<Item = &PullSource> {
        let sources = self.pull_sources.iter();
        sources.filter(|source| source.cadence == PullCadence::NextRun)
    }

    /// Returns the callback that deploys a promoted version of this external name, if there is one.
    #[must_use]
    pub fn external_callback(&self, name: &str) -> Option<&Callback> {
        self.external_deploys()
            .find(|deploy| deploy.name.as_str() == name)?
            .workflow
            .as_ref()
    }

    /// Every call that the one deploy path makes: the deploys, then those of other repositories.
    pub fn deploy_callbacks(&self) -> impl Iterator<Item = &Callback> + Clone {
        let own = self.deploys.iter().map(|deploy| &deploy.callback);
        own.chain(
            self.external_deploys()
                .filter_map(|deploy| deploy.workflow.as_ref()),
        )
    }

    /// Every workflow that the one deploy path calls: those of the deploys, and of the stages of
    /// their rollouts.
    pub fn deploy_calls(&self) -> impl Iterator<Item = &Callback> {
        let strategies = self
            .deploys
            .iter()
            .filter_map(|deploy| deploy.strategy.as_ref());
        self.deploy_callbacks()
            .chain(strategies.flat_map(Strategy::callbacks))
    }

    /// The strategy of the deploy of this name.
    #[must_use]
    pub fn strategy_of(&self, deploy: &str) -> Option<&Strategy> {
        let mut deploys = self.deploys.iter();
        let deploy = deploys.find(|each| each.callback.name.as_str() == deploy)?;
        deploy.strategy.as_ref()
    }

    /// Returns the repository that the deploy of this name changes, if there is one.
    #[must_use]
    pub fn target_of(&self, deploy: &str) -> Option<&DeployTarget> {
        let mut deploys = self.deploys.iter();
        let deploy = deploys.find(|each| each.callback.name.as_str() == deploy)?;
        deploy.target.as_ref()
    }

    /// Returns true if a run goes on although the validation failed.
    #[must_use]
    pub fn validation_may_fail(&self) -> bool {
        let validate = self.validate.as_ref();
        validate.is_some_and(|callback| callback.on_failure == OnFailure::Continue)
    }

    /// Returns true if anything is deployed into environments.
    #[must_use]
    pub fn deploys_anything(&self) -> bool {
        self.deploy_callbacks().next().is_some()
    }

    /// Returns true if a run calls callbacks before it deploys.
    #[must_use]
    pub fn validates_or_builds(&self) -> bool {
        self.validate.is_some() || !self.builds.is_empty()
    }

    /// Returns the position of the environment before which a version is published: the one with
    /// the role, else the last. A single environment comes before the release.
    #[must_use]
    pub fn published_before(&self) -> usize {
        let environments = &self.environments;
        let says = |each: &Environment| each.role == Some(Role::Release);
        let named = environments.iter().position(says);
        named.unwrap_or(environments.len().saturating_sub(1)).max(1)
    }

    /// The environment that the first deployment goes to.
    #[must_use]
    pub fn first_environment(&self) -> Option<&Environment> {
        self.environments.first()
    }

    /// Returns the train of a component that is linked with others.
    #[must_use]
    pub fn train(&self) -> Option<&Train> {
        self.identity.as_ref()?.train.as_deref()
    }

    /// Returns the paths whose changes start a run.
    #[must_use]
    pub fn watched(&self) -> Patterns {
        Patterns::new(self.push_filter.clone())
    }

    /// Returns the name of a component of `components`; the root has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.identity.as_ref().map(|own| own.name.as_str())
    }

    /// Returns the file name of one of this component's workflows, like `promote-api.yaml`.
    #[must_use]
    pub fn file(&self, stem: &str) -> String {
        file(self.name(), stem)
    }

    /// Returns what the names of this component's concurrency groups end with: nothing, or `/` and
    /// the name. Names have no `/`, so no two components share a group.
    #[must_use]
    pub fn group_suffix(&self) -> String {
        self.name()
            .map_or_else(String::new, |name| format!("/{name}"))
    }
}
