//! Key path to tokens.

use crate::report::Range;
use cascade_core::draft::{Focus, KeyPath, Segment};
use proc_macro2::Span;
use std::collections::HashMap;

/// Where each key and value of a draft was written.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    places: HashMap<KeyPath, Place>,
}

#[derive(Debug, Default, Clone)]
struct Place {
    key: Option<Range>,
    value: Option<Range>,
    parts: Vec<Span>,
}

impl Spans {
    pub(crate) fn key(&mut self, at: &KeyPath, range: impl Into<Range>) {
        self.places.entry(at.clone()).or_default().key = Some(range.into());
    }

    pub(crate) fn value(&mut self, at: &KeyPath, range: impl Into<Range>) {
        self.places.entry(at.clone()).or_default().value = Some(range.into());
    }

    pub(crate) fn parts(&mut self, at: &KeyPath, parts: Vec<Span>) {
        self.places.entry(at.clone()).or_default().parts = parts;
    }

    /// The smallest range that `at` speaks of: a place that was not written is that of the key
    /// around it, and what a component inherits is where the pipeline wrote it.
    pub(crate) fn find(&self, at: &KeyPath) -> Option<Range> {
        let focus = at.focus();
        let mut own = at.with_focus(Focus::Value);
        if !self.places.contains_key(&own)
            && let Some(inherited) = inherited(at)
            && self.places.contains_key(&inherited)
        {
            own = inherited;
        }
        if let Some(place) = self.places.get(&own) {
            return match focus {
                Focus::Key => place.key.or(place.value),
                Focus::Value => place.value.or(place.key),
                Focus::Part(part) => {
                    let part = place.parts.get(part).copied();
                    part.map(Range::from).or(place.value).or(place.key)
                }
            };
        }
        let mut around = own.parent();
        while let Some(path) = around {
            if let Some(place) = self.places.get(&path) {
                return place.key.or(place.value);
            }
            around = path.parent();
        }
        None
    }
}

/// The place at the top of the configuration that a component's place stands for.
fn inherited(at: &KeyPath) -> Option<KeyPath> {
    let segments = at.segments();
    let [Segment::Key(first), Segment::Key(_), rest @ ..] = segments.as_slice() else {
        return None;
    };
    if first.as_ref() != "components" {
        return None;
    }
    let step = |path: KeyPath, segment: &&Segment| match segment {
        Segment::Key(key) => path.key(key),
        Segment::Index(index) => path.index(*index),
    };
    Some(rest.iter().fold(KeyPath::root(), step))
}
