//! Another value in one field of a YAML or JSON text; every other byte stays.
//!
//! The result is read again: if anything but the field would mean something else, the edit is
//! refused.

use crate::manifest::FieldStep;
use crate::manifest::draft::Node;
use crate::manifest::yaml::write::{quoted, scalar};
use crate::manifest::yaml::{Document, Kind, ReadError, Span, Style, View, read};
use crate::scalar::Scalar;
use std::fmt;
use std::ops::Range;

/// The result of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// The field holds the value already.
    Same,
    /// The text with the value.
    Changed(String),
}

/// The reason why a field was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotEdited {
    /// The text cannot be read; the line, and what is wrong.
    Unreadable(usize, String),
    /// There is no such field: the part of the way that leads nowhere.
    Missing(String),
    /// Several documents of the text have the field.
    Ambiguous,
    /// The field holds a mapping or a list.
    NotAScalar,
    /// The value is written somewhere else, by an alias or a merge key.
    Elsewhere,
    /// Another part of the text depends on the field.
    Entangled,
}

impl fmt::Display for NotEdited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(line, why) => write!(f, "line {line}: {why}"),
            Self::Missing(part) => write!(f, "there is no `{part}`"),
            Self::Ambiguous => f.write_str("several documents of the file have the field"),
            Self::NotAScalar => f.write_str("the field holds no single value"),
            Self::Elsewhere => {
                f.write_str("the value is written somewhere else, behind an alias or a merge key")
            }
            Self::Entangled => f.write_str(
                "another part of the file depends on the field, by an anchor or its form",
            ),
        }
    }
}

impl std::error::Error for NotEdited {}

/// Returns the text with `value` in a field that is there already; `path` says by its ending whether
/// it is JSON.
///
/// # Errors
/// See [`NotEdited`].
///
/// # Examples
/// ```
/// use cascade_core::manifest::TargetField;
/// use cascade_core::gitops::{Edited, edit};
///
/// let field: TargetField = "image.tag".parse()?;
/// let text = "image: { name: app, tag: v1 } # ours\n";
/// let edited = edit(text, "app.yaml", &field.steps("dev"), "v2");
/// assert_eq!(edited, Ok(Edited::Changed("image: { name: app, tag: v2 } # ours\n".to_owned())));
/// # Ok::<(), cascade_core::manifest::draft::Problem>(())
/// ```
pub fn edit(text: &str, path: &str, steps: &[FieldStep], value: &str) -> Result<Edited, NotEdited> {
    let json = path.ends_with(".json");
    let mut edited = None;
    let mut missing = None;
    for part in documents(text, json) {
        let whole = &text[part.clone()];
        let found = match edit_document(whole, steps, (value, json)) {
            Err(NotEdited::Missing(step)) => {
                missing = Some(NotEdited::Missing(step));
                continue;
            }
            Err(NotEdited::Unreadable(line, why)) => {
                let before = text[..part.start].matches('\n').count();
                return Err(NotEdited::Unreadable(before + line, why));
            }
            found => found?,
        };
        let found = match found {
            Edited::Same => Edited::Same,
            Edited::Changed(document) => Edited::Changed(format!(
                "{}{document}{}",
                &text[..part.start],
                &text[part.end..]
            )),
        };
        if edited.replace(found).is_some() {
            return Err(NotEdited::Ambiguous);
        }
    }
    edited.ok_or_else(|| missing.unwrap_or_else(|| NotEdited::Missing(shown(steps))))
}

/// Returns where the documents of a text are: a line `---` begins one.
fn documents(text: &str, json: bool) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if begins && at > 0 && !json {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

fn edit_document(
    text: &str,
    steps: &[FieldStep],
    (value, json): (&str, bool),
) -> Result<Edited, NotEdited> {
    if json {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(text);
        parsed.map_err(|error| NotEdited::Unreadable(error.line(), error.to_string()))?;
    }
    let document = read(text.as_bytes()).map_err(|errors| unreadable(text, &errors))?;
    let root = document
        .root()
        .ok_or_else(|| NotEdited::Missing(shown(steps)))?;
    let place = find(root, steps)?;
    if let Kind::Scalar(Scalar::Text(held), _) = place.value.kind()
        && held == value
    {
        return Ok(Edited::Same);
    }
    let mut expected = root.draft();
    set(&mut expected, steps, value);
    let spellings = spellings(&document, &place, (value, json))?;
    let results = spellings
        .into_iter()
        .map(|(span, with)| format!("{}{with}{}", &text[..span.start], &text[span.end..]));
    let means = |result: &String| {
        let again = read(result.as_bytes()).ok();
        again.and_then(|again| again.root().map(View::draft)) == Some(expected.clone())
    };
    let mut good = results.filter(means);
    good.next().map(Edited::Changed).ok_or(NotEdited::Entangled)
}

fn unreadable(text: &str, errors: &[ReadError]) -> NotEdited {
    match errors.first() {
        Some(error) => {
            let before = text.get(..error.span.start).unwrap_or_default();
            NotEdited::Unreadable(before.matches('\n').count() + 1, error.message.clone())
        }
        None => NotEdited::Unreadable(1, "it cannot be read".to_owned()),
    }
}

/// A field: its value, and its key where it is of a mapping.
struct Place<'a> {
    key: Option<Span>,
    value: View<'a>,
}

