//! Limits of what may be written in one place: an attribute that is too large for people to have
//! written it is an error, and does not crash the compiler.

use proc_macro2::{TokenStream, TokenTree};

/// The deepest nesting of groups; the deepest key of a manifest needs less than ten.
pub(crate) const DEPTH: usize = 48;

/// The most items of one attribute.
pub(crate) const ITEMS: usize = 10_000;

/// The most errors of one pipeline.
pub(crate) const ERRORS: usize = 100;

/// The longest name, and the longest number, in bytes.
pub(crate) const NAME: usize = 1024;

/// The most tokens of a value that the compiler evaluates.
const EXPRESSION: usize = 500;

/// The longest text, in bytes.
pub(crate) const TEXT: usize = 64 * 1024;

/// Checks the size of an expression.
pub(crate) fn expression(tokens: &[TokenTree]) -> Result<(), String> {
    let group = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    if tokens.len() > EXPRESSION || tokens.iter().any(group) {
        return measure(tokens.iter().cloned().collect(), EXPRESSION);
    }
    tokens.iter().try_for_each(number)
}

/// Checks the length of a number, whose digits take a time that grows with their square to read.
fn number(token: &TokenTree) -> Result<(), String> {
    let TokenTree::Literal(literal) = token else {
        return Ok(());
    };
    let text = literal.to_string();
    if text.len() > NAME && begins_number(&text) {
        return Err(format!(
            "a number of {} digits is too long: {NAME} at most",
            text.len()
        ));
    }
    Ok(())
}

/// Returns true for the text of a literal that is a number.
pub(crate) fn begins_number(literal: &str) -> bool {
    literal.starts_with(|c: char| c.is_ascii_digit())
}

/// Checks the length of a text.
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
        number(&token)?;
        if let TokenTree::Group(group) = token {
            if open.len() >= DEPTH {
                return Err(format!("groups are nested deeper than {DEPTH}"));
            }
            open.push(group.stream().into_iter());
        }
    }
    Ok(())
}
