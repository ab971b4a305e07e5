//! Reverts: commits that undo others.
//!
//! git's own words are `This reverts commit <hash>.`; Conventional Commits proposes the type
//! `revert` with a footer `Refs:` that names the commits.

use super::{Commit, Kind};
use std::collections::HashSet;

/// The text that git writes before a reverted commit's hash.
const GIT: &str = "This reverts commit ";
/// The footer of a `revert:`.
const REFS: &str = "Refs:";
/// A shorter part of a hash may name another commit.
const SHORTEST: usize = 7;

/// Returns the commits that still count, in the same order. A commit that another one of the list
/// reverts does not count, and neither does the revert; a reverted revert restores its commit.
#[must_use]
pub fn standing(newest_first: &[Commit]) -> Vec<&Commit> {
    let mut gone: HashSet<&str> = HashSet::new();
    for commit in newest_first {
        if gone.contains(commit.sha.as_str()) {
            continue;
        }
        let named = reverted(commit);
        if named.is_empty() {
            continue;
        }
        let others = newest_first.iter().map(|other| other.sha.as_str());
        let undone: Vec<&str> = others
            .filter(|sha| *sha != commit.sha && named.iter().any(|part| sha.starts_with(part)))
            .collect();
        if !undone.is_empty() && undone.len() == named.len() {
            gone.insert(&commit.sha);
        }
        gone.extend(undone);
    }
    newest_first
        .iter()
        .filter(|commit| !gone.contains(commit.sha.as_str()))
        .collect()
}

/// Returns the hashes that a message says it reverts.
fn reverted(commit: &Commit) -> Vec<&str> {
    let is_revert = commit.change().kind == Kind::Revert;
    let lines = commit.message.lines().skip(1).map(str::trim);
    let named = lines.filter_map(|line| match line.strip_prefix(GIT) {
        Some(rest) => Some(rest),
        None => line.strip_prefix(REFS).filter(|_| is_revert),
    });
    let ends = |c: char| !c.is_ascii_hexdigit();
    let mut hashes: Vec<&str> = named
        .flat_map(|line| line.split(ends))
        .filter(|part| part.len() >= SHORTEST)
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
