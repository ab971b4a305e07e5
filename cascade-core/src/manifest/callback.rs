//! Callbacks: the reusable workflows that do the work.

use super::{
    DeployTargetBlock, InputName, InputValue, Name, PermissionSet, RelativePath, Secrets,
    WorkflowRef,
};
use crate::changes::Pattern;
use crate::finding::message::{Phrase, Wording};
use crate::finding::rules;
use crate::key_path::KeyPath;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Ranged, Refused, Required};
use crate::manifest::value::choice::choice;
use crate::manifest::{BlueGreenBlock, CanaryBlock, RolloutBlock, StrategyKind};
use crate::message;
use crate::scalar::Scalar;
use indexmap::IndexMap;

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

const INLINE: Wording = Wording::new(|| "a callback is a reusable workflow, not a script".into());
const INLINE_HELP: Wording = Wording::new(|| {
    message!(
        "move the script into {} with {}, and name that file under {}",
        value = ".github/workflows/<name>.yaml",
        value = "on: workflow_call",
        key = "workflow"
    )
});

/// Keys that people write on a callback and that belong elsewhere.
const REFUSED: &[Refused] = &[
    Refused {
        key: "run",
        rule: &rules::INLINE_SCRIPT,
        message: INLINE,
        help: INLINE_HELP,
    },
    Refused {
        key: "shell",
        rule: &rules::INLINE_SCRIPT,
        message: INLINE,
        help: INLINE_HELP,
    },
    Refused {
        key: "concurrency",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| message!("{} does not belong on a callback", key = "concurrency")),
        help: Wording::new(|| {
            message!(
                "set it {}, or inside the callback's own workflow file",
                phrase = Phrase::Top
            )
        }),
    },
    Refused {
        key: "timeout_minutes",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| {
            message!("{} does not belong on a callback", key = "timeout_minutes")
        }),
        help: Wording::new(|| {
            message!(
                "GitHub has no timeout on a job that calls a workflow: set {} on the jobs of the called file",
                value = "timeout-minutes"
            )
        }),
    },
    Refused {
        key: "runs_on",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| message!("{} does not belong on a callback", key = "runs_on")),
        help: Wording::new(|| {
            message!(
                "a job that calls a workflow has no runner: set {} in the called file",
                value = "runs-on"
            )
        }),
    },
];

/// The keys that only a deploy has.
const REFUSED_STRATEGY: &[Refused] = &{
    const fn strategy(key: &'static str) -> Refused {
        Refused {
            key,
            rule: &rules::STRATEGY_PLACE,
            message: Wording::new(|| "only a deploy can have a strategy".into()),
            help: Wording::new(|| message!("move it to {}", phrase = Phrase::Deploy)),
        }
    }
    let [run, shell, concurrency, timeout, runs_on] = REFUSED else {
        panic!()
    };
    [
        Refused { ..*run },
        Refused { ..*shell },
        Refused { ..*concurrency },
        Refused { ..*timeout },
        Refused { ..*runs_on },
        strategy("strategy"),
        strategy("canary"),
        strategy("blue_green"),
        strategy("rollout"),
    ]
};

/// Declares a callback block: its own keys, then those that every callback has.
macro_rules! callback {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident refusing $refused:expr;
        $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(= $default:literal)? , )*
    ) => {
        block! {
            $(#[doc = $doc])*
            pub struct $name refusing $refused;
            $( $(#[doc = $field_doc])* $field: $ty $(= $default)?, )*
            /// A description of the callback, for headers and graphs.
            description: Option<String>,
            /// The reusable workflow: `.github/workflows/x.yaml` or `owner/repo/.github/workflows/x.yaml@ref`.
            workflow: Required<WorkflowRef>,
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
            /// Records the commit that the callback made.
            auto_commits: Defaulted<bool> = false,
            /// Workflow artifacts that are passed through.
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
                    workflow: self.workflow.get(),
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
    pub inputs: &'a IndexMap<String, InputValue>,
    pub env_inputs: &'a IndexMap<String, IndexMap<String, InputValue>>,
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

/// A declared callback of any kind.
pub trait Declared {
    /// The keys of every callback.
    fn common(&self) -> Common<'_>;
}

callback! {
    /// The callback that validates a commit before anything is built.
    pub struct ValidateBlock refusing REFUSED_STRATEGY;
    /// Its name in summaries.
    name: Defaulted<Name> = "validate",
}

callback! {
    /// A callback that builds an artifact.
    pub struct BuildBlock refusing REFUSED_STRATEGY;
    /// The name: letters, digits, `_`, `-`; unique also after `-` becomes `_`.
    name: Required<Name>,
    /// One call for every combination of some values.
    matrix: Option<MatrixBlock>,
    /// Files that a release carries.
    artifacts: Vec<ArtifactBlock>,
}

callback! {
    /// A callback that deploys to an environment.
    pub struct DeployBlock refusing REFUSED;
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

callback! {
    /// The callback that publishes each build when a release is cut.
    pub struct PublishBlock refusing REFUSED_STRATEGY;
    /// Its name in summaries.
    name: Defaulted<Name> = "publish",
}

block! {
    /// Workflow artifacts that a callback uploads and downloads.
    pub struct ArtifactPassthrough;
    /// The artifact that it uploads.
    upload: Option<String>,
    /// The artifacts that it downloads.
    downloads: Vec<String>,
}

block! {
    /// One call for every combination of some values.
    pub struct MatrixBlock;
    /// The dimensions, each with its values.
    dimensions: IndexMap<String, Vec<Scalar>>,
    /// The number of calls that run at once.
    max_parallel: Option<Ranged<1, 256>>,
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
