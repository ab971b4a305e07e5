//! Other repositories.

use super::super::contracts::{Lookup, Workflows};
use super::super::external::{entry_name, mode};
use crate::draft::{KeyPath, Leaf, Reader};
use crate::finding::{Finding, rules};
use crate::pipeline::*;

/// What a workflow that deploys an external version is given, if it declares it.
const GIVEN: &[&str] = &[
    "environment",
    "sha",
    "version",
    "deploy_name",
    "previous_sha",
    "previous_version",
    "dry_run",
];
/// The secret that reads private repositories unless an entry names another.
const DEFAULT_READ_TOKEN: &str = "CASCADE_EXTERNAL_READ_TOKEN";
const DEFAULT_SCHEDULE: &str = "0 */6 * * *";

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
        if input.must_be_given() && !GIVEN.contains(&name.as_str()) {
            let message = format!(
                "`{file}` requires input `{name}` ({}), and nothing provides it",
                input.kind
            );
            let help = format!(
                "give it a default in the file; cascade passes {}",
                GIVEN.join(", ")
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
            let message = format!("`{file}` requires secret `{name}`, and nothing passes it");
            let help = format!("add `secrets: {{ {name}: {name} }}` to the deploy");
            reader.report(Finding::new(&rules::MISSING_SECRET, at.clone(), message).help(help));
        }
    }
}

pub(super) fn push_sources(config: &Config) -> Option<Vec<PushSource>> {
    let entries = config
        .external
        .iter()
        .filter(|entry| mode(entry) == ExternalMode::Push);
    let sources = entries.map(|entry| {
        Some(PushSource {
            repo: entry.repo.get()?.clone(),
            deploys: entry.deploys.iter().map(deploy).collect::<Option<_>>()?,
            verify_source: entry.verify_source.unwrap_or(false),
        })
    });
    sources.collect()
}

pub(super) fn pull_sources(config: &Config) -> Option<Vec<PullSource>> {
    let entries = config
        .external
        .iter()
        .filter(|entry| mode(entry) == ExternalMode::Pull);
    entries.map(|entry| pull(config, entry)).collect()
}

fn pull(config: &Config, entry: &ExternalBlock) -> Option<PullSource> {
    let read_token = match &entry.read_token {
        Some(token) => Some(token.clone()),
        None if entry.private == Some(true) => SecretName::parse(DEFAULT_READ_TOKEN).ok(),
        None => None,
    };
    let version = match entry.source.unwrap_or(Source::Tag) {
        Source::Tag => PulledVersion::Tag {
            requirement: entry.version.clone(),
            prefix: entry
                .tag_prefix
                .clone()
                .or_else(|| TagPrefix::parse("v").ok())?,
        },
        Source::Commit => PulledVersion::Commit {
            branch: entry.branch.clone(),
        },
    };
    let cadence = match entry.cadence.unwrap_or(Cadence::NextRun) {
        Cadence::NextRun => PullCadence::NextRun,
        Cadence::Poll => PullCadence::Poll(
            entry
                .schedule
                .clone()
                .or_else(|| Cron::parse(DEFAULT_SCHEDULE).ok())?,
        ),
    };
    let first = || {
        config
            .environments
            .first()
            .and_then(|environment| environment.name.get().cloned())
    };
    Some(PullSource {
        name: Name::parse(&entry_name(entry)?).ok()?,
        repo: entry.repo.get()?.clone(),
        version,
        cadence,
        read_token,
        environment: entry
            .environment
            .as_ref()
            .and_then(|name| Name::parse(name).ok())
            .or_else(first),
        deploys: entry.deploys.iter().map(deploy).collect::<Option<_>>()?,
    })
}

fn deploy(block: &ExternalDeployBlock) -> Option<ExternalDeploy> {
    let update = block
        .on_update
        .as_ref()
        .and_then(|update| update.deploy.as_ref());
    Some(ExternalDeploy {
        name: block.name.get()?.clone(),
        workflow: block.workflow.clone(),
        on_update: update.and_then(|update| update.workflow.clone()),
        secrets: block.secrets.clone(),
        permissions: block.permissions.clone().unwrap_or_default(),
    })
}
