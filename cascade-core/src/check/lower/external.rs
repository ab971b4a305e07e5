//! Other repositories.

use super::super::callbacks::Index;
use super::super::calls::ungranted;
use super::super::contracts::{Lookup, Workflows};
use super::super::external::{entry_name, mode};
use crate::contract::{Contract, InputType};
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    Cadence, Config, ExternalBlock, ExternalDeployBlock, ExternalMode, Name, OnFailure, RunPolicy,
    SecretName, Secrets, Source, WorkflowRef,
};
use crate::message;
use crate::pipeline::{
    Callback, Dependency, ExternalDeploy, Input, InputSource, PassedSecrets, PullCadence,
    PullSource, PulledVersion, PushSource, StandardInput,
};
use std::str::FromStr;

/// The inputs that a workflow that deploys an external version is given, if it declares them.
const GIVEN: [StandardInput; 7] = [
    StandardInput::Environment,
    StandardInput::Sha,
    StandardInput::Version,
    StandardInput::DeployName,
    StandardInput::PreviousSha,
    StandardInput::PreviousVersion,
    StandardInput::DryRun,
];
/// The number of them that a workflow is given if it cannot be read.
const UNSEEN: usize = 4;
/// The secret that reads private repositories unless an entry names another.
const DEFAULT_READ_TOKEN: &str = "CASCADE_EXTERNAL_READ_TOKEN";

/// Checks the workflows that deploy external versions.
pub(super) fn check(config: &Config, workflows: &Workflows<'_>, reader: &mut Reader) {
    for deploy in config.external.iter().flat_map(|entry| &entry.deploys) {
        if let Some(workflow) = &deploy.workflow {
            called(
                deploy,
                workflow,
                &deploy.at.key("workflow"),
                workflows,
                reader,
            );
        }
        let update = deploy
            .on_update
            .as_ref()
            .and_then(|update| update.deploy.as_ref());
        if let Some((block, workflow)) =
            update.and_then(|block| Some((block, block.workflow.as_ref()?)))
        {
            called(
                deploy,
                workflow,
                &block.at.key("workflow"),
                workflows,
                reader,
            );
        }
    }
}

fn called(
    deploy: &ExternalDeployBlock,
    workflow: &WorkflowRef,
    at: &KeyPath,
    workflows: &Workflows<'_>,
    reader: &mut Reader,
) {
    let Lookup::Known(contract) = workflows.look(workflow, at, reader) else {
        return;
    };
    let file = workflow.file_name();
    for (name, input) in &contract.inputs {
        if input.must_be_given() && given(name).is_none() {
            let message = message!(
                "{} requires input {} ({}), and nothing provides it",
                value = file,
                name = name,
                text = input.kind
            );
            let help = message!(
                "give it a default in the file; cascade passes {}",
                text = GIVEN.map(StandardInput::as_str).join(", ")
            );
            reader.report(Finding::new(&rules::MISSING_INPUT, at.clone(), message).help(help));
        }
    }
    for (name, _) in contract
        .secrets
        .iter()
        .filter(|(_, secret)| secret.required)
    {
        let given = match &deploy.secrets {
            None => false,
            Some(Secrets::Inherit) => true,
            Some(Secrets::Named(names)) => names.contains_key(name),
        };
        if !given && reader.is_known(&deploy.at.key("secrets")) {
            let message = message!(
                "{} requires secret {}, and nothing passes it",
                value = file,
                name = name
            );
            let help = message!(
                "add {} to the deploy",
                setting = Setting::new("secrets", Sample::map([(name, name.as_str())]))
            );
            reader.report(Finding::new(&rules::MISSING_SECRET, at.clone(), message).help(help));
        }
    }
}

fn given(name: &str) -> Option<StandardInput> {
    GIVEN.into_iter().find(|input| input.as_str() == name)
}

/// The draft, and the indexes in which calls of external versions are looked up.
#[derive(Clone, Copy)]
pub(super) struct Known<'a, 'b> {
    pub(super) config: &'a Config,
    pub(super) index: &'b Index<'a>,
    pub(super) workflows: &'b Workflows<'a>,
}

impl Known<'_, '_> {
    pub(super) fn push_sources(&self) -> Option<Vec<PushSource>> {
        let sources = self.entries(ExternalMode::Push).map(|entry| {
            Some(PushSource {
                repo: entry.repo.get()?.clone(),
                description: entry.description.clone(),
                deploys: self.deploys(entry)?,
                verify_source: *entry.verify_source.get(),
                environments: entry.environments.clone(),
            })
        });
        sources.collect()
    }

    pub(super) fn pull_sources(&self) -> Option<Vec<PullSource>> {
        let entries = self.entries(ExternalMode::Pull);
        entries
            .map(|entry| pull(self.config, entry, self.deploys(entry)?))
            .collect()
    }

