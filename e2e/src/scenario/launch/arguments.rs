//! The inputs of a run of an engine.

use crate::github::Event;
use crate::scenario::programs::Runner;
use crate::scenario::world::{Past, Repository, World};
use crate::scenario::{project, tokens};
use crate::setup::Setup;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Nobody waits for git to tidy up clones that are thrown away.
const GITCONFIG: &str = "[maintenance]\n\tauto = false\n";

/// Collects what the run is given.
pub(super) fn setup(
    world: &World,
    repository: &Repository,
    past: &Past,
    folder: &Path,
) -> anyhow::Result<Setup> {
    let home = world.folder.join("home");
    std::fs::create_dir_all(&home)?;
    std::fs::write(home.join(".gitconfig"), GITCONFIG)?;
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let mut setup = Setup {
        event: past.event.name.clone(),
        payload: payload(&past.event),
        actor: past.event.actor.clone(),
        path: vec![world.programs.bin()],
        home: Some(home),
        actions: actions(world, repository, folder)?,
        ..Setup::default()
    };
    for (name, value) in [
        ("GITHUB_API_URL", world.server.api_url()),
        ("GITHUB_SERVER_URL", world.server.url()),
        ("GITHUB_REPOSITORY", repository.handle.name().to_owned()),
        ("GITHUB_REF", past.event.reference.clone()),
        ("GITHUB_SHA", past.event.sha.clone()),
        ("GITHUB_WORKFLOW_REF", workflow_ref(repository, past)),
        ("GITHUB_RUN_ID", past.id.to_string()),
        ("GITHUB_RUN_ATTEMPT", past.attempt.to_string()),
        ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        ("GIT_TERMINAL_PROMPT", "0".to_owned()),
        ("E2E_CLOCK", path(world.clock_file())),
        ("E2E_EXCHANGE", path(world.exchange.folder().to_owned())),
        ("E2E_ARTIFACTS", path(world.folder.join("artifacts"))),
    ] {
        setup.env(name, value);
    }
    if !tokens::is_restricted(&past.event) {
        setup.secrets.extend(repository.secrets.clone());
    }
    setup.vars.extend(repository.variables.clone());
    if world.runner == Runner::WithCargo {
        project::with_cargo(&mut setup)?;
    }
    Ok(setup)
}

/// The folders of all actions that the files use.
fn actions(
    world: &World,
    repository: &Repository,
    folder: &Path,
) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut actions = world.programs.actions(&all_text(&folder.join(".github"))?);
    let own = repository.setup_actions.iter();
    actions.extend(own.map(|uses| (uses.clone(), world.programs.setup_action())));
    Ok(actions)
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
