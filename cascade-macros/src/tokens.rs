//! Tokens, seen through the invisible groups of `macro_rules!`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// Returns the identifiers among tokens.
pub(crate) fn names(tokens: &[TokenTree]) -> impl DoubleEndedIterator<Item = &Ident> {
    tokens.iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    })
}

/// Returns the tokens, with those of all invisible groups among them: a path may stand in one, and a value.
pub(crate) fn opened(stream: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for token in stream {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tokens.extend(opened(group.stream()));
            }
            token => tokens.push(token),
        }
    }
    tokens
}

/// Returns the tokens, without the invisible group that `macro_rules!` puts around what it was given.
pub(crate) fn visible(stream: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            visible(group.stream())
        }
        _ => tokens,
    }
}
