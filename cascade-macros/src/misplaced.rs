//! Attributes of fields, used outside a pipeline.

use crate::keys::Kind;
use crate::tokens::names;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote;

/// The item as it was, with an error that says where the attribute belongs.
pub(crate) fn misplaced(attribute: &str, item: &TokenStream) -> TokenStream {
    let ty =
        Kind::of_attribute(attribute).map_or("Deploy", |kind| kind.type_name().unwrap_or("Api"));
    let message = format!(
        "`#[{attribute}]` belongs on a field of a `#[pipeline]` struct\nhelp: write `#[pipeline(...)] struct Shop {{ #[{attribute}(...)] name: {ty} }}`"
    );
    // Without the expansion's context, which would add a note about macros.
    let first = item.clone().into_iter().next();
    let context = first.map_or_else(Span::call_site, |token| token.span());
    let error = syn::Error::new(Span::call_site().resolved_at(context), message).to_compile_error();
    let item = without_ours(item);
    quote!(#item #error)
}

/// The item without the attributes of its fields, which belong nowhere either; a pipeline keeps
/// them.
fn without_ours(item: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let is_pipeline = tokens.iter().any(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            let path: Vec<TokenTree> = group.stream().into_iter().collect();
            names(&path).any(|name| name == "pipeline")
        }
        _ => false,
    });
    if is_pipeline {
        return item.clone();
    }
    let Some((TokenTree::Group(body), head)) = tokens.split_last() else {
        return item.clone();
    };
    let mut fields = Vec::new();
    for token in body.stream() {
        let is_ours = matches!(&token, TokenTree::Group(group) if is_ours(group));
        if is_ours && crate::parse::is_punct(fields.last(), '#') {
            fields.pop();
        } else {
            fields.push(token);
        }
    }
    let mut stripped = Group::new(body.delimiter(), fields.into_iter().collect());
    stripped.set_span(body.span());
    let head = head.iter().cloned();
    head.chain([TokenTree::Group(stripped)]).collect()
}

/// Returns true for the brackets of one of these attributes.
fn is_ours(brackets: &Group) -> bool {
    let first = brackets.stream().into_iter().next();
    let name = first.map(|name| name.to_string()).unwrap_or_default();
    brackets.delimiter() == Delimiter::Bracket
        && (name == "strategy" || Kind::of_attribute(&name).is_some())
}
