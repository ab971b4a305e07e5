//! The draft as an expression.

use super::Parts;
use crate::limits;
use crate::lower::{Expression, Joined};
use cascade_core::manifest::draft::Shape;
use cascade_core::manifest::draft::packed::pack;
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// The draft as one literal, and the constants that it takes values from.
pub(super) fn packed(parts: &Parts<'_>) -> TokenStream {
    let mut names = Vec::new();
    let text = pack(&parts.lowered.draft, &mut |at| {
        let expression = parts.lower.expressions.get(at)?;
        names.push(constant(expression));
        Some(names.len() - 1)
    });
    quote!(#text, &[#(&#names),*])
}

/// Constants with the values that the compiler evaluates.
pub(super) fn constants(parts: &Parts<'_>) -> TokenStream {
    let mut all: Vec<_> = parts.lower.expressions.values().collect();
    all.sort_by_key(|expression| expression.number);
    let own = Ident::new("Self", Span::call_site());
    let pipeline = &parts.input.item.declared.ident;
    let joined = parts.lower.joined.iter();
    let joined = joined.map(|joined| same(joined, parts.cascade));
    let constants = all.into_iter().map(|expression| {
        let tokens = without_self(expression.tokens.clone(), &own, pipeline);
        one(expression, &tokens, parts.cascade)
    });
    constants.chain(joined).collect()
}

/// Has the compiler compare what a macro gives with what was taken for it.
fn same(joined: &Joined, cascade: &TokenStream) -> TokenStream {
    let Joined { tokens, text } = joined;
    let span = tokens.span().resolved_at(Span::call_site());
    let cascade = located(cascade, span);
    quote_spanned!(span=> const _: () = #cascade::__private::same(#tokens, #text);)
}

/// One constant. Its parts stand where the value was written, so that errors do too, but they are
/// the expansion's own: another edition and lints of the author's crate do not reach them.
fn one(expression: &Expression, tokens: &TokenStream, cascade: &TokenStream) -> TokenStream {
    let name = constant(expression);
    let span = expression.tokens.span().resolved_at(Span::call_site());
    let cascade = located(cascade, span);
    let private = quote_spanned!(span=> #cascade::__private);
    if expression.is_doc {
        let most = Literal::usize_unsuffixed(limits::TEXT);
        return quote_spanned! {span=>
            const #name: #private::Doc = #private::Doc::new(&[#tokens], #most);
        };
    }
    match expression.shape {
        Shape::Int { min, max } => {
            let message = format!("`{}` must be between {min} and {max}", expression.key);
            let (min, max) = (Literal::i64_suffixed(*min), Literal::i64_suffixed(*max));
            quote_spanned! {span=>
                const #name: #private::core::primitive::i64 = #private::whole(#tokens, #min, #max, #message);
            }
        }
        Shape::Bool => quote_spanned! {span=>
            const #name: #private::core::primitive::bool = #tokens;
        },
        Shape::Scalar | Shape::OneOf(_) => quote_spanned! {span=>
            const #name: #private::Constant = &#private::leaf(#tokens).checked();
        },
        _ => quote_spanned! {span=>
            const #name: &#private::core::primitive::str = #tokens;
        },
    }
}

/// A path as if it stood there; what its names mean stays.
pub(super) fn located(path: &TokenStream, span: Span) -> TokenStream {
    let token = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    path.clone().into_iter().map(token).collect()
}

/// The expression with the pipeline's name for `Self`, which a constant within a function has not.
fn without_self(tokens: TokenStream, own: &Ident, pipeline: &Ident) -> TokenStream {
    let token = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == *own => {
            let mut named = pipeline.clone();
            named.set_span(pipeline.span().located_at(ident.span()));
            TokenTree::Ident(named)
        }
        TokenTree::Group(group) => {
            let inner = without_self(group.stream(), own, pipeline);
            let mut replaced = Group::new(group.delimiter(), inner);
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        token => token,
    };
    tokens.into_iter().map(token).collect()
}

fn constant(expression: &Expression) -> Ident {
    let name = format!("__CASCADE_{}", expression.number);
    Ident::new(&name, Span::call_site())
}
