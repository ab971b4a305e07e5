//! Between a draft's tree, which has spans and spellings, and values that serde knows.

use crate::manifest::draft::Node;
use crate::scalar::Scalar;
use serde_json::{Number, Value};

/// A draft as a value. A number that would be spelled in another way becomes text.
pub(super) fn of(node: &Node) -> Value {
    match node {
        Node::Null | Node::Opaque | Node::Invalid => Value::Null,
        Node::Scalar(Scalar::Bool(value)) => Value::Bool(*value),
        Node::Scalar(Scalar::Int(value)) => Value::from(*value),
        Node::Scalar(Scalar::Text(text)) => Value::from(text.as_str()),
        Node::Scalar(Scalar::Float(text)) => {
            let number = text.parse().ok().and_then(Number::from_f64);
            let number = number.filter(|number| number.to_string() == *text);
            number.map_or_else(|| Value::from(text.as_str()), Value::Number)
        }
        Node::List(items) => Value::Array(items.iter().map(of).collect()),
        Node::Map(map) => {
            let entry = |(key, node): (&String, &Node)| (key.clone(), of(node));
            Value::Object(map.iter().map(entry).collect())
        }
    }
}

/// A value as a draft.
pub(super) fn node(value: Value) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::from(value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Node::from(number),
            None => Node::Scalar(Scalar::Float(number.to_string())),
        },
        Value::String(text) => Node::Scalar(Scalar::Text(text)),
        Value::Array(items) => Node::List(items.into_iter().map(node).collect()),
        Value::Object(map) => {
            let entry = |(key, value)| (key, node(value));
            Node::Map(map.into_iter().map(entry).collect())
        }
    }
}
