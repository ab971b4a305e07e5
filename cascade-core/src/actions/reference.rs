//! The target of a `uses:`.

use super::WorkflowError;

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRef(Reference);

/// A reusable workflow, with the outputs that it declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callee {
    reference: Reference,
    pub(super) outputs: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Reference {
    uses: String,
    comment: Option<String>,
}

impl Reference {
    fn local(path: impl Into<String>) -> Self {
        let path = path.into();
        let uses = if path.starts_with("./") {
            path
        } else {
            format!("./{path}")
        };
        Self {
            uses,
            comment: None,
        }
    }

    fn at(name: &str, at: &str) -> Self {
        Self {
            uses: format!("{name}@{at}"),
            comment: None,
        }
    }

    fn pinned(name: &str, sha: &str, version: impl Into<String>) -> Self {
        Self {
            comment: Some(version.into()),
            ..Self::at(name, sha)
        }
    }

    /// `owner/name[/path]@ref`, a full commit where a version is the comment, or `./path`.
    fn check(&self) -> Result<(), WorkflowError> {
        let clean = !self.uses.contains("${{")
            && !self
                .uses
                .chars()
                .any(|c| c.is_whitespace() || c.is_control());
        let known = self.uses.strip_prefix("./").map_or_else(
            || {
                self.uses.split_once('@').is_some_and(|(name, at)| {
                    let mut parts = name.split('/');
                    let owned = parts.clone().count() >= 2 && parts.all(|part| !part.is_empty());
                    owned && !at.is_empty() && (self.comment.is_none() || is_commit(at))
                })
            },
            |path| !path.is_empty(),
        );
        if clean && known {
            Ok(())
        } else {
            Err(WorkflowError::InvalidReference {
                reference: self.uses.clone(),
            })
        }
    }
}

fn is_commit(at: &str) -> bool {
    matches!(at.len(), 40 | 64) && at.bytes().all(|b| b.is_ascii_hexdigit())
}

impl ActionRef {
    /// `owner/name[/path]` at a commit, with its version as a comment.
    #[must_use]
    pub fn pinned(name: &str, sha: &str, version: impl Into<String>) -> Self {
        Self(Reference::pinned(name, sha, version))
    }

    /// `owner/name[/path]` at a tag or branch.
    #[must_use]
    pub fn at(name: &str, at: &str) -> Self {
        Self(Reference::at(name, at))
    }

    /// An action of this repository.
    #[must_use]
    pub fn local(path: impl Into<String>) -> Self {
        Self(Reference::local(path))
    }

    pub(super) fn uses(&self) -> &str {
        &self.0.uses
    }

    pub(super) fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    pub(super) fn check(&self) -> Result<(), WorkflowError> {
        self.0.check()
    }
}

impl Callee {
    const fn new(reference: Reference) -> Self {
        Self {
            reference,
            outputs: Vec::new(),
        }
    }

    /// A workflow of this repository.
    #[must_use]
    pub fn local(path: impl Into<String>) -> Self {
        Self::new(Reference::local(path))
    }

    /// `owner/name/.github/workflows/file.yaml` at a tag or branch.
    #[must_use]
    pub fn at(path: &str, at: &str) -> Self {
        Self::new(Reference::at(path, at))
    }

    /// `owner/name/.github/workflows/file.yaml` at a commit, with its version as a comment.
    #[must_use]
    pub fn pinned(path: &str, sha: &str, version: impl Into<String>) -> Self {
        Self::new(Reference::pinned(path, sha, version))
    }

    /// Reads the `uses:` that an author wrote: `./path` or `owner/name/path@ref`.
    #[must_use]
    pub fn written(uses: &str) -> Self {
        match uses.split_once('@') {
            Some((path, at)) if !uses.starts_with("./") => Self::at(path, at),
            _ => Self::local(uses),
        }
    }

    /// The outputs that the workflow declares, as its contract says.
    #[must_use]
    pub fn outputs<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.outputs.extend(names.into_iter().map(Into::into));
        self
    }

    pub(super) fn uses(&self) -> &str {
        &self.reference.uses
    }

    pub(super) fn comment(&self) -> Option<&str> {
        self.reference.comment.as_deref()
    }

    pub(super) fn check(&self) -> Result<(), WorkflowError> {
        self.reference.check()
    }
}
