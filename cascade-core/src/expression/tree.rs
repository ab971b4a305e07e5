//! The tree of an expression.

use super::Function;
use std::convert::Infallible;
use std::fmt;

/// An expression, without the `${{ }}` around it. Only [`Expression::parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A context as a whole, as it was written.
    Context(String),
    /// `of.name`.
    Member(Box<Self>, String),
    /// `of[key]`.
    Index(Box<Self>, Box<Self>),
    /// `of.*`: every item.
    Every(Box<Self>),
    /// An expression in parentheses.
    Group(Box<Self>),
    /// A call.
    Call(Function, Vec<Self>),
    /// `!of`.
    Not(Box<Self>),
    /// Operands of operators that bind alike, from left to right.
    Chain(Box<Self>, Vec<(Operator, Self)>),
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// A value that an expression reads: a context, and the names that are known before the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<'a> {
    /// The context as it was written.
    pub context: &'a str,
    /// The names that follow it.
    pub names: Vec<&'a str>,
}

/// A replacement of parts of an expression, which may fail.
type Replace<'a, E> = dyn FnMut(&Expression) -> Result<Option<String>, E> + 'a;

impl Expression {
    /// Returns the context and the name, if this is `context.name` or `context['name']`.
    #[must_use]
    pub fn property(&self) -> Option<(&str, &str)> {
        let (of, name) = match self {
            Self::Member(of, name) => (of, name),
            Self::Index(of, key) => match &**key {
                Self::Text(name) => (of, name),
                _ => return None,
            },
            _ => return None,
        };
        match &**of {
            Self::Context(context) => Some((context, name)),
            _ => None,
        }
    }

    /// Returns everything that the expression reads, from left to right.
    #[must_use]
    pub fn reads(&self) -> Vec<Read<'_>> {
        let mut reads = Vec::new();
        self.collect(&mut reads);
        reads
    }

    /// Adds what is read; the last read may be continued by a name if this returns true.
    fn collect<'a>(&'a self, reads: &mut Vec<Read<'a>>) -> bool {
        let (of, name) = match self {
            Self::Context(context) => {
                let names = Vec::new();
                reads.push(Read { context, names });
                return true;
            }
            Self::Member(of, name) => (of, Some(name)),
            Self::Index(of, key) => match &**key {
                Self::Text(name) => (of, Some(name)),
                _ => (of, None),
            },
            _ => {
                for part in self.parts() {
                    part.collect(reads);
                }
                return false;
            }
        };
        let continues = of.collect(reads) && name.is_some();
        if continues && let Some(read) = reads.last_mut() {
            read.names.extend(name.map(String::as_str));
        }
        if let Self::Index(_, key) = self {
            key.collect(reads);
        }
        continues
    }

    /// Returns every function that the expression calls, from left to right.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let own = match self {
            Self::Call(function, _) => Some(*function),
            _ => None,
        };
        let parts = self.parts().into_iter();
        own.into_iter()
            .chain(parts.flat_map(Self::functions))
            .collect()
    }

    /// Returns the expressions that this one is made of.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Text(_) | Self::Context(_) => {
                Vec::new()
            }
            Self::Member(of, _) | Self::Every(of) | Self::Group(of) | Self::Not(of) => vec![of],
            Self::Index(of, key) => vec![of, key],
            Self::Call(_, arguments) => arguments.iter().collect(),
            Self::Chain(first, rest) => {
                let rest = rest.iter().map(|(_, operand)| operand);
                std::iter::once(&**first).chain(rest).collect()
            }
        }
    }

    /// Writes the expression with some of its parts replaced; a part that is replaced is not
    /// looked into.
    ///
    /// # Errors
    /// Those of `replace`.
    pub fn rewrite<E>(&self, replace: &mut Replace<'_, E>) -> Result<String, E> {
        let mut text = String::new();
        self.write(&mut text, replace)?;
        Ok(text)
    }

    fn write<E>(&self, text: &mut String, replace: &mut Replace<'_, E>) -> Result<(), E> {
        if let Some(replaced) = replace(self)? {
            text.push_str(&replaced);
            return Ok(());
        }
        match self {
            Self::Null => text.push_str("null"),
            Self::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(written) | Self::Context(written) => text.push_str(written),
            Self::Text(value) => text.push_str(&literal(value)),
            Self::Member(of, name) => {
                of.write(text, replace)?;
                text.push('.');
                text.push_str(name);
            }
            Self::Index(of, key) => {
                of.write(text, replace)?;
                enclosed(['[', ']'], &[key], text, replace)?;
            }
            Self::Every(of) => {
                of.write(text, replace)?;
                text.push_str(".*");
            }
            Self::Group(inner) => enclosed(['(', ')'], &[inner], text, replace)?,
            Self::Call(function, arguments) => {
                text.push_str(function.name());
                let arguments: Vec<_> = arguments.iter().collect();
                enclosed(['(', ')'], &arguments, text, replace)?;
            }
            Self::Not(of) => {
                text.push('!');
                of.write(text, replace)?;
            }
            Self::Chain(first, rest) => {
                first.write(text, replace)?;
                for (operator, operand) in rest {
                    text.push_str(&format!(" {operator} "));
                    operand.write(text, replace)?;
                }
            }
        }
        Ok(())
    }
}

fn enclosed<E>(
    [open, close]: [char; 2],
    items: &[&Expression],
    text: &mut String,
    replace: &mut Replace<'_, E>,
) -> Result<(), E> {
    text.push(open);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        item.write(text, replace)?;
    }
    text.push(close);
    Ok(())
}

/// Returns a text as an expression writes it: in quotes, with the quotes inside doubled.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(text) = self.rewrite::<Infallible>(&mut |_| Ok(None));
        f.write_str(&text)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        })
    }
}
