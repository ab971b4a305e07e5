//! `promote.yaml`: one artifact through the environments, and releases.

mod publish;

use super::build_cascade;
use super::cascade_deploy;
use super::changelog::Written;
use super::context::{Context, History, command, reading, results, unless_dry};
use super::deploy_call::DeployCall;
use super::triggers::dry_run;
use crate::actions::{
    Concurrency, Expr, Input, JobHandle, OutputHandle, Scope, Triggers, Workflow, WorkflowBuilder,
    WorkflowError,
};
use crate::lifecycle::Operation;
use crate::pipeline::{Component, Environment};
use crate::protocol::job;
use crate::protocol::output::CHANGELOG;
use crate::protocol::variable;
use crate::script;

/// The outputs of `setup`.
struct Setup {
    job: JobHandle,
    proceed: OutputHandle,
    plan: OutputHandle,
    release: OutputHandle,
    publish: OutputHandle,
    independent: OutputHandle,
    /// The versions that a changelog is about, where a callback writes it.
    changelog: Option<OutputHandle>,
    stages: Vec<Stage>,
}

/// One environment above the first, and what moves into it.
struct Stage {
    environment: Environment,
    plan: OutputHandle,
}

/// The jobs before the last one.
#[derive(Default)]
struct Jobs {
    /// Those whose results are read.
    told: Vec<JobHandle>,
    restoring: Vec<JobHandle>,
}

/// The promotion step below another one.
struct Below {
    /// A condition that it came to its end.
    done: Expr,
    /// A condition that nothing moves there.
    stays: Expr,
}

impl Setup {
    fn goes_on(&self) -> Expr {
        self.proceed.expr().equals("true")
    }

    fn releases(&self) -> Expr {
        self.release.expr().differs("")
    }
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(
        context.title("Promote"),
        Triggers::new().dispatch(dispatch(context.component)),
    );
    let group = unless_dry(context.group("promote"), Expr::input("dry_run"));
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group(group).queue_all());
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let setup = setup(context, &mut flow);
    let mut jobs = Jobs::default();
    // The first environment is no stage.
    let published = context.component.published_before() - 1;
    let mut below: Option<Below> = None;
    if setup.stages.is_empty() {
        release(context, &setup, None, &mut jobs, &mut flow)?;
    }
    for (place, stage) in setup.stages.iter().enumerate() {
        if place == published {
            let released = release(context, &setup, below.as_ref(), &mut jobs, &mut flow)?;
            below = Some(Below {
                done: released.succeeded(),
                stays: setup.release.expr().equals(""),
            });
        }
        if context.component.deploys_anything() {
            let job = deploy(context, &setup, stage, below.as_ref(), &mut flow);
            restore(context, &setup, stage, &job, &mut jobs, &mut flow)?;
            below = Some(Below {
                // The job itself is red, too, when a retry rescued a deploy, or a failure may be.
                done: job.output(cascade_deploy::ADVANCED)?.expr().equals("true"),
                stays: stage.plan.expr().equals(""),
            });
        }
    }
    finalize(context, &setup, &jobs, &mut flow);
    flow.finish()
}

