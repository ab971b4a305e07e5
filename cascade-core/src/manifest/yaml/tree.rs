//! The spanned tree: nodes in one table, so that an alias shares what it names.

use super::Span;
use crate::manifest::draft::{Map, Node};
use crate::scalar::Scalar;
use indexmap::IndexMap;

/// The nodes of one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    nodes: Vec<Kind>,
    root: Option<Item>,
    merges: Vec<Span>,
}

/// A value where it stands: an alias has its own span and the node of its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    node: u32,
    /// The text of the value, or of the alias.
    pub span: Span,
    /// True if an alias stands here.
    pub alias: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing, or `null`.
    Null,
    /// A scalar, and how it was written.
    Scalar(Scalar, Style),
    /// A sequence.
    List(Vec<Item>),
    /// A mapping, merge keys resolved.
    Map(Box<IndexMap<String, Entry>>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'` or `"`.
    Quoted,
    /// After `|` or `>`.
    Block,
}

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The text of the key.
    pub key: Span,
    /// The value.
    pub value: Item,
    /// True if a merge key brought it here.
    pub merged: bool,
}

impl Tree {
    /// Returns where merge keys stand, which are resolved in the mappings.
    #[must_use]
    pub fn merges(&self) -> &[Span] {
        &self.merges
    }

    pub(super) fn note_merge(&mut self, at: Span) {
        self.merges.push(at);
    }

    pub(super) fn push(&mut self, kind: Kind, span: Span) -> Item {
        let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(kind);
        Item {
            node,
            span,
            alias: false,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) const fn set_root(&mut self, root: Item) {
        self.root = Some(root);
    }

    /// The value of the document, unless it is empty.
    #[must_use]
    pub const fn root(&self) -> Option<Item> {
        self.root
    }

    /// What stands at `item`.
    #[must_use]
    pub fn kind(&self, item: Item) -> &Kind {
        self.nodes.get(item.node as usize).unwrap_or(&Kind::Null)
    }

    /// The value as a draft. Depth and size are bounded since reading.
    #[must_use]
    pub fn draft(&self, item: Item) -> Node {
        match self.kind(item) {
            Kind::Null => Node::Null,
            Kind::Scalar(scalar, _) => Node::Scalar(scalar.clone()),
            Kind::List(items) => Node::List(items.iter().map(|item| self.draft(*item)).collect()),
            Kind::Map(entries) => {
                let draft =
                    |(key, entry): (&String, &Entry)| (key.clone(), self.draft(entry.value));
                Node::Map(entries.iter().map(draft).collect::<Map>())
            }
        }
    }
}

impl Item {
    pub(super) const fn index(self) -> usize {
        self.node as usize
    }

    pub(super) const fn aliased_at(self, span: Span) -> Self {
        Self {
            node: self.node,
            span,
            alias: true,
        }
    }
}
