//! The jobs of a workflow: which run, and when.
//!
//! Source: GitHub, "Using jobs in a workflow" and "Evaluate expressions", status check functions:
//! without one a job runs only if every job above it succeeded; `failure()` is true if one failed.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc;

use anyhow::{Context, bail};
use cascade_core::expression::Job as Before;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::Running;
use super::contexts::Contexts;
use super::workflow::{Job, Workflow};
use crate::act::JobResult;

/// A workflow where it stands: the run's own, or one that is called.
pub(super) struct Scope<'a> {
    pub(super) workflow: &'a Workflow,
    /// The ids of the calls around, each with `__` behind it.
    pub(super) prefix: String,
    /// The same for paths, with `/`.
    pub(super) path: String,
    pub(super) inputs: Value,
    pub(super) secrets: Value,
    /// True if everything runs, also where only failed jobs are run again.
    pub(super) again: bool,
}

/// The end of a job.
#[derive(Debug, Clone)]
pub(super) struct JobEnd {
    pub(super) result: &'static str,
    pub(super) outputs: Value,
    /// True if it ran now, not in an earlier attempt.
    pub(super) ran: bool,
}

impl JobEnd {
    pub(super) fn skipped() -> Self {
        Self {
            result: "skipped",
            outputs: json!({}),
            ran: false,
        }
    }

    pub(super) fn failed() -> Self {
        Self {
            result: "failure",
            outputs: json!({}),
            ran: true,
        }
    }

    pub(super) fn cancelled() -> Self {
        Self {
            result: "cancelled",
            outputs: json!({}),
            ran: true,
        }
    }

    pub(super) fn is_bad(&self) -> bool {
        matches!(self.result, "failure" | "cancelled")
    }

    pub(super) fn json(&self) -> Value {
        json!({ "result": self.result, "outputs": self.outputs })
    }
}

/// The jobs that ended, in the order of their ends.
pub(super) type Ends = IndexMap<String, JobEnd>;

/// A job that is about to be decided.
pub(super) struct Placed<'a> {
    pub(super) id: &'a str,
    pub(super) job: &'a Job,
    pub(super) scope: &'a Scope<'a>,
    /// The contexts before it begins.
    pub(super) contexts: Contexts,
    /// True if it runs also where only failed jobs are run again.
    pub(super) again: bool,
}

impl Placed<'_> {
    /// The id in the whole run: those of the calls around it, `__`, its own.
    pub(super) fn flat_id(&self) -> String {
        format!("{}{}", self.scope.prefix, self.id)
    }

    pub(super) fn path(&self) -> String {
        format!("{}{}", self.scope.path, self.id)
    }
}

