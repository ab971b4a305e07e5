//! `commitN`, `shortN` and `mergeN` stand for commits, `host0` for the address of the host.

use serde_json::Value;

/// A word, and what it stands for with each number; empty text stands for nothing.
pub(super) type Word<'a> = (&'static str, &'a [String]);

/// The value with commits in place of the words, in every text.
pub(super) fn value(value: &Value, words: &[Word<'_>]) -> Value {
    match value {
        Value::String(whole) => Value::String(text(whole, words)),
        Value::Array(items) => items.iter().map(|item| self::value(item, words)).collect(),
        Value::Object(fields) => {
            let field = |(key, field): (&String, &Value)| {
                let kept = key == "message";
                let field = if kept {
                    field.clone()
                } else {
                    self::value(field, words)
                };
                (text(key, words), field)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

/// The text with commits in place of the words.
pub(super) fn text(text: &str, words: &[Word<'_>]) -> String {
    let replaced = |text: String, word: &Word<'_>| replace(&text, *word);
    words.iter().fold(text.to_owned(), replaced)
}

fn replace(text: &str, (word, commits): Word<'_>) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let digits = &found[word.len()..];
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let (number, after) = digits.split_at(end);
        let starts = !before
            .chars()
            .next_back()
            .or(done.chars().next_back())
            .is_some_and(in_word);
        let ends = !after.chars().next().is_some_and(in_word);
        let commit = number
            .parse::<usize>()
            .ok()
            .and_then(|number| commits.get(number))
            .filter(|commit| !commit.is_empty());
        done.push_str(before);
        match commit.filter(|_| starts && ends) {
            Some(commit) => done.push_str(commit),
            None => done.push_str(&found[..word.len() + end]),
        }
        rest = after;
    }
    done + rest
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_with_known_numbers_are_replaced() {
        let commits = ["zero".to_owned(), "one".to_owned()];
        let merges = [String::new(), "merged".to_owned()];
        for (given, expected) in [
            ("commit1", "one"),
            ("commit0,commit1", "zero,one"),
            ("merge0 merge1", "merge0 merged"),
            (
                "commit2 commit xcommit1 commit1x commit10",
                "commit2 commit xcommit1 commit1x commit10",
            ),
        ] {
            assert_eq!(
                text(given, &[("commit", &commits), ("merge", &merges)]),
                expected
            );
        }
    }
}
