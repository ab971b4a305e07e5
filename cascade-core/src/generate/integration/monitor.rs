//! `cascade-monitor.yaml`: integrations are watched. It never merges, and pushes nothing.

use crate::actions::{Concurrency, Expr, Input, Scope, Triggers, Workflow, WorkflowError};
use crate::generate::context::{Context, History, command, reading, unless_dry};
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
    let only = Input::string().default("").description(
        "Only this pass: completion, orphan, missed-trigger, recovery, stale or report; all if empty",
    );
    let triggers = Triggers::new()
        .schedule([integration.monitor.schedule.as_str()])
        .dispatch([("pass", only), ("dry_run", dry_run())]);
    let flow = Workflow::build("Monitor", triggers);
    let group = unless_dry("cascade-monitor", Expr::input("dry_run"));
    let group = Concurrency::group(group).queue_all();
    let mut flow = context.begin_file(flow).concurrency(group);
    let permissions = reading()
        .read(Scope::PullRequests)
        .write(Scope::Issues, "comments, labels, escalations")
        .write(Scope::Actions, "an integration is started");
    let mut job = context
        .job(job::MONITOR, "Monitor")
        .permissions(&permissions);
    context.begin_on_trunk_with_files(&mut job, History::Full);
    let step = command(
        "Look after integrations",
        script!("cascade integration monitor --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    job.step(step);
    flow.add(job);
    flow.finish()
}
