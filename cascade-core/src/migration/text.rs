//! A configuration with the lines of its keys.

use super::{Note, Outcome, Place, Unreadable};
use crate::manifest::draft::Node;
use crate::manifest::yaml::{Document, Kind, Lines, View, read};
use crate::scalar::Scalar;

/// The advice about a value that is not what it must be.
pub(super) const CORRECT_IT: &str = "it was not read: correct it, and migrate again";

/// A configuration file, JSON or YAML. JSON is read as YAML, which it is a part of, so that both
/// know their lines.
///
/// Source: YAML 1.2.2, "YAML and JSON".
#[derive(Debug)]
pub(super) struct Text {
    pub(super) path: String,
    document: Document,
}

impl Text {
    /// Reads JSON, and nothing that only YAML allows.
    pub(super) fn json(path: &str, text: &str) -> Result<Self, Unreadable> {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
        let strict = serde_json::from_str::<serde_json::Value>(plain);
        if let Err(error) = strict {
            return Err(Unreadable {
                place: Place::line(path, error.line().max(1)),
                message: format!("this is not JSON: {error}"),
            });
        }
        Self::yaml(path, text)
    }

    /// Reads YAML or JSON.
    pub(super) fn yaml(path: &str, text: &str) -> Result<Self, Unreadable> {
        let document = read(text.as_bytes()).map_err(|errors| {
            let first = errors.first();
            let at = first.map_or(0, |error| error.span.start);
            Unreadable {
                place: Place::line(path, Lines::new(text).position(text, at).line),
                message: first.map_or_else(String::new, |error| error.message.clone()),
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            document,
        })
    }

    /// Returns the mapping that the file holds; another value is no configuration.
    pub(super) fn root(&self) -> Result<View<'_>, Unreadable> {
        match self.document.root() {
            Some(root) if matches!(root.kind(), Kind::Map(_)) => Ok(root),
            other => Err(Unreadable {
                place: Place::line(&self.path, 1),
                message: format!(
                    "the file must hold a mapping, and holds {}",
                    other.map_or("nothing", kind)
                ),
            }),
        }
    }

    /// Returns the steps of a workflow, each with the id of its job; none if it has no jobs.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&str, View<'_>)> {
        let jobs = self.document.root().and_then(|root| root.get("jobs"));
        let jobs = jobs.into_iter().flat_map(View::entries);
        jobs.flat_map(|(id, job)| {
            let steps = job.get("steps").into_iter().flat_map(View::items);
            steps.map(move |step| (id, step))
        })
    }

    /// Returns the place of a key.
    pub(super) fn key(&self, map: View<'_>, key: &str) -> Place {
        match map.entry(key) {
            Some(entry) => self.at(entry.key.start),
            None => Place::file(&self.path),
        }
    }

    /// Returns the place of a value.
    pub(super) fn value(&self, value: View<'_>) -> Place {
        self.at(value.span().start)
    }

    fn at(&self, offset: usize) -> Place {
        Place::line(&self.path, self.document.position(offset).line)
    }

    /// Returns the text under a key; a value of another kind is told.
    pub(super) fn text(&self, map: View<'_>, key: &str, notes: &mut Vec<Note>) -> Option<String> {
        let value = map.get(key)?;
        match value.scalar() {
            Some(Scalar::Text(text)) => Some(text.clone()),
            _ => self.odd(map, key, "a text", notes),
        }
    }

    /// Returns the switch under a key; a value of another kind is told.
    pub(super) fn switch(&self, map: View<'_>, key: &str, notes: &mut Vec<Note>) -> Option<bool> {
        let value = map.get(key)?;
        match value.scalar() {
            Some(Scalar::Bool(on)) => Some(*on),
            _ => self.odd(map, key, "`true` or `false`", notes),
        }
    }

    /// Tells that a value is not what it must be. `null` is no value.
    pub(super) fn odd<T>(
        &self,
        map: View<'_>,
        key: &str,
        expected: &str,
        notes: &mut Vec<Note>,
    ) -> Option<T> {
        let value = map.get(key)?;
        if value.draft() != Node::Null {
            let place = self.key(map, key);
            let message = format!("`{key}` must be {expected}, and is {}", kind(value));
            let note = Note::new(Outcome::ByHand, place, message);
            let note = note.help(CORRECT_IT);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        None
    }
}

/// Returns the headings of a changelog's sections as the end of a message; nothing without one.
pub(super) fn headings<'a>(sections: impl Iterator<Item = View<'a>>) -> String {
    let names: Vec<String> = sections
        .filter_map(|each| each.get("section")?.text())
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(": {}", names.join(", ")),
    }
}

/// Returns the kind of a value, for messages.
pub(super) fn kind(value: View<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "nothing",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a mapping",
        Kind::Scalar(Scalar::Text(_), _) => "a text",
        Kind::Scalar(Scalar::Bool(_), _) => "a switch",
        Kind::Scalar(..) => "a number",
    }
}
