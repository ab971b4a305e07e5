//! Replacing the managed sections of a manifest and nothing else.
//!
//! The text is cut at byte offsets, so comments, line endings and odd white space elsewhere stay
//! as they are. The result is read again before anybody sees it: if anything but the edited
//! sections would mean something else, the edit is refused.

mod config;
mod layout;
mod pins;

pub use config::set_state_branch;
pub use pins::set_action_pins;

use super::{Manifest, ReadError, read};
use crate::manifest::draft::{Map, Node};
use layout::{Change, Layout};
use std::fmt;

/// A section that cascade manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// `state`.
    State,
    /// `latest_release`.
    LatestRelease,
}

/// What happens to a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<'a> {
    /// Nothing.
    Keep,
    /// It goes away.
    Remove,
    /// It holds this value, given as YAML in block style.
    Set(&'a str),
}

/// The edits of one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edits<'a> {
    /// What happens to `state`.
    pub state: Edit<'a>,
    /// What happens to `latest_release`.
    pub latest_release: Edit<'a>,
}

/// Why a section could not be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpliceError {
    /// The manifest, or a new section, cannot be read.
    Read(Vec<ReadError>),
    /// The body is written in a way that has no lines of its own for a section.
    Layout(ReadError),
    /// The edit would change something else, such as an alias into the old section.
    Entangled,
}

impl Section {
    /// Its key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::LatestRelease => "latest_release",
        }
    }
}

/// The `text` of a manifest with `edits` made to the body under `key`.
///
/// # Errors
/// The manifest cannot be read, or cannot be edited without touching anything else.
pub fn splice(text: &str, key: &str, edits: Edits<'_>) -> Result<String, SpliceError> {
    let manifest = Manifest::read(text.as_bytes(), key).map_err(SpliceError::Read)?;
    let after_state: &[&str] = match edits.state {
        Edit::Remove => &["config"],
        Edit::Keep | Edit::Set(_) => &["state", "config"],
    };
    let changes = [
        Change {
            key: Section::State.key(),
            edit: edits.state,
            after: &["config"],
        },
        Change {
            key: Section::LatestRelease.key(),
            edit: edits.latest_release,
            after: after_state,
        },
    ];
    apply(&manifest, &[key], &changes)
}

/// The `text` of a manifest in which one key of `config` is set or removed; nothing else changes.
///
/// # Errors
/// The manifest cannot be read, or cannot be edited without touching anything else.
///
/// # Examples
/// ```
/// use cascade_core::manifest::yaml::splice::{Edit, configure};
///
/// let text = "ci:\n  config:\n    trunk_branch: main # ours\n";
/// let pinned = configure(text, "ci", "pin_mode", Edit::Set("tag"))?;
/// assert_eq!(pinned, format!("{text}    pin_mode: tag\n"));
/// # Ok::<(), cascade_core::manifest::yaml::splice::SpliceError>(())
/// ```
pub fn configure(
    text: &str,
    key: &str,
    setting: &str,
    edit: Edit<'_>,
) -> Result<String, SpliceError> {
    let manifest = Manifest::read(text.as_bytes(), key).map_err(SpliceError::Read)?;
    let change = Change {
        key: setting,
        edit,
        after: &["trunk_branch"],
    };
    apply(&manifest, &[key, "config"], &[change])
}

fn apply(
    manifest: &Manifest,
    path: &[&str],
    changes: &[Change<'_>],
) -> Result<String, SpliceError> {
    let expected = expected(manifest, path, changes)?;
    let layout = Layout::new(manifest, path).map_err(SpliceError::Layout)?;
    let result = layout.apply(changes).map_err(SpliceError::Layout)?;
    let found = read(result.as_bytes())
        .ok()
        .and_then(|d| d.root().map(|root| root.draft()));
    if found.as_ref() == Some(&expected) {
        Ok(result)
    } else {
        Err(SpliceError::Entangled)
    }
}

/// What the result must mean.
fn expected(
    manifest: &Manifest,
    path: &[&str],
    changes: &[Change<'_>],
) -> Result<Node, SpliceError> {
    let mut root = manifest
        .document()
        .root()
        .map_or(Node::Null, |root| root.draft());
    let mut node = Some(&mut root);
    for part in path {
        node = node.and_then(|node| match node {
            Node::Map(map) => map.get_mut(*part),
            _ => None,
        });
    }
    if let Some(Node::Map(map)) = node {
        for change in changes {
            expect(map, change)?;
        }
    }
    Ok(root)
}

fn expect(map: &mut Map, change: &Change<'_>) -> Result<(), SpliceError> {
    match change.edit {
        Edit::Keep => {}
        Edit::Remove => {
            map.shift_remove(change.key);
        }
        Edit::Set(value) => {
            let value = read(value.as_bytes()).map_err(SpliceError::Read)?;
            let draft = value.root().map_or(Node::Null, |root| root.draft());
            map.insert(change.key.to_owned(), draft);
        }
    }
    Ok(())
}

impl fmt::Display for SpliceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(errors) => match errors.first() {
                Some(error) => write!(f, "the manifest cannot be read: {error}"),
                None => f.write_str("the manifest cannot be read"),
            },
            Self::Layout(error) => write!(f, "the manifest cannot be edited: {error}"),
            Self::Entangled => f.write_str(
                "the manifest cannot be edited: the rest of it depends on the text of `state` or \
                 `latest_release`; move anchors out of them",
            ),
        }
    }
}

impl std::error::Error for SpliceError {}

#[cfg(test)]
mod tests;
