//! What one job decided and another one reads: JSON in a variable.
//!
//! A plan names the layout that it has, and is compressed where it would not fit: Linux takes at
//! most 128 KiB for one variable of a process (`MAX_ARG_STRLEN` in execve(2)).

use crate::error::Failure;
use crate::run::Outputs;
use crate::run::environment::text as variable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The layout of plans that this version writes, and the only one that it reads.
const LAYOUT: u64 = 1;
/// The field that holds the layout.
const LAYOUT_FIELD: &str = "layout";
/// The longest plan that is written as plain JSON, in bytes.
const PLAIN: usize = 64 * 1024;
/// The longest plan that is read, in bytes, decompressed.
const LONGEST: usize = 64 * 1024 * 1024;
/// The beginning of a compressed plan: zlib, then base64.
const COMPRESSED: &str = "zlib:";
const LEVEL: u8 = 6;

/// Returns a plan with its layout.
pub(super) fn value(plan: &impl Serialize) -> Value {
    let mut value = json!(plan);
    if let Some(fields) = value.as_object_mut() {
        fields.shift_insert(0, LAYOUT_FIELD.to_owned(), LAYOUT.into());
    }
    value
}

/// Reads the plan that a variable holds.
pub(super) fn read<T: DeserializeOwned>(name: &str) -> Result<T, Failure> {
    let text = variable(name).ok_or_else(|| {
        Failure::new(format!("the variable {name} is not set"))
            .help("the generated workflow sets it; by hand, take it from the command that decides")
    })?;
    decode(&text).map_err(|failure| failure.within(&format!("the variable {name}")))
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let again = "the job that decided ran another version of cascade: start the run again";
    let unreadable = || Failure::new("it holds no plan").help(again);
    let plain = match text.strip_prefix(COMPRESSED) {
        Some(packed) => {
            let bytes = STANDARD.decode(packed).map_err(|_| unreadable())?;
            let bytes = decompress_to_vec_zlib_with_limit(&bytes, LONGEST);
            String::from_utf8(bytes.map_err(|_| unreadable())?).map_err(|_| unreadable())?
        }
        None => text.to_owned(),
    };
    let mut value: Value =
        serde_json::from_str(&plain).map_err(|error| unreadable().cause(error))?;
    let layout = value
        .as_object_mut()
        .and_then(|fields| fields.shift_remove(LAYOUT_FIELD));
    match layout.as_ref().and_then(Value::as_u64) {
        Some(LAYOUT) => {}
        Some(other) => {
            let failure =
                format!("it holds a plan of layout {other}, and this version reads {LAYOUT}");
            return Err(Failure::new(failure).help(again));
        }
        None => return Err(unreadable().cause("it names no layout")),
    }
    serde_json::from_value(value).map_err(|error| unreadable().cause(error))
}

/// Reads a value without a layout that a variable holds, as JSON.
pub(super) fn read_json<T: DeserializeOwned>(name: &str) -> Result<T, Failure> {
    let text = variable(name).ok_or_else(|| {
        Failure::new(format!("the variable {name} is not set"))
            .help("the generated workflow sets it")
    })?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the variable {name} cannot be read")).cause(error))
}

/// A value as an output of a step; a long plan is compressed.
pub(super) fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => return text.clone(),
        other => other.to_string(),
    };
    if text.len() <= PLAIN || value.get(LAYOUT_FIELD).is_none() {
        return text;
    }
    let compressed = compress_to_vec_zlib(text.as_bytes(), LEVEL);
    format!("{COMPRESSED}{}", STANDARD.encode(compressed))
}

/// Every field of an object as an output of a step.
pub(super) fn outputs(document: &Value) -> Outputs {
    let fields = document.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_back_plain_and_compressed() {
        for length in [10, 3 * PLAIN] {
            let plan = json!({ "sha": "a".repeat(length) });
            let text = text(&value(&plan));
            assert_eq!(text.starts_with(COMPRESSED), length > PLAIN);
            assert_eq!(decode::<Value>(&text).unwrap(), plan);
        }
    }

    #[test]
    fn another_layout_is_refused() {
        for (text, said) in [
            (r#"{"layout":2}"#, "layout 2"),
            ("{}", "no layout"),
            ("[]", "no layout"),
            ("zlib:AAAA", "no plan"),
            ("zlib:%", "no plan"),
            ("", "no plan"),
        ] {
            let failure = decode::<Value>(text).unwrap_err().to_string();
            assert!(failure.contains(said), "{text}: {failure}");
        }
    }

    #[test]
    fn a_plan_says_its_layout_first() {
        let plan = value(&json!({ "sha": "a" }));
        assert_eq!(plan.to_string(), r#"{"layout":1,"sha":"a"}"#);
    }

    #[test]
    fn outputs_are_texts_and_json() {
        let document = json!({ "run": "true", "count": 2, "names": ["a"] });
        let outputs: Vec<(String, String)> = outputs(&document).into_iter().collect();
        let expected = [("run", "true"), ("count", "2"), ("names", "[\"a\"]")];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(outputs, expected);
    }

    #[test]
    fn what_is_no_plan_is_never_compressed() {
        let long = json!([" ".repeat(2 * PLAIN)]);
        assert!(text(&long).starts_with("[\""));
    }
}
