//! `cascade-reconcile-check.yaml` and `cascade-reconcile-companion.yaml`: a bot's bump of an action in a
//! generated file becomes a pin of the manifest.
//!
//! A bot's pull request has a token that reads and no secret, and may be changed by whoever can push to
//! its branch, so the check finds the new pins and its companion adopts them: the trunk's cascade
//! generates the files again, with those pins and nothing else of the pull request.
//!
//! Source: GitHub's documentation, "Troubleshooting Dependabot on GitHub Actions", "Restrictions when
//! Dependabot triggers events".

use super::build_cascade;
use super::companion;
use super::context::{Context, History, WORKFLOWS, command, reading};
use super::drift_check::of_pull_requests;
use crate::actions::{Expr, Scope, Workflow, WorkflowError};
use crate::manifest::ReconcileCommit;
use crate::pipeline::Reconcile;
use crate::protocol::{job, variable};
use crate::pull_request::Kind;
use crate::script;

/// Generates the check, which finds bumps in pull requests of the bot.
pub(super) fn check(
    context: &Context<'_>,
    reconcile: &Reconcile,
) -> Result<Workflow, WorkflowError> {
    let of_bot = Expr::github("event.pull_request.user.login").equals(reconcile.account());
    let mut flow = of_pull_requests(context, Kind::Pins, "reconcile-check");
    let built = build_cascade::from_commit(context, Some(of_bot.clone()), &mut flow);
    let context = &context.with_built(built.as_ref());
    let mut job = context
        .job(job::PINS, "Look for pins")
        .permissions(&reading())
        .when(of_bot);
    context.begin_with_files(&mut job, History::Shallow);
    let step = command(
        "Look for pins",
        script!("cascade reconcile --check --gha-output"),
    );
    job.step(step.env(variable::REPORT, companion::folder()));
    companion::hand_over(context, Kind::Pins, &mut job);
    flow.add(job);
    flow.finish()
}

/// Generates the companion, which adopts them.
pub(super) fn companion(
    context: &Context<'_>,
    reconcile: &Reconcile,
) -> Result<Workflow, WorkflowError> {
    let titles = ("Reconcile companion", "reconcile-companion");
    let mut flow = companion::follow(context, Kind::Pins, titles);
    let when = companion::is_followed(Kind::Pins, &["success"]);
    let built = build_cascade::from_trunk(context, Some(when.clone()), &mut flow);
    let context = &context.with_built(built.as_ref());
    let permissions = reading().read(Scope::Actions).read(Scope::PullRequests);
    let mut job = context
        .job(job::ADOPT, "Adopt pins")
        .permissions(&permissions)
        .when(when);
    context.begin_on_trunk_with_files(&mut job, History::Full);
    job.step(companion::report(context, Kind::Pins));
    let mut scopes = vec!["contents", WORKFLOWS];
    if reconcile.commit == ReconcileCommit::Followup {
        scopes.push(Scope::PullRequests.name());
    }
    let token = context.token_for(
        &mut job,
        "state-token",
        &context.settings.state_token,
        &scopes,
    );
    let adopt = script!("cascade pull-request adopt --gha-output");
    let step =
        context.signing(command("Adopt pins", adopt).env(variable::GITHUB_TOKEN, Expr::token()));
    job.step(companion::told(step.env(variable::ADOPTION_TOKEN, token)));
    flow.add(job);
    flow.finish()
}
