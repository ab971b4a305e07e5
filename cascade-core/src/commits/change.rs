//! One message.

use crate::version::Bump;

/// What a commit's message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which kind of change it is.
    pub kind: Kind,
    /// The part that it concerns.
    pub scope: Option<String>,
    /// What it does: the first line without type and scope.
    pub description: String,
    /// What it breaks, if anything.
    pub breaking: Option<String>,
}

/// Which kind of change a commit is.
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
        match git_conventional::Commit::parse(message.trim()) {
            Ok(commit) => Self {
                kind: Kind::of(commit.type_().as_str()),
                scope: commit.scope().map(|scope| scope.as_str().to_owned()),
                description: commit.description().to_owned(),
                breaking: commit
                    .breaking()
                    .then(|| commit.breaking_description().unwrap_or_default().to_owned()),
            },
            Err(_) => Self::free(message),
        }
    }

    fn free(message: &str) -> Self {
        Self {
            kind: Kind::Other,
            scope: None,
            description: message.trim().lines().next().unwrap_or_default().to_owned(),
            breaking: footer(message),
        }
    }

    /// Whether it breaks something.
    #[must_use]
    pub const fn is_breaking(&self) -> bool {
        self.breaking.is_some()
    }

    /// How much it raises a version.
    #[must_use]
    pub const fn bump(&self) -> Bump {
        match self.kind {
            _ if self.is_breaking() => Bump::Major,
            Kind::Feature => Bump::Minor,
            _ => Bump::Patch,
        }
    }
}

/// The footer that tells of a breaking change; a squashed pull request keeps it without the type.
fn footer(message: &str) -> Option<String> {
    let starts = ["BREAKING CHANGE: ", "BREAKING-CHANGE: "];
    let found = |line: &str| {
        starts
            .iter()
            .find_map(|start| line.strip_prefix(start).map(str::to_owned))
    };
    message.lines().skip(1).find_map(found)
}
