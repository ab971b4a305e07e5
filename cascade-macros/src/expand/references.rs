//! The names that were written, as identifiers that an editor can follow.

use super::Parts;
use crate::lower::Target;
use crate::parse::Head;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashSet;

pub(super) fn all(parts: &Parts<'_>) -> TokenStream {
    let pipeline = &parts.input.item.declared.ident;
    let cascade = parts.cascade;
    let attributes = parts
        .lowered
        .fields
        .iter()
        .filter_map(|field| field.declared.as_ref());
    let attributes = attributes.flat_map(|declared| &declared.attributes);
    let attributes = attributes.map(|(name, span)| Ident::new(name, *span));
    let mut environments: Vec<&Ident> = Vec::new();
    for Head { ident, .. } in &parts.lowered.environments {
        environments.extend(ident.as_ref().filter(|ident| !environments.contains(ident)));
    }
    let fields = parts.lowered.fields.iter().map(|field| &field.ident);
    let of_fields = named(parts, Target::Field, fields);
    let of_environments = named(parts, Target::Environment, environments.iter().copied());
    // The compiler's version of this template is empty.
    quote! {
        #cascade::__references! {
            #pipeline #(#attributes)* ; #(#environments)* ; #(#of_fields)* ; #(#of_environments)*
        }
    }
}

/// The references to one of `declared`.
fn named<'a>(
    parts: &Parts<'a>,
    to: Target,
    declared: impl Iterator<Item = &'a Ident>,
) -> impl Iterator<Item = &'a Ident> {
    // Comparing identifiers asks the compiler for their text each time.
    let declared: HashSet<String> = declared.map(Ident::to_string).collect();
    let references = parts.lower.references.iter();
    references
        .filter(move |reference| {
            reference.to == to && declared.contains(&reference.ident.to_string())
        })
        .map(|reference| &reference.ident)
}
