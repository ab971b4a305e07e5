//! Quoting of one-line values.

use std::fmt::Write as _;

use super::plain::{is_flow_plain, is_plain, printable};

/// `text` as a one-line YAML value that reads back as the same text.
#[must_use]
pub fn scalar(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push(&mut out, text);
    out
}

/// `text` as an item of a flow collection (`[a, b]`).
#[must_use]
pub fn flow(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_flow(&mut out, text);
    out
}

/// `text` as a value in double quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_double(&mut out, text);
    out
}

pub(super) fn push(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

pub(super) fn push_flow(out: &mut String, text: &str) {
    if is_flow_plain(text) {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

/// Comments cannot escape: what could end or hide the line is replaced.
pub(super) fn push_comment(out: &mut String, text: &str) {
    out.extend(text.trim_end().chars().map(|c| {
        if printable(c) {
            c
        } else if c.is_whitespace() {
            ' '
        } else {
            '\u{fffd}'
        }
    }));
}

fn push_quoted(out: &mut String, text: &str) {
    let single = text.contains(['"', '\\']) && !text.contains('\'') && text.chars().all(printable);
    if single {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        push_double(out, text);
    }
}

fn push_double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if printable(c) => out.push(c),
            c => push_escape(out, u32::from(c)),
        }
    }
    out.push('"');
}

fn push_escape(out: &mut String, code: u32) {
    // Writing to a string cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}
