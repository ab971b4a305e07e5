//! The report of a rehearsal: plain data, printed as text, JSON or a page.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context;
use serde::Serialize;
use serde_json::{Map, Value};

use super::callbacks::Files;
use super::options::Options;
use super::timeline::Timed;
use crate::scenario::stage::{Ran, Snapshot};
use crate::scenario::{Asked, Call};

/// The layout of the JSON document.
const LAYOUT: u64 = 1;

/// A rehearsal that is over.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The layout of this document; it grows when a field changes its meaning.
    pub(super) version: u64,
    pub(super) repository: String,
    /// The commit that was pushed, and its message.
    pub(super) head: Head,
    /// Things that a person should know.
    pub(super) notes: Vec<String>,
    pub(super) runs: Vec<Run>,
    /// The jobs that waited for people or timers.
    pub(super) asked: Vec<Asked>,
    /// The recorded state, before and after.
    pub(super) state: Pair,
    /// The differences afterwards.
    pub(super) changes: Changes,
    /// Workflows that GitHub would have started, too, and that were not.
    pub(super) not_run: Vec<String>,
    /// Differences from what a script expects.
    pub(super) differences: Vec<String>,
    /// In all, in milliseconds.
    pub(super) milliseconds: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Head {
    pub(super) sha: String,
    pub(super) subject: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Pair {
    pub(super) before: Value,
    pub(super) after: Value,
}

/// A run of a workflow.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    pub(super) workflow: String,
    pub(super) event: String,
    pub(super) result: String,
    pub(super) jobs: Vec<Job>,
    pub(super) calls: Vec<Called>,
    /// Markdown.
    pub(super) summary: String,
    pub(super) log: String,
}

/// A job of a run. Times are milliseconds since the rehearsal began.
#[derive(Debug, Serialize)]
pub(super) struct Job {
    pub(super) path: String,
    pub(super) result: String,
    pub(super) began: Option<u64>,
    pub(super) ended: Option<u64>,
}

/// A call of a callback that a stub answered.
#[derive(Debug, Serialize)]
pub(super) struct Called {
    /// `build:image`.
    pub(super) callback: String,
    /// The file.
    pub(super) workflow: String,
    /// The path of the job that calls.
    pub(super) job: String,
    pub(super) inputs: Map<String, Value>,
    pub(super) result: String,
}

/// The differences afterwards.
#[derive(Debug, Default, Serialize)]
pub(super) struct Changes {
    /// Fields of the state: path, before, after.
    pub(super) state: Vec<Change>,
    pub(super) tags: Vec<Change>,
    pub(super) branches: Vec<Change>,
    pub(super) releases: Vec<Change>,
    pub(super) deployments: Vec<Change>,
    pub(super) pull_requests: Vec<Change>,
    pub(super) issues: Vec<Change>,
    /// The subjects of new commits on the trunk.
    pub(super) commits: Vec<String>,
}

/// Something that is there, gone or another.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Change {
    pub(super) what: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Changes {
    /// The lists, each with its title.
    pub(super) fn lists(&self) -> [(&'static str, &[Change]); 7] {
        [
            ("State", &self.state),
            ("Tags", &self.tags),
            ("Releases", &self.releases),
            ("Branches", &self.branches),
            ("Deployments", &self.deployments),
            ("Pull requests", &self.pull_requests),
            ("Issues", &self.issues),
        ]
    }
}

impl Report {
    /// Returns true if everything went well.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.differences.is_empty() && self.runs.iter().all(|run| run.result == "success")
    }

    /// Prints it, and writes the page that the options ask for.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn show(&self, options: &Options) -> anyhow::Result<()> {
        if let Some(file) = &options.html {
            let written = std::fs::write(file, super::page::page(self));
            written.with_context(|| format!("cannot write {}", file.display()))?;
        }
        let text = match options.json {
            true => format!("{}\n", serde_json::to_string_pretty(self)?),
            false => self.to_string(),
        };
        Ok(std::io::stdout().write_all(text.as_bytes())?)
    }

    pub(super) fn new(repository: String, head: Head) -> Self {
        let nothing = || Pair {
            before: Value::Null,
            after: Value::Null,
        };
        Self {
            version: LAYOUT,
            repository,
            head,
            notes: Vec::new(),
            runs: Vec::new(),
            asked: Vec::new(),
            state: nothing(),
            changes: Changes::default(),
            not_run: Vec::new(),
            differences: Vec::new(),
            milliseconds: 0,
        }
    }
}

/// A run as it is shown.
pub(super) fn run(ran: &Ran, calls: &[Call], timed: &[Timed], files: &Files) -> Run {
    let jobs = ran.jobs.iter().map(|(path, result)| {
        let timed = timed
            .iter()
            .find(|one| one.run == ran.id && one.path == *path);
        Job {
            path: path.clone(),
            result: result.clone(),
            began: timed.map(|timed| timed.began),
            ended: timed.and_then(|timed| timed.ended),
        }
    });
    let id = ran.id.to_string();
    let mut of_run: Vec<&Call> = calls.iter().filter(|call| call.run == id).collect();
    let place = |call: &&Call| {
        let path = call.job.replace("__", "/");
        let at = ran.jobs.iter().position(|(known, _)| *known == path);
        (at, call.index)
    };
    of_run.sort_by_key(place);
    let calls = of_run.into_iter().map(|call| called(call, ran, files));
    Run {
        calls: calls.collect(),
        jobs: jobs.collect(),
        workflow: ran.workflow.clone(),
        event: ran.event.clone(),
        result: ran.result.clone(),
        summary: ran.summary.clone(),
        log: ran.log.clone(),
    }
}

