//! Starting a workflow: by a push, a schedule, a dispatch or a signal, or once more.

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::Done;
use super::runs::{ask, dispatch, execute, head, run_together};
use crate::github::Event;
use crate::scenario::git;
use crate::scenario::launch::{self, Disturbance};
use crate::scenario::step::{Jobs, Launch, Rerun};
use crate::scenario::trigger;
use crate::scenario::world::{Past, Repository, World};

/// Returns the path of the workflow file that a step means.
fn workflow(verb: &str, launch: &Launch) -> anyhow::Result<String> {
    let named = launch.workflow.as_deref();
    let verb = match verb {
        "crash" | "cancel" | "dispatch" => named.context("`workflow` is missing")?,
        _ => named.unwrap_or(verb),
    };
    let file = match verb {
        "orchestrate" | "promote" => verb.to_owned(),
        "rollback" | "hotfix" | "poll" | "monitor" | "sync" | "integrate" => {
            format!("cascade-{verb}")
        }
        "external_update" => "external-update".to_owned(),
        other => other
            .trim_end_matches(".yaml")
            .trim_end_matches(".yml")
            .to_owned(),
    };
    let file = match &launch.component {
        Some(component) => format!("{file}-{component}"),
        None => file,
    };
    Ok(if file.contains('/') {
        format!("{file}.yaml")
    } else {
        format!(".github/workflows/{file}.yaml")
    })
}

/// Starts what the step names, and runs what follows from it.
pub(super) fn begin(
    world: &mut World,
    repository: &Repository,
    verb: &str,
    launch: &Launch,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let start = Start {
        repository,
        launch,
        disturbance,
    };
    if verb == "push" {
        return start.push_everything(world, done);
    }
    if verb == "repository_dispatch" || launch.payload.is_some() {
        return start.signal(world, verb, done);
    }
    let file = workflow(verb, launch)?;
    match launch.rerun {
        Rerun::Whole(true) => {
            let past = last(world, repository, &file)?.again();
            return execute(world, &past, disturbance, done);
        }
        Rerun::Only(Jobs::Failed) => return start.failed_jobs(world, &file, done),
        Rerun::Whole(false) => {}
    }
    let is_by_hand = launch.inputs.is_some();
    if file.contains("/orchestrate") && !is_by_hand {
        start.push(world, file, done)
    } else if matches!(verb, "poll" | "monitor") && !is_by_hand {
        start.schedules(world, &file, done)
    } else {
        start.workflow_dispatch(world, &file, done)
    }
}

/// A start of a workflow.
struct Start<'a> {
    repository: &'a Repository,
    launch: &'a Launch,
    disturbance: &'a Disturbance,
}

