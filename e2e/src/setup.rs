//! The setup of a run, whichever engine it runs in.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::Value;

/// The things that a run is given.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The name of the event.
    pub event: String,
    /// Its payload.
    pub payload: Value,
    /// The person who starts it.
    pub actor: String,
    /// Folders in front of the `PATH` of every step.
    pub path: Vec<PathBuf>,
    /// The home folder of every step.
    pub home: Option<PathBuf>,
    /// Variables of every step, those of GitHub that differ from run to run included.
    pub env: Vec<(String, String)>,
    /// Secrets by name.
    pub secrets: Vec<(String, String)>,
    /// Configuration variables by name.
    pub vars: Vec<(String, String)>,
    /// The folders that hold actions, by `owner/name@ref`, or by `./path` in place of the
    /// repository's own.
    pub actions: Vec<(String, PathBuf)>,
}

impl Setup {
    /// Adds a variable of every step.
    pub fn env(&mut self, name: &str, value: impl Into<String>) {
        self.env.push((name.to_owned(), value.into()));
    }

    /// The variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        let mut all = self.env.iter().rev();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the `PATH` of every step.
    ///
    /// # Errors
    /// A folder cannot stand in it.
    pub fn search_path(&self) -> anyhow::Result<OsString> {
        search_path(&self.path)
    }
}

/// The inherited `PATH` with folders in front of it.
pub(crate) fn search_path(added: &[PathBuf]) -> anyhow::Result<OsString> {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let added = added.iter().cloned();
    let all = added.chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).context("a folder cannot stand in PATH")
}
