//! `external-update.yaml`: other repositories report their versions.

use super::calls::Calling;
use super::context::{Context, History, needs, verb};
use super::inputs::{self, Sources};
use super::orchestrate::title;
use crate::pipeline::{Callback, CallbackKind, ExternalField, StandardInput};
use crate::workflow::{
    Concurrency, Expr, Input, JobHandle, OutputHandle, Triggers, Value, Workflow, WorkflowBuilder,
    WorkflowError,
};
use crate::{script, template};

/// The secret that reads private repositories.
const READ_TOKEN: &str = "CASCADE_EXTERNAL_READ_TOKEN";

/// What recording led to, for the deployment that follows.
pub(super) struct Arrived {
    pub(super) job: JobHandle,
    /// What is deployed: a JSON object by name; what is absent is not deployed now.
    pub(super) deploys: OutputHandle,
    /// The names of what could not be found out, in text; empty if nothing failed.
    pub(super) failed: Option<OutputHandle>,
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(title("External update", context), triggers());
    let own = format!("cascade-external{}-", context.lane.suffix());
    // One component's updates keep their order, and never wait for another's.
    let group = template![
        own,
        Expr::input("environment"),
        "-",
        Expr::input("deploy_name")
    ];
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group(group).queue_all());
    let callbacks: Vec<&Callback> = on_update(context);
    let arrived = update(context, !callbacks.is_empty(), &mut flow);
    if let Some(arrived) = arrived {
        follow(context, &callbacks, &arrived, "finalize", &mut flow)?;
    }
    flow.finish()
}

fn triggers() -> Triggers {
    let text = |what: &str| Input::string().description(what);
    Triggers::new().dispatch([
        (
            "source_repo",
            text("The repository that reports").required(),
        ),
        ("deploy_name", text("What it deployed").required()),
        (
            "environment",
            text("Where; the first environment if empty").default(""),
        ),
        ("sha", text("The commit").required()),
        ("version", text("The version").required()),
        (
            "artifacts",
            text("What it says of its artifacts, a JSON object").default("{}"),
        ),
    ])
}

/// What deploys versions that have just been pushed here.
fn on_update<'a>(context: &Context<'a>) -> Vec<&'a Callback> {
    let deploys = context.lane.push_sources.iter();
    deploys
        .flat_map(|source| &source.deploys)
        .filter_map(|deploy| deploy.on_update.as_ref())
        .collect()
}

fn update(context: &Context<'_>, deploys: bool, flow: &mut WorkflowBuilder) -> Option<Arrived> {
    let token = &context.settings.state_token;
    let mut job = context
        .job("update", "Update")
        .permissions(&context.writing(token, "state"));
    context.begin_on_trunk(&mut job, History::Shallow);
    let token = context.token(&mut job, "state-token", token);
    let mut step = verb(
        "Record what was reported",
        script!("cascade external update --commit-push --gha-output"),
    )
    .env("GITHUB_TOKEN", token)
    .env("DISPATCH", Expr::to_json(Expr::github("event.inputs")));
    if context
        .lane
        .push_sources
        .iter()
        .any(|source| source.verify_source)
    {
        step = step.env("READ_TOKEN", Expr::secret(READ_TOKEN));
    }
    if !deploys {
        job.step(step);
        flow.add(job);
        return None;
    }
    let step = job.step_as("update", step);
    let deploys = job.output("deploys", step.output("deploys"));
    let job = flow.add(job);
    let failed = None;
    Some(Arrived {
        job,
        deploys,
        failed,
    })
}

/// Deploys what arrived, each component in a job of its own, and records in the job `last` that it
/// is.
pub(super) fn follow(
    context: &Context<'_>,
    callbacks: &[&Callback],
    arrived: &Arrived,
    last: &str,
    flow: &mut WorkflowBuilder,
) -> Result<(), WorkflowError> {
    let mut jobs = Vec::new();
    for callback in callbacks {
        let name = callback.name.as_str();
        let sources = Arriving {
            name,
            deploys: arrived.deploys.expr(),
        };
        let calling = Calling {
            id: format!("deploy_{}", name.replace('-', "_")),
            title: format!("Deploy {name}"),
            callback,
            when: Expr::all([
                Expr::not_cancelled(),
                arrived.job.succeeded(),
                sources.planned("sha").differs(""),
            ]),
            with: inputs::render(callback, context.lane, &sources)?,
            matrix: None,
            after: vec![arrived.job.clone()],
        };
        jobs.extend(calling.add(flow).jobs);
    }
    let token = &context.settings.state_token;
    let failed = arrived.failed.as_ref().map(OutputHandle::expr);
    let ends = arrived.deploys.expr().differs("{}");
    let ends = match &failed {
        Some(failed) => ends.or(failed.clone().differs("")),
        None => ends,
    };
    let mut job = context
        .job(last, "Finalize")
        .permissions(&context.writing(token, "state"))
        .when(Expr::all([Expr::always(), arrived.job.succeeded(), ends]));
    context.begin_on_trunk(&mut job, History::Shallow);
    let token = context.token(&mut job, "state-token", token);
    let step = verb(
        "Record what was deployed",
        script!("cascade external finalize --commit-push --gha-output"),
    )
    .env("GITHUB_TOKEN", token)
    .env("DEPLOYS", arrived.deploys.expr());
    let step = match failed {
        Some(failed) => step.env("FAILED", failed),
        None => step,
    };
    job.step(needs(step, &jobs));
    flow.add(job);
    Ok(())
}

/// Where values come from: the JSON object of what arrived.
struct Arriving<'a> {
    name: &'a str,
    deploys: Expr,
}

impl Arriving<'_> {
    fn planned(&self, field: &str) -> Expr {
        Expr::from_json(self.deploys.clone())
            .get(self.name)
            .get(field)
    }
}

impl Sources for Arriving<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::DryRun => false.into(),
            StandardInput::DeployName => self.name.into(),
            other => self.planned(other.as_str()).into(),
        }
    }

    fn output(&self, _: CallbackKind, _: &str, _: &str) -> Result<Expr, WorkflowError> {
        Ok("".into())
    }

    fn external(&self, _: &str, field: ExternalField) -> Expr {
        self.planned(field.as_str())
    }

    fn dispatch(&self) -> Expr {
        "{}".into()
    }

    fn dry_run(&self) -> Expr {
        false.into()
    }

    fn environment(&self) -> Expr {
        self.planned("environment")
    }
}
