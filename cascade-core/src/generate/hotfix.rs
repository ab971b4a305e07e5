//! `cascade-hotfix.yaml`: a fix from trunk to an environment, without the rest of trunk.

use super::build_cascade;
use super::builds::Building;
use super::context::{Context, History, WORKFLOWS, command, needs, reading, unless_dry};
use super::deploy_call::DeployCall;
use super::triggers::dry_run;
use crate::actions::{
    Concurrency, Expr, Input, JobHandle, OutputHandle, PullRequest, Scope, Triggers, Workflow,
    WorkflowBuilder, WorkflowError,
};
use crate::lifecycle::Operation;
use crate::lifecycle::hotfix::base_branch;
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The outputs of `setup`.
struct Setup {
    job: JobHandle,
    /// `open` pull requests, or `deploy` what was merged.
    action: OutputHandle,
    environment: OutputHandle,
    sha: OutputHandle,
    version: OutputHandle,
    plan: OutputHandle,
    recorded: OutputHandle,
    builds: OutputHandle,
    deploys: OutputHandle,
    dry_run: OutputHandle,
}

impl Setup {
    fn deploys(&self) -> Expr {
        self.action.expr().equals("deploy")
    }
}

/// The workflow.
pub(super) fn generate(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let flow = Workflow::build(context.title("Hotfix"), triggers(context));
    let group = unless_dry(context.group("hotfix"), Expr::input("dry_run"));
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group(group).queue_all());
    let built = build_cascade::from_trunk(context, Some(is_merged().or(is_asked_for())), &mut flow);
    let context = &context.with_built(built.as_ref());
    merged(context, &mut flow);
    let setup = setup(context, &mut flow);
    apply(context, &setup, &mut flow);
    let building = building(context, &setup);
    let builds = building.add(None, &mut flow)?;
    let built: Vec<JobHandle> = builds.values().flat_map(|each| each.jobs.clone()).collect();
    let mut before = vec![setup.job.clone()];
    if !context.component.deploys.is_empty() {
        for environment in context.component.environments.iter().skip(1) {
            let name = &environment.name;
            let here = setup.environment.expr().equals(name.as_str());
            let conditions = [
                Expr::not_cancelled(),
                setup.deploys(),
                here,
                setup.deploys.expr().differs(""),
            ];
            let call = DeployCall {
                context,
                environment,
                operation: Operation::Hotfix,
                id: job::deploy(name.as_str()),
                title: format!("Deploy to {name}"),
                when: Expr::all(conditions.into_iter().chain(building.none_aborts(&builds))),
                plan: setup.plan.expr().into(),
                results: Building::results(&built),
                dispatch: super::triggers::dispatch_defaults(context.component).into(),
                dry_run: setup.dry_run.expr().equals("true"),
            };
            before.push(call.add_approved(&mut flow));
        }
    }
    finalize(context, &setup, (&before, &built), &mut flow);
    flow.finish()
}

fn triggers(context: &Context<'_>) -> Triggers {
    let environments = context.component.environments.iter().skip(1);
    let names = environments.map(|environment| environment.name.as_str());
    let text = |description: &str| Input::string().default("").description(description);
    let component = context.component.name();
    let branches = names.clone().map(|name| base_branch(component, name));
    Triggers::new()
        .pull_request(PullRequest::new().types(["closed"]).branches(branches))
        .dispatch([
            (
                "commits",
                text(
                    "The fixes: commits on the trunk of at least 7 characters, separated by commas",
                ),
            ),
            (
                "target_env",
                Input::choice(names).description(
                    "The highest environment that gets them; each one below gets them too",
                ),
            ),
            (
                "merge_sha",
                text("Deploy this merge of a hotfix's pull request instead of opening any"),
            ),
            ("dry_run", dry_run()),
        ])
}

/// Returns the condition that a pull request was merged.
fn is_merged() -> Expr {
    let merged = Expr::github("event.pull_request.merged").equals(true);
    Expr::github("event_name")
        .equals("pull_request")
        .and(merged)
}

/// Returns the condition that the run was started with inputs.
fn is_asked_for() -> Expr {
    Expr::github("event_name").equals("workflow_dispatch")
}

