//! The operations that deploy.

use std::fmt;
use std::str::FromStr;

/// An operation that deploys to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Trunk to the first environment.
    Orchestrate,
    /// One artifact up the promotion order.
    Promote,
    /// A failed promotion step is undone: its environment gets again what was replaced.
    Restore,
    /// An environment goes back to what it held before.
    Rollback,
    /// A fix reaches one environment.
    Hotfix,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 5] = [
        Self::Orchestrate,
        Self::Promote,
        Self::Restore,
        Self::Rollback,
        Self::Hotfix,
    ];

    /// Returns the word in generated files and in the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orchestrate => "orchestrate",
            Self::Promote => "promote",
            Self::Restore => "restore",
            Self::Rollback => "rollback",
            Self::Hotfix => "hotfix",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no operation that deploys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnOperation(pub String);

impl fmt::Display for NotAnOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Operation::ALL.map(|each| format!("`{each}`")).join(", ");
        write!(
            f,
            "`{}` is not an operation that deploys: use one of {words}",
            self.0
        )
    }
}

impl std::error::Error for NotAnOperation {}

impl FromStr for Operation {
    type Err = NotAnOperation;

    fn from_str(word: &str) -> Result<Self, NotAnOperation> {
        let mut all = Self::ALL.into_iter();
        all.find(|each| each.as_str() == word)
            .ok_or_else(|| NotAnOperation(word.to_owned()))
    }
}
