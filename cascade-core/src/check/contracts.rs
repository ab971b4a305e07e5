//! Reusable workflow files: found, read, and callable.

use crate::contract::{self, Contract, Contracts};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::WorkflowRef;
use crate::manifest::draft::Reader;
use crate::message;
use crate::protocol::MARKER;
use std::rc::Rc;

/// The result of looking up a reusable workflow.
#[derive(Debug, Clone)]
pub(super) enum Lookup {
    /// The contract that it declares.
    Known(Rc<Contract>),
    /// It is wrong, and a finding says how.
    Broken,
    /// It cannot be read from here.
    Unseen,
}

/// The reusable workflows of a repository.
pub(super) struct Workflows<'a> {
    contracts: &'a Contracts<'a>,
}

impl<'a> Workflows<'a> {
    pub(super) const fn new(contracts: &'a Contracts<'a>) -> Self {
        Self { contracts }
    }

    /// Looks up a workflow without a report of what is wrong with it.
    pub(super) fn peek(&self, workflow: &WorkflowRef) -> Lookup {
        let Some(path) = workflow.local() else {
            return Lookup::Unseen;
        };
        match self.contracts.get(path) {
            contract::Lookup::Known(contract) => Lookup::Known(contract),
            contract::Lookup::Unavailable => Lookup::Unseen,
            contract::Lookup::Missing | contract::Lookup::Broken(_) => Lookup::Broken,
        }
    }

    /// Looks up a workflow; what is wrong with it is reported at `at`.
    pub(super) fn look(&self, workflow: &WorkflowRef, at: &KeyPath, reader: &mut Reader) -> Lookup {
        let Some(path) = workflow.local() else {
            return Lookup::Unseen;
        };
        match self.contracts.get(path) {
            contract::Lookup::Missing => reader.report(self.missing(path, at)),
            contract::Lookup::Broken(error) => reader.report(broken(path, &error, at)),
            contract::Lookup::Known(_) | contract::Lookup::Unavailable => {}
        }
        self.peek(workflow)
    }

    fn missing(&self, path: &str, at: &KeyPath) -> Finding {
        let file = path.rsplit('/').next().unwrap_or(path);
        // A generated file is cascade's own: it calls callbacks, and is none.
        let written = |text: &[u8]| !text.starts_with(MARKER.as_bytes());
        let files = self.contracts.paths(written);
        let names: Vec<&str> = files
            .iter()
            .map(|path| path.rsplit('/').next().unwrap_or(path))
            .collect();
        let help = match suggest::nearest(file, names.iter().copied()) {
            Some(near) => message!("did you mean {}?", value = near),
            None => message!(
                "create {} with {}",
                value = path,
                value = "on: workflow_call"
            ),
        };
        Finding::new(
            &rules::MISSING_WORKFLOW,
            at.clone(),
            message!("there is no workflow {}", value = path),
        )
        .help(help)
    }
}

fn broken(path: &str, error: &crate::contract::ContractError, at: &KeyPath) -> Finding {
    match error {
        crate::contract::ContractError::NotCallable => {
            let message = message!(
                "{} cannot be called; it needs {}",
                value = path,
                value = "on: workflow_call"
            );
            Finding::new(&rules::NOT_CALLABLE, at.clone(), message).help(message!(
                "add {} to the file's triggers",
                value = "workflow_call"
            ))
        }
        error => Finding::new(
            &rules::UNREADABLE_WORKFLOW,
            at.clone(),
            message!("{} cannot be read: {}", value = path, text = error),
        )
        .help("mend the file"),
    }
}
