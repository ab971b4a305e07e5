//! A declared callback becomes a call of a reusable workflow, checked against what that declares.

mod changelog;
mod given;
mod inputs;
mod outputs;
mod permissions;
mod secrets;
mod strategy;
mod target;
mod unprivileged;

pub(super) use permissions::ungranted;

use super::callbacks::{Entry, Index};
use super::contracts::{Lookup, Workflows};
use crate::finding::{Finding, rules};
use crate::manifest::draft::Reader;
use crate::manifest::{
    Common, Config, DeployBlock, MatrixBlock, Name, PermissionSet, TargetMode, WorkflowRef,
};
use crate::message;
use crate::pipeline::{Callback, CallbackKind, Dependency, PassedArtifacts, StandardInput};
use crate::scalar::Scalar;
use std::collections::{BTreeMap, BTreeSet};

/// The inputs that every deploy is passed, and last those that only a staged one is.
const STAGED: [StandardInput; 9] = [
    StandardInput::Environment,
    StandardInput::Sha,
    StandardInput::Version,
    StandardInput::DryRun,
    StandardInput::DeployName,
    StandardInput::PreviousSha,
    StandardInput::PreviousVersion,
    StandardInput::Percent,
    StandardInput::Stage,
];

/// The inputs of the callback that writes a changelog: from where, and to where.
const CHANGELOG: [StandardInput; 4] = [
    StandardInput::Version,
    StandardInput::Sha,
    StandardInput::PreviousVersion,
    StandardInput::PreviousSha,
];

/// The purpose of a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose<'a> {
    Validate,
    /// A build, once for each combination of a matrix.
    Build(Option<&'a MatrixBlock>),
    /// A deploy, which is told its stage if it has a strategy.
    Deploy {
        staged: Option<&'a DeployBlock>,
        target: Option<TargetMode>,
    },
    Publish,
    /// The text of a release.
    Changelog,
}

impl Purpose<'_> {
    /// The values that cascade passes to every callback that declares them.
    const fn standard(self) -> &'static [StandardInput] {
        use StandardInput as S;
        match self {
            Self::Validate | Self::Build(_) => &[S::Environment, S::Sha, S::Version, S::DryRun],
            Self::Deploy {
                staged: Some(_), ..
            } => &STAGED,
            Self::Deploy { staged: None, .. } => STAGED.split_at(STAGED.len() - 2).0,
            Self::Changelog => &CHANGELOG,
            Self::Publish => &[
                S::BuildName,
                S::OldVersion,
                S::NewVersion,
                S::PreviousVersion,
                S::Sha,
                S::ArtifactId,
                S::Version,
                S::DryRun,
            ],
        }
    }

    /// Returns true if a workflow of this repository is called.
    const fn calls(self, workflow: Option<&WorkflowRef>) -> bool {
        match self {
            Self::Deploy {
                target: Some(TargetMode::Dispatch),
                ..
            } => false,
            Self::Deploy {
                target: Some(TargetMode::Gitops),
                ..
            } => workflow.is_some(),
            _ => true,
        }
    }

    /// Returns the inputs that a workflow is passed if it cannot be read.
    const fn unseen(self) -> &'static [StandardInput] {
        use StandardInput as S;
        match self {
            Self::Validate | Self::Build(_) => &[S::Sha],
            Self::Deploy { .. } => &[S::Environment, S::Sha, S::Version],
            Self::Changelog => &CHANGELOG,
            Self::Publish => &[
                S::BuildName,
                S::OldVersion,
                S::NewVersion,
                S::Sha,
                S::ArtifactId,
            ],
        }
    }
}

/// Everything that the calls of one component are checked against.
pub(super) struct Calls<'a, 'b> {
    pub(super) config: &'a Config,
    pub(super) index: &'b Index<'a>,
    pub(super) workflows: &'b Workflows<'a>,
    pub(super) external_names: Vec<String>,
    /// Outputs that some call takes, by what puts them out.
    taken: BTreeMap<(CallbackKind, Name), BTreeSet<String>>,
}

impl<'a, 'b> Calls<'a, 'b> {
    pub(super) fn new(
        config: &'a Config,
        index: &'b Index<'a>,
        workflows: &'b Workflows<'a>,
    ) -> Self {
        Self {
            config,
            index,
            workflows,
            external_names: super::external::external_names(config),
            taken: BTreeMap::new(),
        }
    }

    /// Returns the contracts of the workflows that a deploy's strategy calls besides its own.
    fn of_stages(&self, purpose: Purpose<'_>) -> Vec<Lookup> {
        let Purpose::Deploy {
            staged: Some(block),
            ..
        } = purpose
        else {
            return Vec::new();
        };
        let called = super::strategies::callbacks(block).into_iter();
        called
            .map(|(workflow, _)| self.workflows.peek(workflow))
            .collect()
    }

