//! The contracts of a repository's workflows, each file read once.

use super::{Contract, ContractError, WorkflowSource};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

/// The contracts of a repository's workflows.
///
/// A file is read when it is first asked for, and once: many callbacks share few files.
#[derive(Default)]
pub struct Contracts<'a> {
    source: Option<&'a dyn WorkflowSource>,
    known: RefCell<HashMap<String, Lookup>>,
    without_steps: bool,
    tracked: Option<Vec<String>>,
}

/// The result of looking up a workflow file.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// The contract that it declares.
    Known(Rc<Contract>),
    /// There is no such file.
    Missing,
    /// It cannot be read, or not be called.
    Broken(ContractError),
    /// There is no repository to look into.
    Unavailable,
}

impl<'a> Contracts<'a> {
    /// The contracts of the files of `source`.
    #[must_use]
    pub fn new(source: &'a dyn WorkflowSource) -> Self {
        Self {
            source: Some(source),
            known: RefCell::default(),
            without_steps: false,
            tracked: None,
        }
    }

    /// The same, in a repository that has these files.
    #[must_use]
    pub fn tracking(mut self, files: Option<Vec<String>>) -> Self {
        self.tracked = files;
        self
    }

    /// Returns the files of the repository, relative to its root; `None` if they are not known.
    #[must_use]
    pub fn tracked(&self) -> Option<&[String]> {
        self.tracked.as_deref()
    }

    /// The same, read with [`Contract::declared`].
    #[must_use]
    pub const fn without_steps(mut self) -> Self {
        self.without_steps = true;
        self
    }

    /// No repository: nothing is known of any file.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::default()
    }

    /// Returns the contract of the file at `path`, relative to the repository's root, or why it is
    /// unknown.
    #[must_use]
    pub fn get(&self, path: &str) -> Lookup {
        let path = path.strip_prefix("./").unwrap_or(path);
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        let found = self.load(path);
        self.known
            .borrow_mut()
            .insert(path.to_owned(), found.clone());
        found
    }

    /// Returns the workflow files that exist, and whose text is `wanted`.
    #[must_use]
    pub fn paths(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<String> {
        let Some(source) = self.source else {
            return Vec::new();
        };
        let is_wanted = |path: &String| {
            let text = source.read(path);
            text.is_ok_and(|text| text.is_some_and(|text| wanted(&text)))
        };
        source.list().into_iter().filter(is_wanted).collect()
    }

    /// The files that were asked for and exist, in alphabetical order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let known = self.known.borrow();
        let there = known
            .iter()
            .filter(|(_, found)| matches!(found, Lookup::Known(_) | Lookup::Broken(_)));
        let mut paths: Vec<String> = there.map(|(path, _)| path.clone()).collect();
        paths.sort_unstable();
        paths
    }

    fn load(&self, path: &str) -> Lookup {
        let Some(source) = self.source else {
            return Lookup::Unavailable;
        };
        match source.read(path) {
            Ok(Some(bytes)) => self.parse(&bytes),
            Ok(None) => Lookup::Missing,
            Err(message) => Lookup::Broken(ContractError::Unreadable(message)),
        }
    }

    fn parse(&self, bytes: &[u8]) -> Lookup {
        let contract = if self.without_steps {
            Contract::declared(bytes)
        } else {
            Contract::parse(bytes)
        };
        match contract {
            Ok(contract) => Lookup::Known(Rc::new(contract)),
            Err(error) => Lookup::Broken(error),
        }
    }
}

impl fmt::Debug for Contracts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contracts")
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}
