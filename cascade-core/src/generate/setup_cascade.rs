//! The composite action that puts the right cascade on the path of a job.

use super::context::{Context, REQUIRE};
use super::workspace::{ARTIFACT, SHA256};
use crate::pipeline::{Cli, RelativePath, Repository};
use crate::script;
use crate::workflow::{
    ActionInput, CompositeAction, CompositeActionBuilder, Expr, Step, StepHandle, WorkflowError,
};

/// The archive of a release that holds the binary for hosted runners.
const ARCHIVE: &str = "cascade-x86_64-unknown-linux-gnu.tar.gz";

/// The action.
pub(super) fn generate(context: &Context<'_>) -> Result<CompositeAction, WorkflowError> {
    let settings = context.settings;
    let version = settings
        .cli_version
        .as_deref()
        .unwrap_or(context.version)
        .trim_start_matches('v');
    let action = CompositeAction::build(
        "Set up cascade",
        format!("Puts cascade {version} on the path."),
    );
    let mut action = context
        .headers()
        .into_iter()
        .take(2)
        .fold(action, CompositeActionBuilder::header);
    match &settings.cli {
        Cli::Preinstalled => {
            action.step(
                Step::run(REQUIRE)
                    .name("Check the installed cascade")
                    .env("CASCADE_VERSION", version),
            );
        }
        Cli::Release(repository) => release(context, repository, version, &mut action),
        Cli::Workspace(path) => action = workspace(context, path, version, action),
    }
    action.finish()
}

/// A step that finds out whether the right version is there already.
fn look(version: &str, action: &mut CompositeActionBuilder) -> StepHandle {
    let script = script!(
        "if command -v cascade >/dev/null && cascade version --require \"$CASCADE_VERSION\" 2>/dev/null; then\n  echo installed=true >> \"$GITHUB_OUTPUT\"\nelse\n  echo installed=false >> \"$GITHUB_OUTPUT\"\nfi\n"
    );
    action.step_as(
        "look",
        Step::run(script)
            .name("Look for cascade")
            .env("CASCADE_VERSION", version),
    )
}

fn release(
    context: &Context<'_>,
    repository: &Repository,
    version: &str,
    action: &mut CompositeActionBuilder,
) {
    let absent = look(version, action).output("installed").differs("true");
    let script = script!(
        "gh release download \"v$CASCADE_VERSION\" --repo \"$REPOSITORY\" --pattern \"$ARCHIVE\" --dir \"$RUNNER_TEMP\" --clobber\necho \"$CHECKSUM  $RUNNER_TEMP/$ARCHIVE\" | sha256sum --check --strict\nmkdir -p \"$RUNNER_TEMP/cascade\"\ntar -xzf \"$RUNNER_TEMP/$ARCHIVE\" -C \"$RUNNER_TEMP/cascade\" cascade\necho \"$RUNNER_TEMP/cascade\" >> \"$GITHUB_PATH\"\n"
    );
    let checksum = context.settings.cli_version_sha.clone().unwrap_or_default();
    let step = Step::run(script)
        .name("Download, verify and install")
        .when(absent)
        .env("CASCADE_VERSION", version)
        .env("REPOSITORY", repository.to_string())
        .env("ARCHIVE", ARCHIVE)
        .env("CHECKSUM", checksum)
        .env("GH_TOKEN", Expr::token());
    action.step(step);
}

fn workspace(
    context: &Context<'_>,
    path: &RelativePath,
    version: &str,
    action: CompositeActionBuilder,
) -> CompositeActionBuilder {
    let given = ActionInput::new(
        "The SHA-256 of the cascade that this run has built; it is built if this is empty",
    );
    let mut action = action.input(SHA256, given.default(""));
    let given = || Expr::input(SHA256);
    let absent = look(version, &mut action)
        .output("installed")
        .differs("true");
    let build = Step::run(script!(
        "cargo install --path \"$CRATE\" --bin cascade --locked --root \"$RUNNER_TEMP/cascade\" --no-track --force\nsha256sum \"$RUNNER_TEMP/cascade/bin/cascade\" | sed 's/^/sha256=/; s/ .*//' >> \"$GITHUB_OUTPUT\"\n"
    ))
    .name("Build cascade")
    .when(absent.clone().and(given().equals("")))
    .env("CRATE", path.as_str().trim_end_matches('/'));
    let built = action.step_as("build", build);
    let handed_on = given().differs("");
    let download = Step::uses(context.action("actions/download-artifact"))
        .name("Fetch the built cascade")
        .when(handed_on.clone())
        .with("name", ARTIFACT)
        .with(
            "path",
            crate::template![Expr::runner("temp"), "/cascade/bin"],
        );
    action.step(download);
    let verify = Step::run(script!(
        "echo \"$CHECKSUM  $RUNNER_TEMP/cascade/bin/cascade\" | sha256sum --check --strict\nchmod +x \"$RUNNER_TEMP/cascade/bin/cascade\"\n"
    ))
    .name("Verify it")
    .when(handed_on)
    .env("CHECKSUM", given());
    action.step(verify);
    let install = Step::run(script!(
        "echo \"$RUNNER_TEMP/cascade/bin\" >> \"$GITHUB_PATH\""
    ))
    .name("Put cascade on the path")
    .when(given().differs("").or(absent));
    action.step(install);
    action.output(
        SHA256,
        "The SHA-256 of the cascade that was built here; empty if none was",
        built.output(SHA256),
    );
    action
}
