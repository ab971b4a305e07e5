//! One run of one workflow, in act.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;
use serde_json::{Map, Value, json};

use super::git;
use super::programs::Runner;
use super::project;
use super::tokens;
use super::world::{Ended, Past, Repository, World, stamp};
use crate::act::{Act, Verdict};
use crate::flatten::{Flattened, flatten};
use crate::github::{Event, Fault, Harm, Job, Run};
use crate::tools::Tools;

const FILE: &str = ".github/workflows/e2e-flat.yaml";

/// How a run is disturbed.
#[derive(Debug, Clone, Default)]
pub(super) struct Disturbance {
    /// The path of the job whose process is killed.
    pub(super) kill: Option<String>,
    pub(super) after: usize,
    pub(super) applied: bool,
    /// The path of the job during which somebody cancels the run.
    pub(super) cancel: Option<String>,
    pub(super) unflattened: bool,
}

/// A run that is over.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) repository: String,
    pub(super) workflow: String,
    pub(super) name: String,
    pub(super) event: String,
    pub(super) sha: String,
    pub(super) reference: String,
    pub(super) id: u64,
    pub(super) result: String,
    pub(super) jobs: BTreeMap<String, String>,
    /// The ids of jobs in the order of the file.
    pub(super) order: Vec<String>,
    pub(super) summary: String,
    pub(super) log: String,
}

impl Finished {
    pub(super) fn json(&self) -> Value {
        json!({
            "repository": self.repository, "workflow": self.workflow, "event": self.event,
            "result": self.result, "jobs": self.jobs, "sha": self.sha,
        })
    }
}

/// Runs a workflow for an event.
pub(super) fn run(
    world: &World,
    past: &Past,
    disturbance: &Disturbance,
) -> anyhow::Result<(Finished, Ended)> {
    let prepared = Prepared::of(world, past, disturbance)?;
    let ran = watched(world, &prepared, disturbance)?;
    prepared.finish(world, ran, disturbance)
}

/// Runs workflows at the same time, each in an act of its own.
pub(super) fn run_together(
    world: &World,
    pasts: &[Past],
) -> anyhow::Result<Vec<(Finished, Ended)>> {
    let calm = Disturbance::default();
    let prepared = pasts.iter().map(|past| Prepared::of(world, past, &calm));
    let prepared: Vec<Prepared> = prepared.collect::<anyhow::Result<_>>()?;
    let ran = std::thread::scope(|scope| {
        let run = |one: &Prepared| {
            let act = one.act.clone();
            scope.spawn(move || {
                let begun = Instant::now();
                act.run().map(|ran| (begun, ran, Instant::now()))
            })
        };
        let threads: Vec<_> = prepared.iter().map(run).collect();
        let ended = threads.into_iter().map(|thread| {
            let ended = thread.join().map_err(|_| anyhow::anyhow!("act panicked"))?;
            ended.context("act did not run")
        });
        ended.collect::<anyhow::Result<Vec<_>>>()
    })?;
    let last_begin = ran.iter().map(|(begun, ..)| *begun).max();
    let first_end = ran.iter().map(|(.., ended)| *ended).min();
    anyhow::ensure!(
        last_begin < first_end,
        "the runs did not run at the same time"
    );
    let ran = ran.into_iter().map(|(_, ran, _)| ran);
    let finished = prepared.into_iter().zip(ran);
    finished
        .map(|(one, ran)| one.finish(world, ran, &calm))
        .collect()
}

/// A run that can begin.
struct Prepared {
    repository: Repository,
    past: Past,
    name: String,
    flat: Flattened,
    act: Act,
}

impl Prepared {
    fn of(world: &World, past: &Past, disturbance: &Disturbance) -> anyhow::Result<Self> {
        let repository = world.repository(Some(&past.repository))?.clone();
        let folder = clone(world, &repository, past)?;
        let read = |path: &str| {
            std::fs::read_to_string(folder.join(path)).with_context(|| format!("no {path}"))
        };
        let name = name(&read(&past.workflow)?, &past.workflow);
        let mut flat = flatten(&past.workflow, &read)?;
        if let Some(job) = &disturbance.cancel {
            flat.cancel_during(job)?;
        }
        if let Some(ended) = &past.after {
            flat.rerun_failed(&ended.jobs, &ended.outputs)?;
        }
        tokens::register(world, past, &flat.permissions()?, disturbance.unflattened);
        flat.give_tokens(&|job| tokens::of_job(past, job))?;
        let file = if disturbance.unflattened {
            PathBuf::from(&past.workflow)
        } else {
            PathBuf::from(FILE)
        };
        std::fs::write(folder.join(FILE), flat.text()?)?;
        adapt(&folder)?;
        repository.handle.register_run(begun(world, past, &name))?;
        let act = act(world, &repository, past, &folder)?.workflow(file);
        Ok(Self {
            repository,
            past: past.clone(),
            name,
            flat,
            act,
        })
    }

