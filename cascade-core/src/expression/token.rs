//! The tokens of an expression.

use super::tree::Operator;
use super::{Error, Mistake, number};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Comma,
    Dot,
    Star,
    Not,
    Operator(Operator),
    Null,
    Boolean(bool),
    Number,
    Text(String),
    Word,
}

/// A token, where it begins, and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) written: &'a str,
}

/// Operators and marks; of two that begin alike, the longer one first.
const MARKS: [(&str, Kind); 16] = [
    ("==", Kind::Operator(Operator::Equal)),
    ("!=", Kind::Operator(Operator::Unequal)),
    ("<=", Kind::Operator(Operator::AtMost)),
    (">=", Kind::Operator(Operator::AtLeast)),
    ("&&", Kind::Operator(Operator::And)),
    ("||", Kind::Operator(Operator::Or)),
    ("<", Kind::Operator(Operator::Less)),
    (">", Kind::Operator(Operator::Greater)),
    ("!", Kind::Not),
    ("(", Kind::Open),
    (")", Kind::Close),
    ("[", Kind::OpenIndex),
    ("]", Kind::CloseIndex),
    (",", Kind::Comma),
    (".", Kind::Dot),
    ("*", Kind::Star),
];

/// Splits an expression into its tokens.
pub(super) fn tokens(source: &str) -> Result<Vec<Token<'_>>, Error> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    loop {
        let rest = source.get(at..).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        at = source.len() - rest.len();
        if rest.is_empty() {
            return Ok(tokens);
        }
        let last = tokens.last().map(|token| &token.kind);
        let (kind, length) = token(rest, last).map_err(|mistake| Error::new(at, mistake))?;
        let written = rest.get(..length).unwrap_or_default();
        tokens.push(Token { kind, at, written });
        at += length;
    }
}

fn token(rest: &str, last: Option<&Kind>) -> Result<(Kind, usize), Mistake> {
    if rest.starts_with('\'') {
        return text(rest);
    }
    if rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
        return number(rest);
    }
    let opens_member = matches!(
        last,
        Some(Kind::Word | Kind::CloseIndex | Kind::Close | Kind::Star)
    );
    if rest.starts_with('.') && !opens_member {
        return number(rest);
    }
    let mark = MARKS.iter().find(|(mark, _)| rest.starts_with(mark));
    match mark {
        Some((mark, kind)) => Ok((kind.clone(), mark.len())),
        None => word(rest, last == Some(&Kind::Dot)),
    }
}

/// Returns true for a character that ends a word or a number.
fn is_boundary(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || "([)],.!><=&|".contains(c)
}

fn number(rest: &str) -> Result<(Kind, usize), Mistake> {
    let inside = rest.char_indices().skip(1);
    let end = inside
        .into_iter()
        .find(|(_, c)| is_boundary(*c) && *c != '.');
    let (written, _) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
    if number::parse(written).is_nan() {
        return Err(Mistake::Unexpected(written.to_owned()));
    }
    Ok((Kind::Number, written.len()))
}

fn text(rest: &str) -> Result<(Kind, usize), Mistake> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\'' && chars.next_if(|(_, next)| *next == '\'').is_none() {
            return Ok((Kind::Text(value), at + 1));
        }
        value.push(c);
    }
    Err(Mistake::OpenText)
}

fn word(rest: &str, is_member: bool) -> Result<(Kind, usize), Mistake> {
    let mut after_first = rest.char_indices().skip(1);
    let end = after_first.find(|(_, c)| is_boundary(*c));
    let (written, _) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
    let kind = match written {
        _ if is_member => Kind::Word,
        "null" => Kind::Null,
        "true" => Kind::Boolean(true),
        "false" => Kind::Boolean(false),
        "NaN" | "Infinity" => Kind::Number,
        _ => Kind::Word,
    };
    let begins = written.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if begins && written.chars().all(part) {
        Ok((kind, written.len()))
    } else {
        Err(Mistake::Unexpected(written.to_owned()))
    }
}
