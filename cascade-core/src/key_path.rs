//! The places of values in a draft.

use std::fmt;
use std::sync::Arc;

/// The way from the root of `config` to a key, a value or a segment of a value.
///
/// Cloning is cheap: paths share their parents.
///
/// ```
/// use cascade_core::key_path::KeyPath;
/// let at = KeyPath::root().key("deploys").index(0).key("inputs").key("tag");
/// assert_eq!(at.to_string(), "deploys[0].inputs.tag");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct KeyPath {
    last: Option<Arc<Link>>,
    focus: Focus,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Link {
    parent: Option<Arc<Link>>,
    segment: Segment,
}

/// One step of a [`KeyPath`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A key of a mapping.
    Key(Arc<str>),
    /// A position in a list, from 0.
    Index(usize),
}

/// The part of the place that a path speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Focus {
    /// The value.
    #[default]
    Value,
    /// The key that the value stands under.
    Key,
    /// The n-th part, from 0, of a dotted value (the `tag` of `image.outputs.tag` is 2).
    Part(usize),
}

impl KeyPath {
    /// The root of `config`.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The value under `key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.push(Segment::Key(Arc::from(key)))
    }

    /// The item at `index`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.push(Segment::Index(index))
    }

    /// The same place, speaking of its key.
    #[must_use]
    pub fn as_key(&self) -> Self {
        self.with_focus(Focus::Key)
    }

    /// The same place, speaking of one part of its dotted value.
    #[must_use]
    pub fn part(&self, part: usize) -> Self {
        self.with_focus(Focus::Part(part))
    }

    /// Returns the part of the place that this path speaks of.
    #[must_use]
    pub const fn focus(&self) -> Focus {
        self.focus
    }

    /// The same place, speaking of `focus`.
    #[must_use]
    pub fn with_focus(&self, focus: Focus) -> Self {
        Self {
            last: self.last.clone(),
            focus,
        }
    }

    /// The enclosing place, or `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let last = self.last.as_ref()?;
        Some(Self {
            last: last.parent.clone(),
            focus: Focus::Value,
        })
    }

    /// The last step, or `None` at the root.
    #[must_use]
    pub fn last(&self) -> Option<&Segment> {
        self.last.as_ref().map(|link| &link.segment)
    }

    /// All steps from the root.
    #[must_use]
    pub fn segments(&self) -> Vec<&Segment> {
        let mut segments = Vec::new();
        let mut next = self.last.as_deref();
        while let Some(link) = next {
            segments.push(&link.segment);
            next = link.parent.as_deref();
        }
        segments.reverse();
        segments
    }

    /// Returns the keys behind the last position in a list, as an author of that item calls the
    /// place: `inputs.tag` for `deploys[0].inputs.tag`.
    #[must_use]
    pub fn within_item(&self) -> String {
        let segments = self.segments().into_iter().rev();
        let keys = segments.map_while(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        });
        let mut keys: Vec<&str> = keys.collect();
        keys.reverse();
        keys.join(".")
    }

    fn push(&self, segment: Segment) -> Self {
        let link = Link {
            parent: self.last.clone(),
            segment,
        };
        Self {
            last: Some(Arc::new(link)),
            focus: Focus::Value,
        }
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments().into_iter().enumerate() {
            match segment {
                Segment::Key(key) if position == 0 => write!(f, "{key}")?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_undo_steps() {
        let at = KeyPath::root().key("a").index(2).key("b");
        assert_eq!(at.parent().unwrap().to_string(), "a[2]");
        assert_eq!(at.as_key().parent(), at.parent());
        assert_eq!(KeyPath::root().parent(), None);
    }

    #[test]
    fn an_item_is_left_out_of_the_name() {
        let at = KeyPath::root().key("concurrency").key("group");
        assert_eq!(at.within_item(), "concurrency.group");
        let at = KeyPath::root().key("deploys").index(0).key("inputs");
        assert_eq!(at.key("tag").within_item(), "inputs.tag");
    }

    #[test]
    fn focus_distinguishes_places() {
        let at = KeyPath::root().key("a");
        assert_ne!(at, at.as_key());
        assert_ne!(at.part(0), at.part(1));
    }
}
