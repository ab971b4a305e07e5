//! `cascade simulate` beside the run: both must leave the same state.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::action::Done;
use super::git;
use super::launch;
use super::observe::{self, managed};
use super::state_branch;
use super::step::{Action, Launch, Rerun, Step};
use super::world::{LOGIN, PERSON, Repository, World};

/// The keys whose values the simulation cannot know: times, people, and outputs of callbacks.
const UNKNOWN: [&str; 12] = [
    "committed_at",
    "committed_by",
    "deployed_at",
    "deployed_by",
    "built_at",
    "released_on",
    "released_by",
    "artifact_id",
    "tags",
    "target_sha",
    "started_at",
    "finished_at",
];

/// The repository as it is before a run.
pub(super) struct Simulation {
    verb: String,
    launch: Launch,
    clone: PathBuf,
}

impl Simulation {
    /// For a step that is a plain first attempt; nothing for another one.
    pub(super) fn prepare(
        world: &World,
        repository: &Repository,
        step: &Step,
    ) -> anyhow::Result<Option<Self>> {
        let Action::Launch(launch) = &step.action else {
            return Ok(None);
        };
        if !["orchestrate", "promote"].contains(&step.verb.as_str()) || !plain(launch) {
            return Ok(None);
        }
        let parent = world.folder.join("simulations");
        std::fs::create_dir_all(&parent)?;
        let clone = tempfile::tempdir_in(&parent)?.keep();
        let url = repository.handle.clone_url();
        git::clone(&repository.handle.folder(), &url, PERSON, &clone)?;
        // What the run does to the host must not be seen by a command that asks it.
        git::run(
            &clone,
            &[
                "fetch",
                "--quiet",
                "origin",
                "+refs/cascade/*:refs/cascade/*",
            ],
        )?;
        if let Some(branch) = observe::state_branch(repository)?
            && repository.handle.branches()?.contains_key(&branch)
        {
            let branch = format!("+refs/heads/{branch}:refs/heads/{branch}");
            git::run(&clone, &["fetch", "--quiet", "origin", &branch])?;
        }
        let frozen = clone.to_str().context("a folder that is no text")?;
        git::run(&clone, &["remote", "set-url", "origin", frozen])?;
        Ok(Some(Self {
            verb: step.verb.clone(),
            launch: launch.clone(),
            clone,
        }))
    }

    /// Returns the differences between the state that the run left and that of the simulation.
    pub(super) fn differences(
        &self,
        world: &World,
        repository: &Repository,
        done: &Done,
    ) -> anyhow::Result<Vec<String>> {
        let Some(run) = done.runs.first() else {
            return Ok(Vec::new());
        };
        let refused = run.result != "success";
        let simulated = self.simulate(world, repository, (&results(&run.jobs), refused))?;
        let live = managed(repository)?;
        let mut differences = Vec::new();
        for part in ["state", "latest_release"] {
            let recorded = match &self.launch.component {
                Some(component) => &live[part]["components"][component],
                None => &live[part],
            };
            let (found, expected) = (known(recorded), known(&simulated[part]));
            if found != expected {
                differences.push(format!(
                    "simulate: {part} would be {expected}, and is {found}"
                ));
            }
        }
        Ok(differences)
    }

    fn simulate(
        &self,
        world: &World,
        repository: &Repository,
        (results, refused): (&[String], bool),
    ) -> anyhow::Result<Value> {
        let mut command = Command::new(world.programs.cascade());
        command
            .args(["simulate", &self.verb, "--json"])
            .current_dir(&self.clone);
        if let Some(component) = &self.launch.component {
            command.args(["--component", component]);
        }
        for result in results {
            command.args(["--deploy-result", result]);
        }
        if let Some(inputs) = &self.launch.inputs {
            command.env("DISPATCH", launch::inputs(inputs).to_string());
        }
        let output = command
            .envs(&repository.secrets)
            .env("HOME", world.folder.join("home"))
            .env("CASCADE_CONFIG", self.clone.join(&repository.manifest))
            .env(
                "CASCADE_MANIFEST_KEY",
                repository.config["manifest_key"].as_str().unwrap_or("ci"),
            )
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", LOGIN)
            .env("GITHUB_TOKEN", PERSON)
            .env("GITHUB_API_URL", world.server.api_url())
            .env("GITHUB_SERVER_URL", world.server.url())
            .env("GITHUB_REPOSITORY", repository.handle.name())
            .env("E2E_CLOCK", world.clock_file())
            .output()
            .context("cascade does not start")?;
        if output.status.success() {
            return Ok(serde_json::from_slice(&output.stdout)?);
        }
        // What the run refuses, the simulation refuses, too, and nothing changes.
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(refused && !error.contains("panicked"), "simulate: {error}");
        if let Some(branch) = observe::state_branch(repository)? {
            let object = format!("origin/{branch}:{}", state_branch::FILE);
            let text = git::run(&self.clone, &["show", &object]).unwrap_or_default();
            return Ok(serde_yaml::from_str(&text).unwrap_or(Value::Null));
        }
        let path = self.clone.join(&repository.manifest);
        let manifest: Value = serde_yaml::from_slice(&std::fs::read(path)?)?;
        let key = repository.config["manifest_key"].as_str().unwrap_or("ci");
        Ok(manifest[key].clone())
    }
}

