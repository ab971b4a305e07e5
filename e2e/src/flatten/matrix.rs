//! Matrices out of expressions.

use anyhow::bail;
use serde_yaml::Value;

use super::scope::Scope;

/// The strategy of a job of this scope. act makes the matrix before it asks whether the job runs,
/// and gives up on a text that is empty because nobody made it: so there is something to read.
pub(super) fn strategy(job: &Value, scope: &Scope) -> anyhow::Result<Option<Value>> {
    match (job.get("strategy"), &scope.strategy) {
        (Some(_), Some(_)) => bail!("a matrix within a matrix"),
        (Some(own), None) => Ok(Some(readable(scope.value(own)?))),
        (None, outer) => Ok(outer.clone()),
    }
}

fn readable(mut strategy: Value) -> Value {
    let Some(matrix) = strategy.get_mut("matrix") else {
        return strategy;
    };
    match matrix {
        Value::String(whole) => *whole = or(whole, r#"{"none":[0]}"#),
        Value::Mapping(dimensions) => {
            for (name, values) in dimensions.iter_mut() {
                let empty = match name.as_str() {
                    Some("include" | "exclude") => "[]",
                    _ => "[0]",
                };
                if let Value::String(text) = values {
                    *text = or(text, empty);
                }
            }
        }
        _ => {}
    }
    strategy
}

/// `${{ fromJSON(text) }}` of another text where this one is empty.
fn or(value: &str, empty: &str) -> String {
    let read = value
        .strip_prefix("${{ fromJSON(")
        .and_then(|rest| rest.strip_suffix(") }}"));
    read.map_or_else(
        || value.to_owned(),
        |text| format!("${{{{ fromJSON({text} || '{empty}') }}}}"),
    )
}
