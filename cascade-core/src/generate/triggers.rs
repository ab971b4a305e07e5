//! The triggers of the workflows.

use super::context::Context;
use crate::actions::{Expr, Input, Push, Triggers, WorkflowRun};
use crate::manifest::{InputKind, ReleaseTrigger, RunActivity};
use crate::pipeline::Component;
use crate::pipeline::DispatchInput;
use crate::scalar::Scalar;

/// The triggers of a workflow that asks other repositories.
pub(super) struct Started {
    /// Events behind which nobody stands.
    unattended: Vec<&'static str>,
    /// True if it follows runs of other workflows.
    pub(super) follows: bool,
    /// True if it asks on schedules of the entries.
    pub(super) polls: bool,
}

impl Started {
    /// A run of trunk.
    pub(super) fn by_a_run(context: &Context<'_>) -> Self {
        let mut unattended = Vec::new();
        if !context.component.schedules.is_empty() {
            unattended.push("schedule");
        }
        if !context.component.repository_dispatch.is_empty() {
            unattended.push("repository_dispatch");
        }
        Self {
            unattended,
            follows: context.component.workflow_run.is_some(),
            polls: false,
        }
    }

    /// A schedule of entries, or a person.
    pub(super) fn by_polling() -> Self {
        Self {
            unattended: vec!["schedule"],
            follows: false,
            polls: true,
        }
    }

    /// Returns the condition of the first jobs: forks do nothing that nobody asked for, and only a
    /// run that succeeded is followed.
    pub(super) fn condition(&self, context: &Context<'_>) -> Option<Expr> {
        let outside_forks = context.not_in_a_fork(&self.unattended);
        let conditions = outside_forks.into_iter().chain(self.succeeded());
        let conditions: Vec<Expr> = conditions.collect();
        (!conditions.is_empty()).then(|| Expr::all(conditions))
    }

    /// The event has a conclusion of any kind, and none while the run goes on.
    fn succeeded(&self) -> Option<Expr> {
        self.follows.then(|| {
            let other = Expr::github("event_name").differs("workflow_run");
            other.or(Expr::github("event.workflow_run.conclusion").equals("success"))
        })
    }
}

/// Returns the triggers of an orchestrate run.
pub(super) fn orchestrate(context: &Context<'_>) -> Triggers {
    let component = context.component;
    let mut triggers = Triggers::new();
    if component.release_trigger == ReleaseTrigger::Push {
        triggers = triggers.push(push(context));
    }
    let dry_run = ("dry_run".to_owned(), dry_run());
    let configured = component
        .dispatch_inputs
        .iter()
        .map(|input| (input.name.as_str().to_owned(), configured(input)));
    triggers = triggers.dispatch(std::iter::once(dry_run).chain(configured));
    if !component.schedules.is_empty() {
        triggers = triggers.schedule(component.schedules.iter().map(|cron| cron.as_str()));
    }
    if !component.repository_dispatch.is_empty() {
        triggers = triggers.repository_dispatch(
            component
                .repository_dispatch
                .iter()
                .map(|event| event.as_str()),
        );
    }
    if let Some(run) = &component.workflow_run {
        let watched =
            WorkflowRun::new(&run.workflows).branches([literal(context.settings.trunk.as_str())]);
        // Only a run that ended has a conclusion.
        triggers = triggers.workflow_run(watched.types([RunActivity::Completed.as_str()]));
    }
    triggers
}

fn push(context: &Context<'_>) -> Push {
    let push = Push::new().branches([literal(context.settings.trunk.as_str())]);
    let filter = &context.component.push_filter;
    if filter.is_empty() {
        push
    } else if filter.iter().all(|pattern| pattern.excludes()) {
        push.paths_ignore(
            filter
                .iter()
                .map(|pattern| pattern.as_str().trim_start_matches('!')),
        )
    } else {
        push.paths(filter.iter().map(|pattern| pattern.as_str()))
    }
}

/// Returns the filter pattern that matches a branch's name and no other.
///
/// Source: GitHub, "Workflow syntax for GitHub Actions", "Filter pattern cheat sheet".
pub(super) fn literal(branch: &str) -> String {
    let mut pattern = String::with_capacity(branch.len());
    for character in branch.chars() {
        if "*+?![]\\".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The input that every workflow has.
pub(super) fn dry_run() -> Input {
    Input::boolean()
        .default(false)
        .description("Decide and show, but change nothing")
}

fn configured(input: &DispatchInput) -> Input {
    let mut made = match input.kind {
        InputKind::String => Input::string(),
        InputKind::Boolean => Input::boolean(),
        InputKind::Number => Input::number(),
        InputKind::Choice => Input::choice(&input.options),
        InputKind::Environment => Input::environment(),
    };
    if input.required {
        made = made.required();
    }
    made = match &input.default {
        Some(Scalar::Bool(value)) if input.kind == InputKind::Boolean => made.default(*value),
        Some(Scalar::Int(value)) if input.kind == InputKind::Number => made.default(*value),
        Some(default) => made.default(default.text()),
        None => made,
    };
    match &input.description {
        Some(text) => made.description(text),
        None => made,
    }
}

/// The dispatch inputs of a run that nobody gave any, JSON.
#[must_use]
pub fn dispatch_defaults(component: &Component) -> String {
    use crate::manifest::InputKind;
    use crate::scalar::Scalar;
    let defaults = component.dispatch_inputs.iter().map(|input| {
        let value = match (&input.default, input.kind) {
            (Some(Scalar::Bool(value)), _) => (*value).into(),
            (Some(Scalar::Int(value)), _) => (*value).into(),
            (Some(default), _) => default.text().into(),
            (None, InputKind::Boolean) => false.into(),
            (None, InputKind::Number) => 0.into(),
            (None, _) => "".into(),
        };
        (input.name.as_str().to_owned(), value)
    });
    serde_json::Value::Object(defaults.collect()).to_string()
}
