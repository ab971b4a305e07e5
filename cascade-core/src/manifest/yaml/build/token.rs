//! From the parser's marks to the exact bytes of a token.

use crate::manifest::yaml::Span;
use crate::manifest::yaml::decode::BOM;
use crate::manifest::yaml::span::CharIndex;
use granit_parser::Marker;

/// The text with what is needed to find tokens in it.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    /// Where the parser's own text begins: after a byte order mark.
    base: usize,
    characters: CharIndex<'a>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let base = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let source = text.get(base..).unwrap_or_default();
        Self {
            text,
            base,
            characters: CharIndex::new(source),
        }
    }

    pub(super) fn source(&self) -> &'a str {
        self.text.get(self.base..).unwrap_or_default()
    }

    pub(super) fn mark(&self, mark: &Marker) -> usize {
        self.base + self.characters.byte(mark.index())
    }

    pub(super) fn span(&self, span: granit_parser::Span) -> Span {
        let start = self.mark(&span.start);
        Span::new(start, self.mark(&span.end).max(start))
    }

    /// The scalar itself: without anchor and tag before it and white space after it.
    pub(super) fn scalar(&self, span: Span) -> Span {
        let start = self.after_properties(span.start).min(span.end);
        let token = self.slice(start, span.end);
        if let Some(length) = quoted_length(token) {
            return Span::new(start, start + length);
        }
        Span::new(
            start,
            start + token.trim_end_matches([' ', '\t', '\r', '\n']).len(),
        )
    }

    /// The place of a block scalar: from its `|` or `>` to the end of its text.
    pub(super) fn block_scalar(&self, span: Span) -> Span {
        let start = self.indicator(span.start).min(span.end);
        let token = self.slice(start, span.end).trim_end();
        Span::new(start, start + token.len())
    }

    /// The parser's span begins at a tag or an anchor if there is one, else at the text.
    fn indicator(&self, start: usize) -> usize {
        let before = self.slice(0, start);
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        if !self.slice(line, start).trim().is_empty() {
            return self.after_properties(start);
        }
        let header = before.trim_end();
        let line = header.rfind('\n').map_or(0, |newline| newline + 1);
        let header = header.get(line..).unwrap_or_default();
        let uncommented = header.split(" #").next().unwrap_or_default();
        let indicator = uncommented
            .rfind(['|', '>'])
            .or_else(|| header.rfind(['|', '>']));
        indicator.map_or(start, |at| line + at)
    }

    /// Where a collection starts, and whether it is in flow style.
    pub(super) fn collection(&self, span: Span) -> (usize, bool) {
        let start = self.after_properties(span.start);
        let flow = matches!(self.text.as_bytes().get(start), Some(b'{' | b'['));
        (start, flow)
    }

    /// Returns true if a plain scalar was not written: the parser says `~` for most that are not
    /// there.
    pub(super) fn is_absent(&self, value: &str, span: Span) -> bool {
        let written = || self.scalar(span);
        value.is_empty() || (value == "~" && self.slice(written().start, written().end) != value)
    }

    /// The place of a value that was not written: right after its key's colon, or its dash.
    pub(super) fn absent(&self, span: Span, key: Option<Span>) -> Span {
        if let Some(key) = key {
            let colon = usize::from(self.slice(key.end, self.text.len()).starts_with(':'));
            return Span::new(key.end + colon, key.end + colon);
        }
        let before = self.slice(0, span.start);
        let end = before.trim_end().len();
        Span::new(end, end)
    }

    pub(super) fn line_is_indented_by_tab(&self, at: usize) -> bool {
        let before = self.slice(0, at);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.slice(start, self.text.len());
        let indent = line.trim_start_matches([' ', '\t']);
        line.get(..line.len() - indent.len())
            .unwrap_or_default()
            .contains('\t')
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Steps over `&anchor` and `!tag`, and over comments between them and the value.
    fn after_properties(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let mut seen = false;
        loop {
            match bytes.get(at) {
                Some(b'&' | b'!') => {
                    seen = true;
                    at += bytes
                        .iter()
                        .skip(at)
                        .take_while(|byte| !blank(byte))
                        .count();
                }
                Some(b'#') if seen => {
                    at += bytes
                        .iter()
                        .skip(at)
                        .take_while(|byte| **byte != b'\n')
                        .count();
                }
                Some(byte) if seen && blank(byte) => at += 1,
                _ => return at,
            }
        }
    }
}

/// The length of a quoted scalar; the parser's own span runs on over a comment behind it.
fn quoted_length(token: &str) -> Option<usize> {
    let mut bytes = token.bytes().enumerate().skip(1).peekable();
    match token.bytes().next()? {
        b'"' => {
            while let Some((at, byte)) = bytes.next() {
                match byte {
                    b'\\' => drop(bytes.next()),
                    b'"' => return Some(at + 1),
                    _ => {}
                }
            }
        }
        b'\'' => {
            while let Some((at, byte)) = bytes.next() {
                let doubled = bytes.peek().is_some_and(|(_, next)| *next == b'\'');
                match (byte, doubled) {
                    (b'\'', true) => drop(bytes.next()),
                    (b'\'', false) => return Some(at + 1),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    None
}
