//! The jobs of a workflow that a repository had before cascade.

use super::{BUILDING, CHECKING, Role, about, last_byte};
use crate::manifest::yaml::{Document, View};
use std::path::Path;

/// A job of a workflow, read to find out which callback it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its key under `jobs`.
    pub id: String,
    /// Its first line, from 1.
    pub line: usize,
    /// Its last line.
    pub last: usize,
    /// The part of a pipeline that it plays, if that can be told.
    pub role: Option<Role>,
    /// The parts that its steps play, whatever it is called.
    pub does: Vec<Role>,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// The GitHub environment that it names, unless an expression does.
    pub environment: Option<String>,
    /// The reusable workflow that it calls, if it has no steps of its own.
    pub calls: Option<String>,
}

/// Parts of conditions that are true only when a release was made.
const RELEASED: [&str; 4] = [
    "release_created",
    "releases_created",
    "new_release_published",
    "refs/tags/",
];

/// Returns the jobs, in order.
pub(super) fn jobs(document: &Document, root: View<'_>) -> Vec<Job> {
    let Some(jobs) = root.get("jobs") else {
        return Vec::new();
    };
    let entries = jobs.entries();
    entries
        .filter_map(|(id, job)| {
            let line = |at: usize| document.position(at).line;
            let start = jobs.entry(id)?.key.start;
            Some(Job {
                id: id.to_owned(),
                line: line(start),
                last: line(last_byte(document, job).max(start)),
                role: role(id, job),
                does: does(job),
                needs: needs(job),
                environment: environment(job),
                calls: job.get("uses").and_then(View::text),
            })
        })
        .collect()
}

fn role(id: &str, job: View<'_>) -> Option<Role> {
    let text = |key: &str| job.get(key).and_then(View::text);
    let condition = text("if").unwrap_or_default();
    if is_released(&condition) {
        return Some(Role::Publish);
    }
    let named = || Role::of_name(&text("name")?);
    let deploys = || job.get("environment").map(|_| Role::Deploy);
    let calls = || {
        let uses = text("uses")?;
        let file = Path::new(uses.split('@').next()?);
        Role::of_name(file.file_stem()?.to_str()?)
    };
    let done = || {
        let does = does(job);
        let first = [Role::Publish, Role::Build, Role::Validate];
        first.into_iter().find(|role| does.contains(role))
    };
    Role::of_name(id)
        .or_else(named)
        .or_else(deploys)
        .or_else(calls)
        .or_else(done)
}

/// Returns the parts that the steps of a job play.
fn does(job: View<'_>) -> Vec<Role> {
    let steps = job.get("steps");
    let steps: Vec<View<'_>> = steps.iter().flat_map(|steps| steps.items()).collect();
    let texts = |key: &str| -> Vec<String> {
        let texts = steps.iter().filter_map(|step| step.get(key)?.text());
        texts.collect()
    };
    let said = [texts("name"), texts("uses"), texts("run")].concat();
    let mut does = Vec::new();
    if about(&said, CHECKING) {
        does.push(Role::Validate);
    }
    if about(&said, BUILDING) {
        does.push(Role::Build);
    }
    if texts("if").iter().any(|condition| is_released(condition)) {
        does.push(Role::Publish);
    }
    does
}

fn is_released(condition: &str) -> bool {
    RELEASED.iter().any(|part| condition.contains(part))
}

fn needs(job: View<'_>) -> Vec<String> {
    let needs = job.get("needs");
    let one = needs.and_then(View::text);
    let listed = needs.iter().flat_map(|needs| needs.items());
    one.into_iter()
        .chain(listed.filter_map(View::text))
        .collect()
}

/// A job that calls a workflow names no environment; what it calls gets one as an input.
///
/// Source: GitHub, "Reuse workflows", "Supported keywords for jobs that call a reusable workflow".
fn environment(job: View<'_>) -> Option<String> {
    let given = || job.get("with")?.get("environment");
    let environment = job.get("environment").or_else(given)?;
    let name = environment
        .text()
        .or_else(|| environment.get("name")?.text())?;
    (!name.contains("${{")).then_some(name)
}
