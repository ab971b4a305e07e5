//! The observations after a step, compared with what the step expects.

mod traffic;

use serde_json::{Value, json};

use super::action::Done;
use super::call::Call;
use super::compare::{compare, compare_names, contains, loosen};
use super::launch::Finished;
use super::step::Expect;
use super::world::{Repository, World};
use super::{git, state_branch};

/// The observations before the step.
#[derive(Debug, Clone)]
pub(super) struct Before {
    state: Value,
    manifest: Value,
    calls: usize,
    requests: usize,
    asked: usize,
    delivered: usize,
}

impl Before {
    pub(super) fn of(world: &World, repository: &Repository) -> anyhow::Result<Self> {
        let manifest = manifest(repository)?;
        Ok(Self {
            state: managed(repository)?["state"].clone(),
            manifest,
            calls: world.exchange.calls()?.len(),
            requests: world.server.requests().len(),
            asked: world.asked().len(),
            delivered: world.server.delivered().len(),
        })
    }
}

/// Returns the differences from the expectation.
pub(super) fn check(
    world: &World,
    repository: &Repository,
    (expect, done, before): (&Expect, &Done, &Before),
) -> anyhow::Result<Vec<String>> {
    let mut found = outcome(expect, done);
    found.extend(listed(repository, expect)?);
    if let Some(expected) = &expect.calls {
        let calls = in_legs(expected, calls(world, done, before)?);
        found.extend(compare("calls", &loose(expected, &calls), &calls));
    }
    found.extend(recorded(repository, expect, before)?);
    found.extend(refs(world, repository, expect)?);
    found.extend(texts(expect, done));
    for (path, expected) in expect.files.iter().flatten() {
        found.extend(file(repository, done, path, expected)?);
    }
    found.extend(traffic::check(world, expect, before));
    Ok(found)
}

/// Compares what is expected of each name that an expectation has.
fn compare_each<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a Option<Value>, Value)>,
) -> Vec<String> {
    let given = pairs
        .into_iter()
        .filter_map(|(name, expected, value)| Some((name, expected.as_ref()?, value)));
    given
        .flat_map(|(name, expected, value)| compare(name, expected, &value))
        .collect()
}

/// Compares the results of the step and its runs.
fn outcome(expect: &Expect, done: &Done) -> Vec<String> {
    let first = done.runs.first();
    let runs: Vec<_> = done.runs.iter().map(Finished::json).collect();
    compare_each([
        ("result", &expect.result, result(done)),
        ("exit", &expect.exit, json!(done.exit)),
        ("jobs", &expect.jobs, json!(first.map(|run| &run.jobs))),
        ("runs", &expect.runs, json!(runs)),
    ])
}

/// Compares the lists of the host.
fn listed(repository: &Repository, expect: &Expect) -> anyhow::Result<Vec<String>> {
    let mut found = compare_each([
        ("releases", &expect.releases, releases(repository)?),
        ("pull_requests", &expect.pull_requests, pulls(repository)?),
        ("issues", &expect.issues, issues(repository)?),
        ("deployments", &expect.deployments, deployments(repository)?),
    ]);
    if let Some(expected) = &expect.labels {
        let labels = repository.handle.labels()?.into_iter();
        let labels: Vec<_> = labels.map(|label| label.name).collect();
        found.extend(compare_names("labels", expected, &labels));
    }
    Ok(found)
}

/// Compares the state and the manifest.
fn recorded(
    repository: &Repository,
    expect: &Expect,
    before: &Before,
) -> anyhow::Result<Vec<String>> {
    let now = manifest(repository)?;
    let managed = managed(repository)?;
    let latest = managed["latest_release"].clone();
    let mut found = compare_each([("latest_release", &expect.latest_release, latest)]);
    for (name, expected, now, before) in [
        ("state", &expect.state, &managed["state"], &before.state),
        ("manifest", &expect.manifest, &now, &before.manifest),
    ] {
        if let Some(expected) = expected {
            found.extend(changed(name, expected, now, before));
        }
    }
    if let Some(expected) = &expect.manifest
        && let Some(text) = expected
            .as_object()
            .filter(|fields| fields.contains_key("contains") || fields.contains_key("lacks"))
    {
        let whole = text_of(repository, &repository.manifest)?.unwrap_or_default();
        found.extend(contains("manifest", &Value::Object(text.clone()), &whole));
    }
    Ok(found)
}

