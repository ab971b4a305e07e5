//! Attributes of fields, used outside a pipeline.

use crate::keys::Kind;
use proc_macro2::{Span, TokenStream};
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
    quote!(#item #error)
}
