//! Callbacks of which a pipeline may have many.

use super::refused::{REFUSED, REFUSED_STRATEGY};
use super::{Common, Declared, OnFailure, Retries, RunPolicy};
use crate::changes::Pattern;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Ranged, Required};
use crate::manifest::{
    BlueGreenBlock, CanaryBlock, DeployTargetBlock, InputName, InputValue, Name, PermissionSet,
    RelativePath, RolloutBlock, Secrets, StrategyKind, WorkflowRef,
};
use crate::scalar::Scalar;
use indexmap::IndexMap;

/// Declares a callback block: its own keys, then those that every callback has.
macro_rules! callback {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident refusing $refused:expr, calling $workflow:ty as $read:ident;
        $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(= $default:literal)? , )*
    ) => {
        block! {
            $(#[doc = $doc])*
            pub struct $name refusing $refused;
            $( $(#[doc = $field_doc])* $field: $ty $(= $default)?, )*
            /// A description of the callback, for headers and graphs.
            description: Option<String>,
            /// The reusable workflow: `.github/workflows/x.yaml` or `owner/repo/.github/workflows/x.yaml@ref`.
            workflow: $workflow,
            /// Path patterns that select the callback; none means always.
            triggers: Vec<Pattern>,
            /// Callbacks that must have succeeded before.
            depends_on: Vec<String>,
            /// Callbacks that come before, whatever becomes of them.
            optional_depends_on: Vec<String>,
            /// Values of the workflow's inputs.
            inputs: IndexMap<String, InputValue>,
            /// Values of the workflow's inputs in one environment; they win.
            env_inputs: IndexMap<String, IndexMap<String, InputValue>>,
            /// The complete permissions of the job that calls the workflow; nothing is added.
            permissions: Option<PermissionSet>,
            /// The secrets that the workflow gets: none, `inherit`, or callee's name to caller's name.
            secrets: Option<Secrets>,
            /// Declares that the workflow understands `dry_run`.
            supports_dry_run: Defaulted<bool> = false,
            /// The condition under which the callback runs.
            run_policy: Defaulted<RunPolicy> = "default",
            /// The effect of a failure on the run.
            on_failure: Defaulted<OnFailure> = "abort",
            /// The number of times that a failed call is repeated.
            retries: Defaulted<Retries> = 0,
            /// Further outputs to record.
            state_tags: Vec<InputName>,
            /// Records the commit that the callback made: its output `commit_sha`, if the workflow declares it.
            auto_commits: Defaulted<bool> = false,
            /// Workflow artifacts that are passed through inside one run.
            artifact_upload: Option<ArtifactPassthrough>,
            ; older {
                /// The older spelling of `artifact_upload`.
                artifact: Option<ArtifactPassthrough> => "artifact_upload",
            }
        }

        impl Declared for $name {
            fn common(&self) -> Common<'_> {
                Common {
                    at: &self.at,
                    description: self.description.as_deref(),
                    workflow: self.workflow.$read(),
                    triggers: &self.triggers,
                    depends_on: &self.depends_on,
                    optional_depends_on: &self.optional_depends_on,
                    inputs: &self.inputs,
                    env_inputs: &self.env_inputs,
                    permissions: self.permissions.as_ref(),
                    secrets: self.secrets.as_ref(),
                    supports_dry_run: *self.supports_dry_run.get(),
                    run_policy: *self.run_policy.get(),
                    on_failure: *self.on_failure.get(),
                    retries: self.retries.get().get(),
                    state_tags: &self.state_tags,
                    auto_commits: *self.auto_commits.get(),
                    artifact_upload: self.artifact_upload.as_ref(),
                }
            }
        }
    };
}

callback! {
    /// A callback that builds an artifact.
    pub struct BuildBlock refusing REFUSED_STRATEGY, calling Required<WorkflowRef> as get;
    /// The name: letters, digits, `_`, `-`; unique also after `-` becomes `_`.
    name: Required<Name>,
    /// One call for every combination of some values.
    matrix: Option<MatrixBlock>,
    /// Files that a release carries.
    artifacts: Vec<ArtifactBlock>,
}

callback! {
    /// A callback that deploys to an environment.
    pub struct DeployBlock refusing REFUSED, calling Option<WorkflowRef> as as_ref;
    /// The name: letters, digits, `_`, `-`; unique also after `-` becomes `_`.
    name: Required<Name>,
    /// The strategy of a rollout.
    strategy: Option<StrategyKind>,
    /// The canary of `strategy: canary`.
    canary: Option<CanaryBlock>,
    /// The switch of `strategy: blue_green`.
    blue_green: Option<BlueGreenBlock>,
    /// The older spelling of strategies, and bounds inside one environment.
    rollout: Option<RolloutBlock>,
    /// The repository that is deployed to, if one is the target.
    deploy_target: Option<DeployTargetBlock>,
}

block! {
    /// Workflow artifacts that a callback uploads and downloads.
    pub struct ArtifactPassthrough;
    /// The artifact that it uploads; passed to the input `artifact_upload`, if the workflow declares it.
    upload: Option<String>,
    /// The artifacts that it downloads, or the builds that upload them, which run before it; passed to the input `artifact_downloads` separated by commas, if the workflow declares it.
    downloads: Vec<String>,
}

block! {
    /// One call for every combination of some values.
    pub struct MatrixBlock;
    /// The dimensions, each with its values.
    dimensions: IndexMap<String, Vec<Scalar>>,
    /// The number of calls that run at once; as many as GitHub runs if absent or 0.
    max_parallel: Option<Ranged<0, 256>>,
    /// Cancels the rest after one failure.
    fail_fast: Defaulted<bool> = true,
}

block! {
    /// A file that a release carries.
    pub struct ArtifactBlock;
    /// Its name on the release.
    name: Required<String>,
    /// Its path in the build's workflow artifact.
    path: Required<RelativePath>,
    /// Fails a release without it.
    required: Defaulted<bool> = true,
}
