//! One step after the other: scripts, actions, and what they leave.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use cascade_core::expression::Job as Before;
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::contexts::Contexts;
use super::files::{Left, StepFiles, folder, masked};
use super::job::Worker;
use super::workflow::Step;
use crate::act::Output;

/// Steps that belong together: those of a job, or of a composite action.
pub(super) struct Frame {
    pub(super) contexts: Contexts,
    /// Variables that the step has which uses the action.
    pub(super) env: IndexMap<String, String>,
    pub(super) failed: bool,
    pub(super) is_job: bool,
}

/// The program of an action that runs once the job's steps have ended.
pub(super) struct Post {
    pub(super) script: std::path::PathBuf,
    pub(super) env: IndexMap<String, String>,
}

/// The end of one step.
#[derive(Debug, Default)]
pub(super) struct StepEnd {
    pub(super) succeeded: bool,
    pub(super) outputs: Vec<(String, String)>,
    /// The values that an action keeps for its end.
    pub(super) state: Vec<(String, String)>,
}

/// A step with everything evaluated.
pub(super) struct Evaluated {
    pub(super) contexts: Contexts,
    pub(super) env: IndexMap<String, String>,
}

impl Frame {
    pub(super) fn of_job(contexts: Contexts) -> Self {
        Self {
            contexts,
            env: IndexMap::new(),
            failed: false,
            is_job: true,
        }
    }
}

