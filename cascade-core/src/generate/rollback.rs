//! `cascade-rollback.yaml`: an environment back to what it ran before.

use super::build_cascade;
use super::context::{Context, History, command, reading, unless_dry};
use super::deploy_call::DeployCall;
use super::triggers::dry_run;
use crate::actions::{
    Concurrency, Expr, Input, OutputHandle, Triggers, Value, Workflow, WorkflowBuilder,
    WorkflowError,
};
use crate::lifecycle::Operation;
use crate::manifest::EventType;
use crate::protocol::job;
use crate::protocol::variable;
use crate::{script, template};

/// The outputs of `setup`.
struct Setup {
    proceed: OutputHandle,
    environment: OutputHandle,
    plan: OutputHandle,
    dry_run: OutputHandle,
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title("Rollback"), triggers(context));
    let group = Concurrency::group(group(context)).queue_all();
    let mut flow = context.begin_file(flow).concurrency(group);
    let built = build_cascade::from_commit(context, outside_forks(context), &mut flow);
    let context = &context.with_built(built.as_ref());
    let setup = setup(context, &mut flow);
    if context.component.deploys_anything() {
        for environment in context.component.environments.iter().skip(1) {
            let name = &environment.name;
            let here = setup.environment.expr().equals(name.as_str());
            let call = DeployCall {
                context,
                environment,
                operation: Operation::Rollback,
                id: job::deploy(name.as_str()),
                title: format!("Deploy to {name}"),
                when: Expr::all([
                    Expr::not_cancelled(),
                    setup.proceed.expr().equals("true"),
                    here,
                ]),
                plan: setup.plan.expr().into(),
                results: None,
                dispatch: super::triggers::dispatch_defaults(context.component).into(),
                dry_run: setup.dry_run.expr().equals("true"),
            };
            call.add_approved(&mut flow);
        }
    } else {
        record(context, &setup, &mut flow);
    }
    flow.finish()
}

/// The group of a run: one for each environment, so that the rollback of one never waits for
/// another's.
fn group(context: &Context<'_>) -> Value {
    let mut environment = Expr::input("environment");
    let mut dry = Expr::input("dry_run");
    if !context.component.rollback_events.is_empty() {
        let given = |name: &str| Expr::github(&format!("event.client_payload.{name}"));
        environment = environment.or(given("environment"));
        // A payload may have a boolean or a text there.
        dry = Expr::any([
            dry,
            given("dry_run").equals(true),
            given("dry_run").equals("true"),
        ]);
    }
    let group = template![context.group("rollback"), "-", environment];
    unless_dry(group, dry)
}

/// A fork takes no signals.
fn outside_forks(context: &Context<'_>) -> Option<Expr> {
    let signals: &[&str] = match context.component.rollback_events.is_empty() {
        true => &[],
        false => &["repository_dispatch"],
    };
    context.not_in_a_fork(signals)
}

fn triggers(context: &Context<'_>) -> Triggers {
    let component = context.component;
    let environments = component
        .environments
        .iter()
        .skip(1)
        .map(|environment| environment.name.as_str());
    let deploys = component
        .deploy_callbacks()
        .map(|callback| callback.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let only = if deploys.is_empty() {
        "Only this deploy; all if empty".to_owned()
    } else {
        format!("Only this deploy; all if empty ({deploys})")
    };
    let mut inputs = vec![
        (
            "environment",
            Input::choice(environments)
                .required()
                .description("What goes back"),
        ),
        (
            "target",
            Input::string().default("").description(
                "A version, or a commit of at least 7 characters; the previous version if empty",
            ),
        ),
        ("deployable", Input::string().default("").description(only)),
        (
            "if_version",
            Input::string()
                .default("")
                .description("Only while this version is there; any if empty"),
        ),
        ("dry_run", dry_run()),
    ];
    if component
        .deploys
        .iter()
        .any(|deploy| deploy.strategy.is_some())
    {
        let direct = Input::boolean().default(false);
        let direct = direct.description("Bypass the strategies: everybody at once");
        inputs.insert(3, ("direct", direct));
    }
    let triggers = Triggers::new().dispatch(inputs);
    if component.rollback_events.is_empty() {
        triggers
    } else {
        triggers.repository_dispatch(component.rollback_events.iter().map(EventType::as_str))
    }
}

fn setup(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Setup {
    let mut job = context.job(job::SETUP, "Setup").permissions(&reading());
    let signalled = !context.component.rollback_events.is_empty();
    if let Some(condition) = outside_forks(context) {
        job = job.when(condition);
    }
    context.begin_on_commit(&mut job, History::Full);
    let inputs = Expr::github("event.inputs");
    let dispatch = if signalled {
        Expr::github("event.client_payload").or(inputs)
    } else {
        inputs
    };
    let step = command(
        "Find the target",
        script!("cascade rollback preflight --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(variable::DISPATCH, Expr::to_json(dispatch));
    let step = match signalled && context.component.identity.is_some() {
        true => step.env(variable::SIGNAL, Expr::github("event.action")),
        false => step,
    };
    let step = job.step_as("plan", step);
    let [proceed, environment, plan, dry_run] = ["can_proceed", "environment", "plan", "dry_run"]
        .map(|name| job.output(name, step.output(name)));
    flow.add(job);
    Setup {
        proceed,
        environment,
        plan,
        dry_run,
    }
}

/// Records the rollback of an environment to which nothing is deployed.
fn record(context: &Context<'_>, setup: &Setup, flow: &mut WorkflowBuilder) {
    let token = &context.settings.state_token;
    let mut job = context
        .job(job::FINALIZE, "Finalize")
        .permissions(&context.writing(token, "state"))
        .when(setup.proceed.expr().equals("true"));
    context.begin_on_commit(&mut job, History::Full);
    let token = context.token(&mut job, "state-token", token);
    let step = command(
        "Record and summarise",
        script!("cascade rollback finalize --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(variable::PLAN, setup.plan.expr())
    .env(variable::DRY_RUN, setup.dry_run.expr());
    let step = context.signing(step);
    job.step(step);
    flow.add(job);
}
