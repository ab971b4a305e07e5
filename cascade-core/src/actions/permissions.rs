//! The permissions of a job's token.

use std::collections::BTreeMap;

/// A scope of the job token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Scope {
    Actions,
    ArtifactMetadata,
    Attestations,
    Checks,
    Contents,
    Deployments,
    Discussions,
    IdToken,
    Issues,
    Models,
    Packages,
    Pages,
    PullRequests,
    RepositoryProjects,
    SecurityEvents,
    Statuses,
}

/// The level at which a scope is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Level {
    #[default]
    None,
    Read,
    Write,
}

impl Scope {
    /// Every scope, in the order in which they are written.
    pub const ALL: [Self; 16] = [
        Self::Actions,
        Self::ArtifactMetadata,
        Self::Attestations,
        Self::Checks,
        Self::Contents,
        Self::Deployments,
        Self::Discussions,
        Self::IdToken,
        Self::Issues,
        Self::Models,
        Self::Packages,
        Self::Pages,
        Self::PullRequests,
        Self::RepositoryProjects,
        Self::SecurityEvents,
        Self::Statuses,
    ];

    /// The scope's key.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::ArtifactMetadata => "artifact-metadata",
            Self::Attestations => "attestations",
            Self::Checks => "checks",
            Self::Contents => "contents",
            Self::Deployments => "deployments",
            Self::Discussions => "discussions",
            Self::IdToken => "id-token",
            Self::Issues => "issues",
            Self::Models => "models",
            Self::Packages => "packages",
            Self::Pages => "pages",
            Self::PullRequests => "pull-requests",
            Self::RepositoryProjects => "repository-projects",
            Self::SecurityEvents => "security-events",
            Self::Statuses => "statuses",
        }
    }

    /// The scope that `name` is the key of.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// GitHub has no `id-token: read` and no `models: write`: the next lower level is meant.
    const fn known(self, level: Level) -> Level {
        match (self, level) {
            (Self::IdToken, Level::Read) => Level::None,
            (Self::Models, Level::Write) => Level::Read,
            (_, level) => level,
        }
    }
}

impl Level {
    /// The level's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The level that `name` stands for.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Read, Self::Write]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// The permissions of a job. They start empty.
///
/// ```
/// use cascade_core::actions::{Permissions, Scope};
/// let needed = Permissions::none()
///     .read(Scope::Actions)
///     .write(Scope::Contents, "pushes the state commit");
/// assert!(needed.covers(&Permissions::none().read(Scope::Contents)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions(BTreeMap<Scope, Grant>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Grant {
    level: Level,
    reason: Option<String>,
}

impl Permissions {
    /// No permission at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds read access.
    #[must_use]
    pub fn read(self, scope: Scope) -> Self {
        self.grant(scope, Level::Read)
    }

    /// Adds write access, with the reason that a reviewer reads behind it.
    #[must_use]
    pub fn write(mut self, scope: Scope, reason: impl Into<String>) -> Self {
        self.raise(scope, Level::Write, Some(reason.into()));
        self
    }

    /// Adds `level` without a reason.
    #[must_use]
    pub fn grant(mut self, scope: Scope, level: Level) -> Self {
        self.raise(scope, level, None);
        self
    }

    /// Both together: the higher level of each scope, with the reason given first for it.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        for (scope, grant) in &other.0 {
            self.raise(*scope, grant.level, grant.reason.clone());
        }
        self
    }

    /// The level of `scope`.
    #[must_use]
    pub fn level(&self, scope: Scope) -> Level {
        self.0.get(&scope).map_or(Level::None, |grant| grant.level)
    }

    /// Returns true if a job with these permissions may call one that needs `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.missing(other).next().is_none()
    }

    /// Returns the permissions that `other` needs beyond these.
    pub fn missing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Scope, Level)> + 'a {
        other
            .iter()
            .filter(|(scope, level, _)| self.level(*scope) < *level)
            .map(|(scope, level, _)| (scope, level))
    }

    /// Every granted scope, in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = (Scope, Level, Option<&str>)> {
        self.0
            .iter()
            .map(|(scope, grant)| (*scope, grant.level, grant.reason.as_deref()))
    }

    /// Returns true if nothing is granted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn raise(&mut self, scope: Scope, level: Level, reason: Option<String>) {
        let level = scope.known(level);
        if level == Level::None {
            return;
        }
        let grant = self.0.entry(scope).or_insert(Grant {
            level,
            reason: None,
        });
        if level > grant.level {
            grant.level = level;
            grant.reason = reason;
        } else if level == grant.level && grant.reason.is_none() {
            grant.reason = reason;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_union_covers_both_and_nothing_more() {
        let a = Permissions::none()
            .write(Scope::Contents, "tags")
            .read(Scope::Issues);
        let b = Permissions::none()
            .read(Scope::Contents)
            .write(Scope::Issues, "labels");
        let both = a.clone().union(&b);
        assert!(both.covers(&a) && both.covers(&b));
        assert!(!a.covers(&b));
        assert_eq!(
            a.missing(&b).collect::<Vec<_>>(),
            [(Scope::Issues, Level::Write)]
        );
        let lines: Vec<_> = both.iter().collect();
        assert_eq!(
            lines,
            [
                (Scope::Contents, Level::Write, Some("tags")),
                (Scope::Issues, Level::Write, Some("labels")),
            ]
        );
    }

    #[test]
    fn levels_that_github_lacks_are_rounded_down() {
        assert!(Permissions::none().read(Scope::IdToken).is_empty());
        let models = Permissions::none().grant(Scope::Models, Level::Write);
        assert_eq!(models.level(Scope::Models), Level::Read);
    }

    #[test]
    fn names_lead_back() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.name()), Some(scope));
        }
        assert_eq!(Level::from_name("admin"), None);
    }
}
