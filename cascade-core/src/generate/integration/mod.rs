//! `cascade-sync.yaml`, `cascade-integrate.yaml`, `cascade-monitor.yaml`: a fork is kept in step
//! with its upstream.

mod integrate;
mod monitor;
mod sync;

use super::context::{Command, Context, WORKFLOWS};
use crate::actions::{Expr, Permissions, Scope, StepsJob, Workflow, WorkflowError};
use crate::pipeline::{Credential, Integration};
use crate::protocol::variable;

type Generator = fn(&Context<'_>, &Integration) -> Result<Workflow, WorkflowError>;

/// The workflow files, each with what generates it.
pub(super) const GENERATORS: [(&str, Generator); 3] = [
    ("cascade-sync", sync::generate),
    ("cascade-integrate", integrate::generate),
    ("cascade-monitor", monitor::generate),
];

/// Returns the permissions of a job that pushes branches, opens pull requests and labels issues,
/// with GitHub's own token alone or with it and another one.
fn writing(context: &Context<'_>, token: &Credential) -> Permissions {
    let own = context
        .writing(token, "branches of the integration")
        .read(Scope::Actions)
        .write(Scope::Issues, "the issues that track it");
    match token.is_github() {
        true => own.write(Scope::PullRequests, "the pull request and its labels"),
        false => own.write(Scope::PullRequests, "the labels of the pull request"),
    }
}

/// A step with the run's own token for issues, and the one that pushes.
fn with_tokens(
    context: &Context<'_>,
    job: &mut StepsJob,
    step: Command,
    token: &Credential,
) -> Command {
    let step = context.signing(step.env(variable::GITHUB_TOKEN, Expr::token()));
    if token.is_github() {
        return step;
    }
    let scopes = ["contents", "pull-requests", WORKFLOWS];
    let pushing = context.token_for(job, "integration-token", token, &scopes);
    step.env(variable::INTEGRATION_TOKEN, pushing)
}
