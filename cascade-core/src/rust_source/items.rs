//! Blocks, maps and lists of a draft as the items of an attribute, as their shapes say.

use super::layout::Item;
use super::spell;
use crate::manifest::draft::{BlockSpec, Map, Node, Shape, Value};
use crate::manifest::{InputValue, PermissionSet};

/// The keys of a block but those in `skip`, in the order in which they were written.
pub(super) fn block(map: &Map, spec: &'static BlockSpec, skip: &[&str]) -> Vec<Item> {
    let kept = map.iter().filter(|(key, _)| !skip.contains(&key.as_str()));
    let items = kept.filter_map(|(key, node)| {
        let field = spec.field(key)?;
        Some(entry(key, &spell::name(key), node, &field.shape))
    });
    items.flatten().collect()
}

/// Returns the items of the value under `key`, written `head`: several if the shape is a block that
/// repeats.
pub(super) fn entry(key: &str, head: &str, node: &Node, shape: &'static Shape) -> Vec<Item> {
    let group = |items| vec![Item::Group(head.to_owned(), items)];
    match node {
        Node::Null | Node::Opaque | Node::Invalid => Vec::new(),
        Node::Scalar(scalar) => vec![Item::assign(head, &spell::literal(scalar))],
        Node::List(nodes) => match listed(shape) {
            Some(Shape::Block(spec)) if spec.field("name").is_some() => group(named(nodes, spec)),
            Some(Shape::Block(spec)) => repeated(head, nodes, spec),
            _ => group(elements(key, nodes)),
        },
        Node::Map(map) => keyed(head, map, shape),
    }
}

fn keyed(head: &str, map: &Map, shape: &'static Shape) -> Vec<Item> {
    if *shape == <InputValue as Value>::SHAPE
        && let Some(Node::Scalar(from)) = map.get("from")
        && let Some(reference) = spell::reference(&from.text())
    {
        return vec![Item::assign(head, &reference)];
    }
    let items = match mapped(shape) {
        Some(Shape::Block(spec)) => block(map, spec, &[]),
        Some(Shape::Map(inner)) => {
            let permissions = *shape == <PermissionSet as Value>::SHAPE;
            let items = map.iter().flat_map(|(key, node)| {
                let scope = PermissionSet::scope(key).filter(|_| permissions);
                let head = scope.map_or_else(|| spell::name(key), |scope| scope.replace('-', "_"));
                entry(key, &head, node, inner)
            });
            items.collect()
        }
        _ => Vec::new(),
    };
    vec![Item::Group(head.to_owned(), items)]
}

/// The shape of items, of the shapes that a list may have.
fn listed(shape: &'static Shape) -> Option<&'static Shape> {
    match shape {
        Shape::List(inner) => Some(inner),
        Shape::OneOf(shapes) => shapes.iter().find_map(listed),
        _ => None,
    }
}

/// The shape that a mapping has, of those that it may have.
fn mapped(shape: &'static Shape) -> Option<&'static Shape> {
    match shape {
        Shape::Map(_) | Shape::Block(_) => Some(shape),
        Shape::OneOf(shapes) => shapes.iter().find_map(mapped),
        _ => None,
    }
}

/// `deploys(cdk(...), net)`.
fn named(nodes: &[Node], spec: &'static BlockSpec) -> Vec<Item> {
    let items = nodes.iter().filter_map(|node| match node {
        Node::Scalar(scalar) => Some(Item::Leaf(spell::name(&scalar.text()))),
        Node::Map(map) => {
            let head = spell::name(&text(map, "name")?);
            let items = block(map, spec, &["name"]);
            Some(if items.is_empty() {
                Item::Leaf(head)
            } else {
                Item::Group(head, items)
            })
        }
        _ => None,
    });
    items.collect()
}

fn repeated(head: &str, nodes: &[Node], spec: &'static BlockSpec) -> Vec<Item> {
    let items = nodes.iter().map(|node| {
        let items = match node {
            Node::Map(map) => block(map, spec, &[]),
            _ => Vec::new(),
        };
        Item::Group(head.to_owned(), items)
    });
    items.collect()
}

/// Values of a list; names of callbacks and environments are identifiers.
fn elements(key: &str, nodes: &[Node]) -> Vec<Item> {
    let refers = matches!(key, "depends_on" | "optional_depends_on" | "environments");
    let items = nodes.iter().filter_map(|node| match node {
        Node::Scalar(scalar) if refers => Some(Item::Leaf(spell::name(&scalar.text()))),
        Node::Scalar(scalar) => Some(Item::Leaf(spell::literal(scalar))),
        _ => None,
    });
    items.collect()
}

/// The scalar under a key, as text.
pub(super) fn text(map: &Map, key: &str) -> Option<String> {
    match map.get(key) {
        Some(Node::Scalar(scalar)) => Some(scalar.text()),
        _ => None,
    }
}
