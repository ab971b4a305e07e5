//! The file of a state branch: the managed sections, or where they went.
//!
//! Cascade owns the file, so a write renders all of it. A key that this version does not know is an
//! error: the next write would lose it.

use super::managed::{is_fragile, json, section, yaml};
use super::{Managed, StateError};
use crate::manifest::draft::Node;
use crate::manifest::yaml::splice::Section;
use crate::manifest::yaml::{Document, View, read};
use serde_json::Value;
use std::fmt;

/// The path of the file in the branch.
pub const STATE_FILE: &str = "state.yaml";

const HEADER: &str =
    "# The state of the pipeline, as `cascade status` shows it. Only cascade writes this file.\n";
const MOVED_HEADER: &str = "# The state of the pipeline is not here any more. The commit below this one has it as it was.\n";
const MOVED: &str = "moved_to";

/// The content of the file of a state branch.
#[derive(Debug, Clone, PartialEq)]
pub enum StateFile {
    /// The state.
    Held(Box<Managed>),
    /// The state was moved elsewhere.
    Moved(Destination),
}

/// A place that keeps the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A branch of its own.
    Branch(String),
    /// The manifest on the trunk, by its path.
    Manifest(String),
}

/// A reason why the file of a state branch cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// The text is not YAML.
    Syntax(String),
    /// The text is YAML, but not a mapping with the keys of state.
    Shape(String),
    /// A section does not have the layout of state.
    Section(StateError),
}

impl StateFile {
    /// Reads the file.
    ///
    /// # Errors
    /// The text is not YAML, or not the state that this version knows.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        let document = read(bytes).map_err(|errors| {
            let first = errors.into_iter().next().map(|error| error.message);
            FileError::Syntax(first.unwrap_or_default())
        })?;
        let Some(root) = document.root() else {
            return Err(FileError::Shape("the file is empty".to_owned()));
        };
        known_keys(root)?;
        match root.get(MOVED) {
            Some(moved) => destination(moved).map(Self::Moved),
            None => held(&document).map(|managed| Self::Held(Box::new(managed))),
        }
    }

    /// Returns the text of the file.
    ///
    /// # Errors
    /// The state cannot be written as YAML.
    pub fn text(&self) -> Result<String, StateError> {
        let (header, value) = match self {
            Self::Moved(destination) => (MOVED_HEADER, destination.document()),
            Self::Held(managed) => (HEADER, sections(managed)?),
        };
        let text = format!("{header}{}\n", yaml(&value)?.trim_end_matches('\n'));
        // Text that other YAML readers break into lines, or that ends in line breaks, is safe as JSON.
        let reads_back = Self::read(text.as_bytes()).is_ok_and(|again| again.is_written_like(self));
        match reads_back && !is_fragile(&text) {
            true => Ok(text),
            false => Ok(format!("{header}{}\n", json(&value)?)),
        }
    }

    fn is_written_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Held(one), Self::Held(other)) => one.is_written_like(other),
            _ => self == other,
        }
    }

    /// Returns the state, if it is here.
    #[must_use]
    pub fn held(&self) -> Option<&Managed> {
        match self {
            Self::Held(managed) => Some(managed),
            Self::Moved(_) => None,
        }
    }
}

impl Destination {
    fn document(&self) -> Value {
        let (key, value) = match self {
            Self::Branch(branch) => ("branch", branch),
            Self::Manifest(path) => ("manifest", path),
        };
        serde_json::json!({ MOVED: { key: value } })
    }
}

fn known_keys(root: View<'_>) -> Result<(), FileError> {
    let known = [MOVED, Section::State.key(), Section::LatestRelease.key()];
    let names: Vec<&str> = root.entries().map(|(name, _)| name).collect();
    if names.is_empty() {
        let message = format!("it has none of the keys `{}`", known.join("`, `"));
        return Err(FileError::Shape(message));
    }
    match names.iter().find(|name| !known.contains(name)) {
        Some(name) => Err(FileError::Shape(format!("unknown key `{name}`"))),
        None => Ok(()),
    }
}