impl Running<'_> {
    /// Runs the jobs of a workflow, each as soon as those that it needs have ended.
    pub(super) fn workflow(&self, scope: &Scope<'_>) -> anyhow::Result<Ends> {
        let jobs = &scope.workflow.jobs;
        let above = ancestors(jobs)?;
        let mut ends = Ends::new();
        let mut waiting: Vec<&str> = jobs.keys().map(String::as_str).collect();
        std::thread::scope(|threads| {
            let (tell, told) = mpsc::channel();
            let mut under_way = 0;
            loop {
                let ready = |id: &&str| jobs[*id].needs.iter().all(|need| ends.contains_key(need));
                let (begin, rest): (Vec<&str>, Vec<&str>) = waiting.into_iter().partition(ready);
                waiting = rest;
                for id in begin {
                    let placed = self.place(scope, id, &above[id], &ends)?;
                    let tell = tell.clone();
                    under_way += 1;
                    threads.spawn(move || {
                        let id = placed.id.to_owned();
                        let ended = self.decide(&placed);
                        let ended = ended.with_context(|| format!("job `{}`", placed.path()));
                        // Nobody listens any more if another job was an error.
                        let _ = tell.send((id, ended));
                    });
                }
                if under_way == 0 {
                    break;
                }
                let (id, ended) = told.recv().context("a job's thread is gone")?;
                under_way -= 1;
                ends.insert(id, ended?);
            }
            anyhow::ensure!(waiting.is_empty(), "jobs need each other: {waiting:?}");
            Ok(ends)
        })
    }

    fn place<'a>(
        &self,
        scope: &'a Scope<'a>,
        id: &'a str,
        above: &[String],
        ends: &Ends,
    ) -> anyhow::Result<Placed<'a>> {
        let job = &scope.workflow.jobs[id];
        let needs = job.needs.iter();
        let needs: Map<String, Value> = needs
            .map(|need| (need.clone(), ends[need].json()))
            .collect();
        let ended: Vec<&JobEnd> = above.iter().map(|id| &ends[id]).collect();
        let mut contexts = Contexts::new(Map::new())
            .with("github", Value::Object(self.github.clone()))
            .with("needs", Value::Object(needs))
            .with("vars", self.vars.clone())
            .with("inputs", scope.inputs.clone())
            .with("secrets", scope.secrets.clone())
            .after(self.before(&ended));
        let placed = |contexts, again| Placed {
            id,
            job,
            scope,
            contexts,
            again,
        };
        let token = (self.token)(&placed(contexts.clone(), false).flat_id());
        contexts.put("github", "token", token.clone().into());
        contexts.put("secrets", "GITHUB_TOKEN", token.into());
        let again = scope.again || ended.iter().any(|end| end.ran);
        Ok(placed(contexts, again))
    }

    fn before(&self, ended: &[&JobEnd]) -> Before {
        let any = |result: &str| ended.iter().any(|end| end.result == result);
        match () {
            () if self.cancelled.load(Ordering::SeqCst) => Before::Cancelled,
            () if any("failure") => Before::Failed,
            () if any("cancelled") || any("skipped") => Before::Skipped,
            () => Before::Succeeded,
        }
    }

    /// Skips, keeps or runs a job.
    fn decide(&self, placed: &Placed<'_>) -> anyhow::Result<JobEnd> {
        let path = placed.path();
        let kept = self.earlier.filter(|_| !placed.again);
        let kept = kept.map(|earlier| earlier.jobs.get(&path).map_or("skipped", String::as_str));
        if kept == Some("skipped")
            || kept.is_none() && !placed.contexts.holds(placed.job.condition.as_ref())?
        {
            self.record.skipped(&path);
            return Ok(JobEnd::skipped());
        }
        self.record.began(&path);
        let end = match (&placed.job.uses, kept) {
            (Some(callee), _) => self.calls(placed, callee)?,
            (None, Some("success")) => self.keep(placed)?,
            (None, _) => self.legs(placed)?,
        };
        self.record.ended(JobResult {
            id: placed.flat_id(),
            path,
            result: end.result.to_owned(),
        });
        Ok(end)
    }

    /// Takes over what a job put out in an earlier attempt.
    fn keep(&self, placed: &Placed<'_>) -> anyhow::Result<JobEnd> {
        let id = placed.flat_id();
        let mut contexts = placed.contexts.clone();
        let earlier = self
            .earlier
            .into_iter()
            .flat_map(|earlier| &earlier.outputs);
        for output in earlier.filter(|output| output.job == id) {
            let mut step = contexts.get("steps")[&output.step].clone();
            step["outputs"][&output.name] = output.value.as_str().into();
            contexts.put("steps", &output.step, step);
            self.record.output(output.clone());
        }
        Ok(JobEnd {
            result: "success",
            outputs: self.outputs_of(placed, &contexts)?,
            ran: false,
        })
    }

    /// The outputs of a job; one that a secret is part of is dropped, as GitHub does.
    pub(super) fn outputs_of(
        &self,
        placed: &Placed<'_>,
        contexts: &Contexts,
    ) -> anyhow::Result<Value> {
        let mut outputs = Map::new();
        for (name, value) in contexts.texts(&placed.job.outputs)? {
            if self.record.hides(&value) {
                let line = format!("Skip output '{name}' since it may contain secret.");
                self.record.line(&placed.path(), &line);
            } else if !value.is_empty() {
                outputs.insert(name, value.into());
            }
        }
        Ok(Value::Object(outputs))
    }
}

/// The ids that each job needs, directly and through others.
fn ancestors(jobs: &IndexMap<String, Job>) -> anyhow::Result<BTreeMap<&str, Vec<String>>> {
    let mut all = BTreeMap::new();
    for (id, job) in jobs {
        let mut found: Vec<String> = Vec::new();
        let mut open: Vec<&String> = job.needs.iter().collect();
        while let Some(need) = open.pop() {
            let Some(above) = jobs.get(need) else {
                bail!("job `{id}` needs `{need}`, which is not there");
            };
            if !found.contains(need) {
                found.push(need.clone());
                open.extend(above.needs.iter());
            }
        }
        all.insert(id.as_str(), found);
    }
    Ok(all)
}