    fn entries(&self, wanted: ExternalMode) -> impl Iterator<Item = &ExternalBlock> {
        let entries = self.config.external.iter();
        entries.filter(move |entry| mode(entry) == wanted)
    }

    fn deploys(&self, entry: &ExternalBlock) -> Option<Vec<ExternalDeploy>> {
        let deploys = entry.deploys.iter().map(|block| self.deploy(block));
        deploys.collect()
    }

    fn deploy(&self, block: &ExternalDeployBlock) -> Option<ExternalDeploy> {
        let name = block.name.get()?;
        let call = |workflow: &WorkflowRef| self.call(block, name, workflow);
        let update = block.on_update.as_ref();
        let update = update.and_then(|update| update.deploy.as_ref()?.workflow.as_ref());
        Some(ExternalDeploy {
            name: name.clone(),
            description: block.description.clone(),
            workflow: block.workflow.as_ref().map(call),
            on_update: update.map(call),
        })
    }

    fn call(&self, block: &ExternalDeployBlock, name: &Name, workflow: &WorkflowRef) -> Callback {
        let contract = match self.workflows.peek(workflow) {
            Lookup::Known(contract) => Some(contract),
            Lookup::Broken | Lookup::Unseen => None,
        };
        let contract = contract.as_deref();
        let inputs = inputs(contract);
        let secrets = secrets(block, contract);
        let asked = contract.map(|contract| &contract.permissions);
        let dependencies = block.optional_depends_on.iter().filter_map(|name| {
            let entry = self.index.find(name, &block.at)?;
            Some(Dependency {
                kind: entry.kind,
                name: entry.name.clone(),
                hard: false,
            })
        });
        Callback {
            name: name.clone(),
            description: block.description.clone(),
            workflow: Some(workflow.clone()),
            triggers: block.triggers.clone(),
            environments: contract
                .map(|contract| contract.environments.clone())
                .unwrap_or_default(),
            dependencies: dependencies.collect(),
            supports_dry_run: inputs.iter().any(|input| input.name == "dry_run"),
            inputs,
            permissions: match &block.permissions {
                Some(set) => set.clone(),
                None => ungranted(asked),
            },
            secrets,
            run_policy: RunPolicy::Default,
            on_failure: OnFailure::Abort,
            retries: 0,
            recorded_outputs: Vec::new(),
            auto_commits: false,
            artifact_upload: None,
        }
    }
}

/// Returns the inputs that cascade gives to an external deploy.
fn inputs(contract: Option<&Contract>) -> Vec<Input> {
    let input = |name: &str, kind, standard| Input {
        name: name.to_owned(),
        kind,
        value: InputSource::Standard(standard),
    };
    match contract {
        Some(contract) => contract
            .inputs
            .iter()
            .filter_map(|(name, declared)| Some(input(name, declared.kind, given(name)?)))
            .collect(),
        None => GIVEN[..UNSEEN]
            .iter()
            .map(|standard| input(standard.as_str(), InputType::String, *standard))
            .collect(),
    }
}

/// Returns the secrets that the author passes and the workflow declares.
fn secrets(block: &ExternalDeployBlock, contract: Option<&Contract>) -> PassedSecrets {
    let declares =
        |secret: &String| contract.is_none_or(|contract| contract.secrets.contains_key(secret));
    match &block.secrets {
        None => PassedSecrets::None,
        Some(Secrets::Inherit) => PassedSecrets::Inherit,
        Some(Secrets::Named(named)) => {
            let named = named.iter().filter(|(callee, _)| declares(callee));
            let named = named.map(|(callee, caller)| (callee.clone(), caller.clone()));
            PassedSecrets::Named(named.collect())
        }
    }
}

fn pull(
    config: &Config,
    entry: &ExternalBlock,
    deploys: Vec<ExternalDeploy>,
) -> Option<PullSource> {
    let read_token = match &entry.read_token {
        Some(token) => Some(token.clone()),
        None if *entry.private.get() => SecretName::from_str(DEFAULT_READ_TOKEN).ok(),
        None => None,
    };
    let version = match entry.source.get() {
        Source::Tag => PulledVersion::Tag {
            requirement: entry.version.clone(),
            prefix: entry.tag_prefix.get().clone(),
        },
        Source::Commit => PulledVersion::Commit {
            branch: entry.branch.clone(),
        },
    };
    let cadence = match entry.cadence.get() {
        Cadence::NextRun => PullCadence::NextRun,
        Cadence::Poll => PullCadence::Poll(entry.schedule.get().clone()),
    };
    let first = || {
        config
            .environments
            .first()
            .and_then(|environment| environment.name.get().cloned())
    };
    Some(PullSource {
        name: Name::from_str(&entry_name(entry)?).ok()?,
        repo: entry.repo.get()?.clone(),
        description: entry.description.clone(),
        version,
        cadence,
        read_token,
        environment: entry
            .environment
            .as_ref()
            .and_then(|name| Name::from_str(name).ok())
            .or_else(first),
        deploys,
    })
}
