//! One message.

use super::message::{Header, breaking};
use crate::version::Bump;

/// The change that a commit's message describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The kind of change.
    pub kind: Kind,
    /// The part that it concerns.
    pub scope: Option<String>,
    /// The description: the first line without type and scope.
    pub description: String,
    /// The things that it breaks.
    pub breaking: Vec<String>,
}

/// The kind of change that a commit makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `feat`.
    Feature,
    /// `fix`.
    Fix,
    /// `perf`.
    Performance,
    /// `revert`.
    Revert,
    /// `docs`.
    Documentation,
    /// Every other type, and messages that follow no convention.
    Other,
}

impl Kind {
    /// The heading in a changelog.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Feature => "Features",
            Self::Fix => "Fixes",
            Self::Performance => "Performance",
            Self::Revert => "Reverts",
            Self::Documentation => "Documentation",
            Self::Other => "Other changes",
        }
    }

    fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "feat" => Self::Feature,
            "fix" => Self::Fix,
            "perf" => Self::Performance,
            "revert" => Self::Revert,
            "docs" => Self::Documentation,
            _ => Self::Other,
        }
    }
}

impl Change {
    /// Reads a message; one that follows no convention is a change of kind [`Kind::Other`].
    #[must_use]
    pub fn parse(message: &str) -> Self {
        let message = message.trim();
        let first = message.lines().next().unwrap_or_default();
        let mut breaking = breaking(message);
        let Some(header) = Header::of(first) else {
            return Self {
                kind: Kind::Other,
                scope: None,
                description: first.to_owned(),
                breaking,
            };
        };
        if header.breaking && breaking.is_empty() {
            breaking.push(header.description.to_owned());
        }
        Self {
            kind: Kind::of(header.kind),
            scope: header.scope.map(str::to_owned),
            description: header.description.to_owned(),
            breaking,
        }
    }

    /// Returns true if it breaks something.
    #[must_use]
    pub const fn is_breaking(&self) -> bool {
        !self.breaking.is_empty()
    }

    /// Returns the amount by which it raises a version.
    #[must_use]
    pub const fn bump(&self) -> Bump {
        match self.kind {
            _ if self.is_breaking() => Bump::Major,
            Kind::Feature => Bump::Minor,
            _ => Bump::Patch,
        }
    }
}
