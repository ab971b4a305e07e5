//! Raising a version: what a bump makes of the one before.

use super::{Core, Forced, Version};

/// The amount by which a set of changes raises a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Anything.
    Patch,
    /// A feature.
    Minor,
    /// A breaking change, also below 1.0.
    Major,
}

/// The lowest version that a pipeline ever gives.
const LOWEST: Core = Core::new(0, 1, 0);

impl Bump {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The numbers after this bump.
    #[must_use]
    pub const fn apply(self, core: Core) -> Core {
        match self {
            Self::Patch => Core::new(core.major, core.minor, core.patch.saturating_add(1)),
            Self::Minor => Core::new(core.major, core.minor.saturating_add(1), 0),
            Self::Major => Core::new(core.major.saturating_add(1), 0, 0),
        }
    }
}

impl From<Bump> for Forced {
    fn from(bump: Bump) -> Self {
        Self::Bump(bump)
    }
}

/// The versions that the next version must stay above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// The version that the first environment holds.
    pub first: Option<Version>,
    /// The highest version that is tagged.
    pub highest_tag: Option<Version>,
}

/// The next candidate after the release `base`, which is raised as `raise` says.
///
/// The core is the higher of the raised one and the unpublished core that the first environment
/// already carries; within one core the counter goes on. The result is above everything carried.
#[must_use]
pub fn next(base: Option<Core>, raise: impl Into<Forced>, carried: Carried) -> Version {
    let base = base.unwrap_or_default();
    let bumped = raise.into().apply(base).max(LOWEST);
    let unpublished = carried.first.filter(|first| first.core > base);
    let core = unpublished.map_or(bumped, |first| bumped.max(first.core));
    let fresh = Version::candidate(core, 0);
    let highest = carried.first.max(carried.highest_tag);
    match highest {
        Some(highest) if fresh <= highest => above(highest),
        _ => fresh,
    }
}

fn above(version: Version) -> Version {
    match version.candidate {
        Some(candidate) => Version::candidate(version.core, candidate.number.saturating_add(1)),
        None => Version::candidate(Bump::Patch.apply(version.core), 0),
    }
}
