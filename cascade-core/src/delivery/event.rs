//! Events.

use crate::time::Time;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The kind of an event in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It, or some of its deploys, got another version.
    Deployed,
    /// It got a fix on top of what it held.
    Hotfixed,
    /// It, or some of its deploys, went back to an earlier version.
    RolledBack,
    /// Some of its deploys got another version, and some that should have did not.
    Incomplete,
    /// An incomplete deployment was undone.
    Restored,
    /// A rollout to it was rolled back before it ended.
    RolloutFailed,
    /// A version of another repository arrived.
    External,
    /// A release was published.
    Released,
}

/// A commit and the version that it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Point {
    /// The commit.
    pub sha: Option<String>,
    /// The version.
    pub version: Option<String>,
}

/// A deploy that changed its version, or an artifact of another repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its name.
    pub name: String,
    /// The place that it moved to.
    #[serde(flatten)]
    pub to: Point,
    /// The place that it moved from.
    pub from: Point,
}

/// Something that happened, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The time at which it was recorded.
    pub at: Time,
    /// The time at which a rollout that failed began.
    pub began: Option<Time>,
    /// The kind of event.
    pub kind: Kind,
    /// The operation that left the environment incomplete.
    pub operation: Option<String>,
    /// The component, if the repository has several.
    pub component: Option<String>,
    /// The environment; `release` for a release.
    pub environment: String,
    /// The version that was brought to it, or that it holds after it went back to it.
    #[serde(flatten)]
    pub to: Point,
    /// The version that the environment held before.
    pub from: Point,
    /// The deploys that changed.
    pub deploys: Vec<Moved>,
    /// The artifacts of other repositories that changed.
    pub external: Vec<Moved>,
    /// The fixes that a hotfix brought: commits on trunk.
    pub patches: Vec<String>,
    /// The version that a rollback rejected.
    pub rejected: Option<Point>,
    /// The person or bot.
    pub by: String,
    /// The page of the run.
    pub run: Option<String>,
    /// The commit that recorded it.
    pub commit: String,
}

/// A word that names no kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAKind(String);

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Deployed,
        Self::Hotfixed,
        Self::RolledBack,
        Self::Incomplete,
        Self::Restored,
        Self::RolloutFailed,
        Self::External,
        Self::Released,
    ];

    /// Returns its word on the command line and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deployed => "deployed",
            Self::Hotfixed => "hotfixed",
            Self::RolledBack => "rolled-back",
            Self::Incomplete => "incomplete",
            Self::Restored => "restored",
            Self::RolloutFailed => "rollout-failed",
            Self::External => "external",
            Self::Released => "released",
        }
    }
}

impl Point {
    /// Returns true if it names neither a commit nor a version.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.sha.is_none() && self.version.is_none()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(word: &str) -> Result<Self, NotAKind> {
        let mut all = Self::ALL.into_iter();
        all.find(|each| each.as_str() == word)
            .ok_or_else(|| NotAKind(word.to_owned()))
    }
}

impl fmt::Display for NotAKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Kind::ALL.map(|each| format!("`{each}`")).join(", ");
        write!(f, "`{}` is not a kind of event: use one of {words}", self.0)
    }
}

impl std::error::Error for NotAKind {}
