//! Runs that follow other runs: `workflow_run`.
//!
//! Sources: GitHub's documentation, "Events that trigger workflows", `workflow_run`; "Webhook events
//! and payloads", `workflow_run`. A run of a pull request has the head's commit, branch and repository,
//! and `pull_requests` is empty where the head is in a fork. Runs follow each other three levels deep;
//! here, one that followed is followed by none.

use serde_json::{Value, json};

use super::runs::head;
use crate::github::Event;
use crate::scenario::git;
use crate::scenario::launch::Finished;
use crate::scenario::trigger;
use crate::scenario::world::{Past, Repository, World};

/// The events of a run that is over: one for each workflow that waits for it by name.
pub(super) fn events(
    world: &World,
    past: &Past,
    finished: &Finished,
) -> anyhow::Result<Vec<Event>> {
    if past.event.name == "workflow_run" {
        return Ok(Vec::new());
    }
    let repository = world.repository(Some(&past.repository))?;
    let side = Side::of(&past.event, finished);
    let mut events = Vec::new();
    for path in waiting(repository, &finished.name, &side.branch)? {
        let head = head(repository, &repository.trunk)?;
        let payload = json!({ "workflow_run": payload(past, finished, &side) });
        let mut event = world.event(repository, "workflow_run", &head, payload);
        event.action = Some("completed".to_owned());
        event.workflow = Some(path);
        events.push(event);
    }
    Ok(events)
}

/// The workflows of the default branch that follow runs with this name and branch.
fn waiting(repository: &Repository, name: &str, branch: &str) -> anyhow::Result<Vec<String>> {
    let bare = repository.handle.folder();
    let trunk = &repository.trunk;
    let pattern = "^ *workflow_run:";
    let found = git::run(
        &bare,
        &["grep", "-l", pattern, trunk, "--", ".github/workflows"],
    );
    let Ok(found) = found else {
        return Ok(Vec::new());
    };
    let mut waiting = Vec::new();
    for line in found.lines() {
        let path = line.split_once(':').map_or(line, |(_, path)| path);
        let text = git::run(&bare, &["show", &format!("{trunk}:{path}")])?;
        let workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
        let followed = &workflow["on"]["workflow_run"];
        let named = followed["workflows"].as_sequence();
        let mut named = named.into_iter().flatten();
        if named.any(|each| each == name) && trigger::follows(followed, branch) {
            waiting.push(path.to_owned());
        }
    }
    Ok(waiting)
}

/// The origin of the commit of a run.
pub(in crate::scenario) struct Side {
    pub(in crate::scenario) repository: String,
    pub(in crate::scenario) branch: String,
    pub(in crate::scenario) sha: String,
}

impl Side {
    fn of(event: &Event, finished: &Finished) -> Self {
        let own = Self {
            repository: event.repository.clone(),
            branch: finished
                .reference
                .trim_start_matches("refs/heads/")
                .to_owned(),
            sha: finished.sha.clone(),
        };
        Self::of_pull_request(event).unwrap_or(own)
    }

    /// The head of the pull request that an event is about.
    pub(in crate::scenario) fn of_pull_request(event: &Event) -> Option<Self> {
        let head = &event.payload["pull_request"]["head"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self {
            repository: text(&head["repo"]["full_name"])?,
            branch: text(&head["ref"])?,
            sha: text(&head["sha"])?,
        })
    }
}

fn payload(past: &Past, finished: &Finished, side: &Side) -> Value {
    let pull = past.event.payload.get("pull_request");
    let own = pull.filter(|_| side.repository == past.repository);
    let pulls: Vec<Value> = own
        .into_iter()
        .map(|pull| json!({ "number": pull["number"], "head": pull["head"], "base": pull["base"] }))
        .collect();
    let (owner, name) = side.repository.split_once('/').unwrap_or_default();
    json!({
        "id": finished.id,
        "name": finished.name,
        "path": past.workflow,
        "event": finished.event,
        "status": "completed",
        "conclusion": finished.result,
        "head_sha": side.sha,
        "head_branch": side.branch,
        "head_repository": {
            "name": name,
            "full_name": side.repository,
            "owner": { "login": owner },
            "fork": side.repository != past.repository,
        },
        "run_attempt": past.attempt,
        "actor": { "login": past.event.actor },
        "pull_requests": pulls,
    })
}
