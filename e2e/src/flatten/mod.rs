//! Workflows without calls: what act runs instead of a workflow that calls others of its repository.
//!
//! act ends a whole run as soon as a job of a called workflow fails, whatever the conditions of
//! the other jobs say. So each job that calls a local workflow becomes plain jobs: the callee's,
//! as `caller__job`, and a join with the caller's own id, which stands for the call wherever the
//! call is needed: it has the callee's outputs, fails if one of its jobs failed, and is skipped if
//! the caller would be.
//!
//! Where GitHub looks at more than the direct `needs`, the result is spelled out, because the
//! chain of needs is another one here:
//!
//! | in a job's `if` | becomes |
//! |---|---|
//! | `success()`, also the implied one | every ancestor *in the same file* succeeded, and nothing is cancelled |
//! | `failure()` | an ancestor in the same file failed |
//! | `always()`, `cancelled()` | themselves |
//!
//! Each job says what its token may do: its own permissions, those of its file, or those of the
//! calls around it.
//!
//! In steps all four keep their meaning. What cannot be kept is an error: the whole context
//! `inputs`, `secrets` or `needs` within a called workflow, and a matrix within a matrix.

mod again;
mod call;
mod cancel;
mod condition;
mod expression;
mod job;
mod matrix;
mod permissions;
mod scope;
mod skipped;
mod template;
mod token;

use std::collections::BTreeMap;

use anyhow::Context;
use serde_yaml::{Mapping, Value};

/// A workflow without calls.
#[derive(Debug, Clone)]
pub struct Flattened {
    /// The workflow.
    pub workflow: Value,
    /// The jobs in the order of the files, each with its path: `deploy-dev/deploy-web`.
    pub jobs: Vec<(String, String)>,
}

impl Flattened {
    /// The workflow's text.
    ///
    /// # Errors
    /// It cannot be written as YAML.
    pub fn text(&self) -> anyhow::Result<String> {
        serde_yaml::to_string(&self.workflow).context("a workflow cannot be written")
    }
}

/// Reads a file of the repository.
pub type Read<'a> = dyn Fn(&str) -> anyhow::Result<String> + 'a;

/// Flattens the workflow in `file`.
///
/// # Errors
/// A file is missing or no workflow, or has something that cannot be kept.
pub fn flatten(file: &str, read: &Read<'_>) -> anyhow::Result<Flattened> {
    let workflow = parse(file, read)?;
    let mut jobs = job::Jobs::new(read);
    jobs.add(&workflow, &scope::Scope::outermost())
        .with_context(|| format!("cannot flatten {file}"))?;
    let mut flat = Mapping::new();
    for (key, value) in &workflow {
        let moved = ["jobs", "env", "defaults", "concurrency", "permissions"];
        if !key.as_str().is_some_and(|key| moved.contains(&key)) {
            flat.insert(key.clone(), value.clone());
        }
    }
    let (mut flattened, order) = jobs.finish();
    skipped::guard(&mut flattened)?;
    flat.insert("jobs".into(), Value::Mapping(flattened));
    Ok(Flattened {
        workflow: Value::Mapping(flat),
        jobs: order,
    })
}

fn parse(file: &str, read: &Read<'_>) -> anyhow::Result<Mapping> {
    let text = read(file)?;
    serde_yaml::from_str(&text).with_context(|| format!("{file} is no workflow"))
}

/// The ids that each job needs, directly and through others.
fn ancestors(jobs: &Mapping) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut all = BTreeMap::new();
    for (id, _) in jobs {
        let id = id.as_str().context("a job's id is no text")?;
        let mut found = Vec::new();
        collect(jobs, id, &mut found)?;
        all.insert(id.to_owned(), found);
    }
    Ok(all)
}

fn collect(jobs: &Mapping, id: &str, found: &mut Vec<String>) -> anyhow::Result<()> {
    let job = jobs
        .get(id)
        .with_context(|| format!("there is no job `{id}`"))?;
    for need in needs(job) {
        if !found.contains(&need) {
            found.push(need.clone());
            collect(jobs, &need, found)?;
        }
    }
    Ok(())
}

fn needs(job: &Value) -> Vec<String> {
    match job.get("needs") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Sequence(all)) => all
            .iter()
            .filter_map(|one| Some(one.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}
