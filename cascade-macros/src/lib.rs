//! Attribute macros of cascade: a pipeline that is checked while it compiles.
//!
//! A pipeline goes through the files of this crate in this order:
//!
//! | module | what it does |
//! |---|---|
//! | `parse` | attribute tokens to items: `key = value`, `key(...)`, `word` |
//! | `input` | the struct: its fields and their attributes |
//! | `lower` | items to core's draft, by the shape of each key; sugars |
//! | `spans` | which tokens a place in the draft was written with |
//! | `judge` | core's rules, run on the draft with the repository's workflow files |
//! | `report`, `spelling` | findings as compile errors, in Rust's spelling |
//! | `expand` | the struct, accessors, handles, environments, `impl Pipeline` |
//!
//! There are no rules here but those of spelling: every other one lives in core.

mod expand;
mod input;
mod judge;
mod keys;
mod literal;
mod lower;
mod misplaced;
mod parse;
mod report;
mod root;
mod spans;
mod spelling;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Declares a pipeline.
#[proc_macro_attribute]
pub fn pipeline(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let around = root::Surroundings {
        file: proc_macro::Span::call_site().local_file(),
        package: std::env::var_os("CARGO_MANIFEST_DIR").map(Into::into),
    };
    expand::expand(arguments.into(), &item.into(), &around.resolved()).into()
}

macro_rules! field_attributes {
    ($($(#[doc = $doc:expr])* $name:ident)*) => { $(
        $(#[doc = $doc])*
        #[proc_macro_attribute]
        pub fn $name(_: TokenStream, item: TokenStream) -> TokenStream {
            misplaced::misplaced(stringify!($name), &item.into()).into()
        }
    )* };
}

field_attributes! {
    /// Declares a build.
    build
    /// Declares a deploy.
    deploy
    /// Declares the validation.
    validate
    /// Declares the publication.
    publish
    /// Declares another repository.
    external
    /// Declares how a deploy reaches its users.
    strategy
    /// Declares a component.
    component
}
