//! Defaults of keys.

use super::{Field, Node, Reader, Shape, Value};
use crate::key_path::KeyPath;
use crate::scalar::Scalar;
use std::fmt;

/// A default, as it would be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'static str),
}

impl Literal {
    /// Returns the default that the source of a Rust literal means.
    pub(crate) const fn new(source: &'static str) -> Self {
        match source.as_bytes() {
            b"true" => Self::Bool(true),
            b"false" => Self::Bool(false),
            [b'"', inner @ .., b'"'] => match std::str::from_utf8(inner) {
                Ok(text) => Self::Text(text),
                Err(_) => panic!("a default is text"),
            },
            _ => match i64::from_str_radix(source, 10) {
                Ok(number) => Self::Int(number),
                Err(_) => panic!("a default is `true`, `false`, a whole number or text"),
            },
        }
    }

    fn node(self) -> Node {
        Node::Scalar(match self {
            Self::Bool(value) => Scalar::Bool(value),
            Self::Int(value) => Scalar::Int(value),
            Self::Text(text) => Scalar::Text(text.to_owned()),
        })
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A key with a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaulted<T> {
    value: T,
    is_written: bool,
}

impl<T> Defaulted<T> {
    /// Returns the value: what was written, or the default.
    #[must_use]
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Returns what was written, if something was.
    #[must_use]
    pub fn written(&self) -> Option<&T> {
        self.is_written.then_some(&self.value)
    }

    /// Returns true if something was written.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        self.is_written
    }
}

impl<T: Value> Defaulted<T> {
    /// Returns a key that is not written and has no default of its own: a block with its defaults.
    #[must_use]
    pub fn absent() -> Self {
        Self::read(None, &KeyPath::root(), None, &mut Reader::default())
    }
}

impl<T: Value> Field for Defaulted<T> {
    const REQUIRED: bool = false;
    const SHAPE: Shape = T::SHAPE;

    fn read(
        node: Option<&Node>,
        at: &KeyPath,
        default: Option<Literal>,
        reader: &mut Reader,
    ) -> Self {
        let node = node.filter(|node| **node != Node::Null);
        let written = node.and_then(|node| T::read(node, at, reader));
        let is_written = written.is_some();
        let value = written.unwrap_or_else(|| {
            let default = default.map_or(Node::Null, Literal::node);
            let read = T::read(&default, at, &mut Reader::default());
            read.unwrap_or_else(|| unreachable!("{at}: a test reads every default"))
        });
        Self { value, is_written }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Config;
    use crate::manifest::draft::{Block, BlockSpec, Map};
    use std::collections::HashSet;

    fn read_defaults(spec: &'static BlockSpec, seen: &mut HashSet<&'static str>) -> usize {
        if !seen.insert(spec.name) {
            return 0;
        }
        let own = spec.fields.iter().filter(|field| field.default.is_some());
        let below = spec.fields.iter().filter_map(|field| field.shape.block());
        own.count() + below.map(|spec| read_defaults(spec, seen)).sum::<usize>()
    }

    #[test]
    fn every_default_reads() {
        // Reading an empty block reads each of its defaults; those of blocks below are read when
        // they are written, so each gets an empty one.
        let declared = read_defaults(Config::SPEC, &mut HashSet::new());
        assert!(declared > 60, "{declared} defaults");
        let mut reader = Reader::default();
        Config::read_map(&full(Config::SPEC, 0), &KeyPath::root(), &mut reader);
    }

    /// A block in which every block below is written, and nothing else.
    fn full(spec: &'static BlockSpec, depth: usize) -> Map {
        let blocks = spec.fields.iter().filter_map(|field| {
            let below = field.shape.block().filter(|_| depth < 6)?;
            let map = Node::Map(full(below, depth + 1));
            let node = match field.shape {
                Shape::List(_) => Node::List(vec![map]),
                Shape::Map(_) => Node::Map(Map::from_iter([("a".to_owned(), map)])),
                _ => map,
            };
            Some((field.key.to_owned(), node))
        });
        blocks.collect()
    }

    #[test]
    fn a_default_holds_where_nothing_is_written() {
        let read = |node: Option<&Node>| {
            let default = Some(Literal::Int(3));
            let mut reader = Reader::default();
            Defaulted::<crate::manifest::Retries>::read(
                node,
                &KeyPath::root(),
                default,
                &mut reader,
            )
        };
        let absent = read(None);
        assert_eq!((absent.get().get(), absent.is_written()), (3, false));
        let written = read(Some(&Node::Scalar(Scalar::Int(1))));
        assert_eq!(written.written().map(|value| value.get()), Some(1));
        let wrong = read(Some(&Node::Scalar(Scalar::Int(9))));
        assert_eq!((wrong.get().get(), wrong.is_written()), (3, false));
    }
}
