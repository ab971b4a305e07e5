//! `orchestrate.yaml`: trunk to the first environment.

use super::calls::{Added, Attempts, Calling};
use super::context::{Context, History, job_id, needs, reading, verb};
use super::deploy_call::DeployCall;
use super::external_update::{Arrived, follow};
use super::inputs::{self, Sources};
use super::order::by_dependency;
use super::pull;
use super::triggers::{self, Started};
use crate::pipeline::{
    Build, Callback, CallbackKind, ExternalField, MatrixBlock, PullSource, StandardInput,
};
use crate::script;
use crate::workflow::{
    Axis, Concurrency, Expr, JobHandle, OutputHandle, Permissions, Scope, Step, Strategy, Value,
    Workflow, WorkflowBuilder, WorkflowError,
};

/// What `setup` decides.
struct Setup {
    job: JobHandle,
    run: OutputHandle,
    sha: OutputHandle,
    version: OutputHandle,
    plan: OutputHandle,
    validate: OutputHandle,
    builds: OutputHandle,
    deploys: OutputHandle,
    dispatch: OutputHandle,
    dry_run: OutputHandle,
}

impl Setup {
    fn goes_on(&self) -> Expr {
        self.run.expr().equals("true")
    }

    fn is_dry(&self) -> Expr {
        self.dry_run.expr().equals("true")
    }
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let lane = context.lane;
    let flow = Workflow::build(
        title("Orchestrate", context),
        triggers::orchestrate(context),
    );
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group(context.group("orchestrate")?));
    let setup = setup(context, &mut flow);
    let validate = validate(context, &setup, &mut flow)?;
    let mut built = Added::new();
    for build in by_dependency(&lane.builds, |build| &build.callback, CallbackKind::Build) {
        let attempts = add_build(context, build, &setup, validate.as_ref(), &built, &mut flow)?;
        built.insert(build.callback.name.clone(), attempts);
    }
    let mut jobs: Vec<JobHandle> = vec![setup.job.clone()];
    jobs.extend(
        validate
            .iter()
            .chain(built.values())
            .flat_map(|attempts| attempts.jobs.clone()),
    );
    let (plan, deploys, builds) = artifacts(context, &setup, &mut jobs, &built, &mut flow);
    let mut conditions = vec![Expr::not_cancelled(), setup.goes_on()];
    conditions.extend(validate.as_ref().map(|validate| {
        validate.lets_go_on(setup.validate.expr().differs("true"), setup.is_dry())
    }));
    conditions.push(deploys.expr().differs(""));
    if let Some(environment) = lane
        .first_environment()
        .filter(|_| !lane.deploys.is_empty())
    {
        let call = DeployCall {
            context,
            environment,
            lane: "orchestrate",
            id: job_id(CallbackKind::Deploy, &environment.name),
            title: format!("Deploy to {}", environment.name),
            when: Expr::all(conditions),
            plan: plan.expr().into(),
            deploys: deploys.expr().into(),
            builds: builds.map_or_else(|| "{}".into(), |builds| builds.expr().into()),
            dispatch: setup.dispatch.expr().into(),
            dry_run: setup.is_dry().into(),
        };
        jobs.push(flow.add(call.job()));
    }
    let callbacks: Vec<&Callback> = context
        .lane
        .pulled_by_runs()
        .flat_map(|source| &source.deploys)
        .filter_map(|deploy| deploy.on_update.as_ref())
        .collect();
    let arrived = finalize(context, &setup, &jobs, !callbacks.is_empty(), &mut flow);
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

/// The title of a workflow, with the component's name where there is one.
pub(super) fn title(name: &str, context: &Context<'_>) -> String {
    match &context.lane.component {
        Some(component) => format!("{name} {}", component.name),
        None => name.to_owned(),
    }
}

