//! The envelope in which a plan travels from the job that decides to those that carry it out.
//!
//! It names the layout of the plan, and is compressed where it would not fit: Linux takes at most
//! 128 KiB for one variable of a process (`MAX_ARG_STRLEN` in execve(2)).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt;

/// The layout of plans that this version writes, and the only one that it reads.
pub const LAYOUT: u64 = 1;

/// The field that holds the layout.
const LAYOUT_FIELD: &str = "layout";
/// The longest plan that is written as plain JSON, in bytes.
const PLAIN: usize = 64 * 1024;
/// The longest plan that is read, in bytes, decompressed.
const LONGEST: usize = 64 * 1024 * 1024;
/// The beginning of a compressed plan: zlib, then base64.
const COMPRESSED: &str = "zlib:";
const LEVEL: u8 = 6;

/// The reason why a text is not a plan that this version reads.
#[derive(Debug)]
#[non_exhaustive]
pub enum PlanError {
    /// The text is not an envelope.
    Unreadable(Option<serde_json::Error>),
    /// The envelope names no layout.
    NoLayout,
    /// The plan has another layout.
    OtherLayout(u64),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(None) => f.write_str("it holds no plan"),
            Self::Unreadable(Some(error)) => write!(f, "it holds no plan: {error}"),
            Self::NoLayout => f.write_str("it holds no plan: it names no layout"),
            Self::OtherLayout(other) => write!(
                f,
                "it holds a plan of layout {other}, and this version reads {LAYOUT}"
            ),
        }
    }
}

impl std::error::Error for PlanError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(Some(error)) => Some(error),
            _ => None,
        }
    }
}

/// Returns a plan in its envelope.
pub fn seal(plan: &impl Serialize) -> Value {
    let mut value = json!(plan);
    if let Some(fields) = value.as_object_mut() {
        fields.shift_insert(0, LAYOUT_FIELD.to_owned(), LAYOUT.into());
    }
    value
}

/// Returns a value as the text of an output: text as it is, a long plan compressed, else JSON.
#[must_use]
pub fn encode(value: &Value) -> String {
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

/// Reads the plan in an envelope.
///
/// ```
/// use cascade_core::protocol::plan;
///
/// let text = plan::encode(&plan::seal(&serde_json::json!({ "sha": "1f2e" })));
/// let read: serde_json::Value = plan::decode(&text)?;
/// assert_eq!(read["sha"], "1f2e");
/// # Ok::<(), plan::PlanError>(())
/// ```
///
/// # Errors
/// The text is no envelope, or the plan has another layout.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, PlanError> {
    let unreadable = |error| PlanError::Unreadable(Some(error));
    let mut value: Value = serde_json::from_str(&decompress(text)?).map_err(unreadable)?;
    let layout = value
        .as_object_mut()
        .and_then(|fields| fields.shift_remove(LAYOUT_FIELD));
    match layout.as_ref().and_then(Value::as_u64) {
        Some(LAYOUT) => serde_json::from_value(value).map_err(unreadable),
        Some(other) => Err(PlanError::OtherLayout(other)),
        None => Err(PlanError::NoLayout),
    }
}

fn decompress(text: &str) -> Result<String, PlanError> {
    let Some(packed) = text.strip_prefix(COMPRESSED) else {
        return Ok(text.to_owned());
    };
    let bytes = STANDARD.decode(packed).ok();
    let bytes = bytes.and_then(|bytes| decompress_to_vec_zlib_with_limit(&bytes, LONGEST).ok());
    let plain = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    plain.ok_or(PlanError::Unreadable(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_back_plain_and_compressed() {
        for length in [10, 3 * PLAIN] {
            let plan = json!({ "sha": "a".repeat(length) });
            let text = encode(&seal(&plan));
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
            let error = decode::<Value>(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_plan_says_its_layout_first() {
        let plan = seal(&json!({ "sha": "a" }));
        assert_eq!(plan.to_string(), r#"{"layout":1,"sha":"a"}"#);
    }

    #[test]
    fn what_is_no_plan_is_never_compressed() {
        let long = json!([" ".repeat(2 * PLAIN)]);
        assert!(encode(&long).starts_with("[\""));
    }
}
