//! The changes between two versions, for people.

use super::contributors::{self, Contributor};
use super::{Change, Commit, Kind, standing};
use crate::markdown::plain;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The changes between two versions, newest first within each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changelog {
    /// The breaking changes.
    pub breaking: Vec<Entry>,
    /// Everything by kind.
    pub changes: BTreeMap<Kind, Vec<Entry>>,
    /// The authors, in the order of appearance; empty if nobody is to be named.
    pub contributors: Vec<Contributor>,
}

/// A line of a changelog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The part that it concerns.
    pub scope: Option<String>,
    /// The description of the change.
    pub text: String,
    /// The commit.
    pub sha: String,
}

impl Changelog {
    /// The changelog of some commits, newest first. Merges and reverted commits are left
    /// out.
    #[must_use]
    pub fn new(commits: &[Commit], names_contributors: bool) -> Self {
        let mut log = Self::default();
        for commit in standing(commits) {
            let change = commit.change();
            if says_nothing_new(commit, &change) {
                continue;
            }
            for what in &change.breaking {
                let text = if what.is_empty() {
                    &change.description
                } else {
                    what
                };
                log.breaking.push(entry(commit, change.scope.clone(), text));
            }
            let line = entry(commit, change.scope, &change.description);
            log.changes.entry(change.kind).or_default().push(line);
            if names_contributors {
                contributors::add(&mut log.contributors, commit);
            }
        }
        log
    }

    /// The changelog as Markdown, without a heading of its own.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        section(&mut text, "Breaking changes", &self.breaking);
        for (kind, entries) in &self.changes {
            section(&mut text, kind.title(), entries);
        }
        if !self.contributors.is_empty() {
            let names = contributors::markdown(&self.contributors);
            let _ = write!(text, "### Contributors\n{names}");
        }
        if text.is_empty() {
            text.push_str("No changes.\n");
        }
        text
    }
}

/// A merge whose message follows no convention: what it brings is told by its commits.
fn says_nothing_new(commit: &Commit, change: &Change) -> bool {
    commit.is_merge()
        && change.kind == Kind::Other
        && change.scope.is_none()
        && !change.is_breaking()
}

fn entry(commit: &Commit, scope: Option<String>, text: &str) -> Entry {
    Entry {
        scope,
        text: text.to_owned(),
        sha: commit.short().to_owned(),
    }
}

fn section(text: &mut String, title: &str, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    let _ = write!(text, "### {title}\n\n");
    for entry in entries {
        let scope = entry
            .scope
            .as_ref()
            .map_or_else(String::new, |scope| format!("**{}:** ", plain(scope)));
        let _ = writeln!(text, "- {scope}{} ({})", plain(&entry.text), entry.sha);
    }
    text.push('\n');
}
