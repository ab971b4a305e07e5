//! The traits that an author derives, above `#[pipeline]` and below it.

mod above;
mod code;

use crate::parse::is_punct;
use crate::report::Mistakes;
use crate::root::Written;
use crate::structure::{Arguments, Attribute};
use crate::tokens::{names, visible};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;

/// The traits that an author derives.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// The names, with the conditions of `cfg_attr`.
    traits: Vec<(String, Option<TokenStream>)>,
    /// True if a macro derives what it is given, which nobody knows.
    is_open: bool,
}

/// The cases in which a trait is left to the pipeline, which derives it then.
pub(crate) enum Left {
    Always,
    /// Under this condition.
    When(TokenStream),
    Never,
}

impl Derived {
    /// Returns true if there is a trait that the standard library does not derive: helper
    /// attributes may be its own.
    pub(crate) fn is_foreign(&self) -> bool {
        const STANDARD: &[&str] = &[
            "Clone",
            "Copy",
            "Debug",
            "Default",
            "Eq",
            "Hash",
            "Ord",
            "PartialEq",
            "PartialOrd",
        ];
        let is_foreign = |(name, _): &(String, _)| !STANDARD.contains(&name.as_str());
        self.is_open || self.traits.iter().any(is_foreign)
    }

    /// Returns when a trait is left to the pipeline.
    pub(crate) fn left(&self, name: &str) -> Left {
        let own = self.traits.iter().filter(|(own, _)| own == name);
        let conditions: Option<Vec<_>> = own.map(|(_, condition)| condition.as_ref()).collect();
        match conditions.as_deref() {
            None => Left::Never,
            Some(_) if self.is_open => Left::Never,
            Some([]) => Left::Always,
            Some(conditions) => Left::When(quote!(not(any(#(#conditions),*)))),
        }
    }

    /// Adds what is derived above, where it was written; returns true if `Default` is.
    pub(crate) fn add_above(&mut self, written: &Written, mistakes: &mut Mistakes) -> bool {
        let above = above::derived(&written.before().unwrap_or_default());
        let has_default = above.traits.iter().any(|(name, _)| name == "Default");
        if has_default {
            mistakes.add_with(
                written.at,
                "`Default` is derived above `#[pipeline]`, which gives it too",
                "remove it from the `derive`: the default of a pipeline is what it declares",
            );
        }
        self.traits.extend(above.traits);
        self.is_open |= above.is_open;
        has_default
    }
}

/// The attributes with the traits that the author derives; `Default` is left to the pipeline, whose
/// default is what was declared.
pub(crate) fn below(attributes: Vec<Attribute>) -> (Vec<Attribute>, Derived) {
    let mut derived = Derived::default();
    let own = |attribute: Attribute| {
        let Arguments::List(list) = &attribute.arguments else {
            return attribute;
        };
        if !attribute.is_derive() {
            return attribute;
        }
        let tokens = visible(list.clone());
        let mut kept = TokenStream::new();
        for path in tokens.split_inclusive(|token| is_punct(Some(token), ',')) {
            let name = last_name(path).unwrap_or_default();
            if name != "Default" {
                kept.extend(path.iter().cloned());
            }
            derived.traits.push((name, None));
        }
        attribute.with(kept)
    };
    (attributes.into_iter().map(own).collect(), derived)
}

impl Attribute {
    fn is_derive(&self) -> bool {
        let path = self.path.iter().cloned().map(TokenTree::from);
        is_derive(&path.collect::<Vec<_>>())
    }
}

/// Returns true if a path is `derive`, or leads to that of the standard library.
fn is_derive(path: &[TokenTree]) -> bool {
    let mut names = names(path).map(|name| name.unraw().to_string());
    let (first, last) = (names.next(), names.next_back());
    match (first.as_deref(), last.as_deref()) {
        (first, None) => first == Some("derive"),
        (first, last) => matches!(first, Some("core" | "std")) && last == Some("derive"),
    }
}

/// The names of the traits in a list.
fn traits(list: &[TokenTree]) -> impl Iterator<Item = String> {
    let paths = list.split(|token| is_punct(Some(token), ','));
    paths.filter_map(last_name)
}

fn last_name(path: &[TokenTree]) -> Option<String> {
    names(path).next_back().map(ToString::to_string)
}
