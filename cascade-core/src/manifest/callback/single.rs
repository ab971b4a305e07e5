//! Callbacks that a pipeline has once, each with the keys that mean something in its place.

use super::refused::REFUSED_SINGLE;
use super::{Common, Declared, OnFailure, Retries, RunPolicy};
use crate::changes::Pattern;
use crate::finding::message::{Setting, Wording};
use crate::finding::rules;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Refused, Required};
use crate::manifest::{InputValue, Name, PermissionSet, Secrets, WorkflowRef};
use crate::message;
use indexmap::IndexMap;

block! {
    /// The callback that validates a commit before anything is built.
    pub struct ValidateBlock refusing REFUSED_SINGLE;
    /// Its name in graphs.
    name: Defaulted<Name> = "validate",
    /// A description of the callback, for graphs.
    description: Option<String>,
    /// The reusable workflow: `.github/workflows/x.yaml` or `owner/repo/.github/workflows/x.yaml@ref`.
    workflow: Required<WorkflowRef>,
    /// Path patterns that select the callback; none means always.
    triggers: Vec<Pattern>,
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
}

impl Declared for ValidateBlock {
    fn common(&self) -> Common<'_> {
        Common {
            description: self.description.as_deref(),
            triggers: &self.triggers,
            env_inputs: &self.env_inputs,
            permissions: self.permissions.as_ref(),
            secrets: self.secrets.as_ref(),
            supports_dry_run: *self.supports_dry_run.get(),
            run_policy: *self.run_policy.get(),
            on_failure: *self.on_failure.get(),
            retries: self.retries.get().get(),
            ..Common::of(&self.at, self.workflow.get(), &self.inputs)
        }
    }
}

block! {
    /// The callback that publishes each build when a release is cut.
    pub struct PublishBlock refusing REFUSED_SINGLE;
    /// Its name in graphs.
    name: Defaulted<Name> = "publish",
    /// A description of the callback, for graphs.
    description: Option<String>,
    /// The reusable workflow: `.github/workflows/x.yaml` or `owner/repo/.github/workflows/x.yaml@ref`.
    workflow: Required<WorkflowRef>,
    /// Values of the workflow's inputs.
    inputs: IndexMap<String, InputValue>,
    /// The complete permissions of the job that calls the workflow; nothing is added.
    permissions: Option<PermissionSet>,
    /// The secrets that the workflow gets: none, `inherit`, or callee's name to caller's name.
    secrets: Option<Secrets>,
    /// Declares that the workflow understands `dry_run`.
    supports_dry_run: Defaulted<bool> = false,
    /// The number of times that a failed call is repeated.
    retries: Defaulted<Retries> = 0,
}

impl Declared for PublishBlock {
    fn common(&self) -> Common<'_> {
        Common {
            description: self.description.as_deref(),
            permissions: self.permissions.as_ref(),
            secrets: self.secrets.as_ref(),
            supports_dry_run: *self.supports_dry_run.get(),
            retries: self.retries.get().get(),
            ..Common::of(&self.at, self.workflow.get(), &self.inputs)
        }
    }
}

const UPSTREAM: Wording = Wording::new(|| {
    message!(
        "it runs what the upstream wrote: its jobs get {} and no secret",
        setting = Setting::permission("contents", "read")
    )
});

block! {
    /// The callback that an integration must pass.
    pub struct IntegrationValidateBlock refusing &[
        Refused {
            key: "secrets",
            rule: &rules::INTEGRATION_VALIDATE,
            message: Wording::new(|| "what an integration must pass gets no secrets".into()),
            help: UPSTREAM,
        },
        Refused {
            key: "permissions",
            rule: &rules::INTEGRATION_VALIDATE,
            message: Wording::new(|| {
                "what an integration must pass may only read the repository's contents".into()
            }),
            help: UPSTREAM,
        },
    ];
    /// The reusable workflow: `.github/workflows/x.yaml` or `owner/repo/.github/workflows/x.yaml@ref`.
    workflow: Required<WorkflowRef>,
    /// Values of the workflow's inputs.
    inputs: IndexMap<String, InputValue>,
    /// The number of times that a failed call is repeated.
    retries: Defaulted<Retries> = 0,
}

impl Declared for IntegrationValidateBlock {
    fn common(&self) -> Common<'_> {
        Common {
            retries: self.retries.get().get(),
            ..Common::of(&self.at, self.workflow.get(), &self.inputs)
        }
    }
}
