//! A collection that is still open.

use crate::manifest::yaml::{Entry, Item, Kind, Span};
use indexmap::IndexMap;

/// An open collection.
#[derive(Debug)]
pub(in crate::manifest::yaml) struct Frame {
    pub(super) start: usize,
    /// The end of the last thing inside, which is the end of a block collection.
    pub(super) end: usize,
    pub(super) flow: bool,
    pub(super) anchor: usize,
    /// The values of `<<`, in order.
    pub(super) merges: Vec<Item>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    List(Vec<Item>),
    Map {
        entries: IndexMap<String, Entry>,
        pending: Option<Pending>,
        merge_key: Option<Span>,
    },
}

#[derive(Debug)]
enum Pending {
    Key(String, Span),
    Merge(Span),
    /// A duplicate: its value is read and dropped.
    Duplicate(Span),
}

impl Frame {
    pub(super) fn list(anchor: usize, start: (usize, bool)) -> Self {
        Self::new(anchor, start, Content::List(Vec::new()))
    }

    pub(super) fn map(anchor: usize, start: (usize, bool)) -> Self {
        let content = Content::Map {
            entries: IndexMap::new(),
            pending: None,
            merge_key: None,
        };
        Self::new(anchor, start, content)
    }

    const fn new(anchor: usize, (start, flow): (usize, bool), content: Content) -> Self {
        Self {
            start,
            end: start,
            flow,
            anchor,
            merges: Vec::new(),
            content,
        }
    }

    pub(super) const fn expects_key(&self) -> bool {
        matches!(self.content, Content::Map { pending: None, .. })
    }

    pub(super) const fn pending_key(&self) -> Option<Span> {
        match &self.content {
            Content::Map {
                pending:
                    Some(Pending::Key(_, span) | Pending::Merge(span) | Pending::Duplicate(span)),
                ..
            } => Some(*span),
            _ => None,
        }
    }

    /// Takes the next key; gives it back with its first place if it is a duplicate.
    pub(super) fn key(&mut self, key: String, at: Span, plain: bool) -> Option<(String, Span)> {
        self.end = self.end.max(at.end);
        let Content::Map {
            entries,
            pending,
            merge_key,
        } = &mut self.content
        else {
            return None;
        };
        let is_merge = plain && key == super::MERGE;
        let first = if is_merge {
            *merge_key
        } else {
            entries.get(&key).map(|entry| entry.key)
        };
        if let Some(first) = first {
            *pending = Some(Pending::Duplicate(at));
            return Some((key, first));
        }
        *pending = Some(if is_merge {
            *merge_key = Some(at);
            Pending::Merge(at)
        } else {
            Pending::Key(key, at)
        });
        None
    }

    pub(super) fn attach(&mut self, value: Item) {
        self.end = self.end.max(value.span.end);
        match &mut self.content {
            Content::List(items) => items.push(value),
            Content::Map {
                entries, pending, ..
            } => match pending.take() {
                Some(Pending::Key(name, key)) => {
                    let merged = false;
                    entries.insert(name, Entry { key, value, merged });
                }
                Some(Pending::Merge(_)) => self.merges.push(value),
                Some(Pending::Duplicate(_)) | None => {}
            },
        }
    }

    /// Adds an entry of a merged mapping, unless the key is there already.
    pub(in crate::manifest::yaml) fn merge(&mut self, key: &str, entry: &Entry) -> bool {
        let Content::Map { entries, .. } = &mut self.content else {
            return false;
        };
        if entries.contains_key(key) {
            return false;
        }
        let merged = Entry {
            merged: true,
            ..*entry
        };
        entries.insert(key.to_owned(), merged);
        true
    }

    pub(super) fn into_kind(self) -> Kind {
        match self.content {
            Content::List(items) => Kind::List(items),
            Content::Map { entries, .. } => Kind::Map(Box::new(entries)),
        }
    }
}
