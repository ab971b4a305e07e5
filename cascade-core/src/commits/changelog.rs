//! What changed between two versions, for people.

use super::{Change, Commit, Kind, standing};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The changes between two versions, newest first within each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changelog {
    /// What breaks something.
    pub breaking: Vec<Entry>,
    /// Everything by kind.
    pub changes: BTreeMap<Kind, Vec<Entry>>,
    /// Who wrote it, in the order of appearance; empty if nobody is to be named.
    pub contributors: Vec<String>,
}

/// A line of a changelog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The part that it concerns.
    pub scope: Option<String>,
    /// What it says.
    pub text: String,
    /// The commit.
    pub sha: String,
}

impl Changelog {
    /// The changelog of some commits, newest first. Merges and reverted commits are left
    /// out.
    #[must_use]
    pub fn new(commits: &[Commit], contributors: bool) -> Self {
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
            if contributors && !log.contributors.contains(&commit.author.name) {
                log.contributors.push(commit.author.name.clone());
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
            let names: Vec<String> = self.contributors.iter().map(|name| escape(name)).collect();
            let _ = write!(text, "### Contributors\n\n{}\n", names.join(", "));
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
            .map_or_else(String::new, |scope| format!("**{}:** ", escape(scope)));
        let _ = writeln!(text, "- {scope}{} ({})", escape(&entry.text), entry.sha);
    }
    text.push('\n');
}

/// A message is text, never HTML, a link, a list or a heading of the release's page.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        match character {
            '<' => escaped.push_str("&lt;"),
            '[' | ']' | '!' => escaped.extend(['\\', character]),
            // A zero-width space keeps people from being notified by a commit message.
            '@' => escaped.push_str("@\u{200b}"),
            _ => escaped.push(character),
        }
    }
    escaped
}
