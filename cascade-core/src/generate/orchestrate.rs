//! `orchestrate.yaml`: trunk to the first environment.

use super::build_cascade;
use super::builds::Building;
use super::calls::{Added, Attempts, Calling};
use super::changelog::Written;
use super::context::{Context, History, command, needs, reading, results, unless_dry};
use super::deploy_call::DeployCall;
use super::external_update::{Arrived, follow, pulled};
use super::pull;
use super::triggers::{self, Started};
use crate::actions::{
    Concurrency, Expr, JobHandle, OutputHandle, Value, Workflow, WorkflowBuilder, WorkflowError,
};
use crate::lifecycle::Operation;
use crate::pipeline::PullSource;
use crate::protocol::job;
use crate::protocol::output::CHANGELOG;
use crate::protocol::variable;
use crate::{script, template};

/// The outputs of `setup`.
struct Setup {
    job: JobHandle,
    run: OutputHandle,
    sha: OutputHandle,
    version: OutputHandle,
    plan: OutputHandle,
    recorded: OutputHandle,
    validate: OutputHandle,
    builds: OutputHandle,
    deploys: OutputHandle,
    dispatch: OutputHandle,
    dry_run: OutputHandle,
    /// The versions that a changelog is about, where a callback writes it.
    changelog: Option<OutputHandle>,
}

impl Setup {
    fn goes_on(&self) -> Expr {
        self.run.expr().equals("true")
    }

    fn is_dry(&self) -> Expr {
        self.dry_run.expr().equals("true")
    }
}

/// The jobs before the last one.
struct Jobs {
    /// The validation and the builds.
    built: Vec<JobHandle>,
    deployed: Option<JobHandle>,
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title("Orchestrate"), triggers::orchestrate(context));
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group(group(context)));
    let built = build_cascade::from_commit(
        context,
        Started::by_a_run(context).condition(context),
        &mut flow,
    );
    let context = &context.with_built(built.as_ref());
    let setup = setup(context, &mut flow);
    let building = building(context, &setup);
    let validate = validate(&building, &setup, &mut flow)?;
    let valid = validate.as_ref().map(|validate| {
        let not_selected = setup.validate.expr().differs("true");
        let valid = validate.lets_go_on(not_selected, setup.is_dry());
        match context.component.validation_may_fail() {
            true => valid.or(validate.failed()),
            false => valid,
        }
    });
    let builds = building.add(valid.as_ref(), &mut flow)?;
    let built = validate
        .iter()
        .chain(builds.values())
        .flat_map(|attempts| attempts.jobs.clone());
    let built: Vec<JobHandle> = built.collect();
    let conditions = valid.into_iter().chain(building.none_aborts(&builds));
    let results = Building::results(&built);
    let deployed = deploy(context, &setup, (conditions, results), &mut flow);
    let callbacks = pulled(context.component.pulled_by_runs());
    let jobs = Jobs { built, deployed };
    let about = (&setup.job, setup.changelog.as_ref());
    let conditions = vec![Expr::not_cancelled(), setup.goes_on()];
    let changelog = Written::add(context, about, conditions, &mut flow)?;
    let (finalized, arrived) = finalize(context, &setup, &jobs, !callbacks.is_empty(), &mut flow);
    if let Some(changelog) = changelog {
        changelog.describe(context, &finalized, &mut flow);
    }
    if let Some(arrived) = arrived {
        follow(
            context,
            &callbacks,
            &arrived,
            "finalize-external",
            &mut flow,
        )?;
    }
    flow.finish()
}

/// The group of a run. GitHub drops a waiting run for a newer one of its group, and only a newer
/// push has everything that a waiting push has.
fn group(context: &Context<'_>) -> Value {
    let event = Expr::github("event_name");
    let group = template![context.group("orchestrate"), "-", event];
    let group = match context.component.workflow_run {
        // Nor does a run that failed, or one of a fork, have what a run that succeeded has.
        Some(_) => template![
            group,
            "-",
            Expr::github("event.workflow_run.conclusion"),
            "-",
            Expr::github("event.workflow_run.head_repository.id")
        ],
        None => group,
    };
    unless_dry(group, Expr::input("dry_run"))
}

/// Deploys to the first environment, where there is one and something is deployed.
fn deploy(
    context: &Context<'_>,
    setup: &Setup,
    (when, results): (impl Iterator<Item = Expr>, Option<Value>),
    flow: &mut WorkflowBuilder,
) -> Option<JobHandle> {
    let component = context.component;
    let environment = component
        .first_environment()
        .filter(|_| !component.deploys.is_empty())?;
    let mut conditions = vec![Expr::not_cancelled(), setup.goes_on()];
    conditions.push(setup.deploys.expr().differs(""));
    conditions.extend(when);
    let call = DeployCall {
        context,
        environment,
        operation: Operation::Orchestrate,
        id: job::deploy(environment.name.as_str()),
        title: format!("Deploy to {}", environment.name),
        when: Expr::all(conditions),
        plan: setup.plan.expr().into(),
        results,
        dispatch: setup.dispatch.expr().into(),
        dry_run: setup.is_dry(),
    };
    Some(call.add_approved(flow))
}