fn plain(launch: &Launch) -> bool {
    let given = |name: &str| launch.inputs.as_ref()?.get(name).cloned();
    let dry = given("dry_run").is_some_and(|value| value == json!(true) || value == json!("true"));
    let other = launch.workflow.is_some()
        || launch.r#ref.is_some()
        || launch.sha.is_some()
        || launch.attempt.is_some();
    !launch.unsimulated
        && !dry
        && !other
        && matches!(launch.rerun, Rerun::Whole(false))
        && launch.faults.is_empty()
}

/// Returns the results of callbacks, as suppositions: `app=failure`, `prod/web=success`.
fn results(jobs: &BTreeMap<String, String>) -> Vec<String> {
    let mut ended: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for (path, result) in jobs.iter().filter(|(_, result)| *result != "skipped") {
        if let Some((deploy, completes)) = stage(path) {
            // A rollout succeeds by its last stage; whatever else ran, it did not before.
            let ended = ended.entry(deploy).or_insert((0, "failure"));
            if completes {
                let succeeded = result == "success";
                *ended = (0, if succeeded { "success" } else { "failure" });
            }
            continue;
        }
        let Some((name, attempt)) = callback(path) else {
            continue;
        };
        let last = ended.entry(name).or_default();
        if last.1.is_empty() || attempt > last.0 {
            *last = (attempt, result);
        }
    }
    let ended = ended.into_iter();
    ended
        .map(|(name, (_, result))| format!("{name}={result}"))
        .collect()
}

/// The deploy that a job rolls out, and whether the job completes that.
fn stage(path: &str) -> Option<(String, bool)> {
    let (environment, job) = path.split_once('/')?;
    let environment = environment.strip_prefix("deploy-")?;
    let job = job
        .strip_prefix("deploy-")
        .filter(|job| !job.contains('/'))?;
    let job = job.split_once("-retry-").map_or(job, |(job, _)| job);
    let job = job.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let (deploy, stage) = job.trim_end_matches('-').rsplit_once('-')?;
    let completes = ["promote", "cutover", "target"].contains(&stage);
    let known = ["begin", "canary", "green", "bake", "analysis", "rollback"].contains(&stage);
    (completes || known).then(|| (format!("{environment}/{deploy}"), completes))
}

/// Returns the callback that a job's path stands for, and the number of the attempt.
fn callback(path: &str) -> Option<(String, usize)> {
    let (job, attempt) = match path.rsplit_once("-retry-") {
        Some((job, number)) => (job, number.parse().ok()?),
        None => (path, 0),
    };
    let name = match job.split_once('/') {
        None if job == "validate" => job.to_owned(),
        None => job.strip_prefix("build-")?.to_owned(),
        Some((environment, deploy)) if !deploy.contains('/') => {
            let environment = environment.strip_prefix("deploy-")?;
            format!("{environment}/{}", deploy.strip_prefix("deploy-")?)
        }
        Some(_) => return None,
    };
    Some((name, attempt))
}

fn known(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .filter(|(key, _)| !UNKNOWN.contains(&key.as_str()));
            fields
                .map(|(key, value)| (key.clone(), known(value)))
                .filter(|(_, value)| *value != json!({}))
                .collect()
        }
        Value::Array(items) => items.iter().map(known).collect(),
        Value::Null => json!({}),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_attempt_of_a_callback_counts() {
        let jobs = [
            ("setup", "success"),
            ("build-app", "failure"),
            ("build-app-retry-1", "success"),
            ("build-app/call", "failure"),
            ("deploy-dev/deploy-web", "failure"),
            ("deploy-dev/deploy-api", "skipped"),
            ("validate", "success"),
            ("deploy-dev/deploy-site-begin-1", "success"),
            ("deploy-dev/deploy-site-canary-1-retry-1", "success"),
            ("deploy-dev/deploy-site-promote", "success"),
            ("deploy-dev/deploy-shop-green", "success"),
            ("deploy-dev/deploy-shop-cutover", "failure"),
        ];
        let jobs = jobs.map(|(path, result)| (path.to_owned(), result.to_owned()));
        assert_eq!(
            results(&jobs.into()),
            [
                "app=success",
                "dev/shop=failure",
                "dev/site=success",
                "dev/web=failure",
                "validate=success"
            ]
        );
    }
}
