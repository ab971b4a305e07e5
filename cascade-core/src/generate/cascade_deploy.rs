//! `cascade-deploy.yaml`: the one deploy path, called once for each environment.

use super::build_cascade;
use super::calls::{Added, Attempts, Calling};
use super::context::{Context, History, command, granted, needs, passed, reading};
use super::deploying::{Deploying, Stage};
use super::gate::{self, Gate, RESULTS, recording, token};
use super::inputs;
use super::rollout::Rollout;
use super::target::{self, Targeting};
use crate::actions::{
    Call, CallInput, Expr, JobHandle, Permissions, Triggers, Workflow, WorkflowBuilder,
    WorkflowError,
};
use crate::manifest::InputValue;
use crate::pipeline::by_dependency;
use crate::pipeline::{Callback, CallbackKind, Component, DeployTarget, InputSource};
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The file's name without its ending.
pub const DEPLOY_STEM: &str = "cascade-deploy";
/// The outputs of the file.
pub(super) const OUTPUTS: [&str; 3] = ["results", RESTORE, ADVANCED];
/// The output with the plan of what a failure must redeploy; empty if there is nothing.
pub(super) const RESTORE: &str = "restore";
/// The output that says whether the environment moved, whatever failed on the way.
pub(super) const ADVANCED: &str = "advanced";

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title("Cascade deploy"), triggers(context));
    let mut flow = context.begin_file(flow);
    let sha256 = build_cascade::is_built(context).then(|| Expr::input(build_cascade::INPUT));
    let context = &context.with_built(sha256.as_ref());
    let gate = gate::gate(context, &mut flow);
    let mut deployed = Added::new();
    let callbacks: Vec<&Callback> = context.component.deploy_callbacks().collect();
    for callback in by_dependency(&callbacks, |callback| callback, CallbackKind::Deploy) {
        let attempts = add_deploy(context, callback, &gate, &deployed, &mut flow)?;
        deployed.insert(callback.name.clone(), attempts);
    }
    let mut jobs = vec![gate.job.clone()];
    jobs.extend(deployed.values().flat_map(|attempts| attempts.jobs.clone()));
    record(context, &gate, &jobs, &mut flow);
    flow.finish()
}

/// Everything that a caller must grant: what callbacks ask for, reading, and recording.
pub(super) fn permissions(context: &Context<'_>) -> Permissions {
    let union = context
        .component
        .deploy_calls()
        .fold(reading(), |union, callback| {
            let workflow = callback.workflow.as_ref();
            let file = workflow.map_or("", |workflow| workflow.file_name());
            union.union(&granted(&callback.permissions, file))
        });
    let union = targets(context).fold(union, |union, target| {
        union.union(&target::permissions(context, target))
    });
    union.union(&recording(context))
}

/// The secrets that a caller passes by name; `None` if a callback inherits all.
pub(super) fn secrets(context: &Context<'_>) -> Option<Vec<String>> {
    let callbacks = context.component.deploy_calls();
    let mut names = passed(callbacks.map(|callback| &callback.secrets))?;
    names.extend(Context::secrets_of(&context.settings.state_token));
    names.extend(context.telemetry_secret().map(str::to_owned));
    names.extend(targets(context).flat_map(|target| Context::secrets_of(&target.token)));
    let key = &context.settings.git.gpg_key_secret;
    names.extend(key.iter().map(ToString::to_string));
    names.extend(context.secrets_to_install());
    names.sort_unstable();
    names.dedup();
    Some(names)
}

/// The repositories that deploys change.
fn targets<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a DeployTarget> {
    let deploys = context.component.deploys.iter();
    deploys.filter_map(|deploy| deploy.target.as_ref())
}

/// Returns true if some callback reads a dispatch input.
pub(super) fn dispatches(component: &Component) -> bool {
    let reads = |value: &InputValue| matches!(value, InputValue::Template(template) if template.inputs().any(|name| name != "dry_run"));
    let inputs = component
        .deploys
        .iter()
        .flat_map(|deploy| &deploy.callback.inputs);
    inputs.into_iter().any(|input| match &input.value {
        InputSource::Dispatch(_) => true,
        InputSource::Given(value) => reads(value),
        InputSource::ByEnvironment {
            values, otherwise, ..
        } => {
            let other = match otherwise.as_deref() {
                Some(InputSource::Dispatch(_)) => true,
                Some(InputSource::Given(value)) => reads(value),
                _ => false,
            };
            other || values.values().any(reads)
        }
        InputSource::Standard(_) | InputSource::Matrix(_) => false,
    })
}

fn triggers(context: &Context<'_>) -> Triggers {
    let mut call = Call::new()
        .input(
            "operation",
            CallInput::string()
                .required()
                .description("The operation that deploys"),
        )
        .input(
            "environment",
            CallInput::string().required().description("Where to"),
        );
    call = call.input(
        "plan",
        CallInput::string()
            .required()
            .description("What is deployed and recorded, and the state that it is based on"),
    );
    if context.component.validates_or_builds() {
        call = call.input(
            RESULTS,
            CallInput::string()
                .default("{}")
                .description("How the jobs ended that built what is deployed, by id, JSON"),
        );
    }
    if dispatches(context.component) {
        call = call.input(
            "dispatch",
            CallInput::string()
                .default("{}")
                .description("The inputs of the run, JSON"),
        );
    }
    if build_cascade::is_built(context) {
        call = call.input(
            build_cascade::INPUT,
            CallInput::string()
                .default("")
                .description("The SHA-256 of the cascade that the run has built"),
        );
    }
    call = call.input(
        "dry_run",
        CallInput::boolean()
            .default(false)
            .description("Call only what understands a dry run; record nothing"),
    );
    let call = with_secrets(context, call);
    Triggers::new().call(call)
}

