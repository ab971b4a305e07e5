//! cascade built by the run: in its first job, and fetched by the others.

use super::{absent, look, token_input};
use crate::actions::{ActionInput, CompositeActionBuilder, Expr, RunStep, Step};
use crate::generate::context::Context;
use crate::generate::installation::{ARTIFACT, SHA256, TOKEN};
use crate::manifest::RelativePath;
use crate::pipeline::CliGit;
use crate::{script, template};

/// The folder of the package in cascade's repository.
const PACKAGE: &str = "/cascade-source/cascade-cli";

/// The sources that cascade is built from.
pub(super) enum Source<'a> {
    /// A commit of cascade's repository.
    Git(&'a CliGit),
    /// A pipeline crate of this repository.
    Workspace(&'a RelativePath),
}

pub(super) fn steps(
    context: &Context<'_>,
    source: &Source<'_>,
    version: &str,
    action: CompositeActionBuilder,
) -> CompositeActionBuilder {
    let given = ActionInput::new(
        "The SHA-256 of the cascade that this run has built; it is built if this is empty",
    );
    let mut action = action.input(SHA256, given.default(""));
    let given = || Expr::input(SHA256);
    let (rev, token) = match source {
        Source::Git(git) => (Some(git.rev.as_str()), git.token.is_some()),
        Source::Workspace(_) => (None, false),
    };
    if token {
        action = token_input(action);
    }
    let absent = absent(&look(version, rev, &mut action));
    let here = absent.clone().and(given().equals(""));
    if let Source::Git(git) = source {
        action.step(fetch(git).when(here.clone()));
    }
    let built = action.step_as("build", build(source).when(here));
    let handed_on = given().differs("");
    let download = Step::uses(context.action("actions/download-artifact"))
        .name("Fetch the built cascade")
        .when(handed_on.clone())
        .with("name", ARTIFACT)
        .with("path", template![Expr::runner("temp"), "/cascade/bin"]);
    action.step(download);
    let verify = Step::run(script!(include_str!("verify.sh")))
        .name("Verify it")
        .when(handed_on.clone())
        .env("CHECKSUM", given());
    action.step(verify);
    let install = Step::run(script!(
        "echo \"$RUNNER_TEMP/cascade/bin\" >> \"$GITHUB_PATH\""
    ))
    .name("Put cascade on the path")
    .when(handed_on.or(absent));
    action.step(install);
    action.output(
        SHA256,
        "The SHA-256 of the cascade that was built here; empty if none was",
        built.output(SHA256),
    );
    action
}

/// The step with the token. The build, which runs code of others, does not have it.
fn fetch(git: &CliGit) -> RunStep {
    let step = Step::run(script!(include_str!("fetch.sh")))
        .name("Fetch cascade's sources")
        .env("URL", git.url.as_str())
        .env("REV", git.rev.as_str());
    match git.token {
        Some(_) => step.env("TOKEN", Expr::input(TOKEN)),
        None => step.env("TOKEN", ""),
    }
}

fn build(source: &Source<'_>) -> RunStep {
    let step = Step::run(script!(include_str!("build.sh"))).name("Build cascade");
    match source {
        Source::Git(git) => step
            .env("CRATE", template![Expr::runner("temp"), PACKAGE])
            .env("FEATURES", git.features.join(","))
            .env("CASCADE_ORIGIN_URL", git.url.as_str())
            .env("CASCADE_ORIGIN_REV", git.rev.as_str()),
        Source::Workspace(path) => step
            .env("CRATE", path.as_str().trim_end_matches('/'))
            .env("FEATURES", ""),
    }
}
