//! The history, as git knows it.

use crate::changes::Patterns;
use crate::commits::{Commit, Person};
use crate::pipeline::Component;
use std::cell::RefCell;
use std::collections::HashMap;

/// Answers about the repository's history. The shell asks git; tests ask [`Memory`].
pub trait History {
    /// The error if git gives no answer.
    type Error;

    /// Returns true if `descendant` is `ancestor` or has it in its history; unknown commits have no
    /// descendants.
    ///
    /// # Errors
    /// git does not answer.
    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Self::Error>;

    /// The files that differ between two commits; `None` if one of them is unknown.
    ///
    /// # Errors
    /// git does not answer.
    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, Self::Error>;

    /// The commits of `head` that are not in the history of `base`, newest first; all without a
    /// base that is known.
    ///
    /// # Errors
    /// git does not answer.
    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Self::Error>;

    /// The same without commits that change no file of these paths. A merge changes what it brings
    /// to its first parent.
    ///
    /// # Errors
    /// git does not answer.
    fn commits_in(
        &self,
        paths: &Patterns,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, Self::Error>;

    /// Every tag with its commit.
    ///
    /// # Errors
    /// git does not answer.
    fn tags(&self) -> Result<Vec<Tag>, Self::Error>;

    /// The commits of `head` that are not in the history of `base`, newest first, and that concern
    /// what is released together: all, or those that change a file which the component watches.
    ///
    /// # Errors
    /// git does not answer.
    fn commits_of(
        &self,
        component: &Component,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, Self::Error> {
        match component.identity {
            Some(_) => self.commits_in(&component.watched(), base, head),
            None => self.commits(base, head),
        }
    }
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The commit that it stands for.
    pub sha: String,
}

/// Changed files by the two commits between which they changed.
type Files = HashMap<(String, String), Option<Vec<String>>>;

/// A history that is asked once for the files between two commits, however many callbacks want to
/// know.
pub(super) struct Asked<'a, H> {
    history: &'a H,
    files: RefCell<Files>,
}

impl<'a, H> Asked<'a, H> {
    pub(super) fn new(history: &'a H) -> Self {
        Self {
            history,
            files: RefCell::default(),
        }
    }
}

impl<H: History> History for Asked<'_, H> {
    type Error = H::Error;

    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, H::Error> {
        self.history.contains(descendant, ancestor)
    }

    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, H::Error> {
        let key = (base.to_owned(), head.to_owned());
        if let Some(files) = self.files.borrow().get(&key) {
            return Ok(files.clone());
        }
        let files = self.history.changed(base, head)?;
        self.files.borrow_mut().insert(key, files.clone());
        Ok(files)
    }

    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, H::Error> {
        self.history.commits(base, head)
    }

    fn commits_in(
        &self,
        paths: &Patterns,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, H::Error> {
        self.history.commits_in(paths, base, head)
    }

    fn tags(&self) -> Result<Vec<Tag>, H::Error> {
        self.history.tags()
    }
}

/// A straight line of commits with branches beside it, for tests and examples.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The commits of trunk, oldest first, each with the files that it changed.
    pub line: Vec<(Commit, Vec<String>)>,
    /// The commits beside it, each with its parent and the files that it changed.
    pub beside: Vec<(Commit, String, Vec<String>)>,
    /// The tags.
    pub tags: Vec<Tag>,
}

impl Memory {
    /// Adds a commit on top of trunk; its hash is its number, repeated.
    pub fn commit(&mut self, message: &str, files: &[&str]) -> String {
        let commit = numbered(self.line.len() + 1, message);
        let sha = commit.sha.clone();
        self.line.push((commit, owned(files)));
        sha
    }

    /// Adds a commit on top of another one, beside trunk.
    pub fn commit_on(&mut self, parent: &str, message: &str, files: &[&str]) -> String {
        const BESIDE: usize = 100_000;
        let commit = numbered(BESIDE + self.beside.len(), message);
        let sha = commit.sha.clone();
        self.beside.push((commit, parent.to_owned(), owned(files)));
        sha
    }

    fn place(&self, sha: &str) -> Option<usize> {
        self.line.iter().position(|(commit, _)| commit.sha == sha)
    }

    /// A commit with everything below it, newest first; each with its files.
    fn below(&self, sha: &str) -> Vec<(&Commit, &[String])> {
        let mut below = Vec::new();
        let mut at = sha;
        while let Some((commit, parent, files)) =
            self.beside.iter().find(|(commit, ..)| commit.sha == at)
        {
            below.push((commit, files.as_slice()));
            at = parent;
        }
        let count = self.place(at).map_or(0, |place| place + 1);
        let line = self.line[..count].iter().rev();
        below.extend(line.map(|(commit, files)| (commit, files.as_slice())));
        below
    }
}

fn numbered(number: usize, message: &str) -> Commit {
    Commit {
        sha: format!("{number:040}"),
        parents: Vec::new(),
        author: Person {
            name: "octocat".to_owned(),
            email: "octocat@example.com".to_owned(),
        },
        co_authors: Vec::new(),
        message: message.to_owned(),
    }
}

fn owned(files: &[&str]) -> Vec<String> {
    files.iter().map(|file| (*file).to_owned()).collect()
}

impl History for Memory {
    type Error = std::convert::Infallible;

    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Self::Error> {
        let below = self.below(descendant);
        Ok(below.iter().any(|(commit, _)| commit.sha == ancestor))
    }

    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, Self::Error> {
        let (old, new) = (self.below(base), self.below(head));
        if old.is_empty() || new.is_empty() {
            return Ok(None);
        }
        // Oldest first, as they were made.
        let only = |these: &[(&Commit, &[String])], those: &[(&Commit, &[String])]| {
            let there = |sha: &str| those.iter().any(|(commit, _)| commit.sha == sha);
            let mine = these.iter().rev().filter(|(commit, _)| !there(&commit.sha));
            mine.flat_map(|(_, files)| files.to_vec())
                .collect::<Vec<_>>()
        };
        let mut files = only(&old, &new);
        files.extend(only(&new, &old));
        Ok(Some(files))
    }

    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Self::Error> {
        let base = base.map(|base| self.below(base)).unwrap_or_default();
        let known = |sha: &str| base.iter().any(|(commit, _)| commit.sha == sha);
        let new = self.below(head).into_iter();
        Ok(new
            .map(|(commit, _)| commit.clone())
            .filter(|commit| !known(&commit.sha))
            .collect())
    }

    fn commits_in(
        &self,
        paths: &Patterns,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, Self::Error> {
        let below = self.below(head);
        let mut commits = self.commits(base, head)?;
        commits.retain(|commit| {
            let mut files = below.iter().filter(|(each, _)| each.sha == commit.sha);
            files.any(|(_, files)| paths.include_any(*files))
        });
        Ok(commits)
    }

    fn tags(&self) -> Result<Vec<Tag>, Self::Error> {
        Ok(self.tags.clone())
    }
}
