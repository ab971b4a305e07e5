//! Text of others, in Markdown.
//!
//! What is behind single or several backticks stays code, as it was written. All else is text: it
//! marks up nothing, and GitHub makes no mention, reference, address, emoji or formula of it.
//!
//! Sources: CommonMark 0.31.2; "GitHub Flavored Markdown Spec", "Tables (extension)" and "Autolinks
//! (extension)"; GitHub's documentation, "Autolinked references and URLs", "Basic writing and
//! formatting syntax", and "Writing mathematical expressions".

mod reference;
mod segment;

#[cfg(test)]
mod tests;

use segment::{Segment, segments};

/// An empty comment. GitHub reads references in runs of text, and a comment ends one.
const BREAK: &str = "<!---->";
/// A dollar sign that begins no formula.
const DOLLAR: &str = "<span>\\$</span>";

/// Returns text of others as Markdown that renders as that text, in one line.
#[must_use]
pub fn plain(text: &str) -> String {
    let rules = Rules {
        keeps_references: false,
        in_cell: false,
    };
    rules.written(text)
}

/// Returns a sentence of cascade's, which has names of others in it, as Markdown that renders as that
/// sentence. The issues and commits that it names stay links.
#[must_use]
pub fn sentence(text: &str) -> String {
    let rules = Rules {
        keeps_references: true,
        in_cell: false,
    };
    rules.written(text)
}

/// Returns a sentence for the cell of a table.
///
/// A cell ends at a `|`, even in code, unless a backslash stands before it.
#[must_use]
pub fn cell(text: &str) -> String {
    let rules = Rules {
        keeps_references: true,
        in_cell: true,
    };
    rules.written(text)
}

/// Returns text of others for the cell of a table.
#[must_use]
pub fn plain_cell(text: &str) -> String {
    let rules = Rules {
        keeps_references: false,
        in_cell: true,
    };
    rules.written(text)
}

/// The rules of the place that a text is written for.
#[derive(Debug, Clone, Copy)]
struct Rules {
    /// Issues and commits may become links.
    keeps_references: bool,
    in_cell: bool,
}

impl Rules {
    fn written(self, text: &str) -> String {
        let line = one_line(text);
        let has_formulas = line.matches('$').count() > 1;
        let mut written = String::with_capacity(line.len() + 16);
        for segment in segments(&line) {
            match segment {
                Segment::Code(code) if self.in_cell => written.push_str(&code.replace('|', "\\|")),
                Segment::Code(code) => written.push_str(code),
                Segment::Text(text) => self.escape(&mut written, text, has_formulas),
            }
        }
        written
    }

    fn escape(self, written: &mut String, text: &str, has_formulas: bool) {
        let breaks = reference::breaks(text, self.keeps_references);
        let mut numbered = written.is_empty();
        for (at, character) in text.char_indices() {
            if breaks.contains(&at) {
                written.push_str(BREAK);
            }
            match character {
                '$' if has_formulas => written.push_str(DOLLAR),
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '|' | '~' | '!' => {
                    written.extend(['\\', character]);
                }
                // Quotes, lists, and lines under headings begin with these; a `#` before a number does not
                // begin a heading.
                '>' | '-' | '+' | '=' if written.is_empty() => written.extend(['\\', character]),
                '#' if !is_number(&text[at + 1..]) => written.extend(['\\', character]),
                '.' | ')' if numbered && at > 0 && ends_word(&text[at + 1..]) => {
                    written.extend(['\\', character]);
                }
                _ => written.push(character),
            }
            numbered &= character.is_ascii_digit();
        }
    }
}

/// Returns true if nothing, or a blank, follows.
fn ends_word(text: &str) -> bool {
    text.is_empty() || text.starts_with(char::is_whitespace)
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns text without line breaks and other control characters, and without blanks around it.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        let is_control = character.is_control();
        match is_control {
            true if line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(character),
        }
    }
    line.trim().to_owned()
}