fn setup(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Setup {
    let started = Started::by_a_run(context);
    let sources: Vec<&PullSource> = context.lane.pulled_by_runs().collect();
    let resolved = pull::resolve(context, &sources, &started, flow);
    let mut job = context.job("setup", "Setup").permissions(&reading());
    // A center that cannot be asked does not keep anything from being delivered.
    let goes_on = (!resolved.is_empty()).then(Expr::not_cancelled);
    let conditions: Vec<Expr> = goes_on.into_iter().chain(started.outside_forks()).collect();
    if !conditions.is_empty() {
        job = job.when(Expr::all(conditions));
    }
    context.begin(&mut job, History::Full);
    let plan = verb(
        "Decide what runs",
        script!("cascade orchestrate setup --gha-output"),
    )
    .env("DISPATCH", Expr::to_json(Expr::github("event.inputs")));
    let plan = job.step_as("plan", needs(plan, &resolved));
    let mut output = |name: &str| job.output(name, plan.output(name));
    let outputs = [
        "run", "sha", "version", "plan", "validate", "builds", "deploys", "dispatch", "dry_run",
    ]
    .map(&mut output);
    let job = flow.add(job);
    let [
        run,
        sha,
        version,
        plan,
        validate,
        builds,
        deploys,
        dispatch,
        dry_run,
    ] = outputs;
    Setup {
        job,
        run,
        sha,
        version,
        plan,
        validate,
        builds,
        deploys,
        dispatch,
        dry_run,
    }
}

fn validate(
    context: &Context<'_>,
    setup: &Setup,
    flow: &mut WorkflowBuilder,
) -> Result<Option<Attempts>, WorkflowError> {
    let Some(callback) = &context.lane.validate else {
        return Ok(None);
    };
    let selected = setup.validate.expr().equals("true");
    let when = when_wet(callback, setup, vec![setup.goes_on(), selected]);
    let with = inputs::render(
        callback,
        context.lane,
        &Orchestrated {
            context,
            setup,
            built: &Added::new(),
        },
    )?;
    let calling = Calling {
        id: "validate".to_owned(),
        title: "Validate".to_owned(),
        callback,
        when,
        with,
        matrix: None,
        after: vec![setup.job.clone()],
    };
    Ok(Some(calling.add(flow)))
}

/// The condition of a callback: a dry run calls those only that understand it.
fn when_wet(callback: &Callback, setup: &Setup, mut conditions: Vec<Expr>) -> Expr {
    if !callback.supports_dry_run {
        conditions.push(setup.dry_run.expr().differs("true"));
    }
    Expr::all(conditions)
}

fn add_build(
    context: &Context<'_>,
    build: &Build,
    setup: &Setup,
    validate: Option<&Attempts>,
    built: &Added,
    flow: &mut WorkflowBuilder,
) -> Result<Attempts, WorkflowError> {
    let callback = &build.callback;
    let selected = |name: &str| Expr::contains(Expr::from_json(setup.builds.expr()), name);
    let mut conditions = vec![
        Expr::not_cancelled(),
        setup.goes_on(),
        selected(callback.name.as_str()),
    ];
    if let Some(validate) = validate {
        conditions.push(validate.lets_go_on(setup.validate.expr().differs("true"), setup.is_dry()));
    }
    let mut after = vec![setup.job.clone()];
    for dependency in &callback.dependencies {
        let Some(producer) = built.get(&dependency.name) else {
            continue;
        };
        after.extend(producer.jobs.iter().cloned());
        if dependency.hard {
            conditions
                .push(producer.lets_go_on(!selected(dependency.name.as_str()), setup.is_dry()));
        }
    }
    let with = inputs::render(
        callback,
        context.lane,
        &Orchestrated {
            context,
            setup,
            built,
        },
    )?;
    let calling = Calling {
        id: job_id(CallbackKind::Build, &callback.name),
        title: format!("Build {}", callback.name),
        callback,
        when: when_wet(callback, setup, conditions),
        with,
        matrix: build.matrix.as_ref().map(matrix),
        after,
    };
    Ok(calling.add(flow))
}

fn matrix(block: &MatrixBlock) -> Strategy {
    let axes = block.dimensions.iter().map(|(name, values)| {
        let values = values.iter().map(|value| match value {
            crate::pipeline::Scalar::Bool(value) => Value::from(*value),
            crate::pipeline::Scalar::Int(value) => Value::from(*value),
            scalar => Value::from(scalar.text()),
        });
        (name.as_str(), Axis::list(values))
    });
    let mut strategy = Strategy::matrix(axes);
    if let Some(stop) = block.fail_fast {
        strategy = strategy.fail_fast(stop);
    }
    match block
        .max_parallel
        .and_then(|jobs| u32::try_from(jobs.get()).ok())
    {
        Some(jobs) => strategy.max_parallel(jobs),
        None => strategy,
    }
}

/// Merges fresh and recorded outputs of builds, and narrows the deploys to those that can run.
fn artifacts(
    context: &Context<'_>,
    setup: &Setup,
    jobs: &mut Vec<JobHandle>,
    built: &Added,
    flow: &mut WorkflowBuilder,
) -> (OutputHandle, OutputHandle, Option<OutputHandle>) {
    if built.is_empty() || context.lane.deploys.is_empty() {
        return (setup.plan.clone(), setup.deploys.clone(), None);
    }
    let mut job = context
        .job("artifacts", "Artifacts")
        .permissions(&reading())
        .when(Expr::not_cancelled().and(setup.goes_on()));
    context.begin_on_trunk(&mut job, History::Shallow);
    let step = verb(
        "Collect what was built",
        script!("cascade orchestrate artifacts --gha-output"),
    )
    .env("PLAN", setup.plan.expr());
    let step = job.step_as("artifacts", needs(step, jobs.iter()));
    let plan = job.output("plan", step.output("plan"));
    let deploys = job.output("deploys", step.output("deploys"));
    let builds = job.output("builds", step.output("builds"));
    jobs.push(flow.add(job));
    (plan, deploys, Some(builds))
}

fn finalize(
    context: &Context<'_>,
    setup: &Setup,
    jobs: &[JobHandle],
    updates: bool,
    flow: &mut WorkflowBuilder,
) -> Option<Arrived> {
    let mut permissions = context.releasing("state, tags and the draft release");
    if context.lane.deployments.is_some() {
        permissions =
            permissions.union(&Permissions::none().write(Scope::Deployments, "deployment records"));
    }
    let mut job = context
        .job("finalize", "Finalize")
        .permissions(&permissions)
        .when(Expr::all([
            Expr::always(),
            setup.job.succeeded(),
            setup.goes_on(),
        ]));
    context.begin_on_trunk(&mut job, History::Full);
    if context
        .lane
        .builds
        .iter()
        .any(|build| !build.artifacts.is_empty())
    {
        let download = Step::uses(context.action("actions/download-artifact"))
            .name("Fetch release files")
            .with("path", ".cascade/artifacts");
        job.step(download);
    }
    let step = verb(
        "Record, tag and draft",
        script!("cascade orchestrate finalize --commit-push --gha-output"),
    );
    let step = context
        .with_tokens(&mut job, step)
        .env("PLAN", setup.plan.expr());
    let step = match &context.lane.notify {
        Some(notify) => step.env("NOTIFY_TOKEN", Expr::secret(&notify.token())),
        None => step,
    };
    let step = needs(step, jobs);
    if !updates {
        job.step(step);
        flow.add(job);
        return None;
    }
    let step = job.step_as("finalize", step);
    let deploys = job.output("deploys", step.output("deploys"));
    let job = flow.add(job);
    Some(Arrived {
        job,
        deploys,
        failed: None,
    })
}

/// Where values come from in this workflow.
struct Orchestrated<'a> {
    context: &'a Context<'a>,
    setup: &'a Setup,
    built: &'a Added,
}

