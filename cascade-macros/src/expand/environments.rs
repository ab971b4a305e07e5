//! The enum of the environments.

use super::{Parts, named, own_visibility};
use crate::lower::{Lower, Lowered};
use crate::parse::Head;
use cascade_core::manifest::draft::Node;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt;

/// Reports environments whose variants would be one.
pub(super) fn check(lowered: &Lowered, lower: &mut Lower) {
    let mut seen: HashMap<String, &Head> = HashMap::new();
    for head in &lowered.environments {
        let variant = variant(&head.text);
        if let Some(other) = seen.insert(variant.clone(), head)
            && other.text != head.text
        {
            let (other, own) = (&other.text, &head.text);
            let message =
                format!("`{other}` and `{own}` would both become the variant `{variant}`");
            lower.mistakes.add_with(head.span, message, "rename one");
        }
    }
}

pub(super) fn all(parts: &Parts<'_>) -> TokenStream {
    let pipeline = &parts.input.item.declared.ident;
    let vis = own_visibility(&parts.input.item.declared.vis);
    let cascade = parts.cascade;
    let name = format!("{}Environment", pipeline.unraw());
    let name = named(&name, pipeline.span());
    if let Some(unknown) = &parts.unknown
        && !is_readable(parts.lowered)
    {
        return quote!(#vis type #name = #unknown;);
    }
    let mut names = HashSet::new();
    let mut variants: Vec<(Ident, &str)> = Vec::new();
    for head in &parts.lowered.environments {
        let variant = variant(&head.text);
        let ident = named(&variant, head.span);
        if names.insert(variant) {
            variants.push((ident, &head.text));
        }
    }
    let idents: Vec<&Ident> = variants.iter().map(|(ident, _)| ident).collect();
    let texts: Vec<&str> = variants.iter().map(|(_, text)| *text).collect();
    let docs = texts
        .iter()
        .map(|text| format!("The environment `{text}`."));
    let doc = format!("The environments of [`{pipeline}`], in the order of promotion.");
    let levels = &parts.input.levels;
    let mut attributes = parts.input.item.attributes.iter();
    let open = attributes.find(|own| own.alone && own.ident == "non_exhaustive");
    quote! {
        #cascade::__environments! {
            #(#levels)* #open #vis #name #doc #(#idents #docs #texts)*
        }
    }
}

/// Returns true if all environments could be read.
fn is_readable(lowered: &Lowered) -> bool {
    match lowered.draft.get("environments") {
        Some(Node::List(all)) => !all.contains(&Node::Invalid),
        _ => false,
    }
}

/// The name of an environment's variant: `us-east` is `UsEast`.
fn variant(name: &str) -> String {
    let mut variant = String::new();
    for word in name.split(|c: char| !c.is_alphanumeric()) {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            variant.extend(first.to_uppercase());
            variant.push_str(chars.as_str());
        }
    }
    // The constant with all of them has this name.
    if variant == "ALL" {
        "All".clone_into(&mut variant);
    }
    let bad_start = !variant.starts_with(|c: char| c.is_alphabetic());
    if bad_start || variant == "Self" || syn::parse_str::<Ident>(&variant).is_err() {
        variant.insert(0, '_');
    }
    if syn::parse_str::<Ident>(&variant).is_ok() {
        variant
    } else {
        "_Unnamed".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::variant;

    #[test]
    fn variants_are_identifiers() {
        for (name, expected) in [
            ("dev", "Dev"),
            ("us-east", "UsEast"),
            ("us_east", "UsEast"),
            ("2nd", "_2nd"),
            ("self", "_Self"),
            ("ALL", "All"),
            ("", "_Unnamed"),
            ("-", "_Unnamed"),
        ] {
            assert_eq!(variant(name), expected);
        }
    }
}
