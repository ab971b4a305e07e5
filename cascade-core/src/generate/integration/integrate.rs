//! `cascade-integrate.yaml`: trunk and the mirror meet, and a pull request brings both to trunk.

use super::{with_tokens, writing};
use crate::actions::{
    Concurrency, Expr, Input, JobHandle, OutputHandle, Triggers, Value, Workflow, WorkflowBuilder,
    WorkflowError,
};
use crate::generate::build_cascade;
use crate::generate::calls::{Attempts, Calling};
use crate::generate::context::{Context, History, command, needs, unless_dry};
use crate::generate::inputs::{self, Sources};
use crate::generate::triggers::dry_run;
use crate::manifest::ExternalField;
use crate::pipeline::{CallbackKind, Integration, StandardInput};
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The outputs of `integrate`.
struct Merged {
    job: JobHandle,
    /// `merged` if there is something to validate.
    outcome: OutputHandle,
    sha: OutputHandle,
    issue: OutputHandle,
}

/// The workflow.
pub(super) fn generate(
    context: &Context<'_>,
    integration: &Integration,
) -> Result<Workflow, WorkflowError> {
    let issue = Input::string()
        .default("")
        .description("The issue that tracks the change; the one that waits if empty");
    let triggers = Triggers::new().dispatch([("issue_number", issue), ("dry_run", dry_run())]);
    let flow = Workflow::build("Integrate", triggers);
    let group = unless_dry("cascade-integrate", Expr::input("dry_run"));
    let group = Concurrency::group(group).queue_all();
    let mut flow = context.begin_file(flow).concurrency(group);
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let merged = integrate(context, integration, &mut flow);
    let mut jobs = vec![merged.job.clone()];
    if let Some(attempts) = validate(context, integration, &merged, &mut flow)? {
        jobs.extend(attempts.jobs);
    }
    finalize(context, integration, &merged, &jobs, &mut flow);
    flow.finish()
}

fn integrate(
    context: &Context<'_>,
    integration: &Integration,
    flow: &mut WorkflowBuilder,
) -> Merged {
    let token = &integration.token;
    let mut job = context
        .job(job::INTEGRATE, "Merge trunk and the mirror")
        .permissions(&writing(context, token));
    context.begin_on_trunk_with_files(&mut job, History::Full);
    let step = command(
        "Merge into the integration branch",
        script!("cascade integration integrate --gha-output"),
    )
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    let step = with_tokens(context, &mut job, step, token);
    let step = job.step_as("integrate", step);
    let [outcome, sha, issue] =
        ["outcome", "sha", "issue"].map(|name| job.output(name, step.output(name)));
    let job = flow.add(job);
    Merged {
        job,
        outcome,
        sha,
        issue,
    }
}

/// It runs what the upstream wrote: with nothing but the permission to read.
fn validate(
    context: &Context<'_>,
    integration: &Integration,
    merged: &Merged,
    flow: &mut WorkflowBuilder,
) -> Result<Option<Attempts>, WorkflowError> {
    let Some(callback) = &integration.validate else {
        return Ok(None);
    };
    let calling = Calling {
        id: job::VALIDATE.to_owned(),
        title: "Validate".to_owned(),
        callback,
        when: merged.outcome.expr().equals("merged"),
        with: inputs::render(callback, context.component, merged)?,
        matrix: None,
        lock: None,
        after: vec![merged.job.clone()],
    };
    Ok(Some(calling.add(flow)))
}

fn finalize(
    context: &Context<'_>,
    integration: &Integration,
    merged: &Merged,
    jobs: &[JobHandle],
    flow: &mut WorkflowBuilder,
) {
    let token = &integration.token;
    let ended = merged.outcome.expr();
    // Without an outcome the job did not come to its end, which is a failure to tell.
    let open = ended.clone().equals("merged").or(ended.equals(""));
    let mut job = context
        .job(job::FINALIZE, "Finalize")
        .permissions(&writing(context, token))
        .when(Expr::always().and(open));
    context.begin_on_trunk_with_files(&mut job, History::Full);
    let step = command(
        "Open the pull request, or say what failed",
        script!("cascade integration finalize --gha-output"),
    )
    .env(variable::ISSUE, merged.issue.expr())
    .env(variable::SHA, merged.sha.expr());
    let step = with_tokens(context, &mut job, step, token);
    job.step(needs(step, jobs));
    flow.add(job);
}

impl Sources for Merged {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::Sha => self.sha.expr().into(),
            StandardInput::DryRun => false.into(),
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
        "{}".into()
    }

    fn dry_run(&self) -> Expr {
        false.into()
    }

    fn environment(&self) -> Expr {
        "".into()
    }
}
