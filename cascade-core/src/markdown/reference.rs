//! Texts of which GitHub makes references: mentions, issues, commits, addresses, emoji.

use std::collections::BTreeSet;

/// Returns the places in a text before which a break keeps GitHub from making a reference of it;
/// issues and commits may be left out.
pub(super) fn breaks(text: &str, keeps_issues_and_commits: bool) -> BTreeSet<usize> {
    let mut breaks = BTreeSet::new();
    for (at, character) in text.char_indices() {
        let behind = &text[at + character.len_utf8()..];
        let before = &text[..at];
        let is_reference = match character {
            // A name, a team, or an email address.
            '@' => begins_word(behind),
            '#' if !keeps_issues_and_commits => behind.starts_with(|c: char| c.is_ascii_digit()),
            // `GH-12`, and the prefix of any external tracker.
            '-' => ends_word(before) && behind.starts_with(|c: char| c.is_ascii_digit()),
            ':' => behind.starts_with("//") || is_emoji(behind),
            '.' => before.to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        if is_reference {
            breaks.insert(at + character.len_utf8());
        }
    }
    if !keeps_issues_and_commits {
        breaks.extend(hashes(text));
    }
    breaks
}

fn is_hash(word: &str) -> bool {
    matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn begins_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

fn ends_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphabetic())
}

/// Returns true if a text goes on as the name of an emoji and a colon.
fn is_emoji(text: &str) -> bool {
    let Some((name, _)) = text.split_once(':') else {
        return false;
    };
    let of_name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    !name.is_empty() && name.chars().all(of_name)
}

/// Returns the places inside of words that are full hashes of commits, which GitHub would shorten.
fn hashes(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut start = 0;
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        if is_hash(word) {
            places.push(start + 1);
        }
        let end = start + word.len();
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
    }
    places
}
