//! A checked pipeline to items.

mod environments;
mod items;
mod opaque;
mod parameters;
mod references;
mod tree;

use crate::input::{self, Input};
use crate::judge::{Judged, judge};
use crate::lower::{Lower, Lowered, Settings, pipeline};
use crate::parse;
use crate::report::Mistakes;
use crate::root::Surroundings;
use crate::structure::{Structure, Tokens, Unfit};
use crate::tokens::opened;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

/// Everything that the items are made from.
pub(super) struct Parts<'a> {
    pub(super) input: &'a Input,
    pub(super) lowered: &'a Lowered,
    pub(super) lower: &'a Lower,
    pub(super) judged: &'a Judged,
    /// The path to the crate `cascade`.
    pub(super) cascade: &'a TokenStream,
    /// If something is wrong, the name of a type that is not known: the items only have to
    /// type-check.
    pub(super) unknown: Option<Ident>,
}

/// Expands `#[pipeline(arguments)]` on `item`.
pub(crate) fn expand(
    arguments: TokenStream,
    item: &TokenStream,
    around: &Surroundings,
) -> TokenStream {
    let mut lower = Lower::default();
    let items = parse::items(arguments, &mut lower.mistakes);
    let (settings, items) = Settings::take(items, &mut lower);
    let input = match input::read(item, around, &settings, &mut lower.mistakes) {
        Ok(input) => input,
        Err(Some((declared, is_value))) => {
            return opaque::items(&declared, is_value, lower.mistakes);
        }
        Err(None) => {
            let errors = lower.mistakes.into_items();
            return quote!(#item #errors);
        }
    };
    let lowered = pipeline(&input, &settings, items, &mut lower);
    environments::check(&lowered, &mut lower);
    items::check(&lowered, &mut lower);
    let name = &input.item.declared.ident;
    let judged = judge(&lowered, &settings, around, name.span(), &mut lower);
    if input.opaque {
        return opaque::items(&input.item.declared, false, lower.mistakes);
    }
    let mistakes = std::mem::take(&mut lower.mistakes);
    let broken = (!mistakes.is_empty()).then(|| opaque::unknown(&input.item.declared, mistakes));
    let (unknown, errors) = broken.map(|broken| (broken.name, broken.items)).unzip();
    let parts = Parts {
        input: &input,
        lowered: &lowered,
        lower: &lower,
        judged: &judged,
        cascade: &settings.cascade.0,
        unknown,
    };
    let items = items::all(&parts);
    let environments = environments::all(&parts);
    let references = references::all(&parts);
    quote! {
        #items
        #environments
        #references
        #errors
    }
}

/// Returns a stand-in for an item of which only the name is known, with these errors.
pub(crate) fn name_alone(item: &TokenStream, mistakes: Mistakes) -> TokenStream {
    let (declared, is_value) = match Structure::of(item.clone()) {
        Ok(structure) => (structure.declared, false),
        Err(Unfit::NotAStruct(declared)) => (declared, false),
        Err(Unfit::Unnamed(declared, _)) => (declared, true),
        Err(Unfit::Other) => {
            let errors = mistakes.into_items();
            return quote!(#item #errors);
        }
    };
    opaque::items(&declared, is_value, mistakes)
}

/// The identifier where it was written, but as the expansion's own: lints of the author's crate are
/// no matter of what the author has not written.
pub(crate) fn own(ident: &Ident) -> Ident {
    named(&ident.to_string(), ident.span())
}

/// A visibility as the expansion's own: what begins with a token of the author's is theirs to lints.
pub(crate) fn own_visibility(vis: &Tokens) -> TokenStream {
    let tokens = opened(vis.to_token_stream()).into_iter();
    let token = |token: TokenTree| match token {
        TokenTree::Ident(word) if word == "pub" => own(&word).into(),
        token => token,
    };
    tokens.map(token).collect()
}

/// An identifier of the expansion at a place of the author's.
pub(crate) fn named(name: &str, at: Span) -> Ident {
    let span = at.resolved_at(Span::call_site());
    // Names in an older edition, keywords in that of the expansion.
    const LATER: &[&str] = &["async", "await", "dyn", "gen", "try"];
    let raw = name.strip_prefix("r#");
    match raw.or_else(|| LATER.contains(&name).then_some(name)) {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    }
}

/// Returns the types that an editor shows at the names of attributes: with these names and
/// documentations.
pub(crate) fn attributes(documented: &[(&str, &str)]) -> TokenStream {
    let names = documented.iter().map(|(name, _)| format_ident!("{name}"));
    let docs = documented.iter().map(|(_, doc)| doc);
    quote!(#(#[doc = #docs] pub struct #names;)*)
}
