//! What a pipeline is put together from.

use crate::manifest::draft::{Map, Node};

/// Where a part stands in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Under a key that holds one.
    One(&'static str),
    /// In the list under a key.
    Many(&'static str),
}

impl Place {
    /// The key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::One(key) | Self::Many(key) => key,
        }
    }
}

/// Something that a pipeline is put together from: a callback, or another repository.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a pipeline",
    note = "a field has a type of cascade's: write `cascade::Build` where `Build` is another type"
)]
pub trait Part: Sized {
    /// Where it stands.
    const PLACE: Place;

    /// The part that was declared as `map`.
    fn from_map(map: Map) -> Self;

    /// What it declares.
    fn into_map(self) -> Map;

    /// Returns true if `map` declares the part named `name`.
    #[must_use]
    fn is_named(map: &Map, name: &str) -> bool {
        Self::names(map).iter().any(|own| own == name)
    }

    /// The names under which the part that `map` declares is known.
    #[must_use]
    fn names(map: &Map) -> Vec<String>;
}

/// The text under a key.
pub(super) fn text(map: &Map, key: &str) -> Option<String> {
    match map.get(key)? {
        Node::Scalar(scalar) => Some(scalar.text()),
        _ => None,
    }
}

/// What declares the part named `name`.
pub(super) fn find<'a, P: Part>(map: &'a mut Map, name: &str) -> Option<&'a mut Map> {
    let fits = |node: &'a mut Node| match node {
        Node::Map(map) if P::is_named(map, name) => Some(map),
        _ => None,
    };
    match map.get_mut(P::PLACE.key())? {
        Node::List(items) => items.iter_mut().find_map(fits),
        node => fits(node),
    }
}

/// The names of all parts of a kind.
pub(super) fn names<P: Part>(map: &Map) -> Vec<String> {
    let own = |node: &Node| match node {
        Node::Map(map) => P::names(map),
        _ => Vec::new(),
    };
    match map.get(P::PLACE.key()) {
        Some(Node::List(items)) => items.iter().flat_map(own).collect(),
        Some(node) => own(node),
        None => Vec::new(),
    }
}
