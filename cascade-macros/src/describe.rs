//! Documentation as descriptions.

use crate::literal::{self, Read};
use crate::report::Range;
use crate::structure::{Arguments, Attribute};
use cascade_core::manifest::draft::join_doc;
use cascade_core::scalar::Scalar;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

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
pub(crate) fn doc(attributes: &[Attribute]) -> Option<Doc> {
    let values = attributes.iter().filter_map(|attribute| {
        let is_doc = attribute.alone && attribute.ident == "doc";
        match &attribute.arguments {
            Arguments::Value(_, value) if is_doc && may_be_text(value) => Some(value.as_slice()),
            _ => None,
        }
    });
    let values: Vec<_> = values.collect();
    let range = values.first().map(|value| Range::of(value));
    let range = range.unwrap_or_else(|| Span::call_site().into());
    let known = |value: &&[_]| match literal::read(value) {
        Read::Known(Scalar::Text(text)) if !literal::is_joined(value) => Some(text),
        _ => None,
    };
    let lines: Option<Vec<String>> = values.iter().map(known).collect();
    let text = match lines {
        Some(lines) => {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let text = join_doc(&lines);
            (!text.is_empty()).then_some(Text::Known(text))?
        }
        None => {
            let values = values.iter().map(|value| quote!(#(#value)*));
            Text::Expression(quote!(&[#(#values),*]))
        }
    };
    Some(Doc { text, range })
}

/// Returns true for what can be documentation: the compiler itself says so of everything else.
fn may_be_text(value: &[TokenTree]) -> bool {
    match literal::read(value) {
        Read::Known(scalar) => matches!(scalar, Scalar::Text(_)),
        Read::Expression => {
            let is_call = matches!(value.last(), Some(TokenTree::Group(_)));
            is_call && literal::not_constant(value).is_none()
        }
        Read::Refused(_) => false,
    }
}