fn setup(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Setup {
    let started = Started::by_a_run(context);
    let sources: Vec<&PullSource> = context.component.pulled_by_runs().collect();
    let resolved = pull::resolve(context, &sources, &started, flow);
    let mut job = context.job(job::SETUP, "Setup").permissions(&reading());
    // A producer that cannot be asked does not keep anything from being delivered.
    let goes_on = (!resolved.is_empty()).then(Expr::not_cancelled);
    let conditions: Vec<Expr> = goes_on
        .into_iter()
        .chain(started.condition(context))
        .collect();
    if !conditions.is_empty() {
        job = job.when(Expr::all(conditions));
    }
    context.begin_on_commit(&mut job, History::Full);
    let plan = command(
        "Decide what runs",
        script!("cascade orchestrate setup --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    let plan = match started.follows {
        true => plan.env(
            variable::HEAD_SHA,
            Expr::github("event.workflow_run.head_sha"),
        ),
        false => plan,
    };
    let plan = job.step_as("plan", needs(plan, &resolved));
    let mut output = |name: &str| job.output(name, plan.output(name));
    let writes = context.component.changelog.workflow.is_some();
    Setup {
        changelog: writes.then(|| output(CHANGELOG)),
        run: output("run"),
        sha: output("sha"),
        version: output("version"),
        plan: output("plan"),
        recorded: output("recorded"),
        validate: output("validate"),
        builds: output("builds"),
        deploys: output("deploys"),
        dispatch: output("dispatch"),
        dry_run: output("dry_run"),
        job: flow.add(job),
    }
}

fn building<'a>(context: &'a Context<'a>, setup: &Setup) -> Building<'a> {
    let first = context.component.first_environment();
    Building {
        context,
        job: setup.job.clone(),
        goes_on: setup.goes_on(),
        sha: setup.sha.expr(),
        version: setup.version.expr(),
        recorded: setup.recorded.clone(),
        selected: setup.builds.expr(),
        environment: first
            .map_or("", |environment| environment.name.as_str())
            .into(),
        dispatch: setup.dispatch.expr(),
        dry_run: setup.dry_run.expr(),
    }
}

fn validate(
    building: &Building<'_>,
    setup: &Setup,
    flow: &mut WorkflowBuilder,
) -> Result<Option<Attempts>, WorkflowError> {
    let Some(callback) = &building.context.component.validate else {
        return Ok(None);
    };
    let selected = setup.validate.expr().equals("true");
    let calling = Calling {
        id: job::VALIDATE.to_owned(),
        title: "Validate".to_owned(),
        callback,
        when: building.when_wet(callback, vec![setup.goes_on(), selected]),
        with: building.inputs(callback, &Added::new())?,
        matrix: None,
        lock: None,
        after: vec![setup.job.clone()],
    };
    Ok(Some(calling.add(flow)))
}

fn finalize(
    context: &Context<'_>,
    setup: &Setup,
    jobs: &Jobs,
    updates: bool,
    flow: &mut WorkflowBuilder,
) -> (JobHandle, Option<Arrived>) {
    let permissions = context.releasing("state, tags and the draft release");
    let mut job = context
        .job(job::FINALIZE, "Finalize")
        .permissions(&permissions)
        .when(Expr::all([
            Expr::always(),
            setup.job.succeeded(),
            setup.goes_on(),
        ]));
    context.begin_on_commit(&mut job, History::Full);
    context.fetch_release_files(&mut job);
    let step = command(
        "Record, tag and draft",
        script!("cascade orchestrate finalize --commit-push --gha-output"),
    );
    let step = context
        .with_tokens(&mut job, step, &[])
        .env(variable::PLAN, setup.plan.expr());
    let step = match &context.component.notify {
        Some(notify) => step.env(variable::NOTIFY_TOKEN, Expr::secret(notify.token.as_str())),
        None => step,
    };
    let step = results(needs(step, &jobs.built), &jobs.deployed);
    if !updates {
        job.step(step);
        return (flow.add(job), None);
    }
    let step = job.step_as("finalize", step);
    let deploys = job.output("deploys", step.output("deploys"));
    let job = flow.add(job);
    let arrived = Arrived {
        job: job.clone(),
        deploys,
        failed: None,
    };
    (job, Some(arrived))
}
