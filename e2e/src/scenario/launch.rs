//! One run of one workflow.

mod arguments;
mod checkout;
mod record;
mod watch;

pub(super) use arguments::inputs;

use super::approval::Doorkeeper;
use super::machine::Watcher;
use super::tokens;
use super::world::{Past, Repository, World};
use crate::act::Act;
use crate::engine::{self, Earlier, Engine, Groups};
use crate::flatten::{Flattened, flatten};
use crate::setup::Setup;
use crate::tools::Tools;
use anyhow::Context;
use checkout::{adapt, clone};
use record::{begun, complete};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use watch::watched;

const FILE: &str = ".github/workflows/e2e-flat.yaml";

/// A disturbance of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Disturbance {
    /// The path of the job whose process crashes.
    pub(super) crash: Option<String>,
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
) -> anyhow::Result<(Finished, Earlier)> {
    let prepared = Prepared::of(world, past, disturbance)?;
    let ran = watched(world, &prepared, disturbance)?;
    prepared.finish(world, ran, disturbance)
}

/// Runs workflows at the same time.
pub(super) fn run_together(
    world: &World,
    pasts: &[Past],
) -> anyhow::Result<Vec<(Finished, Earlier)>> {
    let calm = Disturbance::default();
    let prepared = pasts.iter().map(|past| Prepared::of(world, past, &calm));
    let prepared: Vec<Prepared> = prepared.collect::<anyhow::Result<_>>()?;
    let ran = std::thread::scope(|scope| {
        let run = |one: &Prepared| {
            let start = one.start.clone();
            scope.spawn(move || {
                let begun = Instant::now();
                start.run().map(|ran| (begun, ran, Instant::now()))
            })
        };
        let threads: Vec<_> = prepared.iter().map(run).collect();
        let ended = threads.into_iter().map(|thread| {
            let ended = thread
                .join()
                .map_err(|_| anyhow::anyhow!("a run panicked"))?;
            ended.context("a run did not begin")
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

/// A way to start a run.
#[derive(Clone)]
enum Start {
    Own(Box<Own>),
    Act(Box<Act>),
}

/// A run in the engine of our own.
#[derive(Clone)]
struct Own {
    setup: Setup,
    past: Past,
    groups: Arc<Groups>,
    /// The clone.
    folder: PathBuf,
    instead: BTreeMap<String, String>,
    doorkeeper: Doorkeeper,
    watch: Arc<Watcher>,
    /// The path of the job during which somebody cancels the run.
    cancel: Option<String>,
}

impl Start {
    fn run(&self) -> anyhow::Result<crate::act::Run> {
        match self {
            Self::Act(act) => (**act).clone().run(),
            Self::Own(own) => own.run(),
        }
    }
}

impl Own {
    fn run(&self) -> anyhow::Result<crate::act::Run> {
        let read = |path: &str| text_of(&self.folder, &self.instead, path);
        let past = &self.past;
        engine::run(&engine::Request {
            setup: &self.setup,
            workflow: &past.workflow,
            read: &read,
            token: &|job| tokens::of_job(past, job),
            earlier: past.after.as_ref(),
            cancel: self.cancel.as_deref(),
            groups: &self.groups,
            admit: &|entrance| self.doorkeeper.admit(entrance),
            watch: &|moment| (self.watch)(past.id, moment),
            folder: &self.folder.join(".run"),
        })
    }
}

/// A run that can begin.
struct Prepared {
    repository: Repository,
    past: Past,
    name: String,
    flat: Flattened,
    start: Start,
}

impl Prepared {
    fn of(world: &World, past: &Past, disturbance: &Disturbance) -> anyhow::Result<Self> {
        let repository = world.repository(Some(&past.repository))?.clone();
        let folder = clone(world, &repository, past)?;
        let read = |path: &str| text_of(&folder, &repository.instead, path);
        let name = name(&read(&past.workflow)?, &past.workflow);
        let mut flat = flatten(&past.workflow, &read)?;
        let mut setup = arguments::setup(world, &repository, past, &folder)?;
        if disturbance.crash.is_some() {
            setup.env("E2E_CRASH", "1");
        }
        tokens::register(world, past, &flat.permissions()?, disturbance.unflattened);
        repository.handle.register_run(begun(world, past, &name))?;
        let cancel = disturbance.cancel.as_deref();
        let start = match world.engine {
            Engine::Own => Start::Own(Box::new(Own {
                cancel: cancel.map(|path| flat.victim(path)).transpose()?,
                setup,
                past: past.clone(),
                groups: Arc::clone(&world.groups),
                instead: repository.instead.clone(),
                doorkeeper: doorkeeper(world, &repository, past),
                watch: Arc::clone(&world.watch),
                folder: folder.clone(),
            })),
            Engine::Act => {
                if let Some(path) = cancel {
                    flat.cancel_during(path)?;
                }
                if let Some(ended) = &past.after {
                    flat.rerun_failed(&ended.jobs, &ended.outputs)?;
                }
                flat.give_tokens(&|job| tokens::of_job(past, job))?;
                let file = match disturbance.unflattened {
                    true => PathBuf::from(&past.workflow),
                    false => PathBuf::from(FILE),
                };
                for (path, text) in &repository.instead {
                    super::fixture::write(&folder, path, text)?;
                }
                std::fs::write(folder.join(FILE), flat.text()?)?;
                adapt(&folder)?;
                let program = match &world.act {
                    Some(program) => program.clone(),
                    None => Tools::install()?.act(),
                };
                let act =
                    Act::of(program, &folder, &setup).secret("GITHUB_TOKEN", &tokens::of_run(past));
                Start::Act(Box::new(act.workflow(file)))
            }
        };
        Ok(Self {
            repository,
            past: past.clone(),
            name,
            flat,
            start,
        })
    }

    fn finish(
        self,
        world: &World,
        ran: crate::act::Run,
        disturbance: &Disturbance,
    ) -> anyhow::Result<(Finished, Earlier)> {
        let Self {
            repository,
            past,
            name,
            flat,
            ..
        } = self;
        let unflattened = disturbance.unflattened && world.engine == Engine::Act;
        let mut jobs = results(&flat, &ran, unflattened);
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
            _ if ran.cancelled || disturbance.cancel.is_some() => "cancelled",
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
        let ended = Earlier {
            jobs: finished.jobs.clone(),
            outputs: ran.outputs,
        };
        Ok((finished, ended))
    }
}

/// The text of a workflow file: what stands in for it, or what the clone has.
fn text_of(clone: &Path, instead: &BTreeMap<String, String>, path: &str) -> anyhow::Result<String> {
    match instead.get(path) {
        Some(text) => Ok(text.clone()),
        None => std::fs::read_to_string(clone.join(path)).with_context(|| format!("no {path}")),
    }
}

fn doorkeeper(world: &World, repository: &Repository, past: &Past) -> Doorkeeper {
    let branch = past.event.reference.trim_start_matches("refs/heads/");
    Doorkeeper {
        environments: repository.environments.clone(),
        rejects: world.rejects.clone(),
        branch: branch.to_owned(),
        clock: world.clock.clone(),
        asked: Arc::clone(&world.asked),
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

/// Returns the result of each job, by its path. Of a workflow that runs with its calls act says
/// only the ids.
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
