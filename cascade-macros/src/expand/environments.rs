//! The enum of the environments.

use super::Parts;
use crate::lower::{Lower, Lowered};
use crate::parse::Head;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashMap;

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
    let pipeline = &parts.input.item.ident;
    let vis = &parts.input.item.vis;
    let name = format_ident!("{pipeline}Environment");
    let mut variants: Vec<(Ident, &str)> = Vec::new();
    for head in &parts.lowered.environments {
        let ident = Ident::new(
            &variant(&head.text),
            head.span.resolved_at(Span::call_site()),
        );
        if !variants.iter().any(|(other, _)| *other == ident) {
            variants.push((ident, &head.text));
        }
    }
    let idents: Vec<&Ident> = variants.iter().map(|(ident, _)| ident).collect();
    let texts: Vec<&str> = variants.iter().map(|(_, text)| *text).collect();
    let docs = texts
        .iter()
        .map(|text| format!("The environment `{text}`."));
    let doc = format!("The environments of [`{pipeline}`], in the order of promotion.");
    quote! {
        #[doc = #doc]
        #[derive(::core::prelude::v1::Clone, ::core::prelude::v1::Debug)]
        #[allow(dead_code)]
        #vis enum #name { #(#[doc = #docs] #idents,)* }

        #[allow(dead_code)]
        impl #name {
            /// Every environment, in the order of promotion.
            #vis const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The name.
            #[must_use]
            #vis const fn as_str(&self) -> &'static str {
                match *self { #(Self::#idents => #texts,)* }
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = ::cascade::UnknownEnvironment;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                let named = |each: &&Self| each.as_str() == text;
                let found = Self::ALL.iter().find(named).cloned();
                found.ok_or_else(|| ::cascade::UnknownEnvironment::new(text))
            }
        }
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
            ("", "_Unnamed"),
            ("-", "_Unnamed"),
        ] {
            assert_eq!(variant(name), expected);
        }
    }
}
