//! The names that were written, as identifiers that an editor can follow.

use super::Parts;
use crate::lower::Target;
use crate::parse::Head;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(super) fn all(parts: &Parts<'_>) -> TokenStream {
    let pipeline = &parts.input.item.ident;
    let attributes = parts
        .lowered
        .fields
        .iter()
        .filter_map(|field| field.declared.as_ref());
    let attributes = attributes.flat_map(|declared| &declared.attributes);
    let attributes = attributes.map(|(name, span)| {
        let ident = Ident::new(name, *span);
        quote!(use ::cascade::#ident as _;)
    });
    let mut environments: Vec<&Ident> = Vec::new();
    for Head { ident, .. } in &parts.lowered.environments {
        environments.extend(ident.as_ref().filter(|ident| !environments.contains(ident)));
    }
    let of_fields = parts.lower.references.iter().filter(|reference| {
        let named = |field: &Ident| *field == reference.ident;
        reference.to == Target::Field
            && parts.lowered.fields.iter().any(|field| named(&field.ident))
    });
    let of_fields = of_fields.map(|reference| &reference.ident);
    let of_environments = parts.lower.references.iter().filter(|reference| {
        reference.to == Target::Environment
            && environments.iter().any(|own| **own == reference.ident)
    });
    let of_environments = of_environments.map(|reference| &reference.ident);
    quote! {
        #[allow(dead_code, unused_imports, non_snake_case)]
        const _: () = {
            #(#attributes)*
            struct Environments { #(#environments: (),)* }
            fn references(callbacks: &#pipeline, environments: &Environments) {
                #(let _ = &callbacks.#of_fields;)*
                #(let _ = &environments.#of_environments;)*
            }
        };
    }
}
