//! What expanded pipelines call. No part of the public surface: it changes with the macros.

use crate::pipeline::Draft;
use cascade_core::builder::{Part, Place};
use cascade_core::draft::{Map, Node, Scalar};
use std::path::PathBuf;

/// A draft in constant memory.
#[derive(Clone, Copy)]
pub enum Tree {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as it was written.
    Float(&'static str),
    /// Text.
    Text(&'static str),
    /// A constant of the program.
    Value(&'static dyn Leaf),
    /// A list.
    List(&'static [Tree]),
    /// A mapping.
    Map(&'static [(&'static str, Tree)]),
}

/// A constant that can be a value of a pipeline.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value of a pipeline",
    label = "expected text, a number or a boolean"
)]
pub trait Leaf {
    /// The value.
    fn scalar(&self) -> Scalar;
}

macro_rules! leaf {
    ($($ty:ty: $value:ident => $scalar:expr;)*) => { $(
        impl Leaf for $ty {
            fn scalar(&self) -> Scalar {
                let $value = *self;
                $scalar
            }
        }
    )* };
}

leaf! {
    bool: value => Scalar::Bool(value);
    i8: value => Scalar::Int(value.into());
    i16: value => Scalar::Int(value.into());
    i32: value => Scalar::Int(value.into());
    i64: value => Scalar::Int(value);
    u8: value => Scalar::Int(value.into());
    u16: value => Scalar::Int(value.into());
    u32: value => Scalar::Int(value.into());
    f32: value => Scalar::Float(value.to_string());
    f64: value => Scalar::Float(value.to_string());
    &'static str: value => Scalar::Text(value.to_owned());
}

impl Leaf for &'static dyn Leaf {
    fn scalar(&self) -> Scalar {
        (**self).scalar()
    }
}

impl From<&Tree> for Node {
    fn from(tree: &Tree) -> Self {
        match tree {
            Tree::Null => Self::Null,
            Tree::Bool(value) => Self::from(*value),
            Tree::Int(value) => Self::from(*value),
            Tree::Float(text) => Self::Scalar(Scalar::Float((*text).to_owned())),
            Tree::Text(text) => Self::from(*text),
            Tree::Value(value) => Self::Scalar(value.scalar()),
            Tree::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Tree::Map(entries) => {
                let entry = |(key, tree): &(&str, Tree)| ((*key).to_owned(), Self::from(tree));
                Self::Map(entries.iter().map(entry).collect())
            }
        }
    }
}

/// The draft of a pipeline without its components' own declarations.
#[must_use]
pub fn draft(tree: &Tree, root: Option<&str>) -> Draft {
    Draft::new(tree.into(), root.map(PathBuf::from))
}

/// The part that a field declares.
///
/// # Panics
/// Never for an expanded pipeline: its fields are where its draft has them.
#[must_use]
pub fn part<P: Part>(draft: &Draft, index: usize) -> P {
    let under = |key| draft.node.get(key);
    let node = match P::PLACE {
        Place::One(key) => under(key),
        Place::Many(key) => match under(key) {
            Some(Node::List(items)) => items.get(index),
            _ => None,
        },
    };
    match node {
        Some(Node::Map(map)) => P::from_map(map.clone()),
        _ => P::from_map(Map::new()),
    }
}

/// The value of what does not compile anyway.
///
/// # Panics
/// Always; but no program with a call of it is ever built.
#[must_use]
pub fn broken<T>() -> T {
    unreachable!("the pipeline has errors")
}
