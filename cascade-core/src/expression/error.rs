//! The reasons why a text is not an expression.

use super::Function;
use crate::finding::{Message, suggest};
use crate::message;
use std::fmt;

/// A mistake in an expression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The byte, from 0, at which the mistake stands in the text that was parsed.
    pub offset: usize,
    /// The mistake.
    pub mistake: Mistake,
}

/// A kind of mistake in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// A `${{` without `}}`.
    OpenExpression,
    /// A text without its closing quote.
    OpenText,
    /// A bracket that is not closed.
    OpenBracket,
    /// Nothing between `${{` and `}}`.
    Empty,
    /// Something that cannot stand there, as it was written.
    Unexpected(String),
    /// The end, where a value should follow.
    UnexpectedEnd,
    /// A call of a function that does not exist.
    UnknownFunction(String),
    /// A call with too few or too many arguments.
    Arguments {
        /// The function.
        function: Function,
        /// The number of arguments in the call.
        found: usize,
    },
    /// More characters than GitHub reads.
    TooLong(usize),
    /// Deeper nesting than GitHub reads.
    TooDeep(usize),
}

impl Error {
    pub(super) const fn new(offset: usize, mistake: Mistake) -> Self {
        Self { offset, mistake }
    }

    /// Returns the same mistake in a text that begins `bytes` earlier.
    pub(super) fn after(self, bytes: usize) -> Self {
        Self {
            offset: self.offset + bytes,
            mistake: self.mistake,
        }
    }

    /// Returns what to do about it, if that is more than to remove what is wrong.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        match &self.mistake {
            Mistake::OpenExpression => Some(message!("end it with {}", value = "}}")),
            Mistake::OpenText => Some(message!("end it with {}", value = "'")),
            Mistake::UnknownFunction(name) => {
                let names = Function::ALL.iter().map(|function| function.name());
                Some(suggest::among(name, names, "the functions are"))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mistake {
            Mistake::OpenExpression => f.write_str("an expression is not closed"),
            Mistake::OpenText => f.write_str("text in an expression is not closed"),
            Mistake::OpenBracket => f.write_str("a bracket is not closed"),
            Mistake::Empty => f.write_str("an expression is empty"),
            Mistake::Unexpected(text) => write!(f, "unexpected `{text}` in an expression"),
            Mistake::UnexpectedEnd => f.write_str("an expression ends where a value should follow"),
            Mistake::UnknownFunction(name) => write!(f, "there is no function `{name}`"),
            Mistake::Arguments { function, found } => {
                let (name, arity) = (function.name(), function.arity());
                write!(f, "`{name}` takes {arity}, found {found}")
            }
            Mistake::TooLong(most) => {
                write!(f, "an expression has more than {most} characters")
            }
            Mistake::TooDeep(most) => {
                write!(f, "an expression is nested more than {most} levels deep")
            }
        }
    }
}

impl std::error::Error for Error {}
