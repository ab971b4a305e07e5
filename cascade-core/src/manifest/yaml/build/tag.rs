//! Tags: those of the core schema mean what they say, all others are errors.

use crate::finding::rules::SYNTAX;
use crate::manifest::yaml::{ReadError, Span, Style, scalar};
use crate::scalar::Scalar;
use granit_parser::Tag;

/// The meaning of a scalar; `None` is null.
pub(super) fn resolve(
    value: &str,
    style: Style,
    tag: Option<&Tag>,
    span: Span,
) -> Result<Option<Scalar>, ReadError> {
    let text = || Some(Scalar::Text(value.to_owned()));
    let Some(tag) = tag else {
        let plain = style == Style::Plain;
        return Ok(if plain { scalar::plain(value) } else { text() });
    };
    let resolved = scalar::plain(value);
    let fits = match core(tag).as_deref() {
        Some("str" | "") => return Ok(text()),
        Some("null") => resolved.is_none(),
        Some("bool") => matches!(resolved, Some(Scalar::Bool(_))),
        Some("int") => matches!(resolved, Some(Scalar::Int(_))),
        Some("float") => matches!(resolved, Some(Scalar::Int(_) | Scalar::Float(_))),
        _ => return Err(unknown(tag, span)),
    };
    if fits {
        return Ok(resolved);
    }
    let message = format!("`{value}` does not fit its tag `{tag}`");
    Err(ReadError::new(&SYNTAX, span, message).help("remove the tag"))
}

/// A list or a mapping has no tag, or the one that `name` says.
pub(super) fn collection(tag: Option<&Tag>, name: &str, span: Span) -> Result<(), ReadError> {
    match tag {
        Some(tag) if core(tag).as_deref() != Some(name) => Err(unknown(tag, span)),
        _ => Ok(()),
    }
}

/// The name of a tag of the core schema; the empty one is `!`, "not resolved".
fn core(tag: &Tag) -> Option<String> {
    let full = format!("{}{}", tag.handle(), tag.suffix());
    if full == "!" {
        return Some(String::new());
    }
    full.strip_prefix("tag:yaml.org,2002:").map(str::to_owned)
}

fn unknown(tag: &Tag, span: Span) -> ReadError {
    ReadError::new(&SYNTAX, span, format!("unknown tag `{tag}`"))
        .help("remove it; only the tags of YAML's core schema have a meaning here")
}
