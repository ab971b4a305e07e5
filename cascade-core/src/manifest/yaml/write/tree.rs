//! Printing a draft's tree.

use super::Writer;
use crate::manifest::draft::{Map, Node};
use crate::scalar::Scalar;

/// `node` as a block-style document. What has no text (a value known only at run time, an invalid
/// one) is written as `null`.
#[must_use]
pub fn node(node: &Node) -> String {
    let mut yaml = Writer::new();
    match node {
        Node::Map(map) => entries(&mut yaml, map),
        Node::List(items) if !items.is_empty() => items_of(&mut yaml, items),
        Node::List(_) => return "[]\n".to_owned(),
        Node::Scalar(Scalar::Text(text)) => return super::scalar(text) + "\n",
        other => return literal(other) + "\n",
    }
    yaml.finish()
}

impl Writer {
    /// `key:` and `node` as its value.
    pub fn node(&mut self, key: &str, node: &Node) {
        match node {
            Node::Map(map) => self.map(key, |yaml| entries(yaml, map)),
            Node::List(items) => self.list(key, |yaml| items_of(yaml, items)),
            Node::Scalar(Scalar::Text(text)) => self.text(key, text),
            other => self.raw(key, &literal(other)),
        }
    }

    /// `node` as an item of a sequence.
    pub fn item_node(&mut self, node: &Node) {
        match node {
            Node::Map(map) => self.item_of("{}", |yaml| entries(yaml, map)),
            Node::List(items) => self.item_of("[]", |yaml| items_of(yaml, items)),
            Node::Scalar(Scalar::Text(text)) => self.item(text),
            other => self.item_raw(&literal(other)),
        }
    }
}

fn entries(yaml: &mut Writer, map: &Map) {
    for (key, value) in map {
        yaml.node(key, value);
    }
}

fn items_of(yaml: &mut Writer, items: &[Node]) {
    for item in items {
        yaml.item_node(item);
    }
}

fn literal(node: &Node) -> String {
    match node {
        Node::Scalar(scalar) => scalar.text(),
        _ => "null".to_owned(),
    }
}
