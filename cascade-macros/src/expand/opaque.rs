//! The stand-in for a pipeline that cannot be a type of its own: an enum, a struct with parameters,
//! a struct with the same field twice.
//!
//! Its name is that of a type that the compiler could not make out: an error stands among the type's
//! own parameters. The compiler says so once, and is silent about everything that is done with it.

use super::{named, parameters};
use crate::report::Mistakes;
use crate::structure::Declared;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

/// Returns the items of a pipeline that is only a name; that of a struct without named fields is a
/// value or a function too.
pub(super) fn items(declared: &Declared, is_value: bool, mistakes: Mistakes) -> TokenStream {
    let Declared {
        vis,
        ident,
        parameters,
    } = declared;
    let environment = format!("{}Environment", ident.unraw());
    let environment = named(&environment, ident.span());
    let (names, parameters) = parameters::with_defaults(parameters);
    let Unknown {
        generic,
        name,
        items,
    } = unknown(declared, mistakes);
    let value = (is_value && parameters.is_empty()).then(|| {
        quote! {
            #[allow(non_upper_case_globals)]
            #vis const #ident: #ident = loop {};
        }
    });
    quote! {
        #vis type #ident #parameters = #generic<(#names #name), 0>;
        #value
        #vis type #environment = #name;
        #items
    }
}

/// A type that is not known.
pub(super) struct Unknown {
    /// A struct with a type as its first parameter and a number as its second.
    generic: Ident,
    /// The type: that struct with an error for a number.
    pub(super) name: Ident,
    /// The declaration, and all errors.
    pub(super) items: TokenStream,
}

/// Declares a type that is not known, for a pipeline in which something is wrong.
pub(super) fn unknown(declared: &Declared, mistakes: Mistakes) -> Unknown {
    let Declared { vis, ident, .. } = declared;
    let own = |suffix: &str| named(&format!("__{}{suffix}", ident.unraw()), ident.span());
    let (generic, name) = (own("Unknown"), own("Broken"));
    let (first, others) = mistakes.into_expression();
    let items = quote! {
        #vis struct #generic<T, const N: ::core::primitive::usize> {
            marker: ::core::marker::PhantomData<T>,
        }
        #vis type #name = #generic<(), { #first }>;
        #others
    };
    Unknown {
        generic,
        name,
        items,
    }
}
