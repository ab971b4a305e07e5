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
    let error = syn::Error::new(Span::call_site(), message).to_compile_error();
    quote!(#item #error)
}
