//! Writing block-style YAML, one line after the other.
//!
//! The writer knows indentation, quoting and comments, and nothing of what is written. Text is
//! built directly: no tree stands between the caller and the output.
//!
//! ```
//! use cascade_core::manifest::yaml::write::Writer;
//! let mut yaml = Writer::new();
//! yaml.map("env", |yaml| {
//!     yaml.text("ANSWER", "42");
//!     yaml.text("TOOL", "cascade");
//!     yaml.trailing("installed above");
//! });
//! assert_eq!(yaml.finish(), "env:\n  ANSWER: \"42\"\n  TOOL: cascade # installed above\n");
//! ```

mod block;
mod plain;
mod quote;
mod tree;

pub use quote::{flow, quoted, scalar};
pub use tree::node;

const STEP: usize = 2;
/// Lines that need not be longer are not.
const WIDTH: usize = 100;

/// A YAML document that grows line by line.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    indent: usize,
    /// Sequence dashes that the next line starts with.
    dashes: usize,
    blank: bool,
}

impl Writer {
    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty document with room for `bytes`.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// The document. An empty one is the empty mapping.
    #[must_use]
    pub fn finish(mut self) -> String {
        if self.out.is_empty() {
            self.out.push_str("{}");
        }
        self.out.push('\n');
        self.out
    }

    /// Leaves one empty line before whatever comes next.
    pub fn blank(&mut self) {
        self.blank = !self.out.is_empty();
    }

    /// Writes comment lines before whatever comes next.
    pub fn comment(&mut self, text: &str) {
        let dashes = std::mem::take(&mut self.dashes);
        self.indent -= dashes * STEP;
        for line in text.lines() {
            self.start_line();
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                quote::push_comment(&mut self.out, line);
            }
        }
        self.indent += dashes * STEP;
        self.dashes = dashes;
    }

    /// Ends the current line with a comment. Only after a one-line value.
    pub fn trailing(&mut self, text: &str) {
        self.out.push_str(" # ");
        quote::push_comment(&mut self.out, text);
    }

    /// `key: value`, quoted where a plain value would not read back as the same text.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.value(value);
    }

    /// One line of text over several lines (`>-`): they are read with a space between them.
    ///
    /// A line that begins or ends with a space, is empty, or holds what cannot stand in a block
    /// makes the whole one quoted line.
    pub fn folded(&mut self, key: &str, lines: &[&str]) {
        let plain = |line: &&str| {
            !line.is_empty() && line.trim() == *line && line.chars().all(plain::printable)
        };
        if lines.len() < 2 || !lines.iter().all(plain) {
            return self.text(key, &lines.join(" "));
        }
        self.key(key);
        self.out.push_str(" >-");
        for line in lines {
            self.out.push('\n');
            push_spaces(&mut self.out, self.indent + 2);
            self.out.push_str(line);
        }
    }

    /// `key: value` for a value that is YAML already: a number, `true`, `{}`.
    pub fn raw(&mut self, key: &str, value: &str) {
        self.key(key);
        self.out.push(' ');
        self.out.push_str(value);
    }

    /// `key: [a, b]`.
    pub fn flow_list<T: AsRef<str>>(&mut self, key: &str, items: &[T]) {
        self.key(key);
        self.out.push_str(" [");
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.out.push_str(", ");
            }
            quote::push_flow(&mut self.out, item.as_ref());
        }
        self.out.push(']');
    }

    /// `key: [a, b]` on one line, or a block sequence where the line would get long.
    pub fn short_list<T: AsRef<str>>(&mut self, key: &str, items: &[T]) {
        let width: usize = items.iter().map(|item| item.as_ref().len() + 2).sum();
        if self.indent + key.len() + width < WIDTH {
            self.flow_list(key, items);
        } else {
            self.list(key, |yaml| {
                for item in items {
                    yaml.item(item.as_ref());
                }
            });
        }
    }

    /// `key:` and a nested mapping; `{}` if the body writes nothing.
    pub fn map(&mut self, key: &str, body: impl FnOnce(&mut Self)) {
        self.key(key);
        self.nested(" {}", body);
    }

    /// Like [`Writer::map`] for a key that stands bare although a YAML 1.1 reader may take it for
    /// something else: the `on` of a workflow.
    pub fn keyword_map(&mut self, key: &'static str, body: impl FnOnce(&mut Self)) {
        self.start_line();
        self.out.push_str(key);
        self.out.push(':');
        self.nested(" {}", body);
    }

    /// `key:` and a nested sequence; `[]` if the body writes nothing.
    pub fn list(&mut self, key: &str, body: impl FnOnce(&mut Self)) {
        self.key(key);
        self.nested(" []", body);
    }

    /// A text item of a sequence.
    pub fn item(&mut self, value: &str) {
        self.start_line();
        self.out.push('-');
        self.value(value);
    }

    /// An item of a sequence that is YAML already.
    pub fn item_raw(&mut self, value: &str) {
        self.start_line();
        self.out.push_str("- ");
        self.out.push_str(value);
    }

    /// An item of a sequence that is a collection; `empty` if the body writes nothing.
    pub fn item_of(&mut self, empty: &str, body: impl FnOnce(&mut Self)) {
        self.indent += STEP;
        self.dashes += 1;
        let dashes = self.dashes;
        let before = self.out.len();
        body(self);
        self.indent -= STEP;
        if self.out.len() == before && self.dashes == dashes {
            self.dashes -= 1;
            self.item_raw(empty);
        }
    }

    /// Starts `key:`; the value follows on the same line or nested.
    fn key(&mut self, key: &str) {
        self.start_line();
        quote::push(&mut self.out, key);
        self.out.push(':');
    }

    fn nested(&mut self, empty: &str, body: impl FnOnce(&mut Self)) {
        let before = self.out.len();
        self.indent += STEP;
        body(self);
        self.indent -= STEP;
        if self.out.len() == before {
            self.out.push_str(empty);
        }
    }

    fn value(&mut self, value: &str) {
        self.out.push(' ');
        if block::fits(value) {
            block::push(&mut self.out, value, self.indent + STEP);
        } else {
            quote::push(&mut self.out, value);
        }
    }

    /// Lines are ended late, so that a comment can still follow a value.
    fn start_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        if std::mem::take(&mut self.blank) {
            self.out.push('\n');
        }
        let dashes = std::mem::take(&mut self.dashes);
        push_spaces(&mut self.out, self.indent - dashes * STEP);
        for _ in 0..dashes {
            self.out.push_str("- ");
        }
    }
}

fn push_spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests;
