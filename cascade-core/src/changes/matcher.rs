//! Matching without backtracking: all positions of the pattern that fit so far, at once.

use super::pattern::Token;

/// Returns true if all of `path` fits `tokens`; time grows with the product of their lengths.
pub(super) fn matches(tokens: &[Token], path: &str) -> bool {
    let mut current = vec![false; tokens.len() + 1];
    let mut next = current.clone();
    current[0] = true;
    let mut starts_segment = true;
    for character in path.chars() {
        skip(tokens, &mut current, starts_segment);
        next.fill(false);
        for (at, token) in tokens.iter().enumerate().filter(|(at, _)| current[*at]) {
            let (stays, moves) = take(token, character);
            next[at] |= stays;
            next[at + 1] |= moves;
        }
        std::mem::swap(&mut current, &mut next);
        starts_segment = character == '/';
    }
    skip(tokens, &mut current, starts_segment);
    current[tokens.len()]
}

/// Positions that are reached without a character.
fn skip(tokens: &[Token], current: &mut [bool], starts_segment: bool) {
    for (at, token) in tokens.iter().enumerate() {
        let skipped = match token {
            Token::Optional(_) | Token::Star | Token::Globstar => true,
            Token::Segments => starts_segment,
            Token::One(_) | Token::Repeated(_) => false,
        };
        if skipped && current[at] {
            current[at + 1] = true;
        }
    }
}

/// Returns two answers: true if a character keeps a position, and true if it moves it on.
fn take(token: &Token, character: char) -> (bool, bool) {
    match token {
        Token::One(class) | Token::Optional(class) => (false, class.contains(character)),
        Token::Repeated(class) => {
            let fits = class.contains(character);
            (fits, fits)
        }
        Token::Star => (character != '/', false),
        Token::Globstar | Token::Segments => (true, false),
    }
}
