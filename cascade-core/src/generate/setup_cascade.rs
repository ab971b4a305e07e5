//! The composite action that puts the right cascade on the path of a job.

use super::context::{Context, REQUIRE};
use crate::pipeline::{Cli, RelativePath, Repository};
use crate::script;
use crate::workflow::{
    CompositeAction, CompositeActionBuilder, Expr, Step, StepHandle, WorkflowError,
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
        Cli::Workspace(path) => workspace(context, path, version, &mut action),
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
    action: &mut CompositeActionBuilder,
) {
    let absent = look(version, action).output("installed").differs("true");
    let path = path.as_str().trim_end_matches('/');
    let sources = [
        format!("{path}/**/*.rs"),
        format!("{path}/**/Cargo.toml"),
        format!("{path}/Cargo.lock"),
    ];
    let hash = sources
        .iter()
        .map(|pattern| Expr::hash_files(pattern))
        .map(crate::workflow::Value::from);
    let parts = [
        format!("cascade-{version}-").into(),
        Expr::runner("os").into(),
        "-".into(),
    ];
    let key = crate::workflow::Value::concat(parts.into_iter().chain(hash));
    let cache = Step::uses(context.action("actions/cache"))
        .name("Restore the built cascade")
        .when(absent.clone())
        .with("path", crate::template![Expr::runner("temp"), "/cascade"])
        .with("key", key);
    let cached = action.step_as("cache", cache);
    let build = Step::run(script!(
        "cargo install --path \"$CRATE\" --bin cascade --locked --root \"$RUNNER_TEMP/cascade\" --no-track --force\n"
    ))
    .name("Build cascade")
    .when(absent.clone().and(cached.output("cache-hit").differs("true")))
    .env("CRATE", path);
    action.step(build);
    let install = Step::run(script!(
        "echo \"$RUNNER_TEMP/cascade/bin\" >> \"$GITHUB_PATH\""
    ))
    .name("Put cascade on the path")
    .when(absent);
    action.step(install);
}
