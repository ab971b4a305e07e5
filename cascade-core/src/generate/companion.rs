//! `cascade-drift-comment.yaml` and `cascade-pr-comment.yaml`: what a check of a pull request found
//! becomes one comment.
//!
//! The check runs the code of the pull request, so it may only read. Its companion may comment, so it
//! runs nothing of the pull request: it is on the trunk, as `workflow_run` starts it there, and it
//! takes a report from the check, which `pull_request` of this crate reads as hostile. Each check has a
//! companion of its own, since each is switched on alone and GitHub follows workflows by name.
//!
//! Sources: GitHub's documentation, "Events that trigger workflows", `workflow_run`; "Secure use
//! reference"; "Webhook events and payloads", `workflow_run`: `pull_requests` is empty where the head
//! is in a fork, and a run of a pull request has the head's commit, branch and repository.

use super::build_cascade;
use super::context::{Command, Context, History, command, reading};
use crate::actions::{
    Concurrency, Expr, Scope, Script, Step, StepsJob, Triggers, Value, Workflow, WorkflowBuilder,
    WorkflowError, WorkflowRun,
};
use crate::manifest::RunActivity;
use crate::protocol::{job, variable};
use crate::pull_request::Kind;
use crate::{script, template};

/// The folder of reports on a runner: outside of the checkout, which the pull request fills.
pub(super) fn folder() -> Value {
    template![Expr::runner("temp"), "/cascade-report"]
}

/// Adds the step that hands the report of a check to its companion.
pub(super) fn hand_over(context: &Context<'_>, kind: Kind, job: &mut StepsJob) {
    let path = template![folder(), "/", kind.file()];
    let upload = Step::uses(context.action("actions/upload-artifact"))
        .name("Hand the result to the companion")
        .when(Expr::not_cancelled())
        .with("name", kind.artifact())
        .with("path", path)
        .with("if-no-files-found", "ignore")
        .with("retention-days", 1)
        .with("overwrite", true);
    job.step(upload);
}

/// Generates the companion that comments what the drift check found.
pub(super) fn drift(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let comment = script!("cascade pull-request comment drift --gha-output");
    generate(
        context,
        Kind::Drift,
        ("Drift comment", "drift-comment"),
        comment,
    )
}

/// Generates the companion that comments what a merge would do.
pub(super) fn preview(context: &Context<'_>) -> Result<Workflow, WorkflowError> {
    let comment = script!("cascade pull-request comment preview --gha-output");
    let titles = ("Preview comment", "pr-comment");
    generate(context, Kind::Preview, titles, comment)
}

fn generate(
    context: &Context<'_>,
    kind: Kind,
    titles: (&str, &str),
    comment: Script,
) -> Result<Workflow, WorkflowError> {
    let mut flow = follow(context, kind, titles);
    let when = is_followed(kind, &["success", "failure"]);
    let built = build_cascade::from_trunk(context, Some(when.clone()), &mut flow);
    let context = &context.with_built(built.as_ref());
    let permissions = reading()
        .read(Scope::Actions)
        .write(Scope::PullRequests, "the comment");
    let mut job = context
        .job(job::COMMENT, "Comment")
        .permissions(&permissions)
        .when(when);
    context.begin_on_trunk(&mut job, History::Shallow);
    job.step(report(context, kind));
    let step = command("Comment", comment).env(variable::GITHUB_TOKEN, Expr::token());
    job.step(told(step));
    flow.add(job);
    flow.finish()
}

/// Begins a workflow that follows a check. Of runs that wait for each other, those of one branch, the
/// last is the one that counts.
pub(super) fn follow(
    context: &Context<'_>,
    kind: Kind,
    (title, group): (&str, &str),
) -> WorkflowBuilder {
    let followed = WorkflowRun::new([kind.title()]).types([RunActivity::Completed.as_str()]);
    let flow = Workflow::build(title, Triggers::new().workflow_run(followed));
    let group = template![
        context.group(group),
        "-",
        of_run("head_repository.full_name"),
        "-",
        of_run("head_branch")
    ];
    context
        .begin_file(flow)
        .concurrency(Concurrency::group(group))
}

/// Tells a step which run it follows, and where its report is.
pub(super) fn told(step: Command) -> Command {
    step.env(variable::HEAD_SHA, of_run("head_sha"))
        .env(variable::HEAD_BRANCH, of_run("head_branch"))
        .env(
            variable::HEAD_REPOSITORY,
            of_run("head_repository.full_name"),
        )
        .env(variable::RUN, of_run("id"))
        .env(variable::REPORT, folder())
}

/// Fetches the report of the run. A pattern, unlike a name, may match nothing: a check that broke off
/// leaves no report.
pub(super) fn report(context: &Context<'_>, kind: Kind) -> Step {
    Step::uses(context.action("actions/download-artifact"))
        .name("Fetch the result")
        .with("pattern", kind.artifact())
        .with("merge-multiple", true)
        .with("path", folder())
        .with("run-id", of_run("id"))
        .with("github-token", Expr::token())
        .into()
}

/// The condition of a companion: the check itself ended so, and was of a pull request. Another workflow
/// may have the same name.
pub(super) fn is_followed(kind: Kind, ends: &[&str]) -> Expr {
    let file = format!(".github/workflows/{}.yaml", kind.stem());
    let ends = ends.iter();
    Expr::all([
        of_run("event").equals("pull_request"),
        Expr::starts_with(of_run("path"), file.as_str()),
        Expr::any(ends.map(|end| of_run("conclusion").equals(*end))),
    ])
}

fn of_run(field: &str) -> Expr {
    Expr::github(&format!("event.workflow_run.{field}"))
}
