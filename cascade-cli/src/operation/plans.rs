//! Plans and other values that one job decided and another one reads.

use crate::cli::error::Failure;
use crate::cli::runner::variable;
use crate::run::Outputs;
use cascade_core::protocol::plan;
use cascade_core::protocol::variable::{PLAN, Variable};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use plan::{encode as text, seal as value};

/// Reads the plan of the run, which another command decided.
pub(super) fn read<T: DeserializeOwned>(decided_by: &str) -> Result<T, Failure> {
    let text = variable(PLAN).ok_or_else(|| {
        Failure::new(format!("the variable {PLAN} is not set")).help(format!(
            "the generated workflow sets it; by hand, set it to `plan` of `cascade {decided_by} --json`"
        ))
    })?;
    plan::decode(&text).map_err(|error| {
        Failure::new(format!("the variable {PLAN}: {error}"))
            .help("the job that decided ran another version of cascade: start the run again")
    })
}

/// Reads a value that a variable holds as JSON.
pub(super) fn read_json<T: DeserializeOwned>(name: Variable) -> Result<T, Failure> {
    let text = variable(name).ok_or_else(|| {
        Failure::new(format!("the variable {name} is not set"))
            .help("the generated workflow sets it")
    })?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the variable {name} cannot be read")).cause(error))
}

/// Returns every field of an object as an output of a step.
pub(super) fn outputs(document: &Value) -> Outputs {
    let fields = document.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::outputs;
    use serde_json::json;

    #[test]
    fn outputs_are_texts_and_json() {
        let document = json!({ "run": "true", "count": 2, "names": ["a"] });
        let outputs: Vec<(String, String)> = outputs(&document).into_iter().collect();
        let expected = [("run", "true"), ("count", "2"), ("names", "[\"a\"]")];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(outputs, expected);
    }
}
