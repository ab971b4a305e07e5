//! The triggers of a workflow.

mod event;
mod input;

pub(super) use event::{Event, Paths};
pub use event::{MergeGroup, PullRequest, Push, WorkflowRun};
pub(super) use input::Kind;
pub use input::{CallInput, Input};

use indexmap::IndexMap;

/// The events that start a workflow, each at most once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Triggers {
    pub(super) events: Vec<Event>,
    pub(super) crons: Vec<String>,
    pub(super) dispatch: Option<IndexMap<String, Input>>,
    pub(super) call: Option<Call>,
    pub(super) repository_dispatch: Vec<String>,
}

/// The `workflow_call` trigger: what callers pass. Outputs are declared on the workflow's builder,
/// since they read jobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    pub(super) inputs: IndexMap<String, CallInput>,
    pub(super) secrets: IndexMap<String, Secret>,
    /// Callers pass all of their secrets.
    inherits: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) required: bool,
    pub(super) description: Option<String>,
}

impl Triggers {
    /// Makes triggers without an event.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds pushes.
    #[must_use]
    pub fn push(self, push: Push) -> Self {
        self.event(Event::Push(push))
    }

    /// Adds pull requests.
    #[must_use]
    pub fn pull_request(self, pull_request: PullRequest) -> Self {
        self.event(Event::PullRequest(pull_request))
    }

    /// Adds entries of a merge queue.
    #[must_use]
    pub fn merge_group(self, merge_group: MergeGroup) -> Self {
        self.event(Event::MergeGroup(merge_group))
    }

    /// Adds runs of other workflows, after which the workflow starts.
    #[must_use]
    pub fn workflow_run(self, workflow_run: WorkflowRun) -> Self {
        self.event(Event::WorkflowRun(workflow_run))
    }

    /// Adds the times of these cron expressions; those already listed are not repeated.
    #[must_use]
    pub fn schedule<T: Into<String>>(mut self, crons: impl IntoIterator<Item = T>) -> Self {
        for cron in crons {
            let cron = cron.into();
            if !self.crons.contains(&cron) {
                self.crons.push(cron);
            }
        }
        self
    }

    /// Adds starts by hand, with `inputs`.
    #[must_use]
    pub fn dispatch<T: Into<String>>(
        mut self,
        inputs: impl IntoIterator<Item = (T, Input)>,
    ) -> Self {
        let inputs = inputs.into_iter().map(|(name, input)| (name.into(), input));
        self.dispatch.get_or_insert_default().extend(inputs);
        self
    }

    /// Adds calls by other workflows.
    #[must_use]
    pub fn call(mut self, call: Call) -> Self {
        self.call = Some(call);
        self
    }

    /// Adds `repository_dispatch` events of these types.
    #[must_use]
    pub fn repository_dispatch<T: Into<String>>(
        mut self,
        types: impl IntoIterator<Item = T>,
    ) -> Self {
        self.repository_dispatch
            .extend(types.into_iter().map(Into::into));
        self
    }

    /// A second event of a kind replaces the first: a mapping has one key for it.
    fn event(mut self, event: Event) -> Self {
        self.events.retain(|other| other.name() != event.name());
        self.events.push(event);
        self
    }

    pub(super) fn declares_input(&self, name: &str) -> bool {
        let by_hand = self
            .dispatch
            .as_ref()
            .is_some_and(|inputs| inputs.contains_key(name));
        by_hand
            || self
                .call
                .as_ref()
                .is_some_and(|call| call.inputs.contains_key(name))
    }

    /// A workflow that can only be called sees no other secrets than it declares.
    pub(super) fn hides_secret(&self, name: &str) -> bool {
        let only_called = self.events.is_empty()
            && self.crons.is_empty()
            && self.dispatch.is_none()
            && self.repository_dispatch.is_empty();
        let declared = |call: &Call| {
            call.secrets
                .keys()
                .any(|key| key.eq_ignore_ascii_case(name))
        };
        only_called
            && name != "GITHUB_TOKEN"
            && self
                .call
                .as_ref()
                .is_some_and(|call| !call.inherits && !declared(call))
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Call {
    /// A call without inputs and secrets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares an input.
    #[must_use]
    pub fn input(mut self, name: impl Into<String>, input: CallInput) -> Self {
        self.inputs.insert(name.into(), input);
        self
    }

    /// Lets the workflow read secrets that it does not declare, since callers pass all of theirs.
    ///
    /// Source: GitHub's workflow syntax, `jobs.<job_id>.secrets.inherit`.
    #[must_use]
    pub const fn inherits_secrets(mut self) -> Self {
        self.inherits = true;
        self
    }

    /// Declares a secret.
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, required: bool) -> Self {
        let secret = Secret {
            required,
            description: None,
        };
        self.secrets.insert(name.into(), secret);
        self
    }
}
