//! Expressions that combine others.

use std::ops::Not;

use super::{Expr, Level, push_property};

impl Expr {
    /// `self && other`.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        self.binary(Level::And, " && ", Level::And, &other.into())
    }

    /// `self || other`.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        self.binary(Level::Or, " || ", Level::Or, &other.into())
    }

    /// `self == other`.
    #[must_use]
    pub fn equals(self, other: impl Into<Self>) -> Self {
        self.binary(Level::Equality, " == ", Level::Order, &other.into())
    }

    /// `self != other`.
    #[must_use]
    pub fn differs(self, other: impl Into<Self>) -> Self {
        self.binary(Level::Equality, " != ", Level::Order, &other.into())
    }

    /// `self < other`.
    #[must_use]
    pub fn less_than(self, other: impl Into<Self>) -> Self {
        self.binary(Level::Order, " < ", Level::Not, &other.into())
    }

    /// `self > other`.
    #[must_use]
    pub fn greater_than(self, other: impl Into<Self>) -> Self {
        self.binary(Level::Order, " > ", Level::Not, &other.into())
    }

    /// All of `conditions`; `true` if there are none.
    #[must_use]
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let all = conditions.into_iter().reduce(Self::and);
        all.unwrap_or_else(|| true.into())
    }

    /// Any of `conditions`; `false` if there are none.
    #[must_use]
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let any = conditions.into_iter().reduce(Self::or);
        any.unwrap_or_else(|| false.into())
    }

    /// `self[key]`.
    #[must_use]
    pub fn index(mut self, key: impl Into<Self>) -> Self {
        let key = key.into();
        self = self.grouped();
        self.text.push('[');
        self.text.push_str(&key.text);
        self.text.push(']');
        self.reads.extend(&key.reads);
        self
    }

    /// `self.name`.
    #[must_use]
    pub fn get(mut self, name: &str) -> Self {
        self = self.grouped();
        push_property(&mut self.text, name);
        self
    }

    /// `(self)`.
    #[must_use]
    pub fn in_parentheses(mut self) -> Self {
        self.text = format!("({})", self.text);
        self.level = Level::Primary;
        self
    }

    pub(super) fn grouped(mut self) -> Self {
        if self.level < Level::Primary {
            let mut text = String::with_capacity(self.text.len() + 8);
            self.push_at(Level::Primary, &mut text);
            self.text = text;
            self.level = Level::Primary;
        }
        self
    }

    fn binary(mut self, level: Level, operator: &str, right_level: Level, right: &Self) -> Self {
        if self.level < level {
            self = self.grouped();
        }
        self.text.push_str(operator);
        right.push_at(right_level, &mut self.text);
        self.level = level;
        self.reads.extend(&right.reads);
        self
    }
}

impl Not for Expr {
    type Output = Self;

    fn not(mut self) -> Self {
        let mut text = String::with_capacity(self.text.len() + 3);
        text.push('!');
        self.push_at(Level::Not, &mut text);
        self.text = text;
        self.level = Level::Not;
        self
    }
}
