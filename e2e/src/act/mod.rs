//! Running one event of one repository with act, on this machine.

mod log;

pub use log::{JobResult, Output, Run};

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::setup::{Setup, search_path};
use crate::tools;

/// A workflow's text without what act 0.2.89 refuses to read: the key `queue` of a concurrency
/// group and the key `deployment` of an environment, which act would not heed anyway. GitHub's own
/// parser and actionlint do know them.
#[must_use]
pub fn known_to_act(workflow: &str) -> String {
    let unknown = |line: &str| matches!(line.trim(), "queue: max" | "deployment: false");
    let lines = workflow.split_inclusive('\n');
    lines.filter(|line| !unknown(line)).collect()
}

/// A run to be.
#[derive(Debug, Clone)]
#[must_use]
pub struct Act {
    act: PathBuf,
    repository: PathBuf,
    event: String,
    workflow: Option<PathBuf>,
    payload: Option<Value>,
    path: Vec<PathBuf>,
    arguments: Vec<(&'static str, String)>,
    home: Option<PathBuf>,
}

impl Act {
    /// The event `event` of the checkout `repository`.
    ///
    /// `act` is the program.
    pub fn new(
        act: impl Into<PathBuf>,
        repository: impl Into<PathBuf>,
        event: impl Into<String>,
    ) -> Self {
        Self {
            act: act.into(),
            repository: repository.into(),
            event: event.into(),
            workflow: None,
            payload: None,
            path: Vec::new(),
            arguments: Vec::new(),
            home: None,
        }
    }

    /// The event that a setup describes.
    pub fn of(act: impl Into<PathBuf>, repository: impl Into<PathBuf>, setup: &Setup) -> Self {
        let mut act = Self::new(act, repository, &setup.event)
            .payload(setup.payload.clone())
            .actor(&setup.actor);
        act.path.clone_from(&setup.path);
        act.home.clone_from(&setup.home);
        for (name, value) in &setup.env {
            act = act.env(name, value);
        }
        for (name, value) in &setup.secrets {
            act = act.secret(name, value);
        }
        for (name, value) in &setup.vars {
            act = act.var(name, value);
        }
        for (action, folder) in setup
            .actions
            .iter()
            .filter(|(action, _)| action.contains('@'))
        {
            act = act.action(action, folder);
        }
        act
    }

    /// Only the workflow of this file, relative to the repository.
    pub fn workflow(mut self, file: impl Into<PathBuf>) -> Self {
        self.workflow = Some(file.into());
        self
    }

    /// The event's payload.
    pub fn payload(mut self, payload: Value) -> Self {
        self.payload = Some(payload);
        self
    }

    /// A folder in front of the `PATH` of every step.
    pub fn path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.path.push(folder.into());
        self
    }

    /// Sets the person who starts it (`github.actor`).
    pub fn actor(mut self, login: &str) -> Self {
        self.arguments.push(("--actor", login.to_owned()));
        self
    }

    /// The home folder of every step instead of the user's.
    pub fn home(mut self, folder: impl Into<PathBuf>) -> Self {
        self.home = Some(folder.into());
        self
    }

    /// An environment variable of every step.
    pub fn env(self, name: &str, value: &str) -> Self {
        self.argument("--env", name, value)
    }

    /// A secret.
    pub fn secret(self, name: &str, value: &str) -> Self {
        self.argument("--secret", name, value)
    }

    /// A configuration variable (`vars`).
    pub fn var(self, name: &str, value: &str) -> Self {
        self.argument("--var", name, value)
    }

    /// An input of a dispatch.
    pub fn input(self, name: &str, value: &str) -> Self {
        self.argument("--input", name, value)
    }

    /// The folder that holds an action, `owner/name@ref`, instead of the place it is fetched from.
    pub fn action(mut self, action: &str, folder: &Path) -> Self {
        let value = format!("{action}={}", folder.display());
        self.arguments.push(("--local-repository", value));
        self
    }

    fn argument(mut self, flag: &'static str, name: &str, value: &str) -> Self {
        self.arguments.push((flag, format!("{name}={value}")));
        self
    }

    /// Runs it to the end, in a home of its own.
    ///
    /// # Errors
    /// act does not start. A failed run is not an error: see [`Run::code`].
    pub fn run(self) -> anyhow::Result<Run> {
        let aside = crate::scratch::folder()?;
        Ok(Run::read(&tools::run(&mut self.command(aside.path())?)?))
    }

    fn command(&self, aside: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.act);
        command
            .arg(&self.event)
            .args(["--json", "--platform", "ubuntu-latest=-self-hosted"])
            .args(["--platform", "self-hosted=-self-hosted"])
            .args(["--platform", "ubuntu-24.04=-self-hosted"])
            // Without it a checkout of the run's own commit is a copy of the folder.
            .arg("--no-skip-checkout")
            .arg("--directory")
            .arg(&self.repository)
            .env("PATH", search_path(&self.path)?)
            .env("XDG_CACHE_HOME", aside.join("cache"))
            .env("XDG_CONFIG_HOME", aside.join("config"))
            .current_dir(&self.repository);
        if let Some(home) = &self.home {
            command.env("HOME", home);
        }
        if let Some(file) = &self.workflow {
            command.arg("--workflows").arg(self.repository.join(file));
        }
        if let Some(payload) = &self.payload {
            let file = aside.join("event.json");
            std::fs::write(&file, payload.to_string())?;
            command.arg("--eventpath").arg(file);
        }
        for (flag, value) in &self.arguments {
            command.args([flag, value.as_str()]);
        }
        Ok(command)
    }
}
