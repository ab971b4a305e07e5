//! `cascade-drift-check.yaml`: a pull request must not leave generated files behind the pipeline.
//!
//! Source: GitHub's documentation, "Events that trigger workflows", `pull_request`.

use super::build_cascade;
use super::companion;
use super::context::{Context, History, command, reading};
use super::triggers::literal;
use crate::actions::{PullRequest, Triggers, Workflow, WorkflowBuilder, WorkflowError};
use crate::pipeline::Preview;
use crate::protocol::{job, variable};
use crate::pull_request::Kind;
use crate::script;

/// Generates the check.
pub(super) fn generate(context: &Context<'_>, check: &Preview) -> Result<Workflow, WorkflowError> {
    let mut flow = of_pull_requests(context, Kind::Drift, "drift-check");
    let built = build_cascade::from_commit(context, None, &mut flow);
    let context = &context.with_built(built.as_ref());
    let mut job = context
        .job(job::DRIFT, "Compare the generated files")
        .permissions(&reading());
    context.begin_with_files(&mut job, History::Shallow);
    let step = command(
        "Verify and lint",
        script!("cascade pull-request check --gha-output"),
    );
    match check.comment {
        false => {
            job.step(step);
        }
        true => {
            job.step(step.env(variable::REPORT, companion::folder()));
            companion::hand_over(context, Kind::Drift, &mut job);
        }
    }
    flow.add(job);
    flow.finish()
}

/// Begins a workflow that reads each commit of a pull request into the trunk.
pub(super) fn of_pull_requests(context: &Context<'_>, kind: Kind, group: &str) -> WorkflowBuilder {
    let trunk = [literal(context.settings.trunk.as_str())];
    let on = Triggers::new().pull_request(PullRequest::new().branches(trunk));
    let flow = Workflow::build(kind.title(), on);
    context
        .begin_file(flow)
        .concurrency(context.group_of_ref(group))
}
