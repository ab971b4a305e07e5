//! A step that uses an action: of the repository, or one that lies in a folder.
//!
//! Source: GitHub, "Metadata syntax reference".

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indexmap::IndexMap;
use serde_json::json;

use super::contexts::Contexts;
use super::job::Worker;
use super::step::{Evaluated, Frame, Post, StepEnd};
use super::workflow::{Action, Step};

/// An action that lies nowhere on this machine.
#[derive(Debug)]
pub struct NoAction(String);

impl std::fmt::Display for NoAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no action `{}` here", self.0)
    }
}

impl std::error::Error for NoAction {}

impl Worker<'_> {
    pub(super) fn action(
        &mut self,
        step: &Step,
        uses: &str,
        evaluated: &Evaluated,
    ) -> anyhow::Result<StepEnd> {
        let folder = self.folder_of(uses)?;
        let action = described(&folder).with_context(|| format!("action `{uses}`"))?;
        let mut contexts = evaluated.contexts.clone();
        contexts.put("github", "action_path", folder.to_string_lossy().into());
        let inputs = inputs(step, &action, &contexts)?;
        if let Some(unknown) = step
            .with
            .keys()
            .find(|name| !action.inputs.contains_key(*name))
        {
            let line = format!("Warning: Unexpected input '{unknown}' of {uses}");
            self.running.record.line(&self.path, &line);
        }
        let node = action.runs.using.starts_with("node");
        match action.runs.using.as_str() {
            "composite" => self.composite(&action, &folder, &inputs, (contexts, &evaluated.env)),
            _ if node => self.node(&action, &folder, &inputs, &evaluated.env),
            other => bail!("`runs.using: {other}` is outside of what the engine knows"),
        }
    }

    /// Finds the folder of an action: below the workspace, or where the setup says.
    fn folder_of(&self, uses: &str) -> anyhow::Result<PathBuf> {
        let known = |name: &str| {
            let mut actions = self.running.setup.actions.iter();
            let found = actions.find(|(known, _)| known == name);
            found.map(|(_, folder)| folder.clone())
        };
        if let Some(path) = uses.strip_prefix("./") {
            return Ok(known(uses).unwrap_or_else(|| self.work.join(path)));
        }
        let (path, reference) = uses
            .split_once('@')
            .with_context(|| format!("`{uses}` has no ref"))?;
        let mut parts = path.splitn(3, '/');
        let repository: Vec<&str> = parts.by_ref().take(2).collect();
        let name = format!("{}@{reference}", repository.join("/"));
        let folder = known(&name).ok_or(NoAction(name))?;
        Ok(match parts.next() {
            Some(below) => folder.join(below),
            None => folder,
        })
    }

    fn composite(
        &mut self,
        action: &Action,
        folder: &Path,
        inputs: &IndexMap<String, String>,
        (contexts, env): (Contexts, &IndexMap<String, String>),
    ) -> anyhow::Result<StepEnd> {
        let mut env = env.clone();
        env.insert(
            "GITHUB_ACTION_PATH".to_owned(),
            folder.to_string_lossy().into_owned(),
        );
        let contexts = contexts
            .with("inputs", json!(inputs))
            .with("steps", json!({}));
        let mut frame = Frame {
            contexts,
            env,
            failed: false,
            is_job: false,
        };
        self.run_all(&action.runs.steps, &mut frame)?;
        let mut outputs = Vec::new();
        for (name, output) in &action.outputs {
            if let Some(value) = &output.value {
                outputs.push((name.clone(), frame.contexts.text(&value.as_str().into())?));
            }
        }
        Ok(StepEnd {
            succeeded: !frame.failed,
            outputs,
            state: Vec::new(),
        })
    }

    /// Runs the main program, and notes what is to be done at the end.
    fn node(
        &mut self,
        action: &Action,
        folder: &Path,
        inputs: &IndexMap<String, String>,
        env: &IndexMap<String, String>,
    ) -> anyhow::Result<StepEnd> {
        let main = action
            .runs
            .main
            .as_ref()
            .context("`runs.main` is missing")?;
        let mut env = env.clone();
        for (name, value) in inputs {
            let name = name.to_uppercase().replace(' ', "_");
            env.insert(format!("INPUT_{name}"), value.clone());
        }
        let work = self.work.clone();
        let program = |worker: &mut Self, script: &str, env: &IndexMap<String, String>| {
            let place = worker.next_place()?;
            let words = ["node".into(), folder.join(script).into_os_string()];
            worker.process(&words, &work, env, &place)
        };
        if let Some(pre) = &action.runs.pre {
            program(self, pre, &env)?;
        }
        let end = program(self, main, &env)?;
        if let Some(post) = &action.runs.post {
            let state = end.state.iter();
            env.extend(state.map(|(name, value)| (format!("STATE_{name}"), value.clone())));
            self.posts.push(Post {
                script: folder.join(post),
                env,
            });
        }
        Ok(end)
    }
}

fn described(folder: &Path) -> anyhow::Result<Action> {
    let files = ["action.yml", "action.yaml"].map(|name| folder.join(name));
    let file = files.iter().find(|file| file.is_file());
    let file = file.with_context(|| {
        format!(
            "there is no action.yml in {}: is the repository checked out?",
            folder.display()
        )
    })?;
    let text = std::fs::read_to_string(file)?;
    serde_yaml::from_str(&text).with_context(|| file.display().to_string())
}

/// The inputs, with the defaults of those that are not given.
fn inputs(
    step: &Step,
    action: &Action,
    contexts: &Contexts,
) -> anyhow::Result<IndexMap<String, String>> {
    let mut inputs = IndexMap::new();
    for (name, input) in &action.inputs {
        let value = match step.with.get(name) {
            Some(given) => contexts.text(given)?,
            None => contexts.text(&input.default)?,
        };
        inputs.insert(name.clone(), value);
    }
    for (name, given) in &step.with {
        if !inputs.contains_key(name) {
            inputs.insert(name.clone(), contexts.text(given)?);
        }
    }
    Ok(inputs)
}
