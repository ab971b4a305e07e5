//! `cascade-board.yaml`: the page with the status is written on a schedule and after each operation.
//!
//! It follows the operations by `workflow_run`, which runs the trunk's copy with rights of its own
//! (GitHub's documentation, "Events that trigger workflows"; "Secure use reference"). So it reads
//! nothing of the run that it follows: it checks out the trunk, and what it shows comes from the
//! state, from git and from GitHub's API.
//!
//! Pages are published as GitHub's documentation says ("Using custom workflows with GitHub Pages"):
//! one artifact, and a job with `pages: write` and `id-token: write` in the environment
//! `github-pages`.

use super::build_cascade;
use super::context::{Context, History, command, reading};
use crate::actions::{
    Concurrency, Environment, Expr, Input, JobHandle, Permissions, Scope, Step, StepsJob, Triggers,
    Value, Workflow, WorkflowBuilder, WorkflowError, WorkflowRun,
};
use crate::manifest::RunActivity;
use crate::pipeline::{Board, Component};
use crate::protocol::{job, variable};
use crate::{script, template};

/// Every morning: what waits grows older without any run.
const MORNING: &str = "17 4 * * *";
const NO_INPUTS: [(&str, Input); 0] = [];
/// The name of GitHub's own environment for pages.
const ENVIRONMENT: &str = "github-pages";
/// The titles of the workflows of a component whose runs change what the page shows, by their files.
const OPERATIONS: [(&str, &str); 6] = [
    ("orchestrate", "Orchestrate"),
    ("promote", "Promote"),
    ("cascade-hotfix", "Hotfix"),
    ("cascade-rollback", "Rollback"),
    ("external-update", "External update"),
    ("cascade-poll", "Poll"),
];
/// The same of a fork's upkeep.
const INTEGRATION: [&str; 3] = ["Sync", "Integrate", "Monitor"];

/// Generates the workflow.
pub(super) fn generate(
    context: &Context<'_>,
    components: &[Component],
    board: &Board,
) -> Result<Workflow, WorkflowError> {
    let followed = WorkflowRun::new(followed(context, components))
        .types([RunActivity::Completed.as_str()])
        .branches([super::triggers::literal(context.settings.trunk.as_str())]);
    let triggers = Triggers::new()
        .schedule([MORNING])
        .workflow_run(followed)
        .dispatch(NO_INPUTS);
    let flow = Workflow::build("Board", triggers);
    // Of runs that wait, the last one shows everything.
    let mut flow = context
        .begin_file(flow)
        .concurrency(Concurrency::group("cascade-board"));
    let when = context.not_in_a_fork(&["schedule"]);
    let built = build_cascade::from_trunk(context, when.clone(), &mut flow);
    let context = &context.with_built(built.as_ref());
    let written = write(context, board, when, &mut flow);
    if board.pages {
        publish(context, &written, &mut flow);
    }
    flow.finish()
}

/// Returns the titles of every workflow that is followed.
fn followed(context: &Context<'_>, components: &[Component]) -> Vec<String> {
    let of_components = components.iter().flat_map(|component| {
        let own = Context {
            component,
            ..*context
        };
        let generated = super::generators(context.settings, component).into_iter();
        let titles = generated.filter_map(|(stem, _)| {
            let mut known = OPERATIONS.iter();
            let (_, title) = known.find(|(file, _)| *file == stem)?;
            Some(own.title(title))
        });
        titles.collect::<Vec<_>>()
    });
    let upkeep = context.settings.integration.iter();
    let upkeep = upkeep.flat_map(|_| INTEGRATION.map(str::to_owned));
    of_components.chain(upkeep).collect()
}

fn folder() -> Value {
    template![Expr::runner("temp"), "/cascade-board"]
}

fn write(
    context: &Context<'_>,
    board: &Board,
    when: Option<Expr>,
    flow: &mut WorkflowBuilder,
) -> JobHandle {
    let permissions = reading().read(Scope::PullRequests).read(Scope::Issues);
    let mut job = context
        .job(job::BOARD, "Write the page")
        .permissions(&permissions);
    if let Some(when) = when {
        job = job.when(when);
    }
    // Metrics read each version of the state: one by one they would be fetched for long.
    context.begin_on_trunk_with_files(&mut job, History::Full);
    let step = command("Write the page", script!("cascade status --gha-output"))
        .env(variable::CASCADE_BOARD, folder())
        .env(variable::GITHUB_TOKEN, Expr::token());
    job.step(step);
    hand_over(context, board, &mut job);
    flow.add(job)
}

fn hand_over(context: &Context<'_>, board: &Board, job: &mut StepsJob) {
    let name = "Hand over the page";
    job.step(match board.pages {
        true => Step::uses(context.action("actions/upload-pages-artifact"))
            .name(name)
            .with("path", folder()),
        false => Step::uses(context.action("actions/upload-artifact"))
            .name(name)
            .with("name", "cascade-board")
            .with("path", folder())
            .with("if-no-files-found", "error"),
    });
}

/// Adds the job that publishes the page. It checks out nothing, and runs nothing of the repository.
fn publish(context: &Context<'_>, written: &JobHandle, flow: &mut WorkflowBuilder) {
    let permissions = Permissions::none()
        .write(Scope::Pages, "the page is published")
        .write(Scope::IdToken, "GitHub Pages asks where the page is from");
    let mut job = context
        .job(job::PAGES, "Publish the page")
        .permissions(&permissions)
        .needs(written);
    let configure = Step::uses(context.action("actions/configure-pages"));
    job.step(configure.name("Look whether Pages are set up"));
    let deploy = Step::uses(context.action("actions/deploy-pages"));
    let deployed = job.step_as("deployment", deploy.name("Publish the page"));
    let environment = Environment::new(ENVIRONMENT).url(deployed.output("page_url"));
    flow.add(job.environment(environment));
}
