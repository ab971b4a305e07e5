//! Repositories that are the targets of deployments.

use super::Credential;
use crate::manifest::{Repository, TargetBranch, TargetField, TargetPath, TimeSpan, ValuePart};

/// A repository that is the target of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeployTarget {
    /// The repository; this one if absent.
    pub repo: Option<Repository>,
    /// The branch; the repository's default branch if absent.
    pub branch: Option<TargetBranch>,
    /// The credential that changes the repository.
    pub token: Credential,
    /// The change.
    pub change: TargetChange,
}

/// The way in which a deployment changes its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetChange {
    /// The dispatch of a workflow, by its file's name.
    Dispatch(String),
    /// Another value in a field of a file.
    Field(FieldChange),
}

/// Another value in a field of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldChange {
    /// The file.
    pub path: TargetPath,
    /// The field.
    pub field: TargetField,
    /// The parts of the value, in order.
    pub value: Vec<ValuePart>,
    /// Records the commit.
    pub track_sha: bool,
    /// The time in which a pull request must be merged; a commit is pushed if absent.
    pub pull_request: Option<TimeSpan>,
}

impl DeployTarget {
    /// Returns the change of a field, if that is what is done.
    #[must_use]
    pub const fn field(&self) -> Option<&FieldChange> {
        match &self.change {
            TargetChange::Field(field) => Some(field),
            TargetChange::Dispatch(_) => None,
        }
    }

    /// Returns the permissions that the token needs, in the words of GitHub's Apps.
    #[must_use]
    pub fn permissions(&self) -> &'static [&'static str] {
        match &self.change {
            TargetChange::Dispatch(_) => &["actions"],
            TargetChange::Field(field) if field.pull_request.is_some() => {
                &["contents", "pull-requests"]
            }
            TargetChange::Field(_) => &["contents"],
        }
    }
}
