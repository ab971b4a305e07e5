//! Reading what people and other tools wrote: null for empty, numbers for text.

use crate::draft::{Node, Scalar};
use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_yaml::Value;
use std::fmt;

/// A draft as a value. A number whose spelling an `f64` would lose becomes text.
pub(super) fn value(node: &Node) -> Value {
    match node {
        Node::Null | Node::Opaque | Node::Invalid => Value::Null,
        Node::Scalar(Scalar::Bool(value)) => Value::Bool(*value),
        Node::Scalar(Scalar::Int(value)) => Value::from(*value),
        Node::Scalar(Scalar::Text(text)) => Value::from(text.as_str()),
        Node::Scalar(Scalar::Float(text)) => match text.parse::<f64>() {
            Ok(number) if number.to_string() == *text => Value::from(number),
            _ => Value::from(text.as_str()),
        },
        Node::List(items) => Value::Sequence(items.iter().map(value).collect()),
        Node::Map(map) => {
            let entry = |(key, node): (&String, &Node)| (Value::from(key.as_str()), value(node));
            Value::Mapping(map.iter().map(entry).collect())
        }
    }
}

/// Null reads as empty.
pub(super) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Text, whatever kind of scalar it looks like.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Text>::deserialize(deserializer)?.map(|text| text.0))
}

/// A mapping of texts; null reads as empty text.
pub(super) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, String>, D::Error> {
    let map: IndexMap<String, Option<Text>> = or_default(deserializer)?;
    let entry = |(key, text): (String, Option<Text>)| (key, text.map_or_else(String::new, |t| t.0));
    Ok(map.into_iter().map(entry).collect())
}

struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Text, E> {
        Ok(Text(value.to_owned()))
    }
}
