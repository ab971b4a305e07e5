//! cascade itself, built from sources: once for each run, and handed on within it.
//!
//! Nothing is taken from a cache: a callback of an earlier run can write one, and the jobs that
//! install cascade hold tokens that the callback does not have. What is handed on is an artifact of
//! the run, which any job of the run can replace too, so each job compares it with the SHA-256 that
//! the building job put out.

use super::checkout::Files;
use super::context::{Context, History, reading};
use super::installation::{ARTIFACT, SHA256};
use crate::actions::{ActionRef, Expr, Step, WorkflowBuilder};
use crate::pipeline::Feature;
use crate::protocol::job;
use crate::template;

/// The days for which the artifact is kept: a run may wait for an approval for 30.
const RETENTION: u32 = 35;
/// The input of the deploy path that hands the SHA-256 on.
pub(super) const INPUT: &str = "cascade_sha256";

/// Returns true if runs build cascade themselves.
pub(super) fn is_built(context: &Context<'_>) -> bool {
    context.settings.cli.is_built()
}

/// Builds cascade from the commit of the run, where runs build it.
pub(super) fn from_commit(
    context: &Context<'_>,
    when: Option<Expr>,
    flow: &mut WorkflowBuilder,
) -> Option<Expr> {
    let checkout = context.checkout(History::Shallow, Files::All, Expr::github("sha"));
    build(context, checkout, when, flow)
}

/// Builds cascade from the trunk, for runs that are of a pull request.
pub(super) fn from_trunk(
    context: &Context<'_>,
    when: Option<Expr>,
    flow: &mut WorkflowBuilder,
) -> Option<Expr> {
    let checkout = context.checkout(History::Shallow, Files::All, context.trunk_ref());
    build(context, checkout, when, flow)
}

/// Adds the job that builds cascade from what `checkout` brings; returns the SHA-256 that it puts
/// out, which is empty where the runner has cascade already. `None` if runs do not build it.
fn build(
    context: &Context<'_>,
    checkout: Step,
    when: Option<Expr>,
    flow: &mut WorkflowBuilder,
) -> Option<Expr> {
    if !is_built(context) {
        return None;
    }
    let mut job = context
        .job(job::CASCADE, "Build cascade")
        .permissions(&reading());
    if let Some(when) = when {
        job = job.when(when);
    }
    job.step(checkout);
    let action = ActionRef::local(&context.settings.action_folder);
    let step = Step::uses(action).name("Build cascade");
    let built = job.step_as("cascade", context.with_cli_token(step));
    let sha256 = built.output(SHA256);
    let upload = Step::uses(context.action("actions/upload-artifact"))
        .name("Hand it on")
        .when(sha256.clone().differs(""))
        .with("name", ARTIFACT)
        .with("path", template![Expr::runner("temp"), "/cascade/bin"])
        .with("if-no-files-found", "error")
        .with("retention-days", RETENTION);
    // Version 3 always overwrites, and has no input for it.
    job.step(
        match context.settings.platform.knows(Feature::ArtifactsV4) {
            true => upload.with("overwrite", true),
            false => upload,
        },
    );
    let sha256 = job.output(SHA256, sha256);
    flow.add(job);
    Some(sha256.expr())
}
