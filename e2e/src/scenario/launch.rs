//! One run of one workflow, in act.

mod arguments;
mod checkout;
mod record;
mod watch;

pub(super) use arguments::inputs;

use super::tokens;
use super::world::{Ended, Past, Repository, World};
use crate::act::Act;
use crate::flatten::{Flattened, flatten};
use anyhow::Context;
use arguments::act;
use checkout::{adapt, clone};
use record::{begun, complete};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;
use watch::watched;

const FILE: &str = ".github/workflows/e2e-flat.yaml";

/// How a run is disturbed.
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
