//! Key path to span.

use super::{Document, Entry, Kind, Span, Style, View};
use crate::key_path::{Focus, KeyPath, Segment};

/// How far a path could be followed.
#[derive(Debug, Clone, Copy)]
struct Reached<'a> {
    view: View<'a>,
    /// The key of the last mapping on the way whose value holds `view`, if `view` has one.
    key: Option<Span>,
    steps: usize,
    complete: bool,
}

impl Document {
    /// The place that `path`, counted from the value under `base`, speaks of.
    ///
    /// A place that was not written resolves to the nearest one around it that was. What a
    /// component inherits resolves to where it was written, at the root. `None` only if nothing
    /// stands at `base`.
    #[must_use]
    pub fn span(&self, path: &KeyPath, base: &[&str]) -> Option<Span> {
        let mut root = start(self.root()?);
        for key in base {
            root = step(root, &Segment::Key((*key).into()))?;
        }
        root.steps = 0;
        let segments = path.segments();
        let reached = follow(root, &segments);
        let reached = match segments.as_slice() {
            [Segment::Key(first), Segment::Key(_), rest @ ..]
                if !reached.complete && first.as_ref() == "components" =>
            {
                let inherited = follow(root, rest);
                let deeper = inherited.steps + 2 > reached.steps;
                if inherited.steps > 0 && deeper {
                    inherited
                } else {
                    reached
                }
            }
            _ => reached,
        };
        Some(self.focus(reached, path.focus()))
    }

    fn focus(&self, reached: Reached<'_>, focus: Focus) -> Span {
        let value = reached.view.span();
        let nothing = value.is_empty();
        let several_lines = self.slice(value).contains('\n');
        if reached.complete {
            match focus {
                Focus::Part(part) => return self.part(reached.view, part),
                Focus::Value if !nothing && !several_lines => return value,
                Focus::Key | Focus::Value => {}
            }
        }
        match reached.key {
            Some(key) => key,
            None => self.first_line(value),
        }
    }

    /// The `part`-th dotted part of a scalar, or all of it if escapes hide where that is.
    fn part(&self, view: View<'_>, part: usize) -> Span {
        let span = view.span();
        let Kind::Scalar(scalar, style) = view.kind() else {
            return self.first_line(span);
        };
        let quote = usize::from(*style == Style::Quoted);
        let inner = Span::new(span.start + quote, span.end.saturating_sub(quote));
        let raw = self.slice(inner);
        if view.is_alias() || raw != scalar.text() {
            return self.first_line(span);
        }
        let mut at = inner.start;
        for (index, text) in raw.split('.').enumerate() {
            if index == part && !text.is_empty() {
                return Span::new(at, at + text.len());
            }
            at += text.len() + 1;
        }
        span
    }

    fn first_line(&self, span: Span) -> Span {
        let line = self.slice(span).lines().next().unwrap_or_default();
        Span::new(span.start, span.start + line.trim_end().len())
    }
}

const fn start(view: View<'_>) -> Reached<'_> {
    Reached {
        view,
        key: None,
        steps: 0,
        complete: true,
    }
}

fn follow<'a>(root: Reached<'a>, segments: &[&Segment]) -> Reached<'a> {
    let mut reached = root;
    for segment in segments {
        match step(reached, segment) {
            Some(next) => reached = next,
            None => {
                reached.complete = false;
                break;
            }
        }
    }
    reached
}

fn step<'a>(from: Reached<'a>, segment: &Segment) -> Option<Reached<'a>> {
    let (view, key) = match segment {
        Segment::Key(name) => {
            let Entry { key, .. } = from.view.entry(name)?;
            (from.view.get(name)?, Some(*key))
        }
        Segment::Index(index) => (from.view.index(*index)?, None),
    };
    Some(Reached {
        view,
        key,
        steps: from.steps + 1,
        complete: true,
    })
}