/// Hands a merge over to the trunk's copy of this workflow: this one is the old branch's.
fn merged(context: &Context<'_>, flow: &mut WorkflowBuilder) {
    let permissions = reading()
        .read(Scope::PullRequests)
        .write(Scope::Actions, "the trunk's workflow is started");
    let mut job = context
        .job(job::MERGED, "Hand over to trunk")
        .permissions(&permissions)
        .when(is_merged());
    context.begin_on_trunk(&mut job, History::Shallow);
    let step = command(
        "Check the merge and start its deployment",
        script!("cascade hotfix dispatch --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(variable::NUMBER, Expr::github("event.pull_request.number"));
    job.step(step);
    flow.add(job);
}

fn setup(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Setup {
    let permissions = reading().read(Scope::PullRequests);
    let mut job = context
        .job(job::SETUP, "Setup")
        .permissions(&permissions)
        .when(is_asked_for());
    context.begin_on_commit(&mut job, History::Full);
    let step = command(
        "Decide what is opened or deployed",
        script!("cascade hotfix plan --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token())
    .env(
        variable::DISPATCH,
        Expr::to_json(Expr::github("event.inputs")),
    );
    let step = job.step_as("plan", step);
    let outputs = [
        "action",
        "environment",
        "sha",
        "version",
        "plan",
        "recorded",
        "builds",
        "deploys",
        "dry_run",
    ];
    let [
        action,
        environment,
        sha,
        version,
        plan,
        recorded,
        builds,
        deploys,
        dry_run,
    ] = outputs.map(|name| job.output(name, step.output(name)));
    let job = flow.add(job);
    Setup {
        job,
        action,
        environment,
        sha,
        version,
        plan,
        recorded,
        builds,
        deploys,
        dry_run,
    }
}

fn apply(context: &Context<'_>, setup: &Setup, flow: &mut WorkflowBuilder) {
    let token = &context.settings.state_token;
    let pulls = "the pull request and its label";
    let permissions = context
        .writing(token, "branches of the environment and of the fix")
        .union(&context.writing_also(token, Scope::PullRequests, pulls));
    let mut job = context
        .job(job::APPLY, "Open pull requests")
        .permissions(&permissions)
        .when(setup.action.expr().equals("open"));
    context.begin_with_files(&mut job, History::Full);
    let scopes = ["contents", "pull-requests", WORKFLOWS];
    let token = context.token_for(&mut job, "state-token", token, &scopes);
    let step = command(
        "Pick the fixes and open pull requests",
        script!("cascade hotfix apply --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(variable::PLAN, setup.plan.expr())
    .env(variable::DRY_RUN, setup.dry_run.expr());
    let step = context.signing(step);
    job.step(step);
    flow.add(job);
}

fn building<'a>(context: &'a Context<'a>, setup: &Setup) -> Building<'a> {
    Building {
        context,
        job: setup.job.clone(),
        goes_on: setup.deploys(),
        sha: setup.sha.expr(),
        version: setup.version.expr(),
        recorded: setup.recorded.clone(),
        selected: setup.builds.expr(),
        environment: setup.environment.expr(),
        dispatch: super::triggers::dispatch_defaults(context.component).into(),
        dry_run: setup.dry_run.expr(),
    }
}

/// Waits for all jobs, and reads how the builds ended.
fn finalize(
    context: &Context<'_>,
    setup: &Setup,
    (jobs, built): (&[JobHandle], &[JobHandle]),
    flow: &mut WorkflowBuilder,
) {
    let permissions = context.releasing("state, the tag and the release");
    let mut job = context
        .job(job::FINALIZE, "Finalize")
        .permissions(&permissions)
        .needs_all(jobs)
        .when(Expr::all([
            Expr::always(),
            setup.job.succeeded(),
            setup.deploys(),
        ]));
    context.begin_on_commit(&mut job, History::Full);
    context.fetch_release_files(&mut job);
    let step = command(
        "Record, tag and release",
        script!("cascade hotfix finalize --commit-push --gha-output"),
    );
    let step = context
        .with_tokens(&mut job, step, &[])
        .env(variable::PLAN, setup.plan.expr())
        .env(variable::DRY_RUN, setup.dry_run.expr());
    job.step(needs(step, built));
    flow.add(job);
}
