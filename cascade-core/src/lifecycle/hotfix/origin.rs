//! The origins of a merge's commits, and the people who vouch for those that are not on trunk.

use super::deployment::Merge;
use super::refusal::Refusal;

/// A commit that a merge brought to the branch of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The commit.
    pub sha: String,
    /// Its origin.
    pub origin: Origin,
}

/// The origin of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It names commits of trunk, and picking those again gives exactly its files.
    Pick,
    /// It merges others and has nothing of its own.
    Merge,
    /// Trunk does not have what it changes.
    Own,
}

/// The review of what a person wrote to resolve a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Resolution {
    /// The fixes do not conflict, so that there is nothing to resolve.
    #[default]
    Needless,
    /// Nobody whose approval counts, and why.
    Unapproved(String),
    /// Somebody who neither opened the pull request nor pushed to its branch.
    Approved(String),
}

/// Refuses a merge that is more than picks of trunk's commits and an approved resolution.
pub(super) fn vouched_for(merge: &Merge) -> Result<(), Refusal> {
    let number = merge.number;
    if merge.patches.is_empty() {
        let sha = merge.sha.clone();
        return Err(Refusal::NoPatches { number, sha });
    }
    let mut brought = merge.brought.iter();
    let Some(own) = brought.find(|each| each.origin == Origin::Own) else {
        return Ok(());
    };
    let sha = own.sha.clone();
    match &merge.resolution {
        Resolution::Needless => Err(Refusal::NotOfTrunk { number, sha }),
        Resolution::Unapproved(why) => {
            let why = why.clone();
            Err(Refusal::Unapproved { number, sha, why })
        }
        Resolution::Approved(_) => Ok(()),
    }
}
