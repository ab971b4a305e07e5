//! The places from which things were moved.

use crate::key_path::{KeyPath, Segment};

/// Pairs of places: where something stands now, and where it was written.
#[derive(Debug, Default)]
pub struct Moves {
    moved: Vec<(KeyPath, KeyPath)>,
}

impl Moves {
    pub(super) fn add(&mut self, to: KeyPath, from: KeyPath) {
        self.moved.push((to, from));
    }

    /// Returns the place at which something was written that stands at `at` now.
    #[must_use]
    pub fn written(&self, at: &KeyPath) -> KeyPath {
        let steps = at.segments();
        let around = self.moved.iter().filter_map(|(to, from)| {
            let to = to.segments();
            let below = steps.strip_prefix(to.as_slice())?;
            Some((to.len(), from, below))
        });
        let Some((_, from, below)) = around.max_by_key(|(length, ..)| *length) else {
            return at.clone();
        };
        let written = below.iter().fold(from.clone(), |at, step| match step {
            Segment::Key(key) => at.key(key),
            Segment::Index(index) => at.index(*index),
        });
        written.with_focus(at.focus())
    }
}