fn dispatch(component: &Component) -> Vec<(&'static str, Input)> {
    let mut inputs = Vec::new();
    let names: Vec<&str> = component
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let flag = |text: &str| Input::boolean().default(false).description(text);
    if names.len() > 1 {
        let mut modes = vec!["default".to_owned()];
        for (place, from) in names.iter().enumerate() {
            modes.extend(
                names[place + 1..]
                    .iter()
                    .map(|to| format!("{from}-to-{to}")),
            );
        }
        let published = &names[component.published_before()..];
        modes.extend(published.iter().map(|to| format!("release-to-{to}")));
        let mode = Input::choice(modes).default("default");
        inputs.push((
            "mode",
            mode.description("What moves: every stage by one step, or one artifact up to a stage"),
        ));
        let deploys = Input::string()
            .default("")
            .description("Only these deploys, separated by commas");
        inputs.push(("deploys", deploys));
    }
    inputs.push(("force", flag("Override gates that allow it")));
    inputs.push(("allow_breaking_changes", flag("Release breaking changes")));
    inputs.push(("allow_downgrade", flag("Move to a lower version")));
    if names.len() > 1 {
        let restore = Input::boolean()
            .default(true)
            .description("When a deploy of a stage fails, restore those that succeeded");
        inputs.push(("rollback_on_failure", restore));
    }
    if component.train().is_some() {
        let train = Input::boolean().default(true);
        inputs.push((
            "train",
            train.description("Promote the linked components, too"),
        ));
    }
    inputs.push(("dry_run", dry_run()));
    inputs
}

