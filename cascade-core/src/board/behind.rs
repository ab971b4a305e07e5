//! The commits that wait behind each place.

use crate::commits::{Changelog, Commit};
use crate::lifecycle::promotion_order::promotion_order;
use crate::pipeline::Component;
use crate::state::State;

/// The name of what stands behind the first environment.
pub const TRUNK: &str = "trunk";

/// Two commits between which something may wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The place.
    pub place: String,
    /// The place before it, or the trunk.
    pub from: String,
    /// The commit that the place holds.
    pub base: String,
    /// The commit that the place before it holds.
    pub head: String,
}

/// The commits that a place does not have yet, and the place before it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The place before it, or the trunk.
    pub from: String,
    /// The number of commits.
    pub commits: usize,
    /// The changes that the commits make.
    pub changelog: Changelog,
}

/// Returns the pairs of neighbours among the places that hold something, in promotion order; `trunk`
/// is the newest commit that is more than a write of state.
#[must_use]
pub fn behind(component: &Component, state: &State, trunk: Option<&str>) -> Vec<Behind> {
    let mut before = trunk.map(|sha| (TRUNK.to_owned(), sha.to_owned()));
    let mut pairs = Vec::new();
    for place in promotion_order(component) {
        let held = place.artifact(state).map(|artifact| artifact.sha);
        let now = held.map(|sha| (place.to_string(), sha));
        if let (Some((from, head)), Some((place, base))) = (&before, &now) {
            pairs.push(Behind {
                place: place.clone(),
                from: from.clone(),
                base: base.clone(),
                head: head.clone(),
            });
        }
        before = now.or(before);
    }
    pairs
}

impl Waiting {
    /// Returns what these commits are, newest first.
    #[must_use]
    pub fn new(from: &str, commits: &[Commit]) -> Self {
        Self {
            from: from.to_owned(),
            commits: commits.len(),
            changelog: Changelog::new(commits, false),
        }
    }
}
