//! Versions: their grammar as tags, their order, and the next one.

mod forced;
mod foreign;
mod grammar;
mod raise;
mod tagged;

#[cfg(test)]
mod tests;

pub use forced::Forced;
pub use foreign::above_foreign;
pub use raise::{Bump, Carried, next};
pub use tagged::{Ignored, Tagged, Tags};

use std::cmp::Ordering;
use std::fmt;

/// A version: a release like `1.2.0`, or a candidate for one.
///
/// A candidate is below the release that it is for, as in Semantic Versioning 2.0.0, section 11;
/// a hotfix of a candidate is above that candidate and below the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    /// The numbers that a release has.
    pub core: Core,
    /// The candidate's numbers; a release has none.
    pub candidate: Option<Candidate>,
}

/// Major, minor and patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Core {
    /// Raised by breaking changes.
    pub major: u64,
    /// Raised by features.
    pub minor: u64,
    /// Raised by everything else.
    pub patch: u64,
}

/// The number of a candidate for a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Candidate {
    /// Counts from zero.
    pub number: u64,
    /// Counts the fixes on top of the candidate, from zero.
    pub hotfix: Option<u64>,
}

impl Core {
    /// The numbers `major.minor.patch`.
    #[must_use]
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl Version {
    /// The release with these numbers.
    #[must_use]
    pub const fn release(core: Core) -> Self {
        Self {
            core,
            candidate: None,
        }
    }

    /// The candidate number `number` for the release with these numbers.
    #[must_use]
    pub const fn candidate(core: Core, number: u64) -> Self {
        let candidate = Some(Candidate {
            number,
            hotfix: None,
        });
        Self { core, candidate }
    }

    /// Returns true if it is a release and no candidate.
    #[must_use]
    pub const fn is_release(&self) -> bool {
        self.candidate.is_none()
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |version: &Self| (version.is_release(), version.candidate);
        self.core
            .cmp(&other.core)
            .then_with(|| rank(self).cmp(&rank(other)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
