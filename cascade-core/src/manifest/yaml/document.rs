//! A text and its tree.

use super::{Entry, Item, Kind, Lines, Position, Span, Tree};
use crate::manifest::draft::Node;
use crate::scalar::Scalar;

/// A YAML text with the tree that was read from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    text: String,
    tree: Tree,
    lines: Lines,
}

/// A value of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    document: &'a Document,
    item: Item,
}

impl Document {
    pub(super) fn new(text: String, tree: Tree) -> Self {
        let lines = Lines::new(&text);
        Self { text, tree, lines }
    }

    /// The whole text, byte for byte as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The value of the document, unless it is empty.
    #[must_use]
    pub fn root(&self) -> Option<View<'_>> {
        self.tree.root().map(|item| self.view(item))
    }

    /// The text that `span` covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(&self.text, offset)
    }

    pub(super) const fn view(&self, item: Item) -> View<'_> {
        View {
            document: self,
            item,
        }
    }
}

impl<'a> View<'a> {
    /// What it is.
    #[must_use]
    pub fn kind(self) -> &'a Kind {
        self.document.tree.kind(self.item)
    }

    /// Where its text is; empty if nothing was written.
    #[must_use]
    pub const fn span(self) -> Span {
        self.item.span
    }

    /// Returns true if an alias stands here.
    #[must_use]
    pub const fn is_alias(self) -> bool {
        self.item.alias
    }

    /// The entry under `key`, if this is a mapping that has it.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<&'a Entry> {
        match self.kind() {
            Kind::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.entry(key).map(|entry| self.document.view(entry.value))
    }

    /// The item at `index`, if this is a list that long.
    #[must_use]
    pub fn index(self, index: usize) -> Option<Self> {
        match self.kind() {
            Kind::List(items) => items.get(index).map(|item| self.document.view(*item)),
            _ => None,
        }
    }

    /// The items of a list; nothing for other values.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items: &[Item] = match self.kind() {
            Kind::List(items) => items,
            _ => &[],
        };
        items.iter().map(move |item| self.document.view(*item))
    }

    /// Keys and values of a mapping in order; nothing for other values.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        let entries = match self.kind() {
            Kind::Map(entries) => Some(entries),
            _ => None,
        };
        let view = move |(key, entry): (&'a String, &Entry)| {
            (key.as_str(), self.document.view(entry.value))
        };
        entries.into_iter().flat_map(|map| map.iter()).map(view)
    }

    /// The scalar, if this is one.
    #[must_use]
    pub fn scalar(self) -> Option<&'a Scalar> {
        match self.kind() {
            Kind::Scalar(scalar, _) => Some(scalar),
            _ => None,
        }
    }

    /// The scalar as text, if this is one.
    #[must_use]
    pub fn text(self) -> Option<String> {
        self.scalar().map(Scalar::text)
    }

    /// The value as a draft.
    #[must_use]
    pub fn draft(self) -> Node {
        self.document.tree.draft(self.item)
    }
}
