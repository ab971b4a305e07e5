//! Documentation as descriptions.

use crate::limits;
use crate::literal::{self, Read};
use crate::report::{Mistakes, Range};
use crate::structure::{Arguments, Attribute};
use cascade_core::manifest::draft::join_doc;
use cascade_core::scalar::Scalar;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

const SHORTEN: &str = "shorten it, or give the description with `description = \"...\"`";

/// The documentation of an item, and its place.
#[derive(Debug, Clone)]
pub(crate) struct Doc {
    pub(crate) text: Text,
    pub(crate) range: Range,
}

/// The text of documentation.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    /// One line.
    Known(String),
    /// Lines that only the compiler can put together: those of a file, or of another macro.
    Expression(TokenStream),
}

/// The documentation in all forms: comments, literals, `concat!`, `include_str!`, other macros.
pub(crate) fn doc(attributes: &[Attribute], mistakes: &mut Mistakes) -> Option<Doc> {
    let values = attributes.iter().filter_map(|attribute| {
        let is_doc = attribute.alone && attribute.ident == "doc";
        match &attribute.arguments {
            Arguments::Value(_, value) if is_doc && may_be_text(value, mistakes) => {
                Some(value.as_slice())
            }
            _ => None,
        }
    });
    let values: Vec<_> = values.collect();
    let range = values.first().map(|value| Range::of(value));
    let range = range.unwrap_or_else(|| Span::call_site().into());
    let known: Vec<Option<String>> = values.iter().map(|value| known(value)).collect();
    let lines: Option<Vec<&str>> = known.iter().map(Option::as_deref).collect();
    let text = match lines {
        Some(texts) => {
            let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
            let text = join_doc(&lines);
            if let Err(message) = limits::text(text.len()) {
                mistakes.add_with(range, message, SHORTEN);
                return None;
            }
            (!text.is_empty()).then_some(Text::Known(text))?
        }
        None => {
            let values = known.iter().zip(&values).map(|(known, value)| match known {
                Some(text) => quote!(#text),
                None => quote!(#(#value)*),
            });
            Text::Expression(quote!(#(#values),*))
        }
    };
    Some(Doc { text, range })
}

/// Returns the text of a comment or a literal, as rustdoc reads it.
fn known(value: &[TokenTree]) -> Option<String> {
    match literal::read(value) {
        Read::Known(Scalar::Text(text)) if !literal::is_joined(value) => Some(without_stars(text)),
        _ => None,
    }
}

/// The text of a block comment without the stars that its lines begin with.
fn without_stars(text: String) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let bare = |line: &'_ str| Some(line.trim_start().strip_prefix('*')?.to_owned());
    let inner: Vec<&str> = lines.collect();
    let inner = match inner.split_last() {
        Some((last, inner)) if last.trim().is_empty() => inner,
        _ => &inner,
    };
    let bare: Option<Vec<String>> = inner.iter().map(|line| bare(line)).collect();
    match bare {
        Some(bare) if !bare.is_empty() && !first.trim_start().starts_with('*') => {
            format!("{first}\n{}", bare.join("\n"))
        }
        _ => text,
    }
}

/// Returns true for what can be documentation: the compiler itself says so of everything else, but
/// not of what is too large.
fn may_be_text(value: &[TokenTree], mistakes: &mut Mistakes) -> bool {
    match literal::read(value) {
        Read::Known(scalar) => matches!(scalar, Scalar::Text(_)),
        Read::Expression => {
            let is_call = matches!(value.last(), Some(TokenTree::Group(_)));
            is_call && literal::not_constant(value).is_none()
        }
        Read::Refused(message) => {
            if literal::is_joined(value) || literal::text(value).is_some() {
                mistakes.add_with(Range::of(value), message, SHORTEN);
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_stars;

    #[test]
    fn stars_of_a_block_comment_go() {
        for (text, expected) in [
            (
                " Block\n * with stars\n *\n * end\n ",
                " Block\n with stars\n\n end",
            ),
            ("\n * a\n ", "\n a"),
            (" Block\n without\n ", " Block\n without\n "),
            (" * one line ", " * one line "),
            ("* a\n* list", "* a\n* list"),
            ("", ""),
        ] {
            assert_eq!(without_stars(text.to_owned()), expected);
        }
    }
}
