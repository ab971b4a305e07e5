//! The behaviour of a stub when it is called: in its own process, with what the environment says.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use fs4::fs_std::FileExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A call of a stub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) repository: String,
    pub(crate) run: String,
    pub(crate) job: String,
    pub(crate) index: u64,
    pub(crate) callback: String,
    pub(crate) inputs: Map<String, Value>,
}

/// The behaviour of stubs, by repository and callback.
pub(super) type Script = BTreeMap<String, BTreeMap<String, Answer>>;

/// The behaviour of one stub.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) outputs: BTreeMap<String, Value>,
    pub(crate) fail: Vec<Map<String, Value>>,
    pub(crate) takes: u64,
    /// Its behaviour in some jobs instead.
    #[serde(default)]
    pub(crate) at: Vec<At>,
}

/// The behaviour of a stub in one job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct At {
    /// The id of the job that calls it, in its file.
    pub(crate) job: String,
    /// The environment, if it is about one alone.
    pub(crate) environment: Option<String>,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The workflow artifacts that it uploads: name to the path of the file in it.
    #[serde(default)]
    pub(crate) uploads: BTreeMap<String, String>,
    pub(crate) fails: bool,
}

impl At {
    /// Returns true if it is about the job with this id in the whole run.
    fn is_about(&self, job: &str) -> bool {
        let ids: Vec<&str> = job.split("__").collect();
        let Some([around @ .., caller, _]) = ids.get(..) else {
            return false;
        };
        let of = |environment: &String| {
            let jobs = ["deploy", "restore"].map(|verb| format!("{verb}-{environment}"));
            around.iter().any(|id| jobs.iter().any(|job| job == id))
        };
        *caller == self.job && self.environment.as_ref().is_none_or(of)
    }
}

/// The files that the runner and the processes of a run share.
#[derive(Debug, Clone)]
pub(super) struct Exchange(PathBuf);

impl Exchange {
    /// In this folder, which is made.
    pub(super) fn create(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder.join("processes"))?;
        std::fs::write(folder.join("calls.jsonl"), "")?;
        std::fs::write(folder.join("counts.json"), "{}")?;
        Ok(Self(folder.to_owned()))
    }

    fn of_process() -> Option<Self> {
        std::env::var_os("E2E_EXCHANGE").map(|folder| Self(folder.into()))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    pub(super) fn set_script(&self, script: &Script) -> anyhow::Result<()> {
        let text = serde_json::to_string(script)?;
        Ok(std::fs::write(self.0.join("script.json"), text)?)
    }

    /// The calls so far.
    pub(super) fn calls(&self) -> anyhow::Result<Vec<Call>> {
        let text = std::fs::read_to_string(self.0.join("calls.jsonl"))?;
        let calls = text.lines().map(serde_json::from_str);
        Ok(calls.collect::<Result<_, _>>()?)
    }

    /// The process that runs cascade in a job, if one does.
    pub(super) fn process(&self, job: &str) -> Option<u32> {
        let file = self.0.join("processes").join(job);
        std::fs::read_to_string(file).ok()?.parse().ok()
    }

    fn lock(&self) -> anyhow::Result<File> {
        let lock = File::create(self.0.join("lock"))?;
        FileExt::lock_exclusive(&lock)?;
        Ok(lock)
    }

    /// Notes the call; the first entry that matches its inputs, if that one still fails.
    fn note(&self, call: &Call, fail: &[Map<String, Value>]) -> anyhow::Result<bool> {
        let _lock = self.lock()?;
        let mut log = OpenOptions::new()
            .append(true)
            .open(self.0.join("calls.jsonl"))?;
        log.write_all(format!("{}\n", serde_json::to_string(call)?).as_bytes())?;
        let file = self.0.join("counts.json");
        let mut counts: BTreeMap<String, u64> = serde_json::from_slice(&std::fs::read(&file)?)?;
        let mut fails = false;
        for (at, entry) in fail
            .iter()
            .enumerate()
            .filter(|(_, entry)| matches(entry, call))
        {
            let key = format!("{} {} {at}", call.repository, call.callback);
            let count = counts.entry(key).or_default();
            fails |= strikes(entry, *count);
            *count += 1;
        }
        std::fs::write(file, serde_json::to_vec(&counts)?)?;
        Ok(fails)
    }
}

/// Returns true if the call number `count`, from 0, of those that match fails.
fn strikes(entry: &Map<String, Value>, count: u64) -> bool {
    let number = |key: &str| entry.get(key).and_then(Value::as_u64);
    let after = number("after").unwrap_or(0);
    count >= after && number("times").is_none_or(|times| count < after + times)
}

