//! Bytes to text.

use super::{ReadError, Span};
use crate::finding::rules::{ENCODING, TOO_LARGE};

/// The largest file that is parsed at all.
pub(super) const MAX_BYTES: usize = 8 * 1024 * 1024;

pub(super) const BOM: &str = "\u{feff}";

pub(super) fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if bytes.len() > MAX_BYTES {
        let message = format!(
            "the file is too large: {} bytes, at most {MAX_BYTES} are read",
            bytes.len()
        );
        return Err(ReadError::new(&TOO_LARGE, Span::default(), message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    match text.bytes().position(is_forbidden) {
        Some(at) => Err(control_character(text, at)),
        None => Ok(text.to_owned()),
    }
}

const fn is_forbidden(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127)
}

fn not_utf8(bytes: &[u8], at: usize) -> ReadError {
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "this looks like UTF-16; save the file as UTF-8",
        _ => "save the file as UTF-8",
    };
    let message = format!("the file is not UTF-8: invalid byte at offset {at}");
    ReadError::new(&ENCODING, Span::new(at, at), message).help(help)
}

fn control_character(text: &str, at: usize) -> ReadError {
    let code = text.as_bytes().get(at).copied().unwrap_or_default();
    let message = format!("control character U+{code:04X} in the text");
    ReadError::new(&ENCODING, Span::new(at, at + 1), message).help(format!(
        "remove it, or write it as \"\\x{code:02x}\" in double quotes"
    ))
}
