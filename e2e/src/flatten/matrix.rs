//! Matrices out of expressions.

use anyhow::bail;
use cascade_core::expression::{Expression, Function};
use serde_yaml::Value;

use super::scope::Scope;
use super::template;

/// The strategy of a job of this scope. act makes the matrix before it asks whether the job runs,
/// and gives up on a text that is empty because nobody made it: so there is something to read.
pub(super) fn strategy(job: &Value, scope: &Scope) -> anyhow::Result<Option<Value>> {
    match (job.get("strategy"), &scope.strategy) {
        (Some(_), Some(_)) => bail!("a matrix within a matrix"),
        (Some(own), None) => readable(scope.value(own)?).map(Some),
        (None, outer) => Ok(outer.clone()),
    }
}

fn readable(mut strategy: Value) -> anyhow::Result<Value> {
    let Some(matrix) = strategy.get_mut("matrix") else {
        return Ok(strategy);
    };
    match matrix {
        Value::String(whole) => *whole = or(whole, r#"{"none":[0]}"#)?,
        Value::Mapping(dimensions) => {
            for (name, values) in dimensions.iter_mut() {
                let empty = match name.as_str() {
                    Some("include" | "exclude") => "[]",
                    _ => "[0]",
                };
                if let Value::String(text) = values {
                    *text = or(text, empty)?;
                }
            }
        }
        _ => {}
    }
    Ok(strategy)
}

/// `${{ fromJSON(text) }}` of another text where this one is empty.
fn or(value: &str, empty: &str) -> anyhow::Result<String> {
    Ok(match template::parse(value)?.whole() {
        Some(Expression::Call(Function::FromJson, arguments)) => {
            let text: Vec<String> = arguments.iter().map(Expression::to_string).collect();
            format!("${{{{ fromJSON({} || '{empty}') }}}}", text.concat())
        }
        _ => value.to_owned(),
    })
}