/// Declares the secrets that callers pass by name; without a list they pass all.
fn with_secrets(context: &Context<'_>, call: Call) -> Call {
    match secrets(context) {
        Some(names) => names
            .into_iter()
            .fold(call, |call, name| call.secret(name, false)),
        None => call.inherits_secrets(),
    }
}

fn add_deploy(
    context: &Context<'_>,
    callback: &Callback,
    gate: &Gate,
    deployed: &Added,
    flow: &mut WorkflowBuilder,
) -> Result<Attempts, WorkflowError> {
    let name = callback.name.as_str();
    let strategy = context.component.strategy_of(name);
    let (conditions, after) = begins(context.component, callback, gate, deployed)?;
    let mut direct = conditions.clone();
    if !callback.supports_dry_run {
        direct.insert(3, !Expr::input("dry_run"));
    }
    if strategy.is_some() {
        direct.push(gate.planned(name).get("strategy").equals(""));
    }
    let source = Deploying {
        name,
        gate,
        deployed,
        stage: Stage::Direct,
    };
    let calling = Calling {
        id: job::callback(CallbackKind::Deploy, callback.name.as_str()),
        title: format!("Deploy {name}"),
        callback,
        when: Expr::all(direct),
        with: inputs::render(callback, context.component, &source)?,
        matrix: None,
        lock: None,
        after: after.clone(),
    };
    let attempts = calling.add(flow);
    if let Some(target) = context.component.target_of(name) {
        let targeting = Targeting {
            context,
            callback,
            target,
            gate,
            deployed,
        };
        return targeting.add(attempts, conditions, after, flow);
    }
    let Some(strategy) = strategy else {
        return Ok(attempts);
    };
    let rollout = Rollout {
        context,
        callback,
        gate,
        deployed,
        conditions,
        after,
    };
    rollout.add(strategy, attempts, flow)
}

/// Returns a condition that a deploy succeeded, or had nothing to do.
fn goes_on(gate: &Gate, name: &str, before: &Attempts) -> Expr {
    let not_planned = gate.planned(name).get("sha").equals("");
    before.lets_go_on(not_planned, Expr::input("dry_run"))
}

/// Returns when a deploy begins, and the jobs that it waits for.
fn begins(
    component: &Component,
    callback: &Callback,
    gate: &Gate,
    deployed: &Added,
) -> Result<(Vec<Expr>, Vec<JobHandle>), WorkflowError> {
    let own = gate.planned(callback.name.as_str()).get("sha").differs("");
    let mut conditions = vec![Expr::not_cancelled(), gate.job.succeeded(), own];
    let mut after = vec![gate.job.clone()];
    let dependencies = callback.dependencies.iter();
    for dependency in dependencies.filter(|each| each.kind == CallbackKind::Deploy) {
        let Some(before) = deployed.get(&dependency.name) else {
            continue;
        };
        after.extend(before.jobs.iter().cloned());
        conditions.extend(before.puts_out(callback, dependency.name.as_str())?);
        if dependency.hard || component.fails_fast(dependency.name.as_str()) {
            conditions.push(goes_on(gate, dependency.name.as_str(), before));
        }
    }
    for (place, position) in component.turns_before(deployed.len()).enumerate() {
        let Some((name, before)) = deployed.get_index(position) else {
            continue;
        };
        let stops = component.fails_fast(name.as_str());
        if stops {
            conditions.push(goes_on(gate, name.as_str(), before));
        }
        if place == 0 || stops {
            after.extend(before.jobs.iter().cloned());
        }
    }
    Ok((conditions, after))
}

/// Records what succeeded, under the lock that the caller holds.
fn record(context: &Context<'_>, gate: &Gate, jobs: &[JobHandle], flow: &mut WorkflowBuilder) {
    let mut job = context
        .job(job::RECORD, "Record")
        .permissions(&recording(context))
        .needs_all(jobs)
        .when(Expr::always());
    context.begin_on_commit(&mut job, History::Full);
    let token = token(context, &mut job);
    let step = command(
        "Record what was deployed",
        script!("cascade deploy record --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(variable::OPERATION, Expr::input("operation"))
    .env(variable::PLAN, Expr::input("plan"))
    .env(variable::DRY_RUN, Expr::input("dry_run"));
    let step = gate::built(context, step);
    let mut step = context.reporting(context.signing(step));
    if let Some(deployment) = &gate.deployment {
        step = step.env(variable::DEPLOYMENT, deployment.expr());
    }
    step = needs(step, jobs);
    let step = job.step_as("record", step);
    let outputs = OUTPUTS.map(|name| job.output(name, step.output(name)));
    flow.add(job);
    let descriptions = [
        "Results and outputs, by name, JSON",
        "The plan of what a failure must redeploy",
        "Whether the environment holds what was planned now",
    ];
    for ((name, description), output) in OUTPUTS.into_iter().zip(descriptions).zip(&outputs) {
        flow.output(name, description, output);
    }
}
