//! `cascade-sync.yaml`: what the upstream has new is asked for, and tracked.

use super::{with_tokens, writing};
use crate::actions::{Concurrency, Expr, Triggers, Workflow, WorkflowError};
use crate::generate::context::{Context, History, command, unless_dry};
use crate::generate::triggers::dry_run;
use crate::pipeline::Integration;
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The workflow.
pub(super) fn generate(
    context: &Context<'_>,
    integration: &Integration,
) -> Result<Workflow, WorkflowError> {
    let triggers = Triggers::new()
        .schedule([integration.sync_schedule.as_str()])
        .dispatch([("dry_run", dry_run())]);
    let flow = Workflow::build("Sync", triggers);
    let group = unless_dry("cascade-sync", Expr::input("dry_run"));
    let group = Concurrency::group(group).queue_all();
    let mut flow = context.begin_file(flow).concurrency(group);
    let token = &integration.token;
    let mut job = context
        .job(job::SYNC, "Sync with the upstream")
        .permissions(&writing(context, token));
    context.begin_on_trunk_with_files(&mut job, History::Full);
    let step = command(
        "Open or refresh the pull request and its issue",
        script!("cascade integration sync --gha-output"),
    )
    .env(variable::DRY_RUN, Expr::github("event.inputs.dry_run"));
    let step = with_tokens(context, &mut job, step, token);
    job.step(step);
    flow.add(job);
    flow.finish()
}