    fn finish(
        self,
        world: &World,
        ran: crate::act::Run,
        disturbance: &Disturbance,
    ) -> anyhow::Result<(Finished, Ended)> {
        let Self {
            repository,
            past,
            name,
            flat,
            ..
        } = self;
        let mut jobs = results(&flat, &ran, disturbance.unflattened);
        if let Some(job) = &disturbance.cancel {
            let touched = |path: &str| {
                let inside = |one: &str, other: &str| one.starts_with(&format!("{other}/"));
                job == path || inside(job, path) || inside(path, job)
            };
            let failed = jobs.iter_mut().filter(|(_, result)| *result == "failure");
            for (_, result) in failed.filter(|(path, _)| touched(path)) {
                "cancelled".clone_into(result);
            }
        }
        let result = match ran.code {
            _ if disturbance.cancel.is_some() => "cancelled",
            Some(0) => "success",
            _ => "failure",
        };
        let finished = Finished {
            repository: repository.handle.name().to_owned(),
            workflow: short(&past.workflow).to_owned(),
            name,
            event: past.event.name.clone(),
            sha: past.event.sha.clone(),
            reference: past.event.reference.clone(),
            id: past.id,
            result: result.to_owned(),
            jobs,
            order: flat.jobs.iter().map(|(id, _)| id.clone()).collect(),
            summary: ran.summaries.concat(),
            log: format!("{}{}", ran.log, ran.stderr),
        };
        complete(world, &repository, &past, &finished)?;
        let ended = Ended {
            jobs: finished.jobs.clone(),
            outputs: ran.outputs,
        };
        Ok((finished, ended))
    }
}

fn short(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn name(text: &str, file: &str) -> String {
    let workflow: Option<serde_yaml::Value> = serde_yaml::from_str(text).ok();
    let name = workflow.and_then(|workflow| Some(workflow.get("name")?.as_str()?.to_owned()));
    name.unwrap_or_else(|| file.to_owned())
}

/// A clone on disk, where act reads the workflow and learns the commit.
fn clone(world: &World, repository: &Repository, past: &Past) -> anyhow::Result<PathBuf> {
    let folder = world
        .folder
        .join(format!("runs/{}-{}", past.id, past.attempt));
    std::fs::create_dir_all(&folder)?;
    let bare = repository.handle.folder();
    let bare = bare.to_str().context("a folder that is no text")?;
    git::run(
        &folder,
        &["clone", "--quiet", "--shared", "--no-checkout", bare, "."],
    )?;
    let branch = past.event.reference.strip_prefix("refs/heads/");
    let sha = past.event.sha.as_str();
    match branch {
        Some(branch) => git::run(
            &folder,
            &["checkout", "--quiet", "--force", "-B", branch, sha],
        )?,
        None => git::run(
            &folder,
            &["checkout", "--quiet", "--force", "--detach", sha],
        )?,
    };
    git::run(
        &folder,
        &[
            "remote",
            "set-url",
            "origin",
            &repository.handle.clone_url(),
        ],
    )?;
    Ok(folder)
}

/// How each job ended, by its path. Of a workflow that runs with its calls act says only the ids.
fn results(flat: &Flattened, ran: &crate::act::Run, unflattened: bool) -> BTreeMap<String, String> {
    let short = |path: &str| short(path).to_owned();
    let of = |(id, path): &(String, String)| {
        let inside = format!("{path}/");
        let jobs = flat
            .jobs
            .iter()
            .filter(|(_, below)| below.starts_with(&inside));
        let inner: Vec<_> = jobs.map(|(_, below)| short(below)).collect();
        let belongs = |job: &crate::act::JobResult| match (unflattened, inner.is_empty()) {
            (false, _) => job.id == *id,
            (true, true) => job.id == short(path),
            (true, false) => inner.contains(&job.id),
        };
        let legs = || ran.jobs.iter().filter(|job| belongs(job));
        let result = if legs().next().is_none() {
            "skipped"
        } else if legs().all(|leg| leg.result == "success") {
            "success"
        } else {
            "failure"
        };
        (path.clone(), result.to_owned())
    };
    flat.jobs.iter().map(of).collect()
}

/// Takes from the files what act cannot read, and gives every job outputs: without any, act tells
/// others `null` where GitHub tells an empty mapping.
fn adapt(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder.join(".github/workflows"))? {
        let path = entry?.path();
        let text = crate::act::known_to_act(&std::fs::read_to_string(&path)?);
        let mut workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
        let jobs = workflow.get_mut("jobs");
        let jobs = jobs.and_then(serde_yaml::Value::as_mapping_mut);
        for (_, job) in jobs.into_iter().flatten() {
            if let Some(job) = job.as_mapping_mut().filter(|job| !job.contains_key("uses")) {
                job.entry("outputs".into())
                    .or_insert_with(|| serde_yaml::Value::Mapping(serde_yaml::Mapping::new()));
            }
        }
        std::fs::write(&path, serde_yaml::to_string(&workflow)?)?;
    }
    Ok(())
}

