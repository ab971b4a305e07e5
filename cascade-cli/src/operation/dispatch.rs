//! The inputs of a run that somebody started: the variable `DISPATCH`.

use crate::cli::error::Failure;
use crate::cli::runner;
use cascade_core::generate::dispatch_defaults;
use cascade_core::pipeline::Component;
use cascade_core::protocol;
use serde_json::{Map, Value};

/// The inputs of a dispatch: the given ones, and all with their defaults.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    /// The given inputs; empty on a push.
    pub(super) given: Map<String, Value>,
    /// The pipeline's own inputs with their defaults.
    pub(super) effective: Value,
}

/// Reads the variable.
pub(super) fn inputs(component: &Component) -> Result<Inputs, Failure> {
    let given = given()?;
    let defaults: Value = serde_json::from_str(&dispatch_defaults(component)).unwrap_or_default();
    let mut effective = defaults.as_object().cloned().unwrap_or_default();
    for (name, value) in &mut effective {
        if let Some(given) = given.get(name) {
            *value = like(value, given);
        }
    }
    let effective = Value::Object(effective);
    Ok(Inputs { given, effective })
}

/// Everything that was given.
pub(super) fn given() -> Result<Map<String, Value>, Failure> {
    let Some(text) = runner::variable(protocol::variable::DISPATCH) else {
        return Ok(Map::new());
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        _ => Err(Failure::new("the variable DISPATCH holds no JSON object")
            .help("it is `${{ toJSON(github.event.inputs) }}` in the generated workflow")),
    }
}

/// GitHub hands every input over as text; a default tells its type.
fn like(default: &Value, given: &Value) -> Value {
    let Value::String(text) = given else {
        return given.clone();
    };
    match default {
        Value::Bool(_) => Value::Bool(text == "true"),
        Value::Number(_) => serde_json::from_str(text).unwrap_or_else(|_| given.clone()),
        _ => given.clone(),
    }
}

/// A switch: a boolean, or its text; absent or empty means `default`.
pub(super) fn flag(given: &Map<String, Value>, name: &str, default: bool) -> Result<bool, Failure> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Bool(value)) => Ok(*value),
        Some(Value::String(text)) => match text.as_str() {
            "" => Ok(default),
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Failure::new(format!(
                "`{name}` is neither `true` nor `false`"
            ))),
        },
        Some(_) => Err(Failure::new(format!(
            "`{name}` is neither `true` nor `false`"
        ))),
    }
}

/// A text; absent means empty.
pub(super) fn word(given: &Map<String, Value>, name: &str) -> String {
    match given.get(name) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// A text that somebody else wrote, of a sensible length; absent means empty.
pub(super) fn text(given: &Map<String, Value>, name: &str) -> Result<String, Failure> {
    const LONGEST: usize = 200;
    match given.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) if text.len() <= LONGEST => Ok(text.clone()),
        Some(Value::String(_)) => Err(Failure::new(format!(
            "`{name}` is longer than {LONGEST} bytes"
        ))),
        Some(_) => Err(Failure::new(format!("`{name}` is no text"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn given(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_text_becomes_what_the_default_is() {
        assert_eq!(like(&json!(false), &json!("true")), json!(true));
        assert_eq!(like(&json!(true), &json!("yes")), json!(false));
        assert_eq!(like(&json!(1), &json!("2.5")), json!(2.5));
        assert_eq!(like(&json!(1), &json!("many")), json!("many"));
        assert_eq!(like(&json!("a"), &json!("true")), json!("true"));
        assert_eq!(like(&json!("a"), &json!(7)), json!(7));
    }

    #[test]
    fn a_flag_that_is_not_given_has_its_default() {
        let given = given(&json!({ "null": null, "empty": "", "no": "false", "yes": true }));
        for (name, expected) in [
            ("none", true),
            ("null", true),
            ("empty", true),
            ("no", false),
        ] {
            assert_eq!(flag(&given, name, true), Ok(expected), "{name}");
        }
        assert_eq!(flag(&given, "yes", false), Ok(true));
    }

    #[test]
    fn a_flag_is_true_or_false_and_nothing_else() {
        for wrong in [json!("yes"), json!(1), json!("True")] {
            let failure = flag(&given(&json!({ "force": wrong })), "force", false).unwrap_err();
            assert!(failure.to_string().contains("`force`"), "{failure}");
        }
    }

    #[test]
    fn a_word_may_be_written_as_a_number() {
        let given = given(&json!({ "issue": 7, "name": "a b", "nothing": null }));
        let words = ["issue", "name", "nothing", "none"].map(|name| word(&given, name));
        assert_eq!(words, ["7", "a b", "", ""]);
    }

    #[test]
    fn a_text_of_a_dispatch_has_a_length() {
        let given =
            given(&json!({ "fits": "x".repeat(200), "long": "x".repeat(201), "number": 1 }));
        assert_eq!(text(&given, "fits").unwrap().len(), 200);
        assert_eq!(text(&given, "none").unwrap(), "");
        for (name, said) in [("long", "longer than 200 bytes"), ("number", "is no text")] {
            let failure = text(&given, name).unwrap_err().to_string();
            assert!(
                failure.contains(name) && failure.contains(said),
                "{failure}"
            );
        }
    }
}
