//! The job that waits for a person, outside the lock of the environment that it is about.
//!
//! A lock that is held while a person is asked would keep a rollback of the same environment from
//! running, for days.

use super::context::Context;
use crate::actions::{Environment, Expr, JobHandle, Step, WorkflowBuilder};
use crate::pipeline;
use crate::protocol::job;
use crate::script;

/// Adds the wait for the approvals and timers that GitHub demands of an environment; `None` if it
/// demands none, or every deploy waits for them itself.
///
/// The job checks out nothing and holds no token: it only has to be started.
pub(super) fn approval(
    context: &Context<'_>,
    environment: &pipeline::Environment,
    when: Expr,
    flow: &mut WorkflowBuilder,
) -> Option<JobHandle> {
    let name = &environment.name;
    let gate = Environment::new(context.component.approval(environment)?).without_deployment();
    let gate = match &environment.url {
        Some(url) => gate.url(url.as_str()),
        None => gate,
    };
    let said = Step::run(script!("echo \"$SAYS\" >> \"$GITHUB_STEP_SUMMARY\""))
        .name("Say that it is approved")
        .env("SAYS", format!("### Deployment to {name}: approved"));
    let job = context
        .job(&job::approve(name.as_str()), format!("Approve {name}"))
        .environment(gate)
        .when(when)
        .with_step(said);
    Some(flow.add(job))
}
