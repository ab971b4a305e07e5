//! Configurations of other release tools, read to become settings of a pipeline.
//!
//! Nothing here runs a program: a configuration that is code is named and left alone.

mod parts;
mod please;
mod semantic;
#[cfg(test)]
mod tests;
mod text;

pub use parts::{Part, Settings, settings};
pub use please::read_release_please;
pub use semantic::{SEMANTIC_FILES, SEMANTIC_PROGRAMS, SemanticRelease, read_semantic_release};

use crate::manifest::draft::Map;
use std::fmt;

/// A place in a file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path of the file.
    pub path: String,
    /// The line, from 1, if one line is meant.
    pub line: Option<usize>,
}

/// The fate of something that a repository has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The pipeline has it.
    Carried,
    /// Somebody must do something before the pipeline works.
    ByHand,
    /// The pipeline has nothing like it, and works without it.
    LeftOut,
}

/// A remark of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The fate of its subject.
    pub outcome: Outcome,
    /// The place of its subject.
    pub place: Place,
    /// The subject: one sentence without a final stop.
    pub message: String,
    /// A hint: what to do, or what cascade does instead.
    pub help: Option<String>,
}

/// The reason why a configuration cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The place of the error.
    pub place: Place,
    /// The error itself.
    pub message: String,
}

/// The releases of a repository, as the configuration of a release tool declares them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Releases {
    /// The files that were read.
    pub files: Vec<String>,
    /// The parts that are released on their own.
    pub parts: Vec<Part>,
    /// The branch that releases flow from, and the place that says so.
    pub trunk: Option<(String, Place)>,
    /// The block `changelog`.
    pub changelog: Map,
    /// Remarks about it.
    pub notes: Vec<Note>,
}

/// Reads a file of the repository; `None` if there is no such file.
pub type Files<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Place {
    /// Returns the place of a whole file.
    #[must_use]
    pub fn file(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
        }
    }

    /// Returns the place of a line, counted from 1.
    #[must_use]
    pub fn line(path: &str, line: usize) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
        }
    }
}

impl Note {
    /// Makes a note without help.
    #[must_use]
    pub fn new(outcome: Outcome, place: Place, message: impl Into<String>) -> Self {
        Self {
            outcome,
            place,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do, or what cascade does instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Unreadable {}
