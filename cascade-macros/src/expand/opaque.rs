//! What stands for a pipeline that cannot be a type of its own: an enum, a struct with parameters, a
//! struct with the same field twice.
//!
//! Its name is that of a type that the compiler could not make out: an error stands among the type's
//! own parameters. The compiler says so once, and is silent about everything that is done with it.

use super::{named, parameters};
use crate::report::Mistakes;
use crate::structure::Declared;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

/// Returns the items of a pipeline that is only a name.
pub(super) fn items(declared: &Declared, mistakes: Mistakes) -> TokenStream {
    let Declared {
        vis,
        ident,
        parameters,
    } = declared;
    let environment = format!("{}Environment", ident.unraw());
    let environment = named(&environment, ident.span());
    let (names, parameters) = parameters::with_defaults(parameters);
    let (unknown, other_errors) = unknown(declared, names, mistakes);
    quote! {
        #vis type #ident #parameters = #unknown;
        #[allow(non_upper_case_globals)]
        #vis const #ident: #ident = loop {};
        #vis type #environment = #ident;
        #other_errors
    }
}

/// Returns the name of a type that is not known, and the items that declare it with all errors.
pub(super) fn alias(declared: &Declared, mistakes: Mistakes) -> (Ident, TokenStream) {
    let ident = &declared.ident;
    let name = named(&format!("__{}Broken", ident.unraw()), ident.span());
    let vis = &declared.vis;
    let (unknown, other_errors) = unknown(declared, TokenStream::new(), mistakes);
    let items = quote! {
        #vis type #name = #unknown;
        #other_errors
    };
    (name, items)
}

/// Returns a type with the first error in it that uses these parameters, and the items that it
/// needs.
fn unknown(
    declared: &Declared,
    parameters: TokenStream,
    mistakes: Mistakes,
) -> (TokenStream, TokenStream) {
    let Declared { vis, ident, .. } = declared;
    let name = named(&format!("__{}Unknown", ident.unraw()), ident.span());
    let (first, others) = mistakes.into_expression();
    let items = quote! {
        #vis struct #name<T, const N: ::core::primitive::usize> {
            marker: ::core::marker::PhantomData<T>,
        }
        #others
    };
    (quote!(#name<(#parameters), { #first }>), items)
}