fn refs(world: &World, repository: &Repository, expect: &Expect) -> anyhow::Result<Vec<String>> {
    let handle = &repository.handle;
    let mut branches = handle.branches()?;
    if world.hides_state_branch {
        branches.remove(state_branch::BRANCH);
    }
    let mut found = Vec::new();
    for (name, expected, refs) in [
        ("tags", &expect.tags, handle.tags()?),
        ("branches", &expect.branches, branches),
    ] {
        match expected {
            Some(Value::Object(fields))
                if !fields.contains_key("exist") && !fields.contains_key("absent") =>
            {
                found.extend(compare(name, &Value::Object(fields.clone()), &json!(refs)));
            }
            Some(expected) => {
                let names: Vec<_> = refs.into_keys().collect();
                found.extend(compare_names(name, expected, &names));
            }
            None => {}
        }
    }
    Ok(found)
}

/// Compares the texts of the runs and of the command.
fn texts(expect: &Expect, done: &Done) -> Vec<String> {
    let summaries: String = done.runs.iter().map(|run| run.summary.as_str()).collect();
    let logs: String = done.runs.iter().map(|run| run.log.as_str()).collect();
    let given = [
        ("summary", &expect.summary, &summaries),
        ("stdout", &expect.stdout, &done.stdout),
        ("stderr", &expect.stderr, &done.stderr),
        ("log", &expect.log, &logs),
    ];
    let given = given
        .into_iter()
        .filter_map(|(name, expected, text)| Some((name, expected.as_ref()?, text)));
    given
        .flat_map(|(name, expected, text)| contains(name, expected, text))
        .collect()
}

fn result(done: &Done) -> Value {
    match (&done.refused, done.exit, done.runs.first()) {
        (Some(_), ..) => json!("refused"),
        (None, Some(0), _) => json!("success"),
        (None, Some(_), _) => json!("failure"),
        (None, None, Some(run)) => json!(run.result),
        (None, None, None) => json!("none"),
    }
}