fn destination(moved: View<'_>) -> Result<Destination, FileError> {
    let text = |key: &str| match moved.get(key).map(|view| view.draft()) {
        Some(Node::Scalar(scalar)) => Some(scalar.text()),
        _ => None,
    };
    let branch = text("branch").map(Destination::Branch);
    let manifest = text("manifest").map(Destination::Manifest);
    branch
        .or(manifest)
        .ok_or_else(|| FileError::Shape(format!("`{MOVED}` names neither a branch nor a manifest")))
}

fn held(document: &Document) -> Result<Managed, FileError> {
    let view = |section: Section| document.root().and_then(|root| root.get(section.key()));
    let managed = || -> Result<Managed, StateError> {
        Ok(Managed {
            state: section(Section::State, view(Section::State))?,
            latest_release: section(Section::LatestRelease, view(Section::LatestRelease))?,
        })
    };
    managed().map_err(FileError::Section)
}

/// Returns the sections as one value; an empty `latest_release` is left out.
fn sections(managed: &Managed) -> Result<Value, StateError> {
    let value = |section: Result<Value, serde_json::Error>| {
        section.map_err(|error| StateError::Render(error.to_string()))
    };
    let mut map = serde_json::Map::new();
    let state = value(serde_json::to_value(&managed.state))?;
    map.insert(Section::State.key().to_owned(), state);
    if !managed.latest_release.is_empty() {
        let release = value(serde_json::to_value(&managed.latest_release))?;
        map.insert(Section::LatestRelease.key().to_owned(), release);
    }
    Ok(Value::Object(map))
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch(branch) => write!(f, "the branch `{branch}`"),
            Self::Manifest(path) => write!(f, "`{path}` on the trunk"),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) | Self::Shape(message) => f.write_str(message),
            Self::Section(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FileError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::yaml::Manifest;

    fn managed(sections: &str) -> Managed {
        let text = format!("ci:\n  config: {{ trunk_branch: main }}\n{sections}");
        Managed::read(&Manifest::read(text.as_bytes(), "ci").unwrap()).unwrap()
    }

    #[test]
    fn state_reads_back_as_it_was_written() {
        let odd = [
            "",
            "  state: {}\n",
            "  state:\n    dev: { sha: '1234567', version: v1.0.0-rc.1, committed_by: \"a\\n\\n\" }\n",
            "  state:\n    dev: { sha: a, committed_by: \"x\\u2028y\", future: [1, { a: b }] }\n    odd: 1\n",
            "  latest_release: { version: v1.0.0, sha: abc, tail: \"end\\n\\n\\n\" }\n",
        ];
        for sections in odd {
            let managed = managed(sections);
            let text = StateFile::Held(Box::new(managed.clone())).text().unwrap();
            let again = StateFile::read(text.as_bytes()).unwrap();
            assert_eq!(again.held(), Some(&managed), "{text}");
            assert_eq!(again.text().unwrap(), text);
            assert!(text.starts_with("# "), "{text}");
            assert!(!text.contains('\u{2028}'), "{text}");
        }
    }

    #[test]
    fn the_file_is_for_people_too() {
        let managed = managed("  state:\n    dev: { sha: abc, version: v1.0.0 }\n");
        let text = StateFile::Held(Box::new(managed)).text().unwrap();
        assert!(
            text.ends_with("state:\n  dev:\n    sha: abc\n    version: v1.0.0\n"),
            "{text}"
        );
    }

    #[test]
    fn a_move_reads_back() {
        for to in [
            Destination::Branch("state/of: it".to_owned()),
            Destination::Branch("1.0".to_owned()),
            Destination::Branch("line\u{2028}break".to_owned()),
            Destination::Manifest(".github/manifest.yaml".to_owned()),
        ] {
            let moved = StateFile::Moved(to);
            let text = moved.text().unwrap();
            assert_eq!(StateFile::read(text.as_bytes()), Ok(moved));
            assert!(!text.contains('\u{2028}'), "{text}");
        }
    }

    #[test]
    fn what_is_no_state_is_an_error() {
        for text in [
            "",
            "# nothing\n",
            "[]",
            "state: {",
            "text",
            "{}",
            "state: {}\nnews: {}\n",
            "state: 1\n",
            "moved_to: {}\n",
            "<<<<<<< ours\nstate: {}\n",
        ] {
            assert!(StateFile::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
