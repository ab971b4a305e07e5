//! Text with expressions in it.

use super::{Error, Expression, Limits, Mistake, Read};
use std::convert::Infallible;
use std::fmt;

/// Text in which `${{ }}` stands for values that are known when the workflow runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// An expression.
    Expression(Expression),
}

impl Template {
    /// Parses a text.
    ///
    /// # Errors
    /// An expression is not closed, or GitHub does not read it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_within(text, Limits::GITHUB)
    }

    /// Parses a text whose expressions have limits other than GitHub's.
    ///
    /// # Errors
    /// An expression is not closed, GitHub does not read it, or it is larger than `limits`.
    pub fn parse_within(text: &str, limits: Limits) -> Result<Self, Error> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let at = text.len() - after.len();
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let end = closed(after).ok_or(Error::new(at - 3, Mistake::OpenExpression))?;
            let (inside, behind) = after.split_at(end);
            let parsed = Expression::parse_within(inside, limits);
            parts.push(Part::Expression(parsed.map_err(|error| error.after(at))?));
            rest = behind.strip_prefix("}}").unwrap_or(behind);
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Returns the parts in their order; text and text never follow each other.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Returns the expression, if the text is one and nothing else.
    #[must_use]
    pub fn whole(&self) -> Option<&Expression> {
        match self.0.as_slice() {
            [Part::Expression(expression)] => Some(expression),
            _ => None,
        }
    }

    /// Returns the expressions in their order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.0.iter().filter_map(|part| match part {
            Part::Expression(expression) => Some(expression),
            Part::Text(_) => None,
        })
    }

    /// Returns everything that the expressions read, in their order.
    pub fn reads(&self) -> impl Iterator<Item = Read<'_>> {
        self.expressions().flat_map(Expression::reads)
    }

    /// Returns the names of the inputs that the expressions read.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        let inputs = self
            .reads()
            .filter(|read| read.context.eq_ignore_ascii_case("inputs"));
        inputs.filter_map(|read| read.names.first().copied())
    }

    /// Writes the text with each expression as `rewrite` says.
    ///
    /// # Errors
    /// Those of `rewrite`.
    pub fn rewrite<E>(
        &self,
        rewrite: &mut dyn FnMut(&Expression) -> Result<String, E>,
    ) -> Result<String, E> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Expression(expression) => {
                    text.push_str(&format!("${{{{ {} }}}}", rewrite(expression)?));
                }
            }
        }
        Ok(text)
    }
}

/// Returns where `}}` closes the expression; not within a text.
fn closed(inside: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = inside.bytes().zip(inside.bytes().skip(1));
    bytes.position(|pair| {
        quoted ^= pair.0 == b'\'';
        !quoted && pair == (b'}', b'}')
    })
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(text) = self.rewrite::<Infallible>(&mut |inside| Ok(inside.to_string()));
        f.write_str(&text)
    }
}