fn matches(entry: &Map<String, Value>, call: &Call) -> bool {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    entry
        .iter()
        .filter(|(key, _)| !["times", "after"].contains(&key.as_str()))
        .all(|(key, value)| {
            call.inputs
                .get(key)
                .is_some_and(|input| text(input) == text(value))
        })
}

/// The id of this job in the whole run. In act, which runs a flat workflow, it is GITHUB_JOB.
fn job() -> Option<String> {
    let variables = ["E2E_JOB", "GITHUB_JOB"].into_iter();
    variables.filter_map(|name| std::env::var(name).ok()).next()
}

/// Notes which process runs cascade in this job, so that a scenario can let it crash.
pub fn note_process() {
    let (Some(exchange), Some(job)) = (Exchange::of_process(), job()) else {
        return;
    };
    let file = exchange.folder().join("processes").join(job);
    // Without the note nothing crashes, and the scenario says so.
    let _ = std::fs::write(file, std::process::id().to_string());
}

/// Notes the call of a stub and puts out what the scenario says; `false` if it fails.
///
/// # Errors
/// No scenario runs this process.
pub fn answer_call() -> anyhow::Result<bool> {
    let exchange = Exchange::of_process().context("no E2E_EXCHANGE")?;
    let variable = |name: &str| std::env::var(name).with_context(|| format!("no {name}"));
    let names: Vec<String> = serde_json::from_str(&variable("INPUT_NAMES")?)?;
    let mut inputs = Map::new();
    for (at, name) in names.into_iter().enumerate() {
        let text = variable(&format!("INPUT_{at}"))?;
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        inputs.insert(name, value);
    }
    let call = Call {
        repository: variable("GITHUB_REPOSITORY")?,
        run: variable("GITHUB_RUN_ID")?,
        job: job().context("no GITHUB_JOB")?,
        index: variable("INDEX")?.parse().unwrap_or(0),
        callback: variable("CALLBACK")?,
        inputs,
    };
    let script = std::fs::read(exchange.folder().join("script.json"))?;
    let script: Script = serde_json::from_slice(&script)?;
    let answers = script.get(&call.repository);
    let answer = answers.and_then(|answers| answers.get(&call.callback));
    let answer = answer.cloned().unwrap_or_default();
    let mut fails = exchange.note(&call, &answer.fail)?;
    let (mut outputs, mut uploads) = (answer.outputs, BTreeMap::new());
    for at in answer.at.into_iter().filter(|at| at.is_about(&call.job)) {
        fails |= at.fails;
        outputs.extend(at.outputs);
        uploads.extend(at.uploads);
    }
    std::thread::sleep(Duration::from_millis(answer.takes));
    if !fails {
        put_out(&outputs)?;
        upload(&call.run, &uploads)?;
    }
    Ok(!fails)
}

/// Uploads files with nothing in them that matters, to where the stand-ins of the actions look.
fn upload(run: &str, uploads: &BTreeMap<String, String>) -> anyhow::Result<()> {
    for (artifact, path) in uploads {
        let store = std::env::var_os("E2E_ARTIFACTS").context("no E2E_ARTIFACTS")?;
        let name = Path::new(path)
            .file_name()
            .context("a path without a file")?;
        let folder = Path::new(&store).join(run).join(artifact);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), "rehearsed\n")?;
    }
    Ok(())
}

fn put_out(outputs: &BTreeMap<String, Value>) -> anyhow::Result<()> {
    let file = std::env::var_os("GITHUB_OUTPUT").context("no GITHUB_OUTPUT")?;
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    for (name, value) in outputs {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        writeln!(file, "{name}<<END_OF_OUTPUT\n{text}\nEND_OF_OUTPUT")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_about_a_job_in_one_environment_or_in_all() {
        let at = |environment: Option<&str>| At {
            job: "deploy-web".to_owned(),
            environment: environment.map(str::to_owned),
            ..At::default()
        };
        let (prod, dev) = (
            "deploy-prod__deploy-web__call",
            "deploy-dev__deploy-web__call",
        );
        assert!(at(None).is_about(prod) && at(None).is_about(dev));
        assert!(at(Some("prod")).is_about(prod) && !at(Some("prod")).is_about(dev));
        assert!(at(Some("prod")).is_about("restore-prod__deploy-web__call"));
        for other in [
            "deploy-web",
            "build-web__call",
            "deploy-dev__deploy-web-canary-1__call",
        ] {
            assert!(!at(None).is_about(other), "{other}");
        }
    }

    #[test]
    fn an_entry_fails_so_often_after_so_many() {
        let entry = json!({"environment": "prod", "times": 2, "after": 1});
        let entry = entry.as_object().unwrap();
        assert_eq!(
            [0, 1, 2, 3].map(|count| strikes(entry, count)),
            [false, true, true, false]
        );
        let always = json!({});
        assert!(strikes(always.as_object().unwrap(), 9));
    }
}