impl Start<'_> {
    /// Sends the signals of a `repository_dispatch`.
    fn signal(&self, world: &mut World, verb: &str, done: &mut Done) -> anyhow::Result<()> {
        let kind = match (&self.launch.r#type, verb) {
            (Some(kind), _) => kind.as_str(),
            (None, "external_update") => "external-update",
            _ => bail!("`type` is missing"),
        };
        let body = |payload: &Value| json!({"event_type": kind, "client_payload": payload});
        for payload in &self.launch.also {
            let name = self.repository.handle.name();
            world.api(name, "POST", "/dispatches", &body(payload))?;
        }
        let payload = self.launch.payload.clone().unwrap_or_else(|| json!({}));
        self.post(world, "/dispatches", &body(&payload), done)
    }

    /// Runs the failed jobs of the last run again.
    fn failed_jobs(&self, world: &mut World, file: &str, done: &mut Done) -> anyhow::Result<()> {
        let id = last(world, self.repository, file)?.id;
        let path = format!("/actions/runs/{id}/rerun-failed-jobs");
        self.post(world, &path, &json!({}), done)
    }

    /// Lets the time of the schedules come.
    fn schedules(&self, world: &mut World, file: &str, done: &mut Done) -> anyhow::Result<()> {
        let repository = self.repository;
        let crons = match &self.launch.schedule {
            Some(cron) => vec![cron.clone()],
            None => crons(repository, file)?,
        };
        for cron in crons {
            let sha = head(repository, &repository.trunk)?;
            let mut event = world.event(repository, "schedule", &sha, json!({ "schedule": cron }));
            event.workflow = Some(file.to_owned());
            dispatch(world, &event, self.disturbance, done)?;
        }
        Ok(())
    }

    /// Starts the workflow by hand.
    fn workflow_dispatch(
        &self,
        world: &mut World,
        file: &str,
        done: &mut Done,
    ) -> anyhow::Result<()> {
        let name = self.repository.handle.name();
        let reference = self.launch.r#ref.as_ref();
        let reference = reference.unwrap_or(&self.repository.trunk);
        let inputs = self.launch.inputs.clone().unwrap_or_default();
        let short = file.rsplit('/').next().unwrap_or(file);
        let path = format!("/actions/workflows/{short}/dispatches");
        let body = |inputs| json!({"ref": reference, "inputs": launch::inputs(inputs)});
        for also in self.launch.also.iter().filter_map(Value::as_object) {
            world.api(name, "POST", &path, &body(also))?;
        }
        if self.launch.together {
            world.api(name, "POST", &path, &body(&inputs))?;
            let events = world.events.try_iter().collect();
            return run_together(world, events, done);
        }
        self.post(world, &path, &body(&inputs), done)
    }

    fn post(
        &self,
        world: &mut World,
        path: &str,
        body: &Value,
        done: &mut Done,
    ) -> anyhow::Result<()> {
        let (repository, disturbance) = (self.repository, self.disturbance);
        ask(world, repository, "POST", path, body, disturbance, done)
    }

    /// Runs the workflow for a push of a commit that the host has already.
    fn push(&self, world: &mut World, file: String, done: &mut Done) -> anyhow::Result<()> {
        let mut event = self.pushed(world)?;
        let bare = self.repository.handle.folder();
        let workflow = git::run(&bare, &["show", &format!("{}:{file}", event.sha)])?;
        if !trigger::reacts(&workflow, "push") {
            return Ok(());
        }
        event.workflow = Some(file.clone());
        let id = world.run_id();
        let past = Past {
            attempt: self.launch.attempt.unwrap_or(1),
            ..Past::first(file, event, id)
        };
        execute(world, &past, self.disturbance, done)
    }

    /// Runs every workflow whose filters take the push of such a commit.
    fn push_everything(&self, world: &mut World, done: &mut Done) -> anyhow::Result<()> {
        let event = self.pushed(world)?;
        match self.launch.together {
            true => run_together(world, vec![event], done),
            false => dispatch(world, &event, self.disturbance, done),
        }
    }

    /// The push of a commit that the host has already.
    fn pushed(&self, world: &World) -> anyhow::Result<Event> {
        let (repository, launch) = (self.repository, self.launch);
        let branch = launch.r#ref.as_deref().unwrap_or(&repository.trunk);
        let sha = match &launch.sha {
            Some(sha) => sha.clone(),
            None => head(repository, branch)?,
        };
        let bare = repository.handle.folder();
        let before = git::run(
            &bare,
            &["rev-parse", "--verify", "--quiet", &format!("{sha}~1")],
        );
        let message = git::run(&bare, &["log", "-1", "--format=%B", &sha])?;
        let payload = json!({
            "ref": format!("refs/heads/{branch}"),
            "before": before.unwrap_or_else(|_| "0".repeat(40)),
            "after": sha, "created": false, "deleted": false, "forced": false,
            "head_commit": {"id": sha, "message": message},
        });
        let mut event = world.event(repository, "push", &sha, payload);
        event.reference = format!("refs/heads/{branch}");
        if let Some(actor) = &launch.actor {
            event.actor.clone_from(actor);
        }
        Ok(event)
    }
}

/// The schedules of a workflow, each of which starts a run of its own.
fn crons(repository: &Repository, file: &str) -> anyhow::Result<Vec<String>> {
    let path = format!("{}:{file}", repository.trunk);
    let text = git::run(&repository.handle.folder(), &["show", &path])?;
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
    let schedules = workflow["on"]["schedule"].as_sequence();
    let crons = schedules.into_iter().flatten();
    Ok(crons
        .filter_map(|each| Some(each["cron"].as_str()?.to_owned()))
        .collect())
}

fn last(world: &World, repository: &Repository, file: &str) -> anyhow::Result<Past> {
    let name = repository.handle.name();
    let mut past = world.past.iter().rev();
    let found = past.find(|past| past.repository == name && past.workflow == file);
    found
        .cloned()
        .with_context(|| format!("{file} has not run"))
}
