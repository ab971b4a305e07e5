//! A pipeline becomes files, one module per generated file.

mod approval;
mod board;
mod build_cascade;
mod builds;
mod calls;
mod cascade_deploy;
mod changelog;
mod checkout;
mod companion;
mod context;
mod credentials;
mod deploy_call;
mod deploying;
mod drift_check;
mod external_update;
mod gate;
mod hotfix;
mod inputs;
mod installation;
mod integration;
mod orchestrate;

pub use cascade_deploy::DEPLOY_STEM;
pub use triggers::dispatch_defaults;
pub mod pins;
mod poll;
mod pr_preview;
mod promote;
mod pull;
mod reconcile;
mod rollback;
mod rollout;
mod setup_cascade;
mod target;
mod third_party;
mod triggers;
mod validation;

use crate::actions::{Workflow, WorkflowError, render, render_action};
use crate::pipeline::{Component, Feature, Pipeline, Platform, Settings};
use crate::pull_request::Kind;
use context::Context;
use std::fmt;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the repository's root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A workflow that GitHub would refuse, so that nothing was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateError {
    /// The file.
    pub path: String,
    /// The mistake in it.
    pub error: WorkflowError,
}

/// Generates every file of a pipeline, in alphabetical order of their paths.
///
/// `version` is the version of cascade that the files name.
///
/// # Errors
/// [`GenerateError`], if a workflow would be one that GitHub refuses.
pub fn generate(pipeline: &Pipeline, version: &str) -> Result<Vec<File>, GenerateError> {
    let settings = pipeline.settings();
    let mut files = Vec::new();
    for component in pipeline.components() {
        let context = Context {
            settings,
            component,
            version,
            built: None,
        };
        for (stem, generator) in generators(settings, component) {
            files.push(rendered(context.path(stem), generator(&context), settings)?);
        }
    }
    if let Some(component) = pipeline.repository() {
        let context = Context {
            settings,
            component: &component,
            version,
            built: None,
        };
        for (stem, workflow) in of_repository(&context, pipeline.components()) {
            let path = format!(".github/workflows/{stem}.yaml");
            files.push(rendered(path, workflow, settings)?);
        }
        if let Some(integration) = &settings.integration {
            for (stem, generator) in integration::GENERATORS {
                let path = format!(".github/workflows/{stem}.yaml");
                let workflow = generator(&context, integration);
                files.push(rendered(path, workflow, settings)?);
            }
        }
        let path = format!("{}/action.yaml", settings.action_folder);
        let action = setup_cascade::generate(&context).map_err(|error| GenerateError {
            path: path.clone(),
            error,
        })?;
        files.push(File {
            text: render_action(&action),
            path,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn rendered(
    path: String,
    workflow: Result<Workflow, WorkflowError>,
    settings: &Settings,
) -> Result<File, GenerateError> {
    match workflow {
        Ok(workflow) => Ok(File {
            text: render(&known(workflow, &settings.platform)),
            path,
        }),
        Err(error) => Err(GenerateError { path, error }),
    }
}

/// The workflow without what the platform does not know.
fn known(mut workflow: Workflow, platform: &Platform) -> Workflow {
    if !platform.knows(Feature::Queue) {
        workflow = workflow.without_queues();
    }
    if !platform.knows(Feature::EnvironmentWithoutDeployment) {
        workflow = workflow.with_deployments();
    }
    workflow
}

type Generator = fn(&Context<'_>) -> Result<Workflow, WorkflowError>;

/// The workflow files of a component, each with its generator.
fn generators(settings: &Settings, component: &Component) -> Vec<(&'static str, Generator)> {
    let mut files: Vec<(&'static str, Generator)> = vec![
        ("orchestrate", orchestrate::generate),
        ("promote", promote::generate),
    ];
    if component.deploys_anything() {
        files.push((cascade_deploy::DEPLOY_STEM, cascade_deploy::generate));
    }
    if component.environments.len() > 1 {
        files.push(("cascade-hotfix", hotfix::generate));
        files.push(("cascade-rollback", rollback::generate));
    }
    if !component.push_sources.is_empty() {
        files.push(("external-update", external_update::generate));
    }
    if component.polled().next().is_some() {
        files.push(("cascade-poll", poll::generate));
    }
    if component.validate_check {
        files.push(("cascade-validate", validation::pull_requests));
    }
    if settings.merge_queue {
        files.push(("cascade-merge-queue", validation::merge_queue));
    }
    files
}

/// The workflow files of the repository as a whole, however many components it has.
fn of_repository(
    context: &Context<'_>,
    components: &[Component],
) -> Vec<(&'static str, Result<Workflow, WorkflowError>)> {
    let mut files = Vec::new();
    if let Some(check) = &context.settings.drift_check {
        let kind = Kind::Drift;
        files.push((kind.stem(), drift_check::generate(context, check)));
        if check.comment {
            files.push(("cascade-drift-comment", companion::drift(context)));
        }
    }
    if let Some(reconcile) = &context.settings.reconcile {
        let check = reconcile::check(context, reconcile);
        files.push((Kind::Pins.stem(), check));
        let companion = reconcile::companion(context, reconcile);
        files.push(("cascade-reconcile-companion", companion));
    }
    if let Some(board) = &context.settings.board {
        files.push(("cascade-board", board::generate(context, components, board)));
    }
    let previews = components
        .iter()
        .filter_map(|each| each.pr_preview.as_ref());
    let comments: Vec<bool> = previews.map(|preview| preview.comment).collect();
    if !comments.is_empty() {
        let comment = comments.contains(&true);
        files.push((Kind::Preview.stem(), pr_preview::generate(context, comment)));
        if comment {
            files.push(("cascade-pr-comment", companion::preview(context)));
        }
    }
    files
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}

impl std::error::Error for GenerateError {}
