//! Reading typed values out of a draft, collecting everything that is wrong.

use super::{Literal, Map, Node, Problem, Refused, Shape};
use crate::finding::message::{Message, Phrase};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::message;
use crate::scalar::Scalar;
use indexmap::IndexMap;

use std::collections::HashSet;
use std::str::FromStr;

/// Collects findings while a draft is read.
#[derive(Debug, Default)]
pub struct Reader {
    findings: Vec<Finding>,
    unreadable: HashSet<KeyPath>,
    /// Places of values that are known when the program runs.
    later: HashSet<KeyPath>,
}

impl Reader {
    /// Adds a finding.
    pub fn report(&mut self, finding: Finding) {
        self.unreadable
            .insert(finding.at.with_focus(crate::key_path::Focus::Value));
        self.findings.push(finding);
    }

    /// Remembers that the value at `at` is not known, so that no rule speaks of it.
    pub fn unknown(&mut self, at: &KeyPath) {
        self.unreadable.insert(at.clone());
    }

    /// Returns true if the value at `at` was read and found good.
    #[must_use]
    pub fn is_known(&self, at: &KeyPath) -> bool {
        !self.unreadable.contains(at)
    }

    /// Returns true if everything beneath `at` was read and found good.
    #[must_use]
    pub fn is_known_below(&self, at: &KeyPath) -> bool {
        let above = at.segments();
        !self
            .unreadable
            .iter()
            .any(|path| path.segments().starts_with(&above))
    }

    /// Returns the places of everything that was written and not understood.
    #[must_use]
    pub fn lost(&self) -> Vec<KeyPath> {
        self.unreadable.difference(&self.later).cloned().collect()
    }

    /// Everything that was reported.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Everything that was reported so far.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Reports a key that must be written, unless it was and is not understood.
    pub fn missing(&mut self, at: &KeyPath) {
        if let (true, Some(crate::key_path::Segment::Key(key)), Some(block)) =
            (self.is_known(at), at.last(), at.parent())
        {
            let message = message!("{} is required", key = key);
            self.report(
                Finding::new(&rules::MISSING_KEY, at.clone(), message)
                    .help(missing_help(&block, key)),
            );
        }
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_type(&mut self, node: &Node, at: &KeyPath, expected: impl Into<Message>) {
        match node {
            Node::Opaque => {
                self.unknown(at);
                self.later.insert(at.clone());
            }
            Node::Invalid => self.unknown(at),
            _ => {
                let message =
                    message!("expected {}, found {}", part = expected, text = node.kind());
                self.report(Finding::new(&rules::WRONG_TYPE, at.clone(), message));
            }
        }
    }

    /// Returns the text of the scalar that a `T` is written as; reports a value of another kind.
    pub(crate) fn scalar<T: Value>(&mut self, node: &Node, at: &KeyPath) -> Option<String> {
        let Node::Scalar(scalar) = node else {
            self.wrong_type(node, at, expectation(&T::SHAPE));
            return None;
        };
        Some(scalar.text())
    }

    /// Reports keys that a block does not know.
    pub fn check_keys(
        &mut self,
        map: &Map,
        at: &KeyPath,
        keys: &[&'static str],
        refused: &[Refused],
    ) {
        for key in map.keys().filter(|key| !keys.contains(&key.as_str())) {
            let here = at.key(key).as_key();
            if let Some(refused) = refused.iter().find(|refused| refused.key == key) {
                self.report(
                    Finding::new(refused.rule, here, refused.message.message())
                        .help(refused.help.message()),
                );
                if std::ptr::eq(refused.rule, &rules::INLINE_SCRIPT) {
                    self.unknown(&at.key("workflow"));
                }
            } else {
                if let Some(meant) = suggest::nearest(key, keys.iter().copied()) {
                    self.unknown(&at.key(meant));
                }
                let message = message!("unknown key {}", key = key);
                let help = suggest::among(key, keys.iter().copied(), "the keys here are");
                self.report(Finding::new(&rules::UNKNOWN_KEY, here, message).help(help));
            }
        }
    }
}

/// Something that can stand in a draft.
pub trait Value: Sized {
    /// What it may look like.
    const SHAPE: Shape;

    /// Reads it; what is wrong is reported, and then there is no value.
    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self>;
}

/// A scalar with a grammar of its own.
pub trait Leaf: FromStr<Err = Problem> {
    /// What it may look like.
    const SHAPE: Shape;
}

impl<T: Leaf> Value for T {
    const SHAPE: Shape = <T as Leaf>::SHAPE;

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let text = reader.scalar::<Self>(node, at)?;
        T::from_str(&text)
            .map_err(|problem| reader.report(problem.at(at.clone())))
            .ok()
    }
}

const fn expectation(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text { what, .. } => what,
        Shape::Int { .. } => "a whole number",
        Shape::Choice(_) => "one word",
        _ => "a scalar",
    }
}

