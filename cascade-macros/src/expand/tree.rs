//! The draft as an expression.

use crate::lower::Lower;
use cascade_core::draft::packed::pack;
use cascade_core::draft::{KeyPath, Node, Shape};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// The draft as one literal, and the constants that it takes values from.
pub(super) fn packed(node: &Node, lower: &Lower) -> TokenStream {
    let mut names = Vec::new();
    let text = pack(node, &mut |at| {
        lower.expressions.get(at)?;
        names.push(constant(at));
        Some(names.len() - 1)
    });
    quote!(#text, &[#(&#names),*])
}

/// Constants with the values that the compiler evaluates.
pub(super) fn constants(lower: &Lower) -> TokenStream {
    let mut all: Vec<_> = lower.expressions.iter().collect();
    all.sort_by_key(|(at, _)| at.to_string());
    let constants = all.into_iter().map(|(at, expression)| {
        let name = constant(at);
        let tokens = &expression.tokens;
        let span = tokens.span();
        let (ty, test) = match expression.shape {
            Shape::Int { min, max } => {
                let message = format!("`{}` must be between {min} and {max}", expression.key);
                let test = (*min > i64::MIN || *max < i64::MAX).then(|| {
                    quote_spanned!(span=> const _: () = ::core::assert!(#name >= #min && #name <= #max, #message);)
                });
                (quote_spanned!(span=> i64), test)
            }
            Shape::Bool => (quote_spanned!(span=> bool), None),
            Shape::Scalar | Shape::OneOf(_) => {
                return quote_spanned! {span=>
                    const #name: &'static dyn ::cascade::__private::Leaf = &(#tokens);
                };
            }
            _ => (quote_spanned!(span=> &'static str), None),
        };
        let value = match expression.shape {
            Shape::Int { .. } => quote_spanned!(span=> (#tokens) as i64),
            _ => tokens.clone(),
        };
        quote_spanned! {span=>
            const #name: #ty = #value;
            #test
        }
    });
    quote!(#(#constants)*)
}

fn constant(at: &KeyPath) -> Ident {
    let fold = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let name: String = at.to_string().chars().map(fold).collect();
    Ident::new(&format!("__{name}"), Span::call_site())
}
