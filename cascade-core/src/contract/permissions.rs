//! What the jobs of a workflow ask for.

use indexmap::IndexMap;

/// How much of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// `none`
    #[default]
    None,
    /// `read`
    Read,
    /// `write`
    Write,
}

/// What the jobs of a workflow ask for together: the highest level of each scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    /// What `read-all` or `write-all` asks for of every scope.
    pub all: Level,
    /// The scopes that are named.
    pub scopes: IndexMap<String, Level>,
    /// Whether a job declares nothing, so that what it needs is not known.
    pub undeclared: bool,
}

impl Level {
    /// The level with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "read" => Some(Self::Read),
            "write" => Some(Self::Write),
            _ => None,
        }
    }

    /// Its name in a workflow file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl Permissions {
    /// What is asked for of one scope.
    #[must_use]
    pub fn level(&self, scope: &str) -> Level {
        let named = self.scopes.get(scope).copied().unwrap_or_default();
        named.max(self.all)
    }

    pub(super) fn add(&mut self, scope: &str, level: Level) {
        let known = self.scopes.entry(scope.to_owned()).or_default();
        *known = level.max(*known);
    }
}
