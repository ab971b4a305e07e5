//! Identifiers of jobs, steps, inputs and outputs.

use std::fmt;
use std::sync::Arc;

use super::WorkflowError;

/// The id of a job. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(Arc<str>);

impl JobId {
    /// `id`, if GitHub takes it: a letter or `_`, then letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// [`WorkflowError::InvalidId`] for anything else.
    pub fn new(id: impl Into<String>) -> Result<Self, WorkflowError> {
        let id = id.into();
        check(&id)?;
        Ok(Self::unchecked(id))
    }

    /// Builders take ids as they come and report bad ones when the workflow is finished.
    pub(super) fn unchecked(id: impl Into<String>) -> Self {
        Self(Arc::from(id.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn is_valid(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
}

pub(super) fn check(id: &str) -> Result<(), WorkflowError> {
    if is_valid(id) {
        Ok(())
    } else {
        Err(WorkflowError::InvalidId { id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_validated() {
        for id in ["a", "_", "build-app", "A_1"] {
            assert!(JobId::new(id).is_ok(), "{id}");
        }
        for id in ["", "1a", "-a", "a.b", "a b", "ä"] {
            assert!(JobId::new(id).is_err(), "{id}");
        }
    }
}
