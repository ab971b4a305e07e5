//! The jobs of the flat workflow.

use std::collections::BTreeMap;

use anyhow::Context;
use cascade_core::actions::Permissions;
use serde_yaml::{Mapping, Value};

use super::scope::Scope;
use super::{Read, ancestors, call, condition, matrix, permissions};

/// The jobs so far.
pub(super) struct Jobs<'a> {
    pub(super) read: &'a Read<'a>,
    jobs: Mapping,
    order: Vec<(String, String)>,
}

/// A job where it stands.
pub(super) struct Placed<'a> {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) job: &'a Value,
    pub(super) scope: &'a Scope,
    /// The condition under which it runs, in terms of the flat workflow.
    pub(super) guard: String,
    pub(super) needs: Vec<String>,
    /// The permissions of its token, or the callee's at most.
    pub(super) permissions: Permissions,
    /// The settings of the files around for every job: `env`, `defaults`.
    pub(super) common: &'a Mapping,
}

impl<'a> Jobs<'a> {
    pub(super) fn new(read: &'a Read<'a>) -> Self {
        Self {
            read,
            jobs: Mapping::new(),
            order: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> (Mapping, Vec<(String, String)>) {
        (self.jobs, self.order)
    }

    /// Adds a workflow's jobs.
    pub(super) fn add(&mut self, workflow: &Mapping, scope: &Scope) -> anyhow::Result<()> {
        let jobs = workflow.get("jobs").and_then(Value::as_mapping);
        let jobs = jobs.context("a workflow without jobs")?;
        let ancestors = ancestors(jobs)?;
        let common = common(workflow);
        for (id, job) in jobs {
            let id = id.as_str().unwrap_or_default();
            let mut placed = place(id, job, scope, &ancestors, &common)?;
            placed.permissions = permissions::of_job(job, workflow, scope.granted.as_ref())
                .with_context(|| format!("job `{}`", placed.path))?;
            match job.get("uses").and_then(Value::as_str) {
                Some(callee) => call::add(self, &placed, callee),
                None => self.plain(&placed),
            }
            .with_context(|| format!("job `{}`", placed.path))?;
        }
        Ok(())
    }

    pub(super) fn push(&mut self, id: &str, path: &str, job: Mapping) {
        self.order.push((id.to_owned(), path.to_owned()));
        self.jobs.insert(id.into(), Value::Mapping(job));
    }

    fn plain(&mut self, placed: &Placed<'_>) -> anyhow::Result<()> {
        let scope = placed.scope;
        let mut flat = Mapping::new();
        for (key, value) in placed.job.as_mapping().into_iter().flatten() {
            let rewritten = match key.as_str() {
                Some("needs" | "if" | "concurrency" | "permissions") => continue,
                Some("steps") => {
                    let steps = value.as_sequence().into_iter().flatten();
                    let steps = steps.map(|step| scope.step(step));
                    Value::Sequence(steps.collect::<anyhow::Result<_>>()?)
                }
                _ => scope.value(value)?,
            };
            flat.insert(key.clone(), rewritten);
        }
        for (key, value) in placed.common {
            let below = scope.value(value)?;
            let merged = merge(below, flat.get(key));
            flat.insert(key.clone(), merged);
        }
        if let Some(strategy) = matrix::strategy(placed.job, scope)? {
            flat.insert("strategy".into(), strategy);
        }
        flat.insert("needs".into(), sequence(&placed.needs));
        flat.insert("if".into(), guarded(&placed.guard));
        let granted = permissions::written(&placed.permissions);
        flat.insert("permissions".into(), granted);
        self.push(&placed.id, &placed.path, flat);
        Ok(())
    }
}

fn place<'a>(
    id: &str,
    job: &'a Value,
    scope: &'a Scope,
    ancestors: &BTreeMap<String, Vec<String>>,
    common: &'a Mapping,
) -> anyhow::Result<Placed<'a>> {
    let before = ancestors.get(id).cloned().unwrap_or_default();
    let condition = scope.expression(&condition::of_job(job, &before)?)?;
    let guard = if scope.guard.is_empty() {
        condition
    } else {
        format!("{} && {condition}", scope.guard)
    };
    let mut needs = scope.needs.clone();
    needs.extend(before.iter().map(|id| scope.id(id)));
    Ok(Placed {
        id: scope.id(id),
        path: format!("{}{id}", scope.path),
        job,
        scope,
        guard,
        needs,
        permissions: Permissions::none(),
        common,
    })
}

/// A condition that only this text decides about.
pub(super) fn guarded(guard: &str) -> Value {
    format!("${{{{ always() && {guard} }}}}").into()
}

pub(super) fn sequence(items: &[String]) -> Value {
    Value::Sequence(items.iter().map(|item| item.as_str().into()).collect())
}

fn common(workflow: &Mapping) -> Mapping {
    let both = ["env", "defaults"].into_iter();
    both.filter_map(|key| Some((key.into(), workflow.get(key)?.clone())))
        .collect()
}

/// A mapping with another one laid over it.
fn merge(below: Value, above: Option<&Value>) -> Value {
    match (below, above) {
        (below, None) => below,
        (Value::Mapping(mut below), Some(Value::Mapping(above))) => {
            below.extend(above.clone());
            Value::Mapping(below)
        }
        (_, Some(above)) => above.clone(),
    }
}
