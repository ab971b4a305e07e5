//! The JSON schema of the manifest, written from the declarations of its blocks.
//!
//! It is for editors: everything that [`crate::check`] accepts fits it, and most slips of the pen
//! do not. What spans several values is left to the rules.

mod blocks;
mod shapes;

use blocks::Blocks;
use serde_json::{Map, Value, json};

/// The dialect that the schema is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a manifest whose body stands under `key`.
///
/// ```
/// let schema = cascade_core::schema::manifest("ci");
/// assert_eq!(schema["required"][0], "ci");
/// ```
#[must_use]
pub fn manifest(key: &str) -> Value {
    let mut blocks = Blocks::default();
    let config = blocks.config();
    let body = json!({
        "type": "object",
        "description": "The pipeline, and what cascade records about it.",
        "properties": {
            "config": config,
            "state": managed("What each environment holds; cascade writes it."),
            "latest_release": managed("The latest release; cascade writes it."),
        },
        "required": ["config"],
        "additionalProperties": false,
    });
    let properties: Map<String, Value> = Map::from_iter([(key.to_owned(), body)]);
    json!({
        "$schema": DIALECT,
        "title": "cascade manifest",
        "description": "A delivery pipeline that cascade compiles to GitHub Actions.",
        "type": "object",
        "properties": properties,
        "required": [key],
        "$defs": blocks.finish(),
    })
}

fn managed(description: &str) -> Value {
    json!({ "type": ["object", "null"], "description": description })
}
