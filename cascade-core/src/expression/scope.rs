//! The names that the expressions of one key may use.

use super::{Context, Expression, Function, Template};
use crate::finding::{Message, suggest};
use crate::message;
use std::fmt;

/// A key whose text may hold expressions.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The key, as a message calls it.
    pub key: &'a str,
    /// The contexts and families of functions that its expressions may use.
    pub contexts: &'a [Context],
    /// Advice for an expression that reads another context.
    pub help: Message,
}

/// Something that an expression of a key must not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    message: Message,
    help: Message,
}

impl Scope<'_> {
    /// Checks everything that the expressions of a text name.
    ///
    /// # Errors
    /// A context that is not offered here, or is read as a whole; the run's token; a function that
    /// is not offered here.
    pub fn check(&self, template: &Template) -> Result<(), Refusal> {
        template
            .expressions()
            .try_for_each(|expression| self.expression(expression))
    }

    fn expression(&self, expression: &Expression) -> Result<(), Refusal> {
        for read in expression.reads() {
            let context = Context::named(read.context);
            let Some(context) = context.filter(|context| self.contexts.contains(context)) else {
                return Err(self.refusal("read", read.context, self.help.clone()));
            };
            let secret = context == Context::Github
                && read
                    .names
                    .first()
                    .is_some_and(|name| name.eq_ignore_ascii_case("token"));
            if read.names.is_empty() || secret {
                let path = [&[read.context], read.names.as_slice()].concat().join(".");
                let help = message!("name one value, like {}", value = "github.actor");
                return Err(self.refusal("read", &path, help));
            }
        }
        let mut functions = expression.functions().into_iter();
        match functions.find(|function| !self.offers(*function)) {
            None => Ok(()),
            Some(function) => {
                let offered = Function::ALL.iter().filter(|each| self.offers(**each));
                let names = offered.map(|function| function.name());
                let help = suggest::among(function.name(), names, "the functions are");
                Err(self.refusal("call", function.name(), help))
            }
        }
    }

    fn offers(&self, function: Function) -> bool {
        let family = function.family();
        family.is_none_or(|family| self.contexts.contains(&family))
    }

    fn refusal(&self, verb: &str, name: &str, help: Message) -> Refusal {
        let message = message!("{} cannot {} {}", key = self.key, text = verb, value = name);
        Refusal { message, help }
    }
}

impl Refusal {
    /// Returns what is wrong.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn help(&self) -> &Message {
        &self.help
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Refusal {}
