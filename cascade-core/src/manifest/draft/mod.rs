//! The plain tree that every front end lowers to.
//!
//! A [`Node`] is what an author wrote, whatever the surface: the YAML loader, the attribute macros
//! and the builder all produce the same shape, and [`crate::check`] reads nothing else. A node does
//! not know where it came from; findings name it by its
//! [`KeyPath`](crate::key_path::KeyPath).

pub(crate) mod block;
mod default;
pub mod packed;
mod problem;
mod reader;
mod shape;

pub use block::Block;
pub use default::{Defaulted, Literal};
pub use problem::Problem;
pub use reader::{Field, Leaf, Ranged, Reader, Required, Value};
pub use shape::{BlockSpec, FieldSpec, Refused, Shape, join_doc};

use crate::scalar::Scalar;
use indexmap::IndexMap;

/// A value of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Nothing was written after the key.
    Null,
    /// A value that is known now.
    Scalar(Scalar),
    /// A value that is known only when the program runs (a Rust constant expression).
    Opaque,
    /// The front end has already reported what is wrong with this value.
    Invalid,
    /// An ordered list.
    List(Vec<Node>),
    /// An ordered mapping; keys are unique.
    Map(Map),
}

/// An ordered mapping of a draft.
pub type Map = IndexMap<String, Node>;

impl Node {
    /// The child under `key`, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// What kind of value this is, for messages: `a list`, `text`, ...
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar(Scalar::Bool(_)) => "a boolean",
            Self::Scalar(Scalar::Int(_) | Scalar::Float(_)) => "a number",
            Self::Scalar(Scalar::Text(_)) => "text",
            Self::Opaque => "a value known only at run time",
            Self::Invalid => "an invalid value",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Scalar(Scalar::Text(text.to_owned()))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Scalar(Scalar::Text(text))
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Scalar(Scalar::Bool(value))
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Self {
        Self::Scalar(Scalar::Int(value))
    }
}

impl<T: Into<Self>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}