fn setup(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Setup {
    let permissions = reading().read(Scope::PullRequests);
    let mut job = context.job(job::SETUP, "Setup").permissions(&permissions);
    context.begin_on_commit(&mut job, History::Full);
    let step = command(
        "Decide what moves",
        script!("cascade promote preflight --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    let step = job.step_as("plan", step);
    let mut output = |name: String| job.output(name.as_str(), step.output(&name));
    let [proceed, plan, release, publish, independent] =
        ["can_proceed", "plan", "release", "publish", "independent"]
            .map(|name| output(name.to_owned()));
    let writes = context.component.changelog.workflow.is_some();
    let changelog = writes.then(|| output(CHANGELOG.to_owned()));
    let mut stages = Vec::new();
    for environment in context.component.environments.iter().skip(1) {
        let name = &environment.name;
        stages.push(Stage {
            environment: environment.clone(),
            plan: output(format!("plan-{name}")),
        });
    }
    let job = flow.add(job);
    Setup {
        job,
        proceed,
        plan,
        release,
        publish,
        independent,
        changelog,
        stages,
    }
}

/// Returns a condition that the step below succeeded, did not move, or does not matter.
fn below_is_done(setup: &Setup, below: Option<&Below>) -> Option<Expr> {
    let Below { done, stays } = below?;
    let independent = setup.independent.expr().equals("true");
    Some(Expr::any([done.clone(), stays.clone(), independent]))
}

fn deploy(
    context: &Context<'_>,
    setup: &Setup,
    stage: &Stage,
    below: Option<&Below>,
    flow: &mut WorkflowBuilder,
) -> JobHandle {
    let mut conditions = vec![
        Expr::not_cancelled(),
        setup.goes_on(),
        stage.plan.expr().differs(""),
    ];
    conditions.extend(below_is_done(setup, below));
    let name = &stage.environment.name;
    let call = DeployCall {
        context,
        environment: &stage.environment,
        operation: Operation::Promote,
        id: job::deploy(name.as_str()),
        title: format!("Deploy to {name}"),
        when: Expr::all(conditions),
        plan: stage.plan.expr().into(),
        results: None,
        dispatch: super::triggers::dispatch_defaults(context.component).into(),
        dry_run: Expr::input("dry_run"),
    };
    call.add_approved(flow)
}

/// Redeploys what a failed stage had replaced.
fn restore(
    context: &Context<'_>,
    setup: &Setup,
    stage: &Stage,
    deployed: &JobHandle,
    jobs: &mut Jobs,
    flow: &mut WorkflowBuilder,
) -> Result<(), WorkflowError> {
    let name = &stage.environment.name;
    let plan = deployed.output(cascade_deploy::RESTORE)?.expr();
    let call = DeployCall {
        context,
        environment: &stage.environment,
        operation: Operation::Restore,
        id: job::restore(name.as_str()),
        title: format!("Restore {name}"),
        when: Expr::all([Expr::always(), setup.goes_on(), plan.clone().differs("")]),
        plan: plan.into(),
        results: None,
        dispatch: super::triggers::dispatch_defaults(context.component).into(),
        dry_run: Expr::input("dry_run"),
    };
    jobs.told.push(deployed.clone());
    // Nobody is asked: what is restored was approved when it was deployed.
    jobs.restoring.push(call.add(flow));
    Ok(())
}

/// Publishes the release, between the prerelease environment and the last one.
fn release(
    context: &Context<'_>,
    setup: &Setup,
    below: Option<&Below>,
    jobs: &mut Jobs,
    flow: &mut WorkflowBuilder,
) -> Result<JobHandle, WorkflowError> {
    let hands_over = context.component.release_build.workflow.is_some();
    let more: &[Scope] = if hands_over { &[Scope::Actions] } else { &[] };
    let starts = "the release workflow is dispatched";
    let token = context.settings.release_token();
    let permissions = more.iter().fold(
        context.releasing("state, tags and releases"),
        |permissions, scope| permissions.union(&context.writing_also(token, *scope, starts)),
    );
    let mut conditions = vec![Expr::not_cancelled(), setup.goes_on(), setup.releases()];
    conditions.extend(below_is_done(setup, below));
    // What is published says what is in it, or is not published.
    let about = (&setup.job, setup.changelog.as_ref());
    let changelog = Written::add(context, about, conditions.clone(), flow)?;
    conditions.extend(
        changelog
            .as_ref()
            .map(|changelog| Expr::any([changelog.succeeded(), Expr::input("dry_run")])),
    );
    let group = format!("cascade-release{}", context.component.group_suffix());
    let group = unless_dry(group, Expr::input("dry_run"));
    let mut job = context
        .job(job::RELEASE, "Release")
        .permissions(&permissions)
        .when(Expr::all(conditions))
        .concurrency(Concurrency::group(group).queue_all());
    context.begin_on_commit(&mut job, History::Full);
    let step = command(
        "Publish the release",
        script!("cascade promote release --commit-push --gha-output"),
    );
    let step = context.reporting(step);
    let step = match &changelog {
        Some(changelog) => changelog.told(step),
        None => step,
    };
    let step = context
        .with_tokens(&mut job, step, more)
        .env(variable::PLAN, setup.plan.expr())
        .env(variable::DRY_RUN, Expr::input("dry_run"));
    job.step(step);
    let job = flow.add(job);
    jobs.told.push(job.clone());
    let published = publish::publish(context, setup, &job, flow)?;
    let published = published.into_iter().flat_map(|attempts| attempts.jobs);
    jobs.told.extend(published);
    Ok(job)
}

fn finalize(context: &Context<'_>, setup: &Setup, jobs: &Jobs, flow: &mut WorkflowBuilder) {
    let token = context.settings.release_token();
    let linked = context.component.train().is_some();
    let more: &[Scope] = if linked { &[Scope::Actions] } else { &[] };
    let permissions = more.iter().fold(
        context.releasing("state, tags and releases"),
        |permissions, scope| {
            let starts = "linked components are promoted";
            permissions.union(&context.writing_also(token, *scope, starts))
        },
    );
    let mut job = context
        .job(job::FINALIZE, "Finalize")
        .permissions(&permissions)
        .needs_all(&jobs.restoring)
        .when(Expr::all([
            Expr::always(),
            setup.job.succeeded(),
            setup.goes_on(),
        ]));
    context.begin_on_commit(&mut job, History::Full);
    let step = command(
        "Record, tidy tags, summarise",
        script!("cascade promote finalize --commit-push --gha-output"),
    );
    let step = context
        .with_tokens(&mut job, step, more)
        .env(variable::PLAN, setup.plan.expr())
        .env(variable::DRY_RUN, Expr::input("dry_run"));
    let inputs = Expr::to_json(Expr::github("event.inputs"));
    let step = match linked {
        true => step.env(variable::DISPATCH, inputs),
        false => step,
    };
    job.step(results(step, &jobs.told));
    flow.add(job);
}
