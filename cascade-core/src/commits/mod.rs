//! Commits: what a message says by the conventions of Conventional Commits 1.0.0.

mod change;
mod changelog;
mod contributors;
mod message;
mod person;
mod revert;

#[cfg(test)]
mod tests;

pub use change::{Change, Kind};
pub use changelog::{Changelog, Entry};
pub use contributors::Contributor;
pub use person::{Person, co_authors};
pub use revert::standing;

use crate::version::Bump;

/// A commit, as git tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// Its full hash.
    pub sha: String,
    /// The full hashes of its parents; several of a merge.
    pub parents: Vec<String>,
    /// The person who wrote it.
    pub author: Person,
    /// The other authors, by its trailers.
    pub co_authors: Vec<Person>,
    /// Its whole message.
    pub message: String,
}

impl Commit {
    /// Returns the change that its message describes.
    #[must_use]
    pub fn change(&self) -> Change {
        Change::parse(&self.message)
    }

    /// Returns true if it has more than one parent.
    #[must_use]
    pub const fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }

    /// Its hash as people write it.
    #[must_use]
    pub fn short(&self) -> &str {
        short(&self.sha)
    }
}

/// A hash as people write it: seven characters.
#[must_use]
pub fn short(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}

/// Returns true if a text is the full name of a commit: 40 or 64 hexadecimal digits.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the bump that commits, newest first, call for: at least a patch. Reverted commits do not
/// count.
#[must_use]
pub fn bump(commits: &[Commit]) -> Bump {
    let standing = standing(commits).into_iter();
    let bumps = standing.map(|commit| commit.change().bump());
    bumps.max().unwrap_or(Bump::Patch)
}

/// The commits, of those that still stand, that break something; `commits` are newest first.
pub fn breaking(commits: &[Commit]) -> impl Iterator<Item = &Commit> {
    standing(commits)
        .into_iter()
        .filter(|commit| commit.change().is_breaking())
}
