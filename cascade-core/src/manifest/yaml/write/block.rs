//! Literal blocks (`|`) for text of several lines.

use super::plain::printable;
use super::push_spaces;

/// Returns true if `text` reads back unchanged from a literal block that needs no indentation
/// indicator.
pub(super) fn fits(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    if !text.contains('\n') || body.is_empty() || body.ends_with('\n') {
        return false;
    }
    let first_is_clear = !body.starts_with([' ', '\t', '\n']);
    first_is_clear && body.split('\n').all(line_fits)
}

fn line_fits(line: &str) -> bool {
    let only_space = !line.is_empty() && line.trim_matches([' ', '\t']).is_empty();
    !only_space && line.chars().all(|c| c == '\t' || printable(c))
}

/// Writes `text`, for which [`fits`] holds, without the last line's end.
pub(super) fn push(out: &mut String, text: &str, indent: usize) {
    let (header, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    out.push_str(header);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            push_spaces(out, indent);
            out.push_str(line);
        }
    }
}
