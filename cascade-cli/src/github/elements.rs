//! The elements of an array, as the bytes of an answer come.

use super::client::Answered;
use std::io::Read;

/// The size of one read of a list, in bytes.
const PIECE: usize = 16 * 1024;
/// The longest description of one ref, in bytes: names are short, whatever they say.
const LONGEST_REF: usize = 64 * 1024;

/// Every element of the array that an answer is, one at a time, as its bytes come.
pub(super) fn elements(
    mut answered: Answered,
    mut each: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = answered.body_mut().as_reader();
    let mut splitter = Splitter::default();
    let mut piece = [0; PIECE];
    loop {
        match reader.read(&mut piece).map_err(|error| error.to_string())? {
            0 => return splitter.end(),
            length => splitter.feed(&piece[..length], &mut each)?,
        }
    }
}

/// Finds the objects of a JSON array in bytes that come in pieces.
#[derive(Debug, Default)]
struct Splitter {
    element: Vec<u8>,
    depth: usize,
    quoted: bool,
    escaped: bool,
    begun: bool,
    ended: bool,
}

impl Splitter {
    fn feed(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        for &byte in bytes {
            if self.depth > 0 {
                self.element.push(byte);
                if self.element.len() > LONGEST_REF {
                    return Err("a ref in the answer is too long".to_owned());
                }
            }
            match (self.quoted, byte) {
                (true, _) if self.escaped => self.escaped = false,
                (true, b'\\') => self.escaped = true,
                (_, b'"') if self.depth > 0 => self.quoted = !self.quoted,
                (true, _) => {}
                (false, b'[') if self.depth == 0 && !self.begun => self.begun = true,
                (false, b']') if self.depth == 0 && self.begun => self.ended = true,
                (false, b'{') if self.begun && !self.ended => {
                    if self.depth == 0 {
                        self.element.push(byte);
                    }
                    self.depth += 1;
                }
                (false, b'}') if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        each(&self.element)?;
                        self.element.clear();
                    }
                }
                (false, b' ' | b'\n' | b'\r' | b'\t') => {}
                (false, b',') if self.begun && !self.ended => {}
                _ if self.depth > 0 => {}
                _ => return Err("the answer is no list".to_owned()),
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), String> {
        match self.ended && self.depth == 0 {
            true => Ok(()),
            false => Err("the answer broke off".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: usize) -> Result<Vec<String>, String> {
        let mut splitter = Splitter::default();
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            splitter.feed(piece, &mut |element| {
                found.push(String::from_utf8_lossy(element).into_owned());
                Ok(())
            })?;
        }
        splitter.end().map(|()| found)
    }

    #[test]
    fn elements_are_found_wherever_the_pieces_end() {
        let text = r#" [ {"ref":"a}\"]{","object":{"sha":"1"}} , {"b":[{"c":2}]} ] "#;
        for size in 1..text.len() {
            let found = split(text, size).unwrap();
            assert_eq!(
                found,
                [
                    r#"{"ref":"a}\"]{","object":{"sha":"1"}}"#,
                    r#"{"b":[{"c":2}]}"#
                ]
            );
        }
        assert!(split("[]", 1).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_list_or_breaks_off_is_an_error() {
        for text in [
            "",
            "{}",
            "[{",
            "[{\"a\":1}",
            "null",
            "[1]",
            "[[]]",
            "[{}] x",
        ] {
            assert!(split(text, 3).is_err(), "{text}");
        }
        assert!(split(&format!("[{{\"a\":\"{}\"}}]", "x".repeat(70_000)), 4096).is_err());
    }
}
