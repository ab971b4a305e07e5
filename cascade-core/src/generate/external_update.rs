//! `external-update.yaml`: other repositories report their versions.

use super::build_cascade;
use super::calls::Calling;
use super::context::{Context, History, command, needs, reading};
use super::inputs::{self, Sources};
use crate::actions::{
    Concurrency, Environment, Expr, Input, JobHandle, OutputHandle, Triggers, Value, Workflow,
    WorkflowBuilder, WorkflowError,
};
use crate::manifest::{ExternalField, Name};
use crate::pipeline::{Callback, CallbackKind, ExternalDeploy, PullSource, StandardInput};
use crate::protocol::job;
use crate::protocol::variable;
use crate::{script, template};

/// The secret that reads private repositories.
const READ_TOKEN: &str = "CASCADE_EXTERNAL_READ_TOKEN";

/// The result of recording, for the deployment that follows.
pub(super) struct Arrived {
    pub(super) job: JobHandle,
    /// The deploys to run: a JSON object by name; one that is absent is not deployed now.
    pub(super) deploys: OutputHandle,
    /// The names of what could not be found out, in text; empty if nothing failed.
    pub(super) failed: Option<OutputHandle>,
}

/// A callback that deploys a version that has just arrived.
pub(super) struct OnUpdate<'a> {
    callback: &'a Callback,
    /// The environment in which it always lands.
    environment: Option<&'a Name>,
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title("External update"), triggers());
    let own = format!("cascade-external{}-", context.component.group_suffix());
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
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let callbacks = on_update(context);
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
        (
            "allow_downgrade",
            Input::boolean()
                .default(false)
                .description("Record a version that is lower than the recorded one"),
        ),
    ])
}

/// Returns the callbacks that deploy versions that have just been pushed here.
fn on_update<'a>(context: &Context<'a>) -> Vec<OnUpdate<'a>> {
    let sources = context.component.push_sources.iter();
    sources
        .flat_map(|source| deployed_by(&source.deploys, None))
        .collect()
}

/// Returns the callbacks that deploy versions that have just been pulled.
pub(super) fn pulled<'a>(sources: impl Iterator<Item = &'a PullSource>) -> Vec<OnUpdate<'a>> {
    sources
        .flat_map(|source| deployed_by(&source.deploys, source.environment.as_ref()))
        .collect()
}

fn deployed_by<'a>(
    deploys: &'a [ExternalDeploy],
    environment: Option<&'a Name>,
) -> impl Iterator<Item = OnUpdate<'a>> {
    let callbacks = deploys.iter().filter_map(|each| each.on_update.as_ref());
    callbacks.map(move |callback| OnUpdate {
        callback,
        environment,
    })
}

fn update(context: &Context<'_>, deploys: bool, flow: &mut WorkflowBuilder) -> Option<Arrived> {
    let token = &context.settings.state_token;
    let mut job = context
        .job(job::UPDATE, "Update")
        .permissions(&context.writing(token, "state"));
    context.begin_on_trunk(&mut job, History::Shallow);
    let token = context.token(&mut job, "state-token", token);
    let step = command(
        "Record what was reported",
        script!("cascade external update --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    let mut step = context.signing(step);
    if context
        .component
        .push_sources
        .iter()
        .any(|source| source.verify_source)
    {
        step = step.env(variable::READ_TOKEN, Expr::secret(READ_TOKEN));
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

/// Deploys what arrived, each component in a job of its own, as the deploy path does: behind the
/// environment's gate, and under its lock. The job `last` records that it is.
pub(super) fn follow(
    context: &Context<'_>,
    callbacks: &[OnUpdate<'_>],
    arrived: &Arrived,
    last: &str,
    flow: &mut WorkflowBuilder,
) -> Result<(), WorkflowError> {
    let mut jobs = Vec::new();
    for each in callbacks {
        let callback = each.callback;
        let name = callback.name.as_str();
        let sources = Arriving {
            name,
            deploys: arrived.deploys.expr(),
        };
        let when = Expr::all([
            Expr::not_cancelled(),
            arrived.job.succeeded(),
            sources.planned("sha").differs(""),
        ]);
        let gate = gate(context, each, arrived, when.clone(), flow);
        let lock = match each.environment {
            Some(environment) => context.environment_lock(environment.as_str()),
            None => context.environment_lock(reported(context)),
        };
        let calling = Calling {
            id: job::external_deploy(name),
            title: format!("Deploy {name}"),
            callback,
            when: match &gate {
                Some(gate) => when.and(gate.succeeded()),
                None => when,
            },
            with: inputs::render(callback, context.component, &sources)?,
            matrix: None,
            lock: Some(lock),
            after: std::iter::once(arrived.job.clone()).chain(gate).collect(),
        };
        jobs.extend(calling.add(flow).jobs);
    }
    finalize(context, arrived, (last, &jobs), flow);
    Ok(())
}

/// Records what was deployed, and fails if something was not.
fn finalize(
    context: &Context<'_>,
    arrived: &Arrived,
    (id, jobs): (&str, &[JobHandle]),
    flow: &mut WorkflowBuilder,
) {
    let token = &context.settings.state_token;
    let failed = arrived.failed.as_ref().map(OutputHandle::expr);
    let ends = arrived.deploys.expr().differs("{}");
    let ends = match &failed {
        Some(failed) => ends.or(failed.clone().differs("")),
        None => ends,
    };
    let mut job = context
        .job(id, "Finalize")
        .permissions(&context.writing(token, "state"))
        .when(Expr::all([Expr::always(), arrived.job.succeeded(), ends]));
    context.begin_on_trunk(&mut job, History::Shallow);
    let token = context.token(&mut job, "state-token", token);
    let step = command(
        "Record what was deployed",
        script!("cascade external finalize --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(variable::DEPLOYS, arrived.deploys.expr());
    let step = context.signing(step);
    let step = match failed {
        Some(failed) => step.env(variable::FAILED, failed),
        None => step,
    };
    job.step(needs(step, jobs));
    flow.add(job);
}

/// Returns the environment in which a reported version lands.
fn reported(context: &Context<'_>) -> Expr {
    let first = context.component.first_environment();
    let reported = Expr::input("environment");
    first.map_or(reported.clone(), |first| reported.or(first.name.as_str()))
}

/// Waits for GitHub's approvals and timers, then checks that the external version is still what arrived;
/// `None` where no such environment can be meant.
fn gate(
    context: &Context<'_>,
    each: &OnUpdate<'_>,
    arrived: &Arrived,
    when: Expr,
    flow: &mut WorkflowBuilder,
) -> Option<JobHandle> {
    let callback = each.callback;
    let gate = match each.environment {
        Some(name) => {
            let mut environments = context.component.environments.iter();
            let own = environments.find(|own| own.name == *name)?;
            let gate = own.gate()?;
            (!callback.waits_for(gate, own)).then(|| Value::from(gate))?
        }
        None => context.approvals(callback, reported(context))?,
    };
    let name = callback.name.as_str();
    let id = job::external_gate(name);
    let mut job = context
        .job(&id, format!("Gate of {name}"))
        .permissions(&reading())
        .environment(Environment::new(gate).without_deployment())
        .needs_all(std::slice::from_ref(&arrived.job))
        .when(when);
    context.begin_on_trunk(&mut job, History::Shallow);
    let step = command(
        "Check that it is still what is recorded",
        script!("cascade external gate"),
    );
    let step = context.reads_state(step);
    job.step(
        step.env(variable::NAME, name)
            .env(variable::DEPLOYS, arrived.deploys.expr()),
    );
    Some(flow.add(job))
}

/// The source of input values: the JSON object of what arrived.
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
