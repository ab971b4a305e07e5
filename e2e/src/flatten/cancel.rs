//! A run that somebody cancels: what later jobs see of it, written into their expressions.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use cascade_core::expression::{Expression, Function};
use serde_yaml::{Mapping, Value};

use super::{Flattened, needs, template};

/// Returns a condition that the run was not cancelled before this call began: true, until
/// [`Flattened::cancel_during`].
pub(super) fn before(call: &str) -> String {
    format!("('cancelled before {call}' == '')")
}

impl Flattened {
    /// The id of the job with this path.
    ///
    /// # Errors
    /// There is none.
    pub fn id(&self, path: &str) -> anyhow::Result<&str> {
        let found = self.jobs.iter().find(|(_, known)| known == path);
        let paths = || {
            self.jobs
                .iter()
                .map(|(_, path)| path.as_str())
                .collect::<Vec<_>>()
        };
        let (id, _) = found.with_context(|| format!("no job `{path}` among {:?}", paths()))?;
        Ok(id)
    }

    /// The path of the job that is cancelled with this one: the first one of a call.
    ///
    /// # Errors
    /// There is no such job.
    pub fn victim(&self, path: &str) -> anyhow::Result<String> {
        let below = format!("{path}/");
        let mut inner = self.jobs.iter();
        let inner = inner.find(|(_, known)| known.starts_with(&below));
        match inner {
            Some((_, inner)) => Ok(inner.clone()),
            None => self.id(path).map(|_| path.to_owned()),
        }
    }

    /// Somebody cancels the run while this job runs: it ends as cancelled after its first steps,
    /// and for every job that starts later `cancelled()` is true.
    ///
    /// # Errors
    /// There is no such job.
    pub fn cancel_during(&mut self, path: &str) -> anyhow::Result<()> {
        let path = self.victim(path)?;
        let victim = self.id(&path)?.to_owned();
        let around = |known: &str| path == known || path.starts_with(&format!("{known}/"));
        let jobs = self.jobs.iter().filter(|(_, known)| around(known));
        let cancelled: BTreeSet<String> = jobs.map(|(id, _)| id.clone()).collect();
        let jobs = self
            .workflow
            .get_mut("jobs")
            .and_then(Value::as_mapping_mut);
        let jobs = jobs.context("no jobs")?;
        let depths = depths(jobs);
        let depth = depths[&victim];
        let late = late(&self.jobs, &depths, depth);
        for (id, job) in jobs.iter_mut() {
            let id = id.as_str().unwrap_or_default();
            if id == victim {
                end(job);
            }
            let later = depths[id] > depth;
            let join = cancelled.contains(id);
            if !join || id == victim {
                let seen = Seen {
                    cancelled: &cancelled,
                    late: &late,
                    later,
                };
                *job = template::map(job, &mut |inside| expression(inside, &seen))?;
            }
        }
        Ok(())
    }
}

/// The cancellation of the run, as a job sees it.
struct Seen<'a> {
    cancelled: &'a BTreeSet<String>,
    /// Calls that had not begun.
    late: &'a [String],
    later: bool,
}

/// The calls whose first job starts after the one that is cancelled.
fn late(jobs: &[(String, String)], depths: &BTreeMap<String, usize>, depth: usize) -> Vec<String> {
    let begins = |call: &str| {
        let inside = format!("{call}__");
        let inner = depths.iter().filter(|(id, _)| id.starts_with(&inside));
        inner.map(|(_, depth)| *depth).min()
    };
    jobs.iter()
        .filter(|(id, _)| begins(id).is_some_and(|begins| begins > depth))
        .map(|(id, _)| id.clone())
        .collect()
}

fn end(job: &mut Value) {
    let steps = job.get_mut("steps").and_then(Value::as_sequence_mut);
    if let Some(steps) = steps {
        let step = [("run".into(), "exit 1".into())];
        steps.push(Value::Mapping(step.into_iter().collect()));
    }
}

fn depths(jobs: &Mapping) -> BTreeMap<String, usize> {
    let mut depths: BTreeMap<String, usize> = BTreeMap::new();
    // Jobs stand behind those that they need, except where a person wrote them otherwise.
    for _ in 0..jobs.len() {
        for (id, job) in jobs {
            let above = needs(job);
            let above = above.iter().filter_map(|need| depths.get(need));
            let depth = above.max().map_or(0, |depth| depth + 1);
            depths.insert(id.as_str().unwrap_or_default().to_owned(), depth);
        }
    }
    depths
}

fn expression(expression: &Expression, seen: &Seen<'_>) -> anyhow::Result<String> {
    expression.rewrite(&mut |part| Ok(look(part, seen)))
}

/// Returns the replacement of a look at a job or at the run.
fn look(part: &Expression, seen: &Seen<'_>) -> Option<String> {
    let cancelled = |of: &Expression| {
        let (context, job) = of.property()?;
        let needed = context == "needs" && seen.cancelled.contains(job);
        needed.then(|| job.to_owned())
    };
    match part {
        Expression::Call(Function::Cancelled, _) => seen.later.then(|| "true".to_owned()),
        Expression::Call(Function::ToJson, arguments) => {
            let job = arguments.first().and_then(cancelled)?;
            Some(format!(
                "format('{{{{\"result\":\"cancelled\",\"outputs\":{{0}}}}}}', toJSON(needs.{job}.outputs))"
            ))
        }
        Expression::Member(of, name) if name == "result" => {
            cancelled(of).map(|_| "'cancelled'".to_owned())
        }
        Expression::Group(_) => {
            let text = part.to_string();
            let late = seen.late.iter().any(|call| before(call) == text);
            late.then(|| "true".to_owned())
        }
        _ => None,
    }
}
