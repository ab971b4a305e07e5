//! Objects, read by one process for all questions of a command.
//!
//! Starting git costs more than what it is asked here, and a command asks for a dozen objects.
//! `git cat-file --batch` answers line by line, and sees what other processes write meanwhile
//! (git-cat-file(1), "BATCH OUTPUT"). It does not say why an object is missing, so the callers ask
//! again with a command of its own before they take that for an answer.

use super::Git;
use crate::cli::error::Failure;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::PoisonError;

/// An object that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    /// Its name, in hexadecimal.
    pub(super) sha: String,
    /// `commit`, `tree`, `blob` or `tag`.
    pub(super) kind: String,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

/// A git that answers questions about objects until it is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    git: Child,
    /// Closed before git is waited for.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Git {
    /// Returns the object that a name stands for; `None` where git cannot give it, for whatever
    /// reason.
    pub(super) fn read(&self, name: &str) -> Result<Option<Object>, Failure> {
        if name.contains(['\n', '\0']) {
            return Ok(None);
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = match reader.as_mut() {
            Some(reader) => reader.ask(name),
            None => reader.insert(self.start()?).ask(name),
        };
        // A git that cannot read an object has ended.
        Ok(answered.unwrap_or_else(|_| {
            *reader = None;
            None
        }))
    }

    fn start(&self) -> Result<Reader, Failure> {
        let mut git = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(super::command::missing)?;
        let questions = git.stdin.take();
        let answers = git.stdout.take().map(BufReader::new);
        match answers {
            Some(answers) => Ok(Reader {
                git,
                questions,
                answers,
            }),
            None => Err(Failure::new("git cannot be asked")),
        }
    }
}

impl Reader {
    fn ask(&mut self, name: &str) -> io::Result<Option<Object>> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{name}")?;
        questions.flush()?;
        answer(&mut self.answers, name)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.git.wait();
    }
}

/// Reads `<sha> <kind> <size>` and as many bytes, or that there is no such object.
fn answer(answers: &mut impl BufRead, name: &str) -> io::Result<Option<Object>> {
    let mut head = Vec::new();
    answers.read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head);
    let head = head
        .strip_suffix('\n')
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    if head == format!("{name} missing") || head.ends_with(" ambiguous") {
        return Ok(None);
    }
    let words: Vec<&str> = head.split(' ').collect();
    let &[sha, kind, size] = words.as_slice() else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let size: usize = size.parse().map_err(|_| io::ErrorKind::InvalidData)?;
    let mut bytes = vec![0; size];
    answers.read_exact(&mut bytes)?;
    // The line break behind an object is not part of it.
    answers.read_exact(&mut [0])?;
    Ok(Some(Object {
        sha: sha.to_owned(),
        kind: kind.to_owned(),
        bytes,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_follow_each_other() {
        let mut said = &b"01 blob 4\na\nb\n\nno such missing\n02 tree 0\n\n"[..];
        let first = answer(&mut said, "HEAD:a").unwrap().unwrap();
        assert_eq!(
            (first.sha.as_str(), first.kind.as_str(), &first.bytes[..]),
            ("01", "blob", &b"a\nb\n"[..])
        );
        assert_eq!(answer(&mut said, "no such").unwrap(), None);
        assert_eq!(answer(&mut said, "x").unwrap().unwrap().sha, "02");
        assert!(answer(&mut said, "x").is_err());
    }

    #[test]
    fn half_an_object_is_none() {
        let mut said = &b"01 blob 40\nabc"[..];
        assert!(answer(&mut said, "x").is_err());
    }
}
