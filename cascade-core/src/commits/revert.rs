//! Reverts: commits that undo others.
//!
//! git's own words are `This reverts commit <hash>.`, and for a merge `This reverts commit <hash>,
//! reversing changes made to <hash>.`; Conventional Commits proposes the type `revert` with a footer
//! `Refs:` that names the commits; GitHub's button writes `Reverts <owner>/<repo>#<number>` (GitHub's
//! documentation, "Reverting a pull request").

use super::{Commit, Kind};
use std::collections::{HashMap, HashSet};

/// The text that git writes before a reverted commit's hash.
const GIT: &str = "This reverts commit ";
/// The word before the parent to which a reverted merge goes back.
const BACK_TO: &str = "reversing";
/// The footer of a `revert:`.
const REFS: &str = "Refs:";
/// The text that GitHub writes before a reverted pull request.
const GITHUB: &str = "Reverts ";
/// A shorter part of a hash may name another commit.
const SHORTEST: usize = 7;

/// Returns the commits that still count, in the same order. A commit that another one of the list
/// reverts does not count, and neither does the revert; a reverted revert restores its commit. A
/// reverted merge takes along what it brought.
#[must_use]
pub fn standing(newest_first: &[Commit]) -> Vec<&Commit> {
    let mut gone: HashSet<&str> = HashSet::new();
    for (at, commit) in newest_first.iter().enumerate() {
        if gone.contains(commit.sha.as_str()) {
            continue;
        }
        let named = reverted(commit);
        let older = &newest_first[at + 1..];
        let undone: Vec<&Commit> = named
            .iter()
            .filter_map(|name| older.iter().find(|other| name.is(other)))
            .collect();
        if !undone.is_empty() && undone.len() == named.len() {
            gone.insert(&commit.sha);
        }
        for commit in undone {
            gone.insert(&commit.sha);
            gone.extend(brought(commit, older));
        }
    }
    newest_first
        .iter()
        .filter(|commit| !gone.contains(commit.sha.as_str()))
        .collect()
}

/// The commits that a message says it reverts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name<'a> {
    /// The beginning of a commit's hash.
    Hash(&'a str),
    /// The number of a pull request.
    Pull(&'a str),
}

impl Name<'_> {
    fn is(&self, commit: &Commit) -> bool {
        let subject = commit.message.lines().next().unwrap_or_default().trim();
        match self {
            Self::Hash(hash) => commit.sha.starts_with(hash),
            // The subjects that GitHub gives to a squash and to a merge.
            Self::Pull(number) if commit.is_merge() => {
                subject.starts_with(&format!("Merge pull request #{number} "))
            }
            Self::Pull(number) => subject.ends_with(&format!(" (#{number})")),
        }
    }
}

fn reverted(commit: &Commit) -> Vec<Name<'_>> {
    let is_revert = commit.change().kind == Kind::Revert;
    let mut names: Vec<Name<'_>> = Vec::new();
    for line in commit.message.lines().skip(1).map(str::trim) {
        if let Some(rest) = line.strip_prefix(GIT) {
            let rest = rest.split(BACK_TO).next().unwrap_or_default();
            names.extend(hashes(rest));
        } else if let Some(rest) = line.strip_prefix(REFS).filter(|_| is_revert) {
            names.extend(hashes(rest));
        } else if let Some(rest) = line.strip_prefix(GITHUB) {
            names.extend(pull(rest));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn hashes(text: &str) -> impl Iterator<Item = Name<'_>> {
    text.split(|c: char| !c.is_ascii_hexdigit())
        .filter(|part| part.len() >= SHORTEST)
        .map(Name::Hash)
}

/// Returns the pull request that stands alone in a line: `owner/repo#12`, or `#12`.
fn pull(text: &str) -> Option<Name<'_>> {
    let (repository, number) = text.split_once('#')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_repository = repository.is_empty() || repository.matches('/').count() == 1;
    let is_alone = !repository.contains(char::is_whitespace);
    (is_number && is_repository && is_alone).then_some(Name::Pull(number))
}

/// Returns those of the commits that a merge brought: what is below its further parents and not below
/// its first one.
fn brought<'a>(merge: &Commit, commits: &'a [Commit]) -> HashSet<&'a str> {
    let Some((first, others)) = merge.parents.split_first() else {
        return HashSet::new();
    };
    if others.is_empty() {
        return HashSet::new();
    }
    let known: HashMap<&str, &Commit> = commits
        .iter()
        .map(|commit| (commit.sha.as_str(), commit))
        .collect();
    let kept = below(std::slice::from_ref(first), &known);
    let mut brought = below(others, &known);
    brought.retain(|sha| !kept.contains(sha));
    brought
}

fn below<'a>(heads: &[String], known: &HashMap<&'a str, &'a Commit>) -> HashSet<&'a str> {
    let commit = |sha: &String| known.get(sha.as_str()).copied();
    let mut open: Vec<&Commit> = heads.iter().filter_map(commit).collect();
    let mut below = HashSet::new();
    while let Some(commit) = open.pop() {
        if below.insert(commit.sha.as_str()) {
            open.extend(
                commit
                    .parents
                    .iter()
                    .filter_map(|sha| known.get(sha.as_str()).copied()),
            );
        }
    }
    below
}
