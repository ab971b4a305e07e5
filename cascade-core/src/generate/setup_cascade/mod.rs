//! The composite action that puts the right cascade on the path of a job.

mod build;
mod download;

use super::context::Context;
use super::installation::{REQUIRE, TOKEN};
use crate::actions::{
    ActionInput, CompositeAction, CompositeActionBuilder, Expr, Step, StepHandle, WorkflowError,
};
use crate::pipeline::Cli;
use crate::script;

/// The action.
pub(super) fn generate(context: &Context<'_>) -> Result<CompositeAction, WorkflowError> {
    let pinned = context.settings.cli_version.as_ref();
    let version = pinned.map_or_else(|| context.version.to_owned(), ToString::to_string);
    let action = CompositeAction::build(
        "Set up cascade",
        format!("Puts cascade {version} on the path."),
    );
    let mut action = context
        .headers()
        .into_iter()
        .take(2)
        .fold(action, CompositeActionBuilder::header);
    match &context.settings.cli {
        Cli::Preinstalled => {
            action.step(
                Step::run(REQUIRE)
                    .name("Check the installed cascade")
                    .env("CASCADE_VERSION", version),
            );
        }
        Cli::Release(release) => action = download::steps(release, &version, action),
        Cli::Git(git) => {
            action = build::steps(context, &build::Source::Git(git), &version, action);
        }
        Cli::Workspace(path) => {
            action = build::steps(context, &build::Source::Workspace(path), &version, action);
        }
    }
    action.finish()
}

/// Declares the input for the token; it is empty where anybody may read the repository.
fn token_input(action: CompositeActionBuilder) -> CompositeActionBuilder {
    let token = ActionInput::new("The token that reads cascade's repository, if it is private");
    action.input(TOKEN, token.default(""))
}

/// A step that finds out whether the right cascade is there already: a version, and of one commit
/// if it must be.
fn look(version: &str, rev: Option<&str>, action: &mut CompositeActionBuilder) -> StepHandle {
    let script = match rev {
        Some(_) => script!(include_str!("look_rev.sh")),
        None => script!(include_str!("look.sh")),
    };
    let step = Step::run(script)
        .name("Look for cascade")
        .env("CASCADE_VERSION", version);
    let step = match rev {
        Some(rev) => step.env("CASCADE_REV", rev),
        None => step,
    };
    action.step_as("look", step)
}

/// Returns the condition under which cascade is not there yet.
fn absent(look: &StepHandle) -> Expr {
    look.output("installed").differs("true")
}
