//! The reasons why a contract is not known.

use crate::manifest::yaml::Position;
use std::fmt;

/// The reason why the contract of a workflow file is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractError {
    /// The file is there but cannot be read.
    Unreadable(String),
    /// The text is not YAML, or not a workflow.
    Malformed {
        /// The place of the error.
        at: Position,
        /// A description of the error.
        message: String,
    },
    /// It has no `workflow_call` trigger.
    NotCallable,
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(message) => write!(f, "the file cannot be read: {message}"),
            Self::Malformed { at, message } => {
                write!(f, "line {}, column {}: {message}", at.line, at.column)
            }
            Self::NotCallable => f.write_str("the workflow has no `workflow_call` trigger"),
        }
    }
}

impl std::error::Error for ContractError {}
