//! `cascade-poll.yaml`: other repositories are asked for their versions on schedules of their own.

use super::build_cascade;
use super::context::{Context, History, command, needs};
use super::external_update::{Arrived, follow, pulled};
use super::pull;
use super::triggers::Started;
use crate::actions::{
    Concurrency, Expr, Input, JobHandle, Triggers, Workflow, WorkflowBuilder, WorkflowError,
};
use crate::pipeline::{PullCadence, PullSource};
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let sources: Vec<&PullSource> = context.component.polled().collect();
    let flow = Workflow::build(context.title("Poll"), triggers(&sources));
    let group = Concurrency::group(context.group("poll")).queue_all();
    let mut flow = context.begin_file(flow).concurrency(group);
    let built =
        build_cascade::from_commit(context, Started::by_polling().condition(context), &mut flow);
    let context = &context.with_built(built.as_ref());
    let jobs = pull::resolve(context, &sources, &Started::by_polling(), &mut flow);
    let arrived = record(context, &jobs, &mut flow);
    let callbacks = pulled(sources.iter().copied());
    follow(context, &callbacks, &arrived, "finalize", &mut flow)?;
    flow.finish()
}

fn triggers(sources: &[&PullSource]) -> Triggers {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let only = format!("Only this entry; all if empty ({})", names.join(", "));
    let crons = sources.iter().filter_map(|source| match &source.cadence {
        PullCadence::Poll(cron) => Some(cron.as_str()),
        PullCadence::NextRun => None,
    });
    Triggers::new()
        .schedule(crons)
        .dispatch([("name", Input::string().default("").description(only))])
}

/// Records what was found, with a token that never sees another repository.
fn record(context: &Context<'_>, jobs: &[JobHandle], flow: &mut WorkflowBuilder) -> Arrived {
    let token = &context.settings.state_token;
    let asked = Expr::any(jobs.iter().map(|job| job.result().differs("skipped")));
    let mut job = context
        .job(job::RECORD, "Record")
        .permissions(&context.writing(token, "state"))
        .when(Expr::all([Expr::not_cancelled(), asked]));
    context.begin_on_trunk(&mut job, History::Shallow);
    let token = context.token(&mut job, "state-token", token);
    let step = command(
        "Record what was found",
        script!("cascade external record --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token);
    let step = context.signing(step);
    let step = job.step_as("record", needs(step, jobs));
    let deploys = job.output("deploys", step.output("deploys"));
    let failed = job.output("failed", step.output("failed"));
    let job = flow.add(job);
    Arrived {
        job,
        deploys,
        failed: Some(failed),
    }
}
