//! Both managed sections together: read from a manifest, written into its text.

use super::{LatestRelease, State, value};
use crate::manifest::yaml::splice::{Edit, Edits, Section, SpliceError, splice};
use crate::manifest::yaml::{Manifest, Span, View, write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Line breaks to YAML 1.1 and not to YAML 1.2.
const FOREIGN_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Everything that cascade manages in a manifest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Managed {
    /// The recorded state of the environments, and the release record.
    pub state: State,
    /// The latest release.
    pub latest_release: LatestRelease,
}

/// A failure to read or write the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateError {
    /// A section does not have the layout of state.
    Layout {
        /// The section.
        section: Section,
        /// Its place in the file.
        span: Span,
        /// A description of the error.
        message: String,
    },
    /// A section cannot be written as YAML.
    Render(String),
    /// The text cannot be edited.
    Splice(SpliceError),
}

impl Managed {
    /// The managed sections of a manifest; absent ones are empty.
    ///
    /// # Errors
    /// A section does not have the layout of state.
    pub fn read(manifest: &Manifest) -> Result<Self, StateError> {
        Ok(Self {
            state: section(Section::State, manifest.state())?,
            latest_release: section(Section::LatestRelease, manifest.latest_release())?,
        })
    }

    /// Returns true if nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state.is_empty() && self.latest_release.is_empty()
    }

    /// Returns true if both stand in a manifest alike: the deployments that began are not part of it.
    #[must_use]
    pub fn is_written_like(&self, other: &Self) -> bool {
        let written = |managed: &Self| {
            let mut managed = managed.clone();
            managed.state.forget_begun();
            managed
        };
        written(self) == written(other)
    }

    /// The `text` of a manifest with these sections under the body key; nothing else changes.
    ///
    /// # Errors
    /// The text cannot be edited: see [`splice`].
    pub fn write(&self, text: &str, key: &str) -> Result<String, StateError> {
        let manifest = Manifest::read(text.as_bytes(), key)
            .map_err(|errors| StateError::Splice(SpliceError::Read(errors)))?;
        let in_lines = [yaml(&self.state)?, yaml(&self.latest_release)?];
        // Every write would indent what follows a break that only YAML 1.1 knows.
        let foreign = in_lines.iter().any(|lines| is_fragile(lines));
        let spliced = match foreign {
            true => Err(SpliceError::Entangled),
            false => self.splice(text, &manifest, &in_lines),
        };
        match spliced {
            // Text that ends in line breaks would take in blank lines that follow the section.
            Err(SpliceError::Entangled) => {
                let in_one_line = [json(&self.state)?, json(&self.latest_release)?];
                self.splice(text, &manifest, &in_one_line)
            }
            outcome => outcome,
        }
        .map_err(StateError::Splice)
    }

    fn splice(
        &self,
        text: &str,
        manifest: &Manifest,
        [state, latest_release]: &[String; 2],
    ) -> Result<String, SpliceError> {
        let edit = |value, empty: bool, present: bool| match (empty, present) {
            (true, false) => Edit::Keep,
            _ => Edit::Set(value),
        };
        let release = (
            self.latest_release.is_empty(),
            manifest.latest_release().is_some(),
        );
        let edits = Edits {
            state: edit(state, self.state.is_empty(), manifest.state().is_some()),
            latest_release: edit(latest_release, release.0, release.1),
        };
        splice(text, manifest.key(), edits)
    }
}

/// Returns true if the text has line breaks that only YAML 1.1 knows.
pub(super) fn is_fragile(text: &str) -> bool {
    text.contains(FOREIGN_BREAKS)
}

pub(super) fn section<T: DeserializeOwned + Default>(
    section: Section,
    view: Option<View<'_>>,
) -> Result<T, StateError> {
    let Some(view) = view else {
        return Ok(T::default());
    };
    let read: Result<Option<T>, _> = serde_json::from_value(value::of(&view.draft()));
    read.map(Option::unwrap_or_default)
        .map_err(|error| StateError::Layout {
            section,
            span: view.span(),
            message: error.to_string(),
        })
}

pub(super) fn yaml(section: &impl Serialize) -> Result<String, StateError> {
    let value = serde_json::to_value(section);
    let value = value.map_err(|error| StateError::Render(error.to_string()))?;
    Ok(write::node(&value::node(value)))
}

pub(super) fn json(section: &impl Serialize) -> Result<String, StateError> {
    let json = serde_json::to_string(section);
    let json = json.map_err(|error| StateError::Render(error.to_string()))?;
    let escaped = |json: String, mark: char| {
        let escape = format!("\\u{:04x}", u32::from(mark));
        json.replace(mark, &escape)
    };
    Ok(FOREIGN_BREAKS.into_iter().fold(json, escaped))
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout {
                section, message, ..
            } => write!(f, "`{}` cannot be read: {message}", section.key()),
            Self::Render(message) => write!(f, "state cannot be written as YAML: {message}"),
            Self::Splice(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StateError {}
