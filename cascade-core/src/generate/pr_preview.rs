//! `cascade-pr-preview.yaml`: a pull request shows what its merge would build, deploy and release.
//!
//! There is one file for all components, since a pull request is one thing to read.
//!
//! Source: GitHub's documentation, "Events that trigger workflows", `pull_request`: the run is of the
//! merge of the head into the base.

use super::build_cascade;
use super::companion;
use super::context::{Context, History, command, reading};
use super::drift_check::of_pull_requests;
use crate::actions::{Expr, Workflow, WorkflowError};
use crate::protocol::{job, variable};
use crate::pull_request::Kind;
use crate::script;

/// Generates the preview; with `comment`, it is handed to the companion, too.
pub(super) fn generate(context: &Context<'_>, comment: bool) -> Result<Workflow, WorkflowError> {
    let mut flow = of_pull_requests(context, Kind::Preview, "pr-preview");
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let mut job = context.job(job::PREVIEW, "Preview").permissions(&reading());
    context.begin_with_files(&mut job, History::Full);
    // The trunk and the state are fetched.
    let step = command(
        "Show what a merge would do",
        script!("cascade pull-request preview --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, Expr::token());
    if comment {
        job.step(step.env(variable::REPORT, companion::folder()));
        companion::hand_over(context, Kind::Preview, &mut job);
    } else {
        job.step(step);
    }
    flow.add(job);
    flow.finish()
}