    /// Checks one callback; the call is there if everything that it needs could be read.
    pub(super) fn call(
        &mut self,
        purpose: Purpose<'_>,
        name: Option<Name>,
        common: Common<'_>,
        reader: &mut Reader,
    ) -> Option<Callback> {
        let calls = purpose.calls(common.workflow);
        let workflow = common.workflow.filter(|_| calls);
        let at = common.at.key("workflow");
        let contract = workflow.map_or(Lookup::Unseen, |workflow| {
            self.workflows.look(workflow, &at, reader)
        });
        let dependencies = self.dependencies(&common);
        let inputs = match calls || common.workflow.is_some() {
            true => self.inputs(purpose, &common, &contract, reader),
            false => Vec::new(),
        };
        let secrets = secrets::check(&common, &contract, &self.of_stages(purpose), reader);
        let permissions = match calls {
            true => permissions::check(&common, &contract, reader),
            false => PermissionSet::default(),
        };
        outputs::check(&common, &contract, reader);
        sees_dry_runs(&common, &contract, reader);
        Some(Callback {
            name: name?,
            description: common.description.map(str::to_owned),
            workflow: match calls {
                true => Some(workflow?.clone()),
                false => None,
            },
            triggers: common.triggers.to_vec(),
            environments: match &contract {
                Lookup::Known(contract) => contract.environments.clone(),
                _ => Vec::new(),
            },
            dependencies,
            inputs,
            permissions,
            secrets,
            supports_dry_run: common.supports_dry_run,
            run_policy: common.run_policy,
            on_failure: common.on_failure,
            retries: u8::try_from(common.retries).unwrap_or(0),
            recorded_outputs: outputs::recorded(&common, &contract),
            auto_commits: common.auto_commits,
            artifact_upload: self.artifacts(&common),
        })
    }

    /// Adds the outputs that other calls take to what is recorded.
    pub(super) fn record_taken(&self, kind: CallbackKind, callback: &mut Callback) {
        let Some(taken) = self.taken.get(&(kind, callback.name.clone())) else {
            return;
        };
        for output in taken {
            if !callback.recorded_outputs.contains(output) {
                callback.recorded_outputs.push(output.clone());
            }
        }
    }

    fn dependencies(&self, common: &Common<'_>) -> Vec<Dependency> {
        let hard = common.depends_on.iter().map(|name| (name, true));
        let soft = common.optional_depends_on.iter().map(|name| (name, false));
        let resolved = hard.chain(soft).filter_map(|(name, hard)| {
            let entry = self.index.find(name, common.at)?;
            Some(Dependency {
                kind: entry.kind,
                name: entry.name.clone(),
                hard,
            })
        });
        let mut dependencies: Vec<Dependency> = resolved.collect();
        for entry in self.uploaders(common) {
            let known = |each: &Dependency| each.kind == entry.kind && each.name == *entry.name;
            dependencies.retain(|each| each.hard || !known(each));
            if !dependencies.iter().any(known) {
                dependencies.push(Dependency {
                    kind: entry.kind,
                    name: entry.name.clone(),
                    hard: true,
                });
            }
        }
        dependencies
    }

    /// Returns what uploads the artifacts that a callback downloads.
    fn uploaders<'c>(&'c self, common: &'c Common<'_>) -> impl Iterator<Item = &'c Entry<'a>> {
        let passed = common.artifact_upload.into_iter();
        let names = passed.flat_map(|passed| &passed.downloads);
        names.filter_map(|name| self.index.uploader(name, common.at))
    }

    /// Returns the artifacts that a callback uploads and downloads.
    fn artifacts(&self, common: &Common<'_>) -> Option<PassedArtifacts> {
        let passed = common.artifact_upload?;
        let from = self
            .uploaders(common)
            .map(|entry| (entry.kind, entry.name.clone()));
        Some(PassedArtifacts {
            upload: passed.upload.clone(),
            downloads: passed.downloads.clone(),
            from: from.collect(),
        })
    }

    /// Returns the callbacks that a callback waits for directly, in the order of declaration.
    fn waits_for<'c>(&'c self, common: &'c Common<'_>) -> impl Iterator<Item = &'c Entry<'a>> {
        let names = common.depends_on.iter().chain(common.optional_depends_on);
        names.filter_map(|name| self.index.find(name, common.at))
    }
}

/// Reports a workflow that is said to understand dry runs and cannot see them.
fn sees_dry_runs(common: &Common<'_>, contract: &Lookup, reader: &mut Reader) {
    let Lookup::Known(contract) = contract else {
        return;
    };
    if !common.supports_dry_run || contract.inputs.contains_key("dry_run") {
        return;
    }
    let file = common.workflow.map_or("", |workflow| workflow.file_name());
    let message = message!("{} declares no input {}", value = file, name = "dry_run");
    let at = common.at.key("supports_dry_run");
    reader.report(
        Finding::new(&rules::DRY_RUN_INPUT, at, message).help(message!(
            "declare it: {}",
            value = "dry_run: { type: boolean, default: false }"
        )),
    );
}

/// Returns true if a scalar is of a type of workflow inputs.
fn fits(scalar: &Scalar, kind: crate::contract::InputType) -> bool {
    use crate::contract::InputType;
    match kind {
        InputType::String => true,
        InputType::Boolean => matches!(scalar, Scalar::Bool(_)),
        InputType::Number => matches!(scalar, Scalar::Int(_) | Scalar::Float(_)),
    }
}
