//! The runs that follow from the host's events.

use anyhow::{Context, bail};
use serde_json::Value;

use super::{Done, follow};
use crate::github::Event;
use crate::scenario::launch::{self, Disturbance};
use crate::scenario::trigger;
use crate::scenario::world::{Past, Repository, World};

/// Asks the host as a person does, and runs what it starts.
pub(in crate::scenario) fn ask(
    world: &mut World,
    repository: &Repository,
    method: &str,
    path: &str,
    body: &Value,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let (status, answer) = world.api(repository.handle.name(), method, path, body)?;
    if status >= 400 {
        done.refused = Some(
            answer["message"]
                .as_str()
                .unwrap_or("no message")
                .to_owned(),
        );
        return Ok(());
    }
    drain(world, disturbance, done)
}

/// Runs what the host's events start, until nothing more comes.
pub(in crate::scenario) fn drain(
    world: &mut World,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    const MOST: usize = 30;
    loop {
        if let Ok(event) = world.events.try_recv() {
            dispatch(world, &event, disturbance, done)?;
        } else if let Some(past) = queued(world)? {
            execute(world, &past, disturbance, done)?;
        } else {
            return Ok(());
        }
        if done.runs.len() > MOST {
            bail!("more than {MOST} runs follow from one step");
        }
    }
}

/// A run whose failed jobs somebody asked the host to start again.
fn queued(world: &World) -> anyhow::Result<Option<Past>> {
    for past in world.past.iter().rev() {
        let repository = world.repository(Some(&past.repository))?;
        let runs = repository.handle.runs()?;
        let mut asked = runs.iter().filter(|run| run.id == past.id);
        if asked.any(|run| run.status == "queued" && run.attempt > past.attempt) {
            let after = past.ended.clone();
            let again = past.again();
            return Ok(Some(Past { after, ..again }));
        }
    }
    Ok(None)
}

pub(in crate::scenario) fn dispatch(
    world: &mut World,
    event: &Event,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let repository = world.repository(Some(&event.repository))?.clone();
    for workflow in trigger::started(world, &repository, event)? {
        if !world.scope.admits(&workflow) {
            continue;
        }
        let id = world.run_id();
        let past = Past::first(workflow, event.clone(), id);
        execute(world, &past, disturbance, done)?;
    }
    Ok(())
}

pub(super) fn execute(
    world: &mut World,
    past: &Past,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    world.past.push(past.clone());
    let (finished, ended) = launch::run(world, past, disturbance)
        .with_context(|| format!("running {}", past.workflow))?;
    let mut known = world.past.iter_mut().rev();
    let run = known.find(|known| (known.id, known.attempt) == (past.id, past.attempt));
    run.context("the run is not known")?.ended = Some(ended);
    let follow = follow::events(world, past, &finished)?;
    done.runs.push(finished);
    for event in follow {
        dispatch(world, &event, &Disturbance::default(), done)?;
    }
    Ok(())
}

pub(super) fn head(repository: &Repository, branch: &str) -> anyhow::Result<String> {
    let branches = repository.handle.branches()?;
    let head = branches.get(branch).cloned();
    head.with_context(|| format!("no branch `{branch}`"))
}

/// Runs what the events start, all of it at the same time.
pub(super) fn run_together(
    world: &mut World,
    events: Vec<Event>,
    done: &mut Done,
) -> anyhow::Result<()> {
    let mut pasts = Vec::new();
    for event in events {
        let repository = world.repository(Some(&event.repository))?.clone();
        for workflow in trigger::started(world, &repository, &event)? {
            pasts.push(Past::first(workflow, event.clone(), world.run_id()));
        }
    }
    for (mut past, (finished, ended)) in pasts
        .iter()
        .cloned()
        .zip(launch::run_together(world, &pasts)?)
    {
        past.ended = Some(ended);
        world.past.push(past);
        done.runs.push(finished);
    }
    Ok(())
}
