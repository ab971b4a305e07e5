//! The code of a source text: what is left without comments and the contents of literals.

/// Returns the text with spaces for comments and for what literals hold, byte for byte.
pub(super) fn of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let begins_word = !code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = match blank(rest, begins_word) {
            Some(length) => {
                code.extend(std::iter::repeat_n(' ', length));
                length
            }
            None => {
                code.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    code
}

/// Returns the length of the comment or literal that a text begins with; the prefix
/// of a literal begins a word.
fn blank(text: &str, begins_word: bool) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(comment(text));
    }
    if text.starts_with('"') {
        return Some(quoted(text, '"'));
    }
    if let Some(letter) = text.strip_prefix('\'') {
        let mut chars = letter.chars();
        let (first, second) = (chars.next()?, chars.next());
        // Anything else is a lifetime.
        return (first == '\\' || second == Some('\'')).then(|| quoted(text, '\''));
    }
    let after = text.strip_prefix(['b', 'c']).unwrap_or(text);
    let raw = after.strip_prefix('r').filter(|_| begins_word)?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let inner = raw[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &raw[..hashes]);
    let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    Some(text.len() - inner.len() + length)
}

/// Returns the length of a comment, which may hold others.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match &bytes[at..(at + 2).min(bytes.len())] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Returns the length of a literal between two signs, with escapes.
fn quoted(text: &str, sign: char) -> usize {
    let inner = &text[sign.len_utf8()..];
    let mut is_escaped = false;
    let end = inner.find(|c| {
        let ends = c == sign && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2 * sign.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn comments_and_literals_are_blank() {
        for (text, code) in [
            ("a // b ]\nc", "a       \nc"),
            ("a /* b /* ] */ c */ d", "a                   d"),
            (r#"["]" , '[', '\'', 'a]"#, "[    ,    ,     , 'a]"),
            (r##"r#"]"]"# + br"]" + x"##, "         +       + x"),
            (r#"for"]""#, "for   "),
            (r#"b"\"]" [r#type]"#, "b      [r#type]"),
            ("\"ü]\" é", "      é"),
            ("\"open ]", "       "),
        ] {
            assert_eq!(of(text), code, "{text}");
            assert_eq!(of(text).len(), text.len(), "{text}");
        }
    }
}
