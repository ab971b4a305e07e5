//! Callbacks of the checked pipeline: what is called, and what each call is given.

use super::{Bounds, DeployTarget, Strategy};
use crate::changes::Pattern;
use crate::contract::InputType;
use crate::manifest::{
    InputValue, Name, OnFailure, PermissionSet, Reference, RelativePath, RunPolicy, SecretName,
    WorkflowRef,
};
use crate::scalar::Scalar;
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// A call of a reusable workflow with everything that it is given.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Callback {
    /// Its name.
    pub name: Name,
    /// A description.
    pub description: Option<String>,
    /// The reusable workflow; none where nothing but a target is deployed to.
    pub workflow: Option<WorkflowRef>,
    /// The patterns that select it; none means always.
    pub triggers: Vec<Pattern>,
    /// The GitHub environments that its workflow's own jobs name, as written.
    pub environments: Vec<String>,
    /// The callbacks that it waits for, in the order of declaration.
    pub dependencies: Vec<Dependency>,
    /// The inputs that it is given, in the order in which the workflow declares them.
    pub inputs: Vec<Input>,
    /// The permissions of the job that calls it.
    pub permissions: PermissionSet,
    /// The secrets that it gets.
    pub secrets: PassedSecrets,
    /// True if it understands `dry_run`.
    pub supports_dry_run: bool,
    /// The condition under which it runs.
    pub run_policy: RunPolicy,
    /// The effect of a failure on the run.
    pub on_failure: OnFailure,
    /// The number of times that a failed call is repeated.
    pub retries: u8,
    /// Outputs that are recorded, in the order of the workflow's declaration.
    pub recorded_outputs: Vec<String>,
    /// True if the commit that it made is recorded.
    pub auto_commits: bool,
    /// Workflow artifacts that are passed through.
    pub artifact_upload: Option<PassedArtifacts>,
}

impl Callback {
    /// Returns the names of the builds that it cannot do without.
    pub fn required_builds(&self) -> impl Iterator<Item = &str> {
        let hard = self
            .dependencies
            .iter()
            .filter(|each| each.hard && each.kind == CallbackKind::Build);
        hard.map(|each| each.name.as_str())
    }

    /// Returns true if it has no triggers of its own and runs when its builds do.
    #[must_use]
    pub fn follows_builds(&self) -> bool {
        self.triggers.is_empty() && self.required_builds().next().is_some()
    }

    /// Returns the names of the external versions that its inputs read.
    pub fn external_names(&self) -> impl Iterator<Item = &str> {
        self.references().filter_map(|reference| match reference {
            Reference::External { name, .. } => Some(name.as_str()),
            Reference::Output { .. } => None,
        })
    }

    /// The outputs of another callback that its inputs are given.
    pub fn outputs_of<'a>(&'a self, producer: &'a str) -> impl Iterator<Item = &'a str> {
        self.references()
            .filter_map(move |reference| match reference {
                Reference::Output { callback, output } if callback == producer => {
                    Some(output.as_str())
                }
                Reference::Output { .. } | Reference::External { .. } => None,
            })
    }

    fn references(&self) -> impl Iterator<Item = &Reference> {
        fn of<'a>(source: &'a InputSource, values: &mut Vec<&'a InputValue>) {
            match source {
                InputSource::Given(value) => values.push(value),
                InputSource::ByEnvironment {
                    values: by_environment,
                    otherwise,
                    ..
                } => {
                    values.extend(by_environment.values());
                    if let Some(source) = otherwise.as_deref() {
                        of(source, values);
                    }
                }
                InputSource::Standard(_) | InputSource::Dispatch(_) | InputSource::Matrix(_) => {}
            }
        }
        let mut values = Vec::new();
        for input in &self.inputs {
            of(&input.value, &mut values);
        }
        values.into_iter().filter_map(|value| match value {
            InputValue::From(reference) => Some(reference),
            InputValue::Literal(_) | InputValue::Template(_) => None,
        })
    }
}

