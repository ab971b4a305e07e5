//! How much may be written in one place: an attribute that is no longer written by people is an
//! error, and no reason for the compiler to end.

use proc_macro2::{TokenStream, TokenTree};

/// How deep groups may be nested; the deepest key of a manifest needs less than ten.
pub(crate) const DEPTH: usize = 48;

/// How many things may stand between commas in one attribute.
pub(crate) const ITEMS: usize = 10_000;

/// How long a name may be.
pub(crate) const NAME: usize = 1024;

/// How many tokens a value may have that the compiler evaluates.
const EXPRESSION: usize = 500;

/// How long one text may be.
const TEXT: usize = 64 * 1024;

/// Says what is wrong with the size of an expression.
pub(crate) fn expression(tokens: &[TokenTree]) -> Result<(), String> {
    let group = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    if tokens.len() > EXPRESSION || tokens.iter().any(group) {
        return measure(tokens.iter().cloned().collect(), EXPRESSION);
    }
    Ok(())
}

/// Says what is wrong with the length of a text.
pub(crate) fn text(length: usize) -> Result<(), String> {
    if length > TEXT {
        return Err(format!(
            "a text of {length} bytes is too long: {TEXT} at most"
        ));
    }
    Ok(())
}

/// Walks without recursion: what is measured may be nested deeper than a stack.
fn measure(tokens: TokenStream, most: usize) -> Result<(), String> {
    let mut open = vec![tokens.into_iter()];
    let mut count = 0_usize;
    while let Some(innermost) = open.last_mut() {
        let Some(token) = innermost.next() else {
            open.pop();
            continue;
        };
        count += 1;
        if count > most {
            return Err(format!("more than {most} tokens are too many in one place"));
        }
        if let TokenTree::Group(group) = token {
            if open.len() >= DEPTH {
                return Err(format!("groups are nested deeper than {DEPTH}"));
            }
            open.push(group.stream().into_iter());
        }
    }
    Ok(())
}