impl Worker<'_> {
    /// Runs steps in their order; the frame says how they ended.
    pub(super) fn run_all(&mut self, steps: &[Step], frame: &mut Frame) -> anyhow::Result<()> {
        for step in steps {
            let name = step.name.as_ref().and_then(Value::as_str);
            let name = name.or(step.id.as_deref()).or(step.uses.as_deref());
            let place = || format!("step `{}`", name.unwrap_or("run"));
            self.run_one(step, frame).with_context(place)?;
        }
        Ok(())
    }

    fn run_one(&mut self, step: &Step, frame: &mut Frame) -> anyhow::Result<()> {
        let before = if frame.failed {
            Before::Failed
        } else {
            Before::Succeeded
        };
        let status = if frame.failed { "failure" } else { "success" };
        let mut env = self.env.clone();
        env.extend(frame.env.clone());
        let mut contexts = frame.contexts.clone().after(before);
        contexts.put("job", "status", status.into());
        contexts.set("env", json!(env));
        if !contexts.holds(step.condition.as_ref())? {
            note(step, frame, &StepEnd::default(), "skipped", "skipped");
            return Ok(());
        }
        env.extend(contexts.texts(&step.env)?);
        contexts.set("env", json!(env));
        let evaluated = Evaluated { contexts, env };
        let end = match (&step.uses, &step.run) {
            (Some(uses), None) => self.action(step, uses, &evaluated)?,
            (None, Some(run)) => self.script(step, run, &evaluated)?,
            _ => bail!("a step has either `uses` or `run`"),
        };
        let goes_on = evaluated.contexts.value(&step.continue_on_error)? == json!(true);
        let outcome = if end.succeeded { "success" } else { "failure" };
        let conclusion = if end.succeeded || goes_on {
            "success"
        } else {
            "failure"
        };
        frame.failed |= conclusion == "failure";
        note(step, frame, &end, outcome, conclusion);
        if let Some(id) = step.id.as_ref().filter(|_| frame.is_job) {
            for (name, value) in end.outputs {
                let (job, step) = (self.id.clone(), id.clone());
                self.running.record.output(Output {
                    job,
                    step,
                    name,
                    value,
                });
            }
        }
        Ok(())
    }

    /// Source: GitHub, "Workflow syntax", `jobs.<job_id>.steps[*].shell`.
    fn script(&mut self, step: &Step, run: &str, evaluated: &Evaluated) -> anyhow::Result<StepEnd> {
        let contexts = &evaluated.contexts;
        let script = contexts.text(&run.into())?;
        let shell = step.shell.as_ref().or(self.defaults.shell.as_ref());
        let command: &[&str] = match shell.map(String::as_str) {
            None => &["bash", "-e"],
            Some("bash") => &["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            Some("sh") => &["sh", "-e"],
            Some(other) => bail!("the shell `{other}` is outside of what the engine knows"),
        };
        let place = self.next_place()?;
        let file = place.join("script.sh");
        std::fs::write(&file, script)?;
        let mut words: Vec<OsString> = command.iter().map(OsString::from).collect();
        words.push(file.into());
        let within = step.working_directory.as_ref();
        let within = within.or(self.defaults.working_directory.as_ref());
        let within = within.map_or_else(
            || Ok(String::new()),
            |path| contexts.text(&path.as_str().into()),
        )?;
        let work = self.work.join(within);
        ensure!(
            work.is_dir(),
            "the working directory {} is not there",
            work.display()
        );
        self.process(&words, &work, &evaluated.env, &place)
    }

    /// A folder for the next step.
    pub(super) fn next_place(&mut self) -> anyhow::Result<std::path::PathBuf> {
        self.number += 1;
        Ok(folder(&self.steps.join(self.number.to_string()))?.to_owned())
    }

    /// Runs a process, and takes in what it leaves.
    pub(super) fn process(
        &mut self,
        words: &[OsString],
        work: &Path,
        env: &IndexMap<String, String>,
        place: &Path,
    ) -> anyhow::Result<StepEnd> {
        let files = StepFiles::create(place.join("files"))?;
        let printed = std::fs::File::create(place.join("printed"))?;
        let (program, arguments) = words.split_first().context("no program")?;
        let status = Command::new(program)
            .args(arguments)
            .current_dir(work)
            .env_clear()
            .envs(&self.given)
            .envs(env)
            .envs(files.variables())
            .env("PATH", self.search_path()?)
            .stdin(Stdio::null())
            .stdout(printed.try_clone()?)
            .stderr(printed)
            .status()
            .with_context(|| format!("`{}` does not start", program.display()))?;
        let printed = std::fs::read(place.join("printed"))?;
        for line in String::from_utf8_lossy(&printed).lines() {
            match masked(line) {
                Some(text) => self.running.record.mask(&text),
                None => self.running.record.line(&self.path, line),
            }
        }
        let left = match files.read() {
            Ok(left) => left,
            Err(error) => {
                self.running
                    .record
                    .line(&self.path, &format!("Error: {error:#}"));
                return Ok(StepEnd::default());
            }
        };
        let end = StepEnd {
            succeeded: status.success(),
            outputs: left.outputs.clone(),
            state: left.state.clone(),
        };
        self.take(left);
        if let Some(code) = status.code().filter(|code| *code != 0) {
            let line = format!("Error: Process completed with exit code {code}.");
            self.running.record.line(&self.path, &line);
        }
        Ok(end)
    }

    fn take(&mut self, left: Left) {
        self.env.extend(left.env);
        for folder in left.path {
            self.search.insert(0, folder);
        }
        self.running.record.summary(left.summary);
    }

    fn search_path(&self) -> anyhow::Result<OsString> {
        let inherited = self.running.setup.search_path()?;
        let added = self.search.iter().map(std::path::PathBuf::from);
        let all = added.chain(std::env::split_paths(&inherited));
        std::env::join_paths(all).context("a folder cannot stand in PATH")
    }

    /// Ends the actions that have something to do at the end, the last one first.
    pub(super) fn run_posts(&mut self, frame: &mut Frame) -> anyhow::Result<()> {
        while let Some(post) = self.posts.pop() {
            let place = self.next_place()?;
            let words = ["node".into(), post.script.into_os_string()];
            let work = self.work.clone();
            let end = self.process(&words, &work, &post.env, &place)?;
            frame.failed |= !end.succeeded;
        }
        Ok(())
    }
}

/// Lets later steps know how this one ended.
fn note(step: &Step, frame: &mut Frame, end: &StepEnd, outcome: &str, conclusion: &str) {
    let Some(id) = &step.id else {
        return;
    };
    let outputs: IndexMap<&String, &String> = end
        .outputs
        .iter()
        .map(|(name, value)| (name, value))
        .collect();
    let known = json!({ "outputs": outputs, "outcome": outcome, "conclusion": conclusion });
    frame.contexts.put("steps", id, known);
}
