//! What is wrong with a scalar, wherever it stands.

use crate::finding::{Finding, Message, Rule};
use crate::key_path::KeyPath;
use std::fmt;

/// The reason for which a scalar is not a value of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The broken rule.
    pub rule: &'static Rule,
    /// One sentence without a final stop.
    pub message: Message,
    /// Advice on the next step.
    pub help: Option<Message>,
}

impl Problem {
    /// A problem without help.
    #[must_use]
    pub fn new(rule: &'static Rule, message: impl Into<Message>) -> Self {
        Self {
            rule,
            message: message.into(),
            help: None,
        }
    }

    /// The same problem with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The problem as a finding at `at`.
    #[must_use]
    pub fn at(self, at: KeyPath) -> Finding {
        let finding = Finding::new(self.rule, at, self.message);
        match self.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Problem {}
