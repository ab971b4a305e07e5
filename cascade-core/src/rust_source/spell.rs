//! Names and values as Rust spells them.

use crate::scalar::Scalar;

/// Strict and reserved keywords of the 2024 edition that may be written with `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
    "struct", "trait", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// Words that are no identifier, however they are written.
const NEVER: &[&str] = &["_", "self", "Self", "super", "crate", "true", "false"];

/// The identifier that means `name`, if there is one.
pub(super) fn identifier(name: &str) -> Option<String> {
    let mut chars = name.chars();
    let first = chars.next()?;
    let fits = (first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !NEVER.contains(&name);
    fits.then(|| {
        if KEYWORDS.contains(&name) {
            format!("r#{name}")
        } else {
            name.to_owned()
        }
    })
}

/// The name as an identifier, else as text.
pub(super) fn name(name: &str) -> String {
    identifier(name).unwrap_or_else(|| text(name))
}

/// Text in quotes.
pub(super) fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            // `str::escape_debug` would also escape what combines with the quote before it.
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that rustc refuses in text because they turn it around.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A literal that the macro reads as the same value.
pub(super) fn literal(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(digits) if is_float(digits) => digits.clone(),
        Scalar::Float(other) | Scalar::Text(other) => text(other),
    }
}

/// Returns true if the number is written the way Rust writes it.
fn is_float(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned
        .split_once('.')
        .is_some_and(|(whole, fraction)| digits(whole) && digits(fraction))
}

/// `image.outputs.image_tag`, if the macro reads it as this reference.
pub(super) fn reference(from: &str) -> Option<String> {
    let mut parts = from.split('.');
    let first = identifier(parts.next()?)?;
    let rest: Vec<String> = parts.map(name).collect();
    (!rest.is_empty()).then(|| format!("{first}.{}", rest.join(".")))
}

/// The words of a name, each with a capital: `us-east` is `UsEast`.
pub(super) fn type_name(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            out.push(first.to_ascii_uppercase());
            out.push_str(chars.as_str());
        }
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

/// The words of a name in small letters with `_` between them: `webApp-2` is `web_app_2`.
pub(super) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut was_small = false;
    for c in name.chars() {
        let is_word = c.is_ascii_alphanumeric();
        let starts = !is_word || (was_small && c.is_ascii_uppercase());
        if starts && !out.ends_with('_') {
            out.push('_');
        }
        if is_word {
            out.push(c.to_ascii_lowercase());
        }
        was_small = c.is_ascii_lowercase();
    }
    let inner = out.trim_end_matches('_');
    inner.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_snake_case() {
        for (name, expected) in [
            ("web", "web"),
            ("webApp-2", "web_app_2"),
            ("App2", "app2"),
            ("HTTP", "http"),
            ("a--b_", "a_b"),
            ("-", ""),
            ("_x", "_x"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
    }

    #[test]
    fn text_is_escaped() {
        let written = text("a\"b\\c\n\u{200b}\u{e9}");
        assert_eq!(written, "\"a\\\"b\\\\c\\n\\u{200b}\u{e9}\"");
        assert_eq!(literal(&Scalar::Float("1.5".to_owned())), "1.5");
        assert_eq!(literal(&Scalar::Float("1e3".to_owned())), "\"1e3\"");
        assert_eq!(
            reference("r.outputs.1a").as_deref(),
            Some("r.outputs.\"1a\"")
        );
        assert_eq!(reference("a-b.outputs.c"), None);
    }
}
