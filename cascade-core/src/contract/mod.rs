//! The interface of a reusable workflow: its side of every call.
//!
//! Core does no I/O: files come in through a [`WorkflowSource`]. [`Contracts`] reads each of them
//! once, however many callbacks share it.

mod contracts;
mod error;
#[cfg(feature = "runtime")]
mod existing;
mod input_type;
mod parse;
mod permissions;
mod reduce;
mod source;
mod strict;

#[cfg(test)]
mod tests;

pub use contracts::{Contracts, Lookup};
pub use error::ContractError;
#[cfg(feature = "runtime")]
pub use existing::{Existing, Insertion, Job, Released, Role};
pub use input_type::InputType;
pub use permissions::Asked;
pub use source::{MemorySource, WorkflowSource};

use crate::scalar::Scalar;
use indexmap::IndexMap;

/// The interface that a reusable workflow declares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contract {
    /// The inputs it takes, by name.
    pub inputs: IndexMap<String, Input>,
    /// The outputs it gives, by name.
    pub outputs: IndexMap<String, Output>,
    /// The secrets it takes, by name.
    pub secrets: IndexMap<String, Secret>,
    /// The permissions that its jobs ask for together.
    pub permissions: Asked,
    /// The GitHub environments that its own jobs name, as written.
    pub environments: Vec<String>,
    /// True if none of its jobs starts in a run that was cancelled.
    pub idle_when_cancelled: bool,
    /// The reusable workflows that its jobs call, as written.
    pub nested: Vec<String>,
    /// Those of them that stand in other repositories and get every secret.
    pub inherited_by: Vec<String>,
    /// The group that its runs share, if it names one for all of its jobs.
    pub concurrency: Option<Concurrency>,
}

/// The `concurrency` of a workflow file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    /// The group, as written.
    pub group: String,
    /// True if a run may cancel the one that runs.
    pub cancels: bool,
    /// True if more than one run may wait.
    pub queues: bool,
}

/// An input of a reusable workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The type of its values.
    pub kind: InputType,
    /// True if a caller must give it.
    pub required: bool,
    /// Its value if a caller does not.
    pub default: Option<Scalar>,
    /// A description of its purpose.
    pub description: Option<String>,
}

/// An output of a reusable workflow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// A description of its value.
    pub description: Option<String>,
    /// The expression that gives it.
    pub value: Option<String>,
}

/// A secret of a reusable workflow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secret {
    /// True if a caller must give it.
    pub required: bool,
    /// A description of its purpose.
    pub description: Option<String>,
}

impl Contract {
    /// Reads the text of a workflow file.
    ///
    /// # Errors
    /// It is not YAML, not a workflow, or cannot be called.
    pub fn parse(bytes: &[u8]) -> Result<Self, ContractError> {
        parse::parse(bytes)
    }

    /// Reads the text of a workflow file, and its steps only if they are written in a way that
    /// cannot be told from the rest: macros run unoptimised, and most of a file is steps. A file
    /// whose steps alone are no YAML may pass.
    ///
    /// # Errors
    /// Those of [`Contract::parse`].
    pub fn declared(bytes: &[u8]) -> Result<Self, ContractError> {
        let reduced = reduce::read_reduced(bytes).map(|document| parse::without_steps(&document));
        match reduced {
            Some(Ok(contract)) => Ok(contract),
            _ => Self::parse(bytes),
        }
    }
}

impl Input {
    /// Returns true if a call without it fails.
    #[must_use]
    pub const fn must_be_given(&self) -> bool {
        self.required && self.default.is_none()
    }
}
