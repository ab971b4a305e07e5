//! The shapes of values.

use super::blocks::Blocks;
use crate::manifest::draft::Literal;
use crate::manifest::draft::Shape;
use serde_json::{Map, Value, json};

/// The JSON types that a reader takes as text: YAML makes numbers and booleans of words like `1.2`
/// and `yes`.
const SCALAR: [&str; 3] = ["string", "number", "boolean"];

/// The schema of a shape; a `partial` block may lack its required keys.
pub(super) fn schema(shape: &Shape, partial: bool, blocks: &mut Blocks) -> Value {
    match shape {
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Int { min, max } => integer(*min, *max),
        Shape::Text { pattern, .. } => text(*pattern),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Scalar => json!({ "type": SCALAR }),
        Shape::List(item) => {
            json!({ "type": "array", "items": schema(item, false, blocks) })
        }
        Shape::Map(value) => {
            json!({ "type": "object", "additionalProperties": schema(value, partial, blocks) })
        }
        Shape::Block(spec) => blocks.reference(spec, partial),
        Shape::OneOf(shapes) => {
            let each = shapes.iter().map(|shape| schema(shape, partial, blocks));
            json!({ "anyOf": each.collect::<Vec<_>>() })
        }
        Shape::Component => blocks.component(),
    }
}

/// The same schema where nothing may be written after the key.
pub(super) fn nullable(schema: Value) -> Value {
    let Value::Object(mut map) = schema else {
        return schema;
    };
    let null = Value::from("null");
    match map.get_mut("type") {
        Some(Value::Array(types)) => types.push(null),
        Some(single) => *single = vec![single.clone(), null].into(),
        None => match map.iter_mut().next() {
            Some((key, Value::Array(words))) if key == "enum" => words.push(Value::Null),
            Some((key, Value::Array(any))) if key == "anyOf" => any.push(json!({ "type": "null" })),
            _ => return json!({ "anyOf": [map, { "type": "null" }] }),
        },
    }
    Value::Object(map)
}

/// Returns a default as JSON.
pub(super) fn default(literal: Literal) -> Value {
    match literal {
        Literal::Bool(value) => value.into(),
        Literal::Int(value) => value.into(),
        Literal::Text(text) => text.into(),
    }
}

fn integer(min: i64, max: i64) -> Value {
    let mut map = Map::from_iter([("type".to_owned(), json!("integer"))]);
    if min != i64::MIN {
        map.insert("minimum".to_owned(), min.into());
    }
    if max != i64::MAX {
        map.insert("maximum".to_owned(), max.into());
    }
    map.into()
}

fn text(pattern: Option<&str>) -> Value {
    let mut map = Map::from_iter([("type".to_owned(), json!(SCALAR))]);
    if let Some(pattern) = pattern {
        map.insert("pattern".to_owned(), pattern.into());
    }
    map.into()
}
