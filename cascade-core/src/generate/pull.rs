//! Asking other repositories for their versions: jobs that read, and nothing else.

use super::context::{Command, Context, History, command, reading};
use super::triggers::Started;
use crate::actions::{Expr, JobHandle, WorkflowBuilder};
use crate::manifest::SecretName;
use crate::pipeline::PullSource;
use crate::protocol::{self, variable};
use crate::script;

/// The credential of a job that resolves versions: the one of its entries, or the one that reads
/// public repositories. It cannot be made of any other secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReadCredential<'a>(Option<&'a SecretName>);

impl<'a> ReadCredential<'a> {
    fn of(source: &'a PullSource) -> Self {
        Self(source.read_token.as_ref())
    }

    /// The job's own token can only read where the job can only read.
    fn expr(&self) -> Expr {
        self.0
            .map_or_else(Expr::token, |secret| Expr::secret(secret.as_str()))
    }

    fn name(&self) -> &str {
        self.0.map_or("", SecretName::as_str)
    }
}

/// Adds the jobs that resolve `sources`: one for each credential.
pub(super) fn resolve(
    context: &Context<'_>,
    sources: &[&PullSource],
    started: &Started,
    flow: &mut WorkflowBuilder,
) -> Vec<JobHandle> {
    let mut credentials: Vec<ReadCredential<'_>> = Vec::new();
    for source in sources {
        let credential = ReadCredential::of(source);
        if !credentials.contains(&credential) {
            credentials.push(credential);
        }
    }
    let jobs = credentials.iter();
    jobs.map(|credential| job(context, credential, started, flow))
        .collect()
}

fn job(
    context: &Context<'_>,
    credential: &ReadCredential<'_>,
    started: &Started,
    flow: &mut WorkflowBuilder,
) -> JobHandle {
    let title = match credential.name() {
        "" => "Resolve".to_owned(),
        name => format!("Resolve with {name}"),
    };
    let mut job = context
        .job(
            &protocol::job::resolve(credential.0.map(SecretName::as_str)),
            title,
        )
        .permissions(&reading());
    if let Some(condition) = started.condition(context) {
        job = job.when(condition);
    }
    context.begin_on_trunk(&mut job, History::Shallow);
    let step = context
        .reads_state(asking(started))
        .env(variable::READ_TOKEN, credential.expr())
        .env(variable::CREDENTIAL, credential.name());
    let step = job.step_as("resolve", step);
    job.output("answers", step.output("answers"));
    flow.add(job)
}

fn asking(started: &Started) -> Command {
    let name = "Ask for versions";
    if !started.polls {
        let next_run = script!("cascade external resolve --cadence next-run --gha-output");
        return command(name, next_run);
    }
    command(
        name,
        script!("cascade external resolve --cadence poll --gha-output"),
    )
    .env(variable::SCHEDULE, Expr::github("event.schedule"))
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    )
}
