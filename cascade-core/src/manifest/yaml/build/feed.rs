//! The parser's input, with a limit on reading ahead.
//!
//! Until the parser knows whether a flow collection is a key, it keeps every token of it. Without a
//! limit one collection as long as the file would cost a hundred times its size.

use std::cell::Cell;
use std::str::Chars;

/// Characters that may be read between two events.
pub(super) const MAX_AHEAD: usize = 512 * 1024;

/// How far the parser has read since its last event.
#[derive(Debug, Default)]
pub(super) struct Ahead(Cell<usize>);

/// The characters of the text; they end early when the limit is reached.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    characters: Chars<'a>,
    ahead: &'a Ahead,
}

impl Ahead {
    pub(super) fn reset(&self) {
        self.0.set(0);
    }

    pub(super) fn is_too_far(&self) -> bool {
        self.0.get() > MAX_AHEAD
    }
}

impl<'a> Feed<'a> {
    pub(super) fn new(text: &'a str, ahead: &'a Ahead) -> Self {
        let characters = text.chars();
        Self { characters, ahead }
    }
}

impl Iterator for Feed<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let read = self.ahead.0.get() + 1;
        self.ahead.0.set(read);
        if read > MAX_AHEAD {
            return None;
        }
        self.characters.next()
    }
}
