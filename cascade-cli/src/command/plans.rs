//! What one job decided and another one reads: JSON in a variable.

use crate::error::Failure;
use crate::run::Outputs;
use crate::run::environment::text as variable;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The plan that a variable holds.
pub(super) fn read<T: DeserializeOwned>(name: &str) -> Result<T, Failure> {
    let text = variable(name).ok_or_else(|| {
        Failure::new(format!("the variable {name} is not set"))
            .help("the generated workflow sets it; by hand, take it from the verb that decides")
    })?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("the variable {name} holds no plan"))
            .cause(error)
            .help("the job that decided ran another version of cascade: start the run again")
    })
}

/// A value as an output of a step.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every field of an object as an output of a step.
pub(super) fn outputs(document: &Value) -> Outputs {
    let fields = document.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}