impl Value for bool {
    const SHAPE: Shape = Shape::Bool;

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Scalar(Scalar::Bool(value)) => Some(*value),
            _ => {
                let expected = message!("{} or {}", value = "true", value = "false");
                reader.wrong_type(node, at, expected);
                None
            }
        }
    }
}

impl Value for Scalar {
    const SHAPE: Shape = Shape::Scalar;

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Scalar(scalar) => Some(scalar.clone()),
            _ => {
                reader.wrong_type(node, at, "a scalar");
                None
            }
        }
    }
}

impl Value for String {
    const SHAPE: Shape = Shape::Text {
        what: "text",
        pattern: None,
    };

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Scalar(scalar) => Some(scalar.text()),
            _ => {
                reader.wrong_type(node, at, "text");
                None
            }
        }
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranged<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Ranged<MIN, MAX> {
    /// The number, if it is in range.
    #[must_use]
    pub const fn new(value: i64) -> Option<Self> {
        if value >= MIN && value <= MAX {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Value for Ranged<MIN, MAX> {
    const SHAPE: Shape = Shape::Int { min: MIN, max: MAX };

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let Node::Scalar(Scalar::Int(value)) = node else {
            reader.wrong_type(node, at, "a whole number");
            return None;
        };
        let read = Self::new(*value);
        if read.is_none() {
            let name = match at.last() {
                Some(crate::key_path::Segment::Key(key)) => Message::key(key),
                _ => Message::from("this"),
            };
            let message = message!(
                "{} must be between {} and {}, found {}",
                part = name,
                text = MIN,
                text = MAX,
                text = value
            );
            reader.report(Finding::new(&rules::OUT_OF_RANGE, at.clone(), message));
        }
        read
    }
}

impl<T: Value> Value for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Null => Some(Self::new()),
            Node::List(items) => {
                let places = items.iter().enumerate();
                let read: Vec<T> = places
                    .filter_map(|(index, item)| T::read(item, &at.index(index), reader))
                    .collect();
                if read.len() < items.len() {
                    reader.unknown(at);
                }
                Some(read)
            }
            _ => {
                reader.wrong_type(node, at, "a list");
                None
            }
        }
    }
}

impl<T: Value> Value for IndexMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Null => Some(Self::new()),
            Node::Map(map) => {
                let read = |(key, value): (&String, &Node)| {
                    Some((key.clone(), T::read(value, &at.key(key), reader)?))
                };
                Some(map.iter().filter_map(read).collect())
            }
            _ => {
                reader.wrong_type(node, at, "a mapping");
                None
            }
        }
    }
}

/// A key of a block: what its presence or absence means.
pub trait Field: Sized {
    /// Whether the key must be written.
    const REQUIRED: bool;
    /// What may stand under it.
    const SHAPE: Shape;

    /// Reads the value under the key, or says what its absence means.
    fn read(
        node: Option<&Node>,
        at: &KeyPath,
        default: Option<Literal>,
        reader: &mut Reader,
    ) -> Self;
}

impl<T: Value> Field for Option<T> {
    const REQUIRED: bool = false;
    const SHAPE: Shape = T::SHAPE;

    fn read(node: Option<&Node>, at: &KeyPath, _: Option<Literal>, reader: &mut Reader) -> Self {
        match node {
            None | Some(Node::Null) => None,
            Some(node) => T::read(node, at, reader),
        }
    }
}

impl<T: Value> Field for Vec<T> {
    const REQUIRED: bool = false;
    const SHAPE: Shape = <Self as Value>::SHAPE;

    fn read(node: Option<&Node>, at: &KeyPath, _: Option<Literal>, reader: &mut Reader) -> Self {
        node.and_then(|node| Value::read(node, at, reader))
            .unwrap_or_default()
    }
}

impl<T: Value> Field for IndexMap<String, T> {
    const REQUIRED: bool = false;
    const SHAPE: Shape = <Self as Value>::SHAPE;

    fn read(node: Option<&Node>, at: &KeyPath, _: Option<Literal>, reader: &mut Reader) -> Self {
        node.and_then(|node| Value::read(node, at, reader))
            .unwrap_or_default()
    }
}

/// A key that must be written. It holds nothing only if that was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required<T>(pub Option<T>);

impl<T> Required<T> {
    /// The value, unless a finding says why there is none.
    #[must_use]
    pub const fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

impl<T: Value> Field for Required<T> {
    const REQUIRED: bool = true;
    const SHAPE: Shape = T::SHAPE;

    fn read(node: Option<&Node>, at: &KeyPath, _: Option<Literal>, reader: &mut Reader) -> Self {
        if let Some(node) = node.filter(|node| **node != Node::Null) {
            return Self(T::read(node, at, reader));
        }
        reader.missing(at);
        Self(None)
    }
}

fn missing_help(block: &KeyPath, key: &str) -> Message {
    let block = match block.last() {
        Some(_) => Message::place(block),
        None => Message::phrase(Phrase::Configuration),
    };
    message!("add {} to {}", key = key, part = block)
}
