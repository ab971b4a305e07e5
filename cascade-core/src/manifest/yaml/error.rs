//! What can be wrong with a text.

use super::Span;
use crate::finding::Rule;
use std::fmt;

/// One thing that is wrong with the text of a YAML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The broken rule.
    pub rule: &'static Rule,
    /// Where: the smallest place that is wrong.
    pub span: Span,
    /// What is wrong: one sentence without a final stop.
    pub message: String,
    /// Another place that explains this one.
    pub note: Option<Note>,
    /// What to do next, if there is something to say.
    pub help: Option<String>,
}

/// A second place of a [`ReadError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The place.
    pub span: Span,
    /// What it has to do with the error.
    pub message: String,
}

impl ReadError {
    pub(super) fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            note: None,
            help: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn note(mut self, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        self.note = Some(Note { span, message });
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.code, self.message)
    }
}

impl std::error::Error for ReadError {}
