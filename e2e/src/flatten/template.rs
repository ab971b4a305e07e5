//! Texts with `${{ }}` in them.

use anyhow::{Context, bail};
use serde_yaml::Value;

use super::expression::literal;

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Expression(&'a str),
}

/// The text with each of its expressions rewritten.
pub(super) fn map(
    text: &str,
    rewrite: &mut dyn FnMut(&str) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    let mut mapped = String::new();
    for part in parts(text)? {
        match part {
            Part::Text(text) => mapped.push_str(text),
            Part::Expression(expression) => {
                mapped.push_str("${{ ");
                mapped.push_str(&rewrite(expression.trim())?);
                mapped.push_str(" }}");
            }
        }
    }
    Ok(mapped)
}

/// The expression with the value of a YAML scalar that may have expressions in it.
pub(super) fn expression(value: &Value) -> anyhow::Result<String> {
    Ok(match value {
        Value::Null => "''".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => of_text(text)?,
        _ => bail!("a scalar is needed, not {value:?}"),
    })
}

fn of_text(text: &str) -> anyhow::Result<String> {
    let parts = parts(text)?;
    match parts.as_slice() {
        [] => Ok("''".to_owned()),
        [Part::Text(text)] => Ok(literal(text)),
        [Part::Expression(expression)] => Ok(format!("({})", expression.trim())),
        _ => Ok(format(&parts)),
    }
}

fn format(parts: &[Part<'_>]) -> String {
    let (mut pattern, mut arguments) = (String::new(), String::new());
    let mut count = 0;
    for part in parts {
        match part {
            Part::Text(text) => pattern.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Expression(expression) => {
                pattern.push_str(&format!("{{{count}}}"));
                arguments.push_str(", ");
                arguments.push_str(expression.trim());
                count += 1;
            }
        }
    }
    format!("format({}{arguments})", literal(&pattern))
}

/// The expression of an `if`, which needs no `${{ }}`.
pub(super) fn condition(value: &Value) -> anyhow::Result<String> {
    let Value::String(text) = value else {
        return expression(value);
    };
    match parts(text)?.as_slice() {
        [Part::Text(text)] => Ok(text.trim().to_owned()),
        [Part::Expression(expression)] => Ok(expression.trim().to_owned()),
        [] => Ok("success()".to_owned()),
        _ => bail!("a condition is always true: {text}"),
    }
}

fn parts(text: &str) -> anyhow::Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("${{") {
        if open > 0 {
            parts.push(Part::Text(&rest[..open]));
        }
        let inside = &rest[open + 3..];
        let close = close(inside).with_context(|| format!("an expression does not end: {text}"))?;
        parts.push(Part::Expression(&inside[..close]));
        rest = &inside[close + 2..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

/// Where the expression ends; not within a text.
fn close(inside: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in inside.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '}' if !quoted && inside[at..].starts_with("}}") => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_become_expressions() {
        for (value, expected) in [
            (Value::from("it's"), "'it''s'"),
            (Value::from(true), "true"),
            (Value::from("${{ a.b }}"), "(a.b)"),
            (
                Value::from("v${{ a }}-{${{ b }}"),
                "format('v{0}-{{{1}', a, b)",
            ),
            (Value::from("${{ '}}' }}"), "('}}')"),
            (Value::Null, "''"),
        ] {
            assert_eq!(expression(&value).unwrap(), expected);
        }
        assert!(expression(&Value::from("${{ a")).is_err());
    }

    #[test]
    fn conditions_may_lack_the_braces() {
        for text in ["a == 'b'", "${{ a == 'b' }}", " a == 'b'\n"] {
            assert_eq!(condition(&Value::from(text)).unwrap(), "a == 'b'");
        }
    }
}