fn begun(world: &World, past: &Past, name: &str) -> Run {
    let event = &past.event;
    let mut run = Run::started(
        past.id,
        &past.workflow,
        &event.name,
        &event.sha,
        &stamp(world),
    );
    name.clone_into(&mut run.name);
    run.attempt = past.attempt;
    run.actor.clone_from(&event.actor);
    let branch = event.reference.trim_start_matches("refs/heads/");
    let branch = branch.trim_start_matches("refs/tags/");
    branch.clone_into(&mut run.branch);
    run
}

fn complete(
    world: &World,
    repository: &Repository,
    past: &Past,
    finished: &Finished,
) -> anyhow::Result<()> {
    let now = stamp(world);
    let mut run = begun(world, past, &finished.name).completed(&finished.result, &now);
    let job = |(path, result): (&String, &String)| Job {
        name: path.clone(),
        status: "completed".to_owned(),
        conclusion: Some(result.clone()),
        started_at: now.clone(),
        completed_at: Some(now.clone()),
    };
    run.jobs = finished.jobs.iter().map(job).collect();
    repository.handle.register_run(run)
}

fn act(world: &World, repository: &Repository, past: &Past, folder: &Path) -> anyhow::Result<Act> {
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

/// Runs act; where the disturbance says, the host stops answering and the process is killed.
fn watched(
    world: &World,
    prepared: &Prepared,
    disturbance: &Disturbance,
) -> anyhow::Result<crate::act::Run> {
    let Prepared {
        repository,
        past,
        flat,
        act,
        ..
    } = prepared;
    let act = act.clone();
    let Some(path) = &disturbance.kill else {
        return act.run();
    };
    let job = flat.id(path)?;
    let victim = tokens::of_job(past, job);
    let harm = if disturbance.applied {
        Harm::DroppedAfter
    } else {
        Harm::Dropped
    };
    let fault = |harm| {
        Fault::new("*", harm)
            .writes()
            .credential(victim.clone())
            .after(disturbance.after)
    };
    world.server.inject(fault(harm));
    world.server.inject(fault(Harm::Dropped).times(usize::MAX));
    let before = dropped(world);
    let mut killed = false;
    let run = act.run_watched(|| {
        if !killed && dropped(world) > before {
            killed = true;
            let process = world.exchange.process(job);
            let process = process.context("no cascade runs in the job that is killed")?;
            // It may have ended by itself in this moment.
            let _ = Command::new("kill")
                .args(["-s", "KILL", &process.to_string()])
                .status();
        }
        Ok(Verdict::Continue)
    })?;
    world.server.clear_faults();
    anyhow::ensure!(
        killed,
        "nothing was killed: {path} of {} made at most {} writes\n{}",
        repository.handle.name(),
        disturbance.after,
        run.log
    );
    Ok(run)
}

fn dropped(world: &World) -> usize {
    let requests = world.server.requests();
    requests
        .iter()
        .filter(|request| request.status == 0)
        .count()
}

/// The inputs of a dispatch, as the API takes them.
pub(super) fn inputs(given: &Map<String, Value>) -> Value {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let inputs = given
        .iter()
        .map(|(name, value)| (name.clone(), text(value).into()));
    Value::Object(inputs.collect())
}
