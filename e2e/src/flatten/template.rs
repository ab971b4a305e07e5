//! Texts with `${{ }}` in them.

use anyhow::{Context, bail};
use cascade_core::expression::{Expression, Part, Template, literal};
use serde_yaml::Value;

use super::expression::LIMITS;

/// The value with each expression of its texts rewritten.
pub(super) fn map(
    value: &Value,
    rewrite: &mut dyn FnMut(&Expression) -> anyhow::Result<String>,
) -> anyhow::Result<Value> {
    Ok(match value {
        Value::String(text) => Value::String(parse(text)?.rewrite(rewrite)?),
        Value::Sequence(items) => {
            let items = items.iter().map(|item| map(item, rewrite));
            Value::Sequence(items.collect::<anyhow::Result<_>>()?)
        }
        Value::Mapping(fields) => {
            let field = |(key, field): (&Value, &Value)| Ok((key.clone(), map(field, rewrite)?));
            Value::Mapping(fields.iter().map(field).collect::<anyhow::Result<_>>()?)
        }
        other => other.clone(),
    })
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
    Ok(match parse(text)?.parts() {
        [] => "''".to_owned(),
        [Part::Text(text)] => literal(text),
        [Part::Expression(expression)] => format!("({expression})"),
        parts => format(parts),
    })
}

fn format(parts: &[Part]) -> String {
    let (mut pattern, mut arguments) = (String::new(), String::new());
    let mut count = 0;
    for part in parts {
        match part {
            Part::Text(text) => pattern.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Expression(expression) => {
                pattern.push_str(&format!("{{{count}}}"));
                arguments.push_str(&format!(", {expression}"));
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
    match parse(text)?.parts() {
        [Part::Text(text)] => Ok(text.trim().to_owned()),
        [Part::Expression(expression)] => Ok(expression.to_string()),
        [] => Ok("success()".to_owned()),
        _ => bail!("a condition is always true: {text}"),
    }
}

/// The text as text and expressions.
pub(super) fn parse(text: &str) -> anyhow::Result<Template> {
    Template::parse_within(text, LIMITS).with_context(|| format!("cannot read `{text}`"))
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
