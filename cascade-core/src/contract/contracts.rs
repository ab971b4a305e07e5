//! Contracts by path, each file read once.

use super::{Contract, ContractError, WorkflowSource};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

/// What is known about a file.
type Outcome = Rc<Result<Contract, ContractError>>;

/// The contracts of the workflow files of a repository.
pub struct Contracts<'a> {
    source: &'a dyn WorkflowSource,
    known: RefCell<HashMap<String, Outcome>>,
}

impl<'a> Contracts<'a> {
    /// Contracts of the files in `source`; nothing is read yet.
    #[must_use]
    pub fn new(source: &'a dyn WorkflowSource) -> Self {
        Self {
            source,
            known: RefCell::default(),
        }
    }

    /// The contract of the file at `path`; a leading `./` is ignored.
    #[must_use]
    pub fn get(&self, path: &str) -> Rc<Result<Contract, ContractError>> {
        let path = path.strip_prefix("./").unwrap_or(path);
        if let Some(outcome) = self.known.borrow().get(path) {
            return Rc::clone(outcome);
        }
        let outcome = Rc::new(self.load(path));
        let mut known = self.known.borrow_mut();
        known.insert(path.to_owned(), Rc::clone(&outcome));
        outcome
    }

    fn load(&self, path: &str) -> Result<Contract, ContractError> {
        match self.source.read(path) {
            Ok(Some(bytes)) => Contract::parse(&bytes),
            Ok(None) => Err(ContractError::Missing {
                nearest: self.nearest(path),
            }),
            Err(message) => Err(ContractError::Unreadable(message)),
        }
    }

    fn nearest(&self, path: &str) -> Option<String> {
        let known = self.source.list();
        let like = |known: &String| strsim::normalized_damerau_levenshtein(path, known);
        let scored = known.into_iter().map(|known| (like(&known), known));
        let (score, nearest) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (score > 0.8).then_some(nearest)
    }
}

impl fmt::Debug for Contracts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contracts")
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}
