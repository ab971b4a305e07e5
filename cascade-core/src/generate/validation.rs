//! `cascade-validate.yaml` and `cascade-merge-queue.yaml`: what a commit must pass, before it is on the
//! trunk.
//!
//! Both only read: the code of a pull request runs here, and a merge queue's candidate is one commit
//! for many of them. The jobs have the same names in both, since a required check is a name, and a
//! queue waits for each one that its pull requests need.
//!
//! Sources: GitHub's documentation, "Events that trigger workflows", `pull_request` and
//! `merge_group`; "Managing a merge queue", "Triggering merge group checks with GitHub Actions".

use super::build_cascade;
use super::calls::Calling;
use super::context::{Context, History, command, reading};
use super::inputs::{self, Sources};
use crate::actions::{Expr, MergeGroup, PullRequest, Triggers, Value, Workflow, WorkflowError};
use crate::manifest::ExternalField;
use crate::pipeline::{Callback, CallbackKind, PassedSecrets, StandardInput};
use crate::protocol::job;
use crate::script;

/// Generates the check of pull requests.
pub(super) fn pull_requests(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let trunk = [super::triggers::literal(context.settings.trunk.as_str())];
    let on = Triggers::new().pull_request(PullRequest::new().branches(trunk));
    generate(context, ("Validate", "validate"), on)
}

/// Generates the check of a merge queue's candidates.
pub(super) fn merge_queue(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let trunk = [super::triggers::literal(context.settings.trunk.as_str())];
    let on = Triggers::new().merge_group(MergeGroup::new().branches(trunk));
    generate(context, ("Merge queue", "merge-queue"), on)
}

fn generate(
    context: &Context<'_>,
    (title, group): (&str, &str),
    on: Triggers,
) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title(title), on);
    let mut flow = context
        .begin_file(flow)
        .concurrency(context.group_of_ref(group));
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let mut lint = context
        .job(job::LINT, "Check the manifest")
        .permissions(&reading());
    context.begin_with_files(&mut lint, History::Shallow);
    lint.step(command(
        "Check the manifest",
        script!("cascade lint --format github"),
    ));
    flow.add(lint);
    if let Some(callback) = &context.component.validate {
        let check = Callback {
            secrets: PassedSecrets::None,
            // A check that failed once stays red, whatever a retry says.
            retries: 0,
            ..callback.clone()
        };
        let calling = Calling {
            id: job::VALIDATE.to_owned(),
            title: "Validate".to_owned(),
            callback: &check,
            when: Expr::not_cancelled(),
            with: inputs::render(callback, context.component, &Candidate { context })?,
            matrix: None,
            lock: None,
            after: Vec::new(),
        };
        calling.add(&mut flow);
    }
    flow.finish()
}

/// The commit of the event, which has no version and deploys nothing.
struct Candidate<'a> {
    context: &'a Context<'a>,
}

impl Sources for Candidate<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::Sha => Expr::github("sha").into(),
            StandardInput::DryRun => self.dry_run().into(),
            StandardInput::Environment => self.environment().into(),
            _ => "".into(),
        }
    }

    fn output(&self, _: CallbackKind, _: &str, _: &str) -> Result<Expr, WorkflowError> {
        Ok("".into())
    }

    fn external(&self, _: &str, _: ExternalField) -> Expr {
        "".into()
    }

    fn dispatch(&self) -> Expr {
        super::triggers::dispatch_defaults(self.context.component).into()
    }

    fn dry_run(&self) -> Expr {
        false.into()
    }

    fn environment(&self) -> Expr {
        let first = self.context.component.first_environment();
        first
            .map_or("", |environment| environment.name.as_str())
            .into()
    }
}