/// Something that a callback waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dependency {
    /// Its kind.
    pub kind: CallbackKind,
    /// Its name.
    pub name: Name,
    /// True if it must have succeeded.
    pub hard: bool,
}

/// The kind of a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallbackKind {
    /// A build.
    Build,
    /// A deploy.
    Deploy,
}

/// An input with its value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Input {
    /// The input.
    pub name: String,
    /// Its type, as far as the workflow says.
    pub kind: InputType,
    /// Its value.
    pub value: InputSource,
}

/// The source of an input's value.
#[derive(Debug, Clone, PartialEq)]
pub enum InputSource {
    /// A value that cascade passes to every callback that declares the input.
    Standard(StandardInput),
    /// A dispatch input of the same name.
    Dispatch(String),
    /// The value of a dimension of the call's matrix.
    Matrix(String),
    /// A value of the author's.
    Given(InputValue),
    /// Values of the author's that differ by environment.
    ByEnvironment {
        /// The values of the environments that have their own.
        values: IndexMap<String, InputValue>,
        /// The source of the value of the others.
        otherwise: Option<Box<Self>>,
        /// The default of the workflow.
        default: Option<Scalar>,
    },
}

/// A value that cascade passes to every callback that declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardInput {
    /// The environment.
    Environment,
    /// The commit.
    Sha,
    /// The version.
    Version,
    /// True if nothing may be changed.
    DryRun,
    /// The name of the deploy.
    DeployName,
    /// The commit that ran before.
    PreviousSha,
    /// The version that ran before; for `publish`, the release before.
    PreviousVersion,
    /// The name of the build that is published.
    BuildName,
    /// The release candidate that is published.
    OldVersion,
    /// The version that is released.
    NewVersion,
    /// The artifact that the build put out.
    ArtifactId,
    /// The share of a canary's wave, in percent.
    Percent,
    /// The stage of a rollout.
    Stage,
}

impl StandardInput {
    /// The name under which a callback declares it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Sha => "sha",
            Self::Version => "version",
            Self::DryRun => "dry_run",
            Self::DeployName => "deploy_name",
            Self::PreviousSha => "previous_sha",
            Self::PreviousVersion => "previous_version",
            Self::BuildName => "build_name",
            Self::OldVersion => "old_version",
            Self::NewVersion => "new_version",
            Self::ArtifactId => "artifact_id",
            Self::Percent => "percent",
            Self::Stage => "stage",
        }
    }
}

/// The secrets that a callback is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassedSecrets {
    /// None.
    None,
    /// All of the caller's.
    Inherit,
    /// The callee's names, each with the caller's secret.
    Named(BTreeMap<String, SecretName>),
}

/// A build.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Build {
    /// The call.
    pub callback: Callback,
    /// One call for every combination of some values.
    pub matrix: Option<Matrix>,
    /// Files that a release carries.
    pub artifacts: Vec<Artifact>,
}

/// A deploy.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Deploy {
    /// The call.
    pub callback: Callback,
    /// The strategy of a rollout; direct if absent.
    pub strategy: Option<Strategy>,
    /// A repository that is the target.
    pub target: Option<DeployTarget>,
    /// Bounds inside one environment.
    pub bounds: Bounds,
}

/// One call for every combination of some values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Matrix {
    /// The dimensions, each with its values.
    pub dimensions: IndexMap<String, Vec<Scalar>>,
    /// The number of calls that run at once; as many as GitHub runs if absent.
    pub max_parallel: Option<u32>,
    /// True if one failure cancels the rest.
    pub fail_fast: bool,
}

/// A file that a release carries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Artifact {
    /// Its name on the release.
    pub name: String,
    /// Its path in the build's workflow artifact.
    pub path: RelativePath,
    /// True if a release fails without it.
    pub required: bool,
}

/// Workflow artifacts that a callback uploads and downloads.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassedArtifacts {
    /// The artifact that it uploads.
    pub upload: Option<String>,
    /// The artifacts that it downloads.
    pub downloads: Vec<String>,
    /// The callbacks that upload them.
    pub from: Vec<(CallbackKind, Name)>,
}
