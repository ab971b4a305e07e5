//! What act is told of a run.

use crate::act::Act;
use crate::github::Event;
use crate::scenario::programs::Runner;
use crate::scenario::world::{Past, Repository, World};
use crate::scenario::{project, tokens};
use crate::tools::Tools;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

pub(super) fn act(
    world: &World,
    repository: &Repository,
    past: &Past,
    folder: &Path,
) -> anyhow::Result<Act> {
    let tools = Tools::install()?;
    let home = world.folder.join("home");
    std::fs::create_dir_all(&home)?;
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let mut act = Act::new(&tools, folder, &past.event.name)
        .payload(payload(&past.event))
        .path(world.programs.bin())
        .home(home)
        .actor(&past.event.actor)
        .secret("GITHUB_TOKEN", &tokens::of_run(past))
        .env("GITHUB_API_URL", &world.server.api_url())
        .env("GITHUB_SERVER_URL", &world.server.url())
        .env("GITHUB_REPOSITORY", repository.handle.name())
        .env("GITHUB_REF", &past.event.reference)
        .env("GITHUB_WORKFLOW_REF", &workflow_ref(repository, past))
        .env("GITHUB_RUN_ID", &past.id.to_string())
        .env("GITHUB_RUN_ATTEMPT", &past.attempt.to_string())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("E2E_CLOCK", &path(world.clock_file()))
        .env("E2E_EXCHANGE", &path(world.exchange.folder().to_owned()))
        .env("E2E_ARTIFACTS", &path(world.folder.join("artifacts")));
    let secrets = (!tokens::is_of_a_fork(&past.event)).then_some(&repository.secrets);
    for (name, value) in secrets.into_iter().flatten() {
        act = act.secret(name, value);
    }
    for (name, value) in &repository.variables {
        act = act.var(name, value);
    }
    if world.runner == Runner::WithCargo {
        act = project::with_cargo(act)?;
    }
    for (action, stand_in) in world.programs.actions(&all_text(&folder.join(".github"))?) {
        act = act.action(&action, &stand_in);
    }
    Ok(act)
}

/// Returns the ref at which the run's workflow file was read.
fn workflow_ref(repository: &Repository, past: &Past) -> String {
    let Past {
        workflow, event, ..
    } = past;
    format!(
        "{}/{workflow}@{}",
        repository.handle.name(),
        event.reference
    )
}

/// The payload as act reads it: inputs of a dispatch are text.
fn payload(event: &Event) -> Value {
    let mut payload = event.payload.clone();
    if let Some(action) = &event.action {
        payload["action"] = json!(action);
    }
    payload
}

fn all_text(folder: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let more = if path.is_dir() {
            all_text(&path)?
        } else {
            std::fs::read_to_string(&path).unwrap_or_default()
        };
        text.push_str(&more);
        text.push('\n');
    }
    Ok(text)
}

/// The inputs of a dispatch, as the API takes them.
pub(in crate::scenario) fn inputs(given: &Map<String, Value>) -> Value {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let inputs = given
        .iter()
        .map(|(name, value)| (name.clone(), text(value).into()));
    Value::Object(inputs.collect())
}