fn called(call: &Call, ran: &Ran, files: &Files) -> Called {
    let path = call.job.replace("__", "/");
    let caller = path.rsplit_once('/').map_or("", |(caller, _)| caller);
    let id = caller.rsplit('/').next().unwrap_or(caller);
    let site = files.sites.iter().find(|site| site.job == id);
    let callback = site.and_then(|site| site.callback.as_ref());
    let result = ran.jobs.iter().find(|(known, _)| *known == path);
    Called {
        callback: callback.map_or_else(|| call.callback.clone(), ToString::to_string),
        workflow: site.map_or_else(|| call.callback.clone(), |site| site.callee.clone()),
        job: caller.to_owned(),
        inputs: call.inputs.clone(),
        result: result.map_or_else(String::new, |(_, result)| result.clone()),
    }
}

/// Returns the differences between two snapshots.
pub(super) fn changes(before: &Snapshot, after: &Snapshot) -> Changes {
    let mut state = Vec::new();
    differ("", &before.state, &after.state, &mut state);
    differ(
        "latest_release",
        &before.latest_release,
        &after.latest_release,
        &mut state,
    );
    Changes {
        state,
        tags: refs(&before.tags, &after.tags),
        branches: refs(&before.branches, &after.branches),
        releases: listed(&before.releases, &after.releases, "tag", &release),
        deployments: listed(
            &before.deployments,
            &after.deployments,
            "environment",
            &|one| text(&one["state"]),
        ),
        pull_requests: listed(
            &before.pull_requests,
            &after.pull_requests,
            "number",
            &titled,
        ),
        issues: listed(&before.issues, &after.issues, "number", &titled),
        commits: Vec::new(),
    }
}

fn release(release: &Value) -> String {
    let is = |key: &str| release[key] == true;
    let kind = match () {
        () if is("draft") => "draft",
        () if is("prerelease") => "prerelease",
        () if is("latest") => "latest",
        () => "published",
    };
    let assets = release["assets"].as_array().map_or(0, Vec::len);
    match assets {
        0 => kind.to_owned(),
        1 => format!("{kind}, 1 file"),
        number => format!("{kind}, {number} files"),
    }
}

fn titled(issue: &Value) -> String {
    format!("{} ({})", text(&issue["title"]), text(&issue["state"]))
}

/// The leaves that differ, each with its path.
fn differ(path: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    if before == after {
        return;
    }
    if let (Value::Object(_) | Value::Null, Value::Object(_) | Value::Null) = (before, after) {
        let keys = |value: &Value| {
            value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, _)| key.clone())
                .collect::<Vec<_>>()
        };
        let mut all = keys(before);
        all.extend(
            keys(after)
                .into_iter()
                .filter(|key| before.get(key).is_none()),
        );
        for key in all {
            let inner = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            differ(&inner, &before[&key], &after[&key], found);
        }
        return;
    }
    let shown = |value: &Value| (!value.is_null()).then(|| text(value));
    found.push(Change {
        what: path.to_owned(),
        before: shown(before),
        after: shown(after),
    });
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn refs(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    let changed = names.filter(|name| before.get(*name) != after.get(*name));
    changed
        .map(|name| Change {
            what: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

/// Returns the differences between two lists of things with a name, which several may share.
fn listed(
    before: &Value,
    after: &Value,
    key: &str,
    show: &dyn Fn(&Value) -> String,
) -> Vec<Change> {
    let read = |value: &Value| -> Vec<(String, String)> {
        let items = value.as_array().into_iter().flatten();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        items
            .map(|item| {
                let name = text(&item[key]);
                let count = seen.entry(name.clone()).or_default();
                *count += 1;
                let name = match count {
                    1 => name,
                    count => format!("{name} #{count}"),
                };
                (name, show(item))
            })
            .collect()
    };
    refs(
        &read(before).into_iter().collect(),
        &read(after).into_iter().collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_leaves_that_differ_are_shown() {
        let before = json!({ "dev": { "version": "v1", "sha": "a" } });
        let after = json!({ "dev": { "version": "v2", "sha": "a" }, "prod": { "version": "v1" } });
        let mut found = Vec::new();
        differ("", &before, &after, &mut found);
        let change = |what: &str, before: Option<&str>, after: &str| Change {
            what: what.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.to_owned()),
        };
        assert_eq!(
            found,
            [
                change("dev.version", Some("v1"), "v2"),
                change("prod.version", None, "v1")
            ]
        );
    }

    #[test]
    fn things_with_one_name_are_told_apart() {
        let before = json!([{ "environment": "prod", "state": "success" }]);
        let after = json!([
            { "environment": "prod", "state": "success" },
            { "environment": "prod", "state": "failure" },
        ]);
        let found = listed(&before, &after, "environment", &|one| text(&one["state"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "prod #2");
        assert_eq!(found[0].after.as_deref(), Some("failure"));
    }
}
