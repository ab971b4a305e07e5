//! Callbacks: the reusable workflows that do the work.

mod many;
mod refused;
mod single;

pub use many::{ArtifactBlock, ArtifactPassthrough, BuildBlock, DeployBlock, MatrixBlock};
pub use single::{IntegrationValidateBlock, PublishBlock, ValidateBlock};

use super::{ChangelogBlock, InputName, InputValue, PermissionSet, Secrets, WorkflowRef};
use crate::changes::Pattern;
use crate::key_path::KeyPath;
use crate::manifest::draft::Ranged;
use crate::manifest::value::choice::choice;
use indexmap::IndexMap;
use std::sync::LazyLock;

choice! {
    /// The condition under which a callback runs.
    pub enum RunPolicy {
        /// Its triggers match, and no dependency was skipped.
        Default = "default",
        /// Its triggers match, even if a dependency was skipped.
        Always = "always",
        /// On every run.
        Force = "force",
    }
}

choice! {
    /// The effect of a failed callback on its run.
    pub enum OnFailure {
        /// The environment does not advance and the run fails.
        Abort = "abort",
        /// The run goes on.
        Continue = "continue",
    }
}

/// The number of times that a failed callback is called again.
pub type Retries = Ranged<0, 3>;

/// Values of inputs, by name.
pub(crate) type Values = IndexMap<String, InputValue>;

/// The keys of every declared callback, by reference.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "each field is documented where it is declared")]
pub struct Common<'a> {
    pub at: &'a KeyPath,
    pub description: Option<&'a str>,
    pub workflow: Option<&'a WorkflowRef>,
    pub triggers: &'a [Pattern],
    pub depends_on: &'a [String],
    pub optional_depends_on: &'a [String],
    pub inputs: &'a Values,
    pub env_inputs: &'a IndexMap<String, Values>,
    pub permissions: Option<&'a PermissionSet>,
    pub secrets: Option<&'a Secrets>,
    pub supports_dry_run: bool,
    pub run_policy: RunPolicy,
    pub on_failure: OnFailure,
    pub retries: i64,
    pub state_tags: &'a [InputName],
    pub auto_commits: bool,
    pub artifact_upload: Option<&'a ArtifactPassthrough>,
}

impl<'a> Common<'a> {
    /// Returns the keys of a callback that says nothing but its workflow and the values of its inputs.
    fn of(at: &'a KeyPath, workflow: Option<&'a WorkflowRef>, inputs: &'a Values) -> Self {
        static NO_VALUES: LazyLock<IndexMap<String, Values>> = LazyLock::new(IndexMap::new);
        Self {
            at,
            description: None,
            workflow,
            triggers: &[],
            depends_on: &[],
            optional_depends_on: &[],
            inputs,
            env_inputs: &NO_VALUES,
            permissions: None,
            secrets: None,
            supports_dry_run: false,
            run_policy: RunPolicy::Default,
            on_failure: OnFailure::Abort,
            retries: 0,
            state_tags: &[],
            auto_commits: false,
            artifact_upload: None,
        }
    }
}

impl Declared for ChangelogBlock {
    fn common(&self) -> Common<'_> {
        static NO_VALUES: LazyLock<Values> = LazyLock::new(IndexMap::new);
        Common::of(&self.at, self.workflow.as_ref(), &NO_VALUES)
    }
}

/// A declared callback of any kind.
pub trait Declared {
    /// The keys of every callback.
    fn common(&self) -> Common<'_>;
}