impl Sources for Orchestrated<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::Environment => {
                let first = self.context.lane.first_environment();
                first.map_or_else(|| "".into(), |environment| environment.name.as_str().into())
            }
            StandardInput::Sha => self.setup.sha.expr().into(),
            StandardInput::Version => self.setup.version.expr().into(),
            StandardInput::DryRun => self.dry_run().into(),
            _ => "".into(),
        }
    }

    fn output(&self, _: CallbackKind, name: &str, output: &str) -> Result<Expr, WorkflowError> {
        let producer = self.built.get(name);
        let fresh = producer
            .map(|attempts| attempts.output(output))
            .transpose()?;
        let recorded = Expr::from_json(self.setup.plan.expr())
            .get("builds")
            .get(name)
            .get("tags")
            .get(output);
        Ok(fresh.map_or(recorded.clone(), |fresh| fresh.or(recorded)))
    }

    fn external(&self, name: &str, field: ExternalField) -> Expr {
        Expr::from_json(self.setup.plan.expr())
            .get("external")
            .get(name)
            .get(field.as_str())
    }

    fn dispatch(&self) -> Expr {
        self.setup.dispatch.expr()
    }

    fn dry_run(&self) -> Expr {
        self.setup.is_dry()
    }

    fn environment(&self) -> Expr {
        let first = self.context.lane.first_environment();
        first
            .map_or("", |environment| environment.name.as_str())
            .into()
    }
}