fn text_of(repository: &Repository, path: &str) -> anyhow::Result<Option<String>> {
    let bytes = repository.handle.file(&repository.trunk, path)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn manifest(repository: &Repository) -> anyhow::Result<Value> {
    let text = text_of(repository, &repository.manifest)?;
    Ok(text
        .and_then(|text| serde_yaml::from_str(&text).ok())
        .unwrap_or(Value::Null))
}

/// The branch that the configuration on the trunk keeps the state on.
pub(super) fn state_branch(repository: &Repository) -> anyhow::Result<Option<String>> {
    let manifest = manifest(repository)?;
    let branch = state_branch::of(&manifest[repository.manifest_key()]["config"]);
    Ok(branch.map(str::to_owned))
}

/// Returns the recorded state: of the state branch, or of the manifest beside the configuration.
pub(super) fn managed(repository: &Repository) -> anyhow::Result<Value> {
    let manifest = manifest(repository)?;
    let body = &manifest[repository.manifest_key()];
    let Some(branch) = state_branch::of(&body["config"]) else {
        return Ok(body.clone());
    };
    // Looked up in full: a short name may be that of a tag, too.
    let branch = format!("refs/heads/{branch}");
    let bytes = repository.handle.file(&branch, state_branch::FILE)?;
    let recorded = bytes.and_then(|bytes| serde_yaml::from_slice(&bytes).ok());
    Ok(recorded.unwrap_or(Value::Null))
}

fn changed(name: &str, expected: &Value, now: &Value, before: &Value) -> Vec<String> {
    let mut expected = expected.clone();
    let fields = expected.as_object_mut();
    let mut found = Vec::new();
    if let Some(fields) = fields {
        if fields.remove("unchanged") == Some(Value::Bool(true)) && now != before {
            found.push(format!(
                "{name}: expected no change, was {before}, is {now}"
            ));
        }
        fields.remove("contains");
        fields.remove("lacks");
        if fields.is_empty() {
            return found;
        }
    }
    found.extend(compare(name, &expected, now));
    found
}

pub(super) fn releases(repository: &Repository) -> anyhow::Result<Value> {
    let releases = repository.handle.releases()?;
    let json = releases.iter().map(|one| {
        let assets: Vec<_> = one.assets.iter().map(|asset| asset.name.clone()).collect();
        json!({
            "tag": one.tag, "name": one.name, "body": one.body, "draft": one.draft,
            "prerelease": one.prerelease, "latest": one.latest, "target": one.target,
            "author": one.author, "assets": assets,
        })
    });
    Ok(json.collect())
}

pub(super) fn pulls(repository: &Repository) -> anyhow::Result<Value> {
    let pulls = repository.handle.pulls()?;
    let json = pulls.iter().map(|(issue, pull)| {
        let comments: Vec<_> = issue.comments.iter().map(|comment| &comment.body).collect();
        json!({
            "number": issue.number, "title": issue.title, "body": issue.body,
            "state": if issue.open { "open" } else { "closed" },
            "merged": pull.merged.is_some(), "draft": pull.draft, "labels": issue.labels,
            "head": pull.head, "base": pull.base, "head_sha": pull.head_sha,
            "merge_commit": pull.merge_commit, "author": issue.author, "comments": comments,
        })
    });
    Ok(json.collect())
}

pub(super) fn issues(repository: &Repository) -> anyhow::Result<Value> {
    let issues = repository.handle.issues()?;
    let json = issues.iter().map(|issue| {
        let comments: Vec<_> = issue.comments.iter().map(|comment| &comment.body).collect();
        json!({
            "number": issue.number, "title": issue.title, "body": issue.body,
            "state": if issue.open { "open" } else { "closed" },
            "labels": issue.labels, "author": issue.author, "comments": comments,
        })
    });
    Ok(json.collect())
}

pub(super) fn deployments(repository: &Repository) -> anyhow::Result<Value> {
    let deployments = repository.handle.deployments()?;
    let json = deployments.iter().map(|one| {
        let last = one.statuses.last();
        let state = last.map(|status| status.state.clone());
        let url = last.map(|status| status.environment_url.clone());
        let states: Vec<_> = one.statuses.iter().map(|status| &status.state).collect();
        json!({
            "environment": one.environment, "sha": one.sha, "ref": one.reference,
            "state": state, "states": states, "environment_url": url,
        })
    });
    Ok(json.collect())
}

/// The legs of a matrix run at the same time: among the calls of one job, each takes the place
/// where it is expected.
fn in_legs(expected: &Value, calls: Value) -> Value {
    let (Some(wanted), Value::Array(mut calls)) = (expected.as_array(), calls.clone()) else {
        return calls;
    };
    for (at, each) in wanted.iter().enumerate().take(calls.len()) {
        let fits = |call: &Value| {
            let call = Value::Array(vec![call.clone()]);
            let each = loose(&Value::Array(vec![each.clone()]), &call);
            compare("", &each, &call).is_empty()
        };
        let same_job = |call: &Value| call["job"] == calls[at]["job"];
        let leg = (at..calls.len()).find(|index| same_job(&calls[*index]) && fits(&calls[*index]));
        if let Some(leg) = leg {
            calls[at..=leg].rotate_right(1);
        }
    }
    Value::Array(calls)
}

/// The calls of the step: run after run, and within a run in the order of the file, because jobs
/// that do not need each other run at the same time.
fn calls(world: &World, done: &Done, before: &Before) -> anyhow::Result<Value> {
    let mut calls = world.exchange.calls()?.split_off(before.calls);
    let place = |call: &Call| {
        let id = call.run.parse::<u64>().ok();
        let run = done
            .runs
            .iter()
            .position(|run| Some(run.id) == id && run.repository == call.repository);
        let order = run.map(|run| &done.runs[run].order);
        let job = order.and_then(|order| order.iter().position(|job| *job == call.job));
        (run, job, call.index)
    };
    calls.sort_by_key(place);
    let json = calls.iter().map(|call| {
        json!({
            "callback": call.callback, "inputs": call.inputs, "repository": call.repository,
            "job": call.job.replace("__", "/"),
        })
    });
    Ok(json.collect())
}

fn loose(expected: &Value, found: &Value) -> Value {
    let Value::Array(items) = expected else {
        return expected.clone();
    };
    let items = items.iter().enumerate();
    items.map(|(at, item)| loosen(item, &found[at])).collect()
}

fn file(
    repository: &Repository,
    done: &Done,
    path: &str,
    expected: &Value,
) -> anyhow::Result<Vec<String>> {
    let name = format!("files.{path}");
    let text = match &done.clone {
        Some(folder) => std::fs::read_to_string(folder.join(path)).ok(),
        None => text_of(repository, path)?,
    };
    Ok(match (expected, text) {
        (Value::Null | Value::Bool(false), None) | (Value::Bool(true), Some(_)) => Vec::new(),
        (Value::Null | Value::Bool(false), Some(_)) => vec![format!("{name}: is there")],
        (_, None) => vec![format!("{name}: is not there")],
        (expected, Some(text)) => contains(&name, expected, &text),
    })
}

/// Returns the history that a person needs to find out why.
pub(super) fn history(repository: &Repository) -> String {
    let arguments = [
        "log",
        "--oneline",
        "--decorate",
        "-n",
        "12",
        &repository.trunk,
    ];
    let log = git::run(&repository.handle.folder(), &arguments);
    log.unwrap_or_default()
}
