//! Key path to tokens.

use crate::report::Range;
use cascade_core::key_path::{Focus, KeyPath, Segment};
use proc_macro2::Span;
use std::cell::OnceCell;
use std::collections::HashMap;

/// The place where each key and value of a draft was written.
///
/// Only mistakes ask for a place, and most pipelines have none: the index waits for the first.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    written: Vec<(KeyPath, Written)>,
    places: OnceCell<HashMap<KeyPath, Place>>,
}

#[derive(Debug, Clone)]
enum Written {
    Key(Range),
    Value(Range),
    Parts(Vec<Span>),
}

#[derive(Debug, Default, Clone)]
struct Place {
    key: Option<Range>,
    value: Option<Range>,
    parts: Vec<Span>,
}

impl Spans {
    pub(crate) fn key(&mut self, at: &KeyPath, range: impl Into<Range>) {
        self.write(at, Written::Key(range.into()));
    }

    pub(crate) fn value(&mut self, at: &KeyPath, range: impl Into<Range>) {
        self.write(at, Written::Value(range.into()));
    }

    pub(crate) fn parts(&mut self, at: &KeyPath, parts: Vec<Span>) {
        self.write(at, Written::Parts(parts));
    }

    fn write(&mut self, at: &KeyPath, written: Written) {
        self.places.take();
        self.written.push((at.clone(), written));
    }

    fn places(&self) -> &HashMap<KeyPath, Place> {
        self.places.get_or_init(|| {
            let mut places: HashMap<KeyPath, Place> = HashMap::new();
            for (at, written) in &self.written {
                let place = places.entry(at.clone()).or_default();
                match written {
                    Written::Key(range) => place.key = Some(*range),
                    Written::Value(range) => place.value = Some(*range),
                    Written::Parts(parts) => place.parts.clone_from(parts),
                }
            }
            places
        })
    }

    /// The smallest range that `at` speaks of: a place that was not written is that of the key
    /// around it, and what a component inherits is where the pipeline wrote it.
    pub(crate) fn find(&self, at: &KeyPath) -> Option<Range> {
        let focus = at.focus();
        let places = self.places();
        let mut own = at.with_focus(Focus::Value);
        if !places.contains_key(&own)
            && let Some(inherited) = inherited(at)
            && places.contains_key(&inherited)
        {
            own = inherited;
        }
        if let Some(place) = places.get(&own) {
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
            if let Some(place) = places.get(&path) {
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
