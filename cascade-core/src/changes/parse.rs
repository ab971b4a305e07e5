//! Text to pattern.

use super::pattern::{Class, Token};
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// Longer patterns are mistakes.
const MAX_CHARACTERS: usize = 1024;

/// The error in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// There is nothing to match, or only `!`.
    Empty,
    /// It is longer than any path.
    TooLong,
    /// A `[` without its `]`.
    OpenBracket,
    /// `[]`.
    EmptyBracket,
    /// A range such as `[z-a]`.
    BackwardRange {
        /// The first character.
        first: char,
        /// The last one, which comes before it.
        last: char,
    },
    /// A `?` or `+` that follows nothing it could count.
    NothingToCount(char),
    /// A `\` at the end.
    DanglingEscape,
}

pub(super) fn parse(source: &str) -> Result<Vec<Token>, PatternError> {
    if source.is_empty() {
        return Err(PatternError::Empty);
    }
    if source.chars().nth(MAX_CHARACTERS).is_some() {
        return Err(PatternError::TooLong);
    }
    let mut tokens = Vec::new();
    let mut rest = source.chars().peekable();
    while let Some(character) = rest.next() {
        let token = match character {
            '*' => star(&mut rest, &tokens),
            '?' | '+' => count(character, tokens.pop())?,
            '[' => Token::One(bracket(&mut rest)?),
            '\\' => Token::One(Class::Char(
                rest.next().ok_or(PatternError::DanglingEscape)?,
            )),
            _ => Token::One(Class::Char(character)),
        };
        tokens.push(token);
    }
    Ok(tokens)
}

fn star(rest: &mut Peekable<Chars<'_>>, before: &[Token]) -> Token {
    let starts_segment = matches!(
        before.last(),
        None | Some(Token::One(Class::Char('/')) | Token::Segments)
    );
    if rest.next_if_eq(&'*').is_none() {
        return Token::Star;
    }
    while rest.next_if_eq(&'*').is_some() {}
    let mut ahead = rest.clone();
    let counted = ahead.next() == Some('/') && matches!(ahead.peek(), Some('?' | '+'));
    if starts_segment && !counted && rest.next_if_eq(&'/').is_some() {
        Token::Segments
    } else {
        Token::Globstar
    }
}

fn count(character: char, before: Option<Token>) -> Result<Token, PatternError> {
    match (before, character) {
        (Some(Token::One(class)), '?') => Ok(Token::Optional(class)),
        (Some(Token::One(class)), _) => Ok(Token::Repeated(class)),
        _ => Err(PatternError::NothingToCount(character)),
    }
}

/// Parses the text behind `[`. A `-` at either end stands for itself.
fn bracket(rest: &mut Peekable<Chars<'_>>) -> Result<Class, PatternError> {
    let mut ranges = Vec::new();
    loop {
        let first = match rest.next().ok_or(PatternError::OpenBracket)? {
            ']' if ranges.is_empty() => return Err(PatternError::EmptyBracket),
            ']' => return Ok(Class::Set(ranges)),
            '\\' => rest.next().ok_or(PatternError::OpenBracket)?,
            character => character,
        };
        let mut ahead = rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.peek().is_some_and(|last| *last != ']');
        if !is_range {
            ranges.push((first, first));
            continue;
        }
        rest.next();
        let last = match rest.next().ok_or(PatternError::OpenBracket)? {
            '\\' => rest.next().ok_or(PatternError::OpenBracket)?,
            character => character,
        };
        if last < first {
            return Err(PatternError::BackwardRange { first, last });
        }
        ranges.push((first, last));
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the pattern is empty"),
            Self::TooLong => write!(f, "the pattern has more than {MAX_CHARACTERS} characters"),
            Self::OpenBracket => f.write_str("`[` without its `]`"),
            Self::EmptyBracket => f.write_str("`[]` matches nothing"),
            Self::BackwardRange { first, last } => {
                write!(f, "the range `{first}-{last}` runs backwards")
            }
            Self::NothingToCount(character) => {
                write!(
                    f,
                    "`{character}` counts the character before it, and there is none \
                     (`\\{character}` is the character itself)"
                )
            }
            Self::DanglingEscape => f.write_str("`\\` at the end escapes nothing"),
        }
    }
}

impl std::error::Error for PatternError {}