fn find<'a>(root: View<'a>, steps: &[FieldStep]) -> Result<Place<'a>, NotEdited> {
    let mut place = Place {
        key: None,
        value: root,
    };
    for (count, step) in steps.iter().enumerate() {
        let missing = || NotEdited::Missing(shown(&steps[..=count]));
        if place.value.is_alias() {
            return Err(NotEdited::Elsewhere);
        }
        let entry = match step {
            FieldStep::Key(key) => place.value.entry(key),
            FieldStep::Index(_) => None,
        };
        if entry.is_some_and(|entry| entry.merged) {
            return Err(NotEdited::Elsewhere);
        }
        let value = match (step, index(step)) {
            (FieldStep::Key(key), _) if entry.is_some() => place.value.get(key),
            (_, Some(index)) => place.value.index(index),
            _ => None,
        };
        place = Place {
            key: entry.map(|entry| entry.key),
            value: value.ok_or_else(missing)?,
        };
    }
    match place.value.kind() {
        _ if place.value.is_alias() => Err(NotEdited::Elsewhere),
        Kind::Map(_) | Kind::List(_) => Err(NotEdited::NotAScalar),
        Kind::Null | Kind::Scalar(..) => Ok(place),
    }
}

/// Returns the item of a list that a step means.
fn index(step: &FieldStep) -> Option<usize> {
    match step {
        FieldStep::Index(index) => Some(*index),
        FieldStep::Key(key) => key.parse().ok(),
    }
}

fn set(node: &mut Node, steps: &[FieldStep], value: &str) {
    let mut node = Some(node);
    for step in steps {
        node = node.and_then(|node| match (node, step) {
            (Node::Map(map), FieldStep::Key(key)) => map.get_mut(key.as_str()),
            (Node::List(items), step) => items.get_mut(index(step)?),
            _ => None,
        });
    }
    if let Some(node) = node {
        *node = Node::from(value);
    }
}

/// Returns the ways in which the value can be written, the one nearest to what was there first.
fn spellings(
    document: &Document,
    place: &Place<'_>,
    (value, json): (&str, bool),
) -> Result<Vec<(Span, String)>, NotEdited> {
    let span = place.value.span();
    if json {
        return Ok(vec![(span, serde_json::Value::from(value).to_string())]);
    }
    if span.is_empty() {
        return nothing(document, place, value);
    }
    let plain = [scalar(value), quoted(value)];
    let old = document.slice(span);
    let near = match place.value.kind() {
        Kind::Scalar(_, Style::Block) => return Err(NotEdited::Entangled),
        Kind::Scalar(_, Style::Quoted) if old.starts_with('\'') => {
            vec![format!("'{}'", value.replace('\'', "''"))]
        }
        Kind::Scalar(_, Style::Quoted) => vec![quoted(value)],
        _ => Vec::new(),
    };
    let all = near.into_iter().chain(plain);
    Ok(all.map(|with| (span, with)).collect())
}

/// Returns the ways to write a value behind a key that has none.
fn nothing(
    document: &Document,
    place: &Place<'_>,
    value: &str,
) -> Result<Vec<(Span, String)>, NotEdited> {
    let key = place.key.ok_or(NotEdited::Entangled)?;
    let behind = document.text().get(key.end..).unwrap_or_default();
    let colon = behind.find(':').map(|at| key.end + at + 1);
    let colon = colon.ok_or(NotEdited::Entangled)?;
    let at = Span::new(colon, colon);
    let all = [scalar(value), quoted(value)];
    Ok(all
        .into_iter()
        .map(|with| (at, format!(" {with}")))
        .collect())
}

/// Returns the steps as an author writes them.
fn shown(steps: &[FieldStep]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            FieldStep::Index(index) => text.push_str(&format!("[{index}]")),
            FieldStep::Key(key) if key.contains(['.', '[', '"']) => {
                text.push_str(&format!("[\"{key}\"]"));
            }
            FieldStep::Key(key) if text.is_empty() => text.push_str(key),
            FieldStep::Key(key) => text.push_str(&format!(".{key}")),
        }
    }
    text
}

#[cfg(test)]
mod tests;
