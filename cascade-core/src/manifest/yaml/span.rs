//! Places in a text.

use std::ops::Range;

/// A range of bytes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A place as people count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character of the line.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Span {
    /// From `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns true if it covers nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The range, for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl Lines {
    /// Counts the lines of `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let after_break = |(at, byte): (usize, u8)| (byte == b'\n').then_some(at + 1);
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter_map(after_break))
            .collect();
        Self { starts }
    }

    /// The position of the byte at `offset` of the same `text`.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = text.as_bytes().get(start..offset.min(text.len()));
        let characters = before.unwrap_or_default().iter();
        Position {
            line,
            column: 1 + characters.filter(|byte| **byte & 0xC0 != 0x80).count(),
        }
    }
}

/// Character offsets to byte offsets, in constant time per question.
#[derive(Debug)]
pub(super) struct CharIndex<'a> {
    text: &'a str,
    /// The byte offset of every `STEP`-th character; empty for ASCII.
    marks: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> CharIndex<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .map(|(at, _)| at)
                .step_by(STEP)
                .collect()
        };
        Self { text, marks }
    }

    pub(super) fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(mark) = self.marks.get(character / STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(*mark..).unwrap_or_default();
        let within = rest.char_indices().nth(character % STEP);
        within.map_or(self.text.len(), |(at, _)| mark + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nüb: c\r\nd";
        let lines = Lines::new(text);
        let at = |offset| {
            let position = lines.position(text, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(4), (2, 2));
        assert_eq!(at(text.len()), (3, 2));
        assert_eq!(at(text.len() + 9), (3, 2));
    }

    #[test]
    fn characters_become_bytes() {
        let text = "ü€𝄞x".repeat(50);
        let index = CharIndex::new(&text);
        for (character, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(index.byte(character), at);
        }
        assert_eq!(index.byte(10_000), text.len());
    }
}
