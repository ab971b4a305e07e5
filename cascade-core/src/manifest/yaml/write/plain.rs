//! Which text may stand without quotes.

/// Returns true if `text` means itself, as text, to readers of YAML 1.1 and of 1.2.
pub(super) fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    !"-?:,[]{}#&*!|>'\"%@`=~<".contains(first)
        && !text.starts_with(' ')
        && !text.ends_with([' ', ':'])
        && text.chars().all(printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_word(text)
        && !is_number(text)
}

/// Returns true if the plain `text` may also stand inside `[...]`.
pub(super) fn is_flow_plain(text: &str) -> bool {
    is_plain(text) && !text.contains([',', '[', ']', '{', '}', ':'])
}

/// Returns true if `c` may stand unescaped. Marks that reorder text are escaped: a reviewer must
/// see them.
pub(super) const fn printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        '\u{feff}' => false,
        '\u{a0}'..='\u{fffd}' => true,
        '\u{10000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

/// Words that some reader takes for a boolean or for nothing.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Anything that some reader takes for a number, a time or a date, generously.
fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix('+').unwrap_or(text);
    let lower = bare.as_bytes();
    if bare.eq_ignore_ascii_case(".inf") || bare.eq_ignore_ascii_case(".nan") {
        return true;
    }
    match lower {
        // A commit's hash may begin with `0b`, and is no number unless all of it is binary.
        [b'0', b'b' | b'B', rest @ ..] => rest.iter().all(|b| b"01_".contains(b)),
        [b'0', b'x' | b'X' | b'o' | b'O', rest @ ..] => {
            rest.iter().all(|b| b.is_ascii_hexdigit() || *b == b'_')
        }
        [b'0'..=b'9' | b'.', ..] => {
            is_date(lower) || lower.iter().all(|b| b"0123456789_.:+-eE".contains(b))
        }
        _ => false,
    }
}

fn is_date(text: &[u8]) -> bool {
    matches!(text, [y0, y1, y2, y3, b'-', m, ..]
        if [y0, y1, y2, y3, m].iter().all(|b| b.is_ascii_digit()))
}
