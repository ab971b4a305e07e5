//! What a block of the manifest may hold: the one description behind unknown-key findings, the JSON
//! schema, the reference page and the spelling of Rust attributes.

use super::Literal;
use crate::finding::Rule;
use crate::finding::message::Wording;

/// What may stand as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A whole number from `min` to `max`.
    Int {
        /// The smallest value.
        min: i64,
        /// The largest value.
        max: i64,
    },
    /// Text; `what` names its grammar (`a duration`), `pattern` is a regular expression of it.
    Text {
        /// The grammar in words, with its article.
        what: &'static str,
        /// An ECMA 262 regular expression that every value matches, if one says something.
        pattern: Option<&'static str>,
    },
    /// One of some words.
    Choice(&'static [&'static str]),
    /// Any scalar.
    Scalar,
    /// A list of items of one shape.
    List(&'static Shape),
    /// A mapping from names of the author's choice.
    Map(&'static Shape),
    /// A block with known keys.
    Block(&'static BlockSpec),
    /// Either of some shapes.
    OneOf(&'static [Shape]),
    /// A component: its own keys, and those of the configuration that it may override.
    Component,
}

/// A key that authors expect where it is not, and what to say about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The key.
    pub key: &'static str,
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What is wrong, one sentence without a final stop.
    pub message: Wording,
    /// Where it belongs instead.
    pub help: Wording,
}

impl Shape {
    /// The block that this shape is, or that its items are.
    #[must_use]
    pub fn block(&self) -> Option<&'static BlockSpec> {
        match self {
            Self::Block(spec) => Some(spec),
            Self::List(item) | Self::Map(item) => item.block(),
            Self::OneOf(shapes) => shapes.iter().find_map(Self::block),
            _ => None,
        }
    }
}

/// A block of the manifest: the keys that it knows.
#[derive(Debug, PartialEq, Eq)]
pub struct BlockSpec {
    /// The Rust name of the block.
    pub name: &'static str,
    /// What the block is.
    pub doc: &'static [&'static str],
    /// Its keys, in the order of the reference page.
    pub fields: &'static [FieldSpec],
    /// The key that a bare scalar stands for, if the block may be written as one.
    pub shorthand: Option<&'static str>,
    /// Keys that authors expect here, and where they belong.
    pub refused: &'static [Refused],
}

/// A key of a block.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// The key.
    pub key: &'static str,
    /// What it means, a line each.
    pub doc: &'static [&'static str],
    /// True if it must be written.
    pub required: bool,
    /// What holds when it is not written, as it would be written.
    pub default: Option<Literal>,
    /// What may stand as its value.
    pub shape: Shape,
    /// The dotted key that it is an older spelling of.
    pub replaced_by: Option<&'static str>,
}

impl BlockSpec {
    /// The key named `key`.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl FieldSpec {
    /// The meaning as one line of text.
    #[must_use]
    pub fn summary(&self) -> String {
        join_doc(self.doc)
    }
}

/// Documentation lines as one line of text.
#[must_use]
pub fn join_doc(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}
