//! `commitN` stands for a commit.

use serde_json::Value;

/// The value with commits in place of `commitN`, in every text.
pub(super) fn value(value: &Value, commits: &[String]) -> Value {
    match value {
        Value::String(whole) => Value::String(text(whole, commits)),
        Value::Array(items) => items
            .iter()
            .map(|item| self::value(item, commits))
            .collect(),
        Value::Object(fields) => {
            let field = |(key, field): (&String, &Value)| {
                let kept = key == "message";
                let field = if kept {
                    field.clone()
                } else {
                    self::value(field, commits)
                };
                (text(key, commits), field)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

/// The text with commits in place of the words `commitN`.
pub(super) fn text(text: &str, commits: &[String]) -> String {
    const WORD: &str = "commit";
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(WORD) {
        let (before, found) = rest.split_at(at);
        let digits = &found[WORD.len()..];
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
            .and_then(|number| commits.get(number));
        done.push_str(before);
        match commit.filter(|_| starts && ends) {
            Some(commit) => done.push_str(commit),
            None => done.push_str(&found[..WORD.len() + end]),
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
        for (given, expected) in [
            ("commit1", "one"),
            ("commit0,commit1", "zero,one"),
            (
                "commit2 commit xcommit1 commit1x commit10",
                "commit2 commit xcommit1 commit1x commit10",
            ),
        ] {
            assert_eq!(text(given, &commits), expected);
        }
    }
}
