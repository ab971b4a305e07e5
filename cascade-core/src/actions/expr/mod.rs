//! Typed expressions.
//!
//! An [`Expr`] is made by functions only, and remembers what it reads: jobs, steps, inputs and
//! secrets. That is how a finished workflow knows that everything it reads exists.
//!
//! ```
//! use cascade_core::actions::Expr;
//! let run = Expr::input("dry_run").equals(false).and(!Expr::cancelled());
//! assert_eq!(run.as_str(), "inputs.dry_run == false && !cancelled()");
//! ```

mod authored;
mod contexts;
mod functions;
mod lookup;
mod operators;
mod reads;

pub(super) use reads::{Read, Reads};

use super::id;
use crate::expression::{self, Context};

/// An expression of GitHub Actions, without the `${{ }}` around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    text: String,
    level: Level,
    reads: Reads,
}

/// The binding strength of the outermost operator, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Equality,
    Order,
    Not,
    Primary,
}

impl Expr {
    /// The expression as GitHub reads it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The expression in `${{ }}`.
    #[must_use]
    pub fn embedded(&self) -> String {
        format!("${{{{ {} }}}}", self.text)
    }

    pub(super) const fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Text in quotes; quotes inside are doubled.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::primary(expression::literal(text))
    }

    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Self::primary("null".to_owned())
    }

    fn primary(text: String) -> Self {
        Self {
            text,
            level: Level::Primary,
            reads: Reads::default(),
        }
    }

    pub(super) fn reading(text: String, read: Read) -> Self {
        Self {
            reads: Reads::one(read),
            ..Self::primary(text)
        }
    }

    pub(super) fn reading_all(text: String, read: impl IntoIterator<Item = Read>) -> Self {
        let mut reads = Reads::default();
        reads.add_all(read);
        Self {
            reads,
            ..Self::primary(text)
        }
    }

    /// Appends the expression where only something that binds at least as `level` may stand.
    fn push_at(&self, level: Level, text: &mut String) {
        if self.level < level {
            text.push('(');
            text.push_str(&self.text);
            text.push(')');
        } else {
            text.push_str(&self.text);
        }
    }
}

/// Appends `.name`, or `['name']` where a name is not an identifier.
fn push_property(text: &mut String, name: &str) {
    if id::is_valid(name) || name == "*" {
        text.push('.');
        text.push_str(name);
    } else {
        text.push('[');
        text.push_str(Expr::text(name).as_str());
        text.push(']');
    }
}

impl From<&str> for Expr {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Expr {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<bool> for Expr {
    fn from(value: bool) -> Self {
        Self::primary(value.to_string())
    }
}

impl From<i64> for Expr {
    fn from(value: i64) -> Self {
        Self::primary(value.to_string())
    }
}

impl From<&Self> for Expr {
    fn from(expr: &Self) -> Self {
        expr.clone()
    }
}

#[cfg(test)]
mod tests;
