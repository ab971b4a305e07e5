//! The chores, so that tests can reach them.

pub mod book;
pub mod check;
pub mod links;
pub mod update;

use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the root of this repository.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A command, its words separated by blanks, with the variables that it is run with.
#[derive(Debug, Clone, Copy)]
struct Step {
    variables: &'static [(&'static str, &'static str)],
    command: &'static str,
}

impl Step {
    const fn new(command: &'static str) -> Self {
        Self {
            variables: &[],
            command,
        }
    }

    const fn with(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }

    fn run(&self) -> anyhow::Result<()> {
        let shown = self.command;
        println!("$ {shown}");
        let mut words = shown.split(' ');
        let Some(program) = words.next() else {
            return Ok(());
        };
        let status = Command::new(program)
            .args(words)
            .envs(self.variables.iter().copied())
            .current_dir(root())
            .status()
            .with_context(|| format!("cannot start `{shown}`"))?;
        ensure!(status.success(), "`{shown}` failed");
        Ok(())
    }
}
