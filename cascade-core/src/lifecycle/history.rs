//! What git knows.

use crate::commits::Commit;
use std::cell::RefCell;
use std::collections::HashMap;

/// Answers about the repository's history. The shell asks git; tests ask [`Memory`].
pub trait History {
    /// Why there is no answer.
    type Error;

    /// Whether `descendant` is `ancestor` or has it in its history; unknown commits have no
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

    /// Every tag with its commit.
    ///
    /// # Errors
    /// git does not answer.
    fn tags(&self) -> Result<Vec<Tag>, Self::Error>;
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

    fn tags(&self) -> Result<Vec<Tag>, H::Error> {
        self.history.tags()
    }
}

/// A straight line of commits, for tests and examples.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The commits, oldest first, each with the files that it changed.
    pub line: Vec<(Commit, Vec<String>)>,
    /// The tags.
    pub tags: Vec<Tag>,
}

impl Memory {
    /// Adds a commit on top; its hash is its number, repeated.
    pub fn commit(&mut self, message: &str, files: &[&str]) -> String {
        let sha = format!("{:040}", self.line.len() + 1);
        let commit = Commit {
            sha: sha.clone(),
            author: "octocat".to_owned(),
            message: message.to_owned(),
        };
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        self.line.push((commit, files));
        sha
    }

    fn place(&self, sha: &str) -> Option<usize> {
        self.line.iter().position(|(commit, _)| commit.sha == sha)
    }
}

impl History for Memory {
    type Error = std::convert::Infallible;

    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Self::Error> {
        let places = self.place(descendant).zip(self.place(ancestor));
        Ok(places.is_some_and(|(descendant, ancestor)| ancestor <= descendant))
    }

    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, Self::Error> {
        let places = self.place(base).zip(self.place(head));
        Ok(places.map(|(base, head)| {
            let (low, high) = (base.min(head), base.max(head));
            let between = &self.line[low + 1..=high];
            between
                .iter()
                .flat_map(|(_, files)| files.clone())
                .collect()
        }))
    }

    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Self::Error> {
        let base = base.and_then(|base| self.place(base));
        let Some(head) = self.place(head) else {
            return Ok(Vec::new());
        };
        let from = base.map_or(0, |base| base + 1);
        let between = self.line.get(from..=head).unwrap_or_default();
        Ok(between
            .iter()
            .rev()
            .map(|(commit, _)| commit.clone())
            .collect())
    }

    fn tags(&self) -> Result<Vec<Tag>, Self::Error> {
        Ok(self.tags.clone())
    }
}
