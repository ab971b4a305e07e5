//! Values: literals, expressions, and text with expressions in it.

use super::expr::Expr;

/// The value of a key that may hold an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(pub(super) Inner);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inner {
    Text(String),
    Bool(bool),
    Number(i64),
    Expr(Expr),
    Template(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Expr(Expr),
}

impl Value {
    /// The parts one after the other, as one text. See [`template!`](crate::template).
    #[must_use]
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = Vec::new();
        for part in parts {
            match part.0 {
                Inner::Text(text) => push_text(&mut joined, &text),
                Inner::Bool(value) => push_text(&mut joined, &value.to_string()),
                Inner::Number(value) => push_text(&mut joined, &value.to_string()),
                Inner::Expr(expr) => joined.push(Part::Expr(expr)),
                Inner::Template(parts) => {
                    for part in parts {
                        match part {
                            Part::Text(text) => push_text(&mut joined, &text),
                            Part::Expr(_) => joined.push(part),
                        }
                    }
                }
            }
        }
        Self(Inner::Template(joined))
    }

    /// The expressions in the value.
    pub(super) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let (whole, parts) = match &self.0 {
            Inner::Expr(expr) => (Some(expr), [].as_slice()),
            Inner::Template(parts) => (None, parts.as_slice()),
            Inner::Text(_) | Inner::Bool(_) | Inner::Number(_) => (None, [].as_slice()),
        };
        whole
            .into_iter()
            .chain(parts.iter().filter_map(|part| match part {
                Part::Expr(expr) => Some(expr),
                Part::Text(_) => None,
            }))
    }

    /// The value as text, with `${{ }}` around expressions.
    #[must_use]
    pub fn render(&self) -> String {
        match &self.0 {
            Inner::Text(text) => literal(text),
            Inner::Bool(value) => value.to_string(),
            Inner::Number(value) => value.to_string(),
            Inner::Expr(expr) => expr.embedded(),
            Inner::Template(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => literal(text),
                    Part::Expr(expr) => expr.embedded(),
                })
                .collect(),
        }
    }
}

/// Adjacent text is joined, so that no `${{` can arise from two pieces.
fn push_text(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Text(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Text(text.to_owned()));
    }
}

/// GitHub has no escape for `${{` in text, but an expression may be a quoted text.
fn literal(text: &str) -> String {
    if text.contains("${{") {
        Expr::text(text).embedded()
    } else {
        text.to_owned()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Inner::Text(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(Inner::Text(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self(Inner::Text(text.clone()))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self(Inner::Bool(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self(Inner::Number(value))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self(Inner::Number(value.into()))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self(Inner::Number(value.into()))
    }
}

impl From<Expr> for Value {
    fn from(expr: Expr) -> Self {
        Self(Inner::Expr(expr))
    }
}

impl From<&Expr> for Value {
    fn from(expr: &Expr) -> Self {
        Self(Inner::Expr(expr.clone()))
    }
}

impl From<&Self> for Value {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

/// Text with values in it: `template!["cascade-env-", Expr::input("environment")]`.
#[macro_export]
macro_rules! template {
    ($($part:expr),+ $(,)?) => {
        $crate::actions::Value::concat([$($crate::actions::Value::from($part)),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_mix_text_and_expressions() {
        let value = template!["env-", Expr::input("environment"), "-", 3u32];
        assert_eq!(value.render(), "env-${{ inputs.environment }}-3");
    }

    #[test]
    fn text_never_becomes_an_expression() {
        let value = Value::from("a ${{ github.token }}'s");
        assert_eq!(value.render(), "${{ 'a ${{ github.token }}''s' }}");
        let split = template!["$", "{{ github.token }}"];
        assert_eq!(split.render(), "${{ '${{ github.token }}' }}");
    }
}
