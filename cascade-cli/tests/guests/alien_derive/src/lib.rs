//! A derive with helper attributes whose names are near those of a pipeline.

use proc_macro::TokenStream;

#[proc_macro_derive(Builder, attributes(builder, serde, arg, deploys, strategies, validator))]
pub fn builder(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
