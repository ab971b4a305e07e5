//! Generated files beside what is on disk: the same, missing, different, or of somebody else.

use super::{Disk, generated, manifest, orphans};
use crate::cli::error::Error;
use crate::cli::terminal::Terminal;
use crate::project::{Declared, Project};
use cascade_core::protocol::MARKER;

/// Every generated file beside what is on disk.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The generated files, by path.
    pub(crate) files: Vec<Entry>,
    /// Files with the marker that are not generated any more.
    pub(crate) orphans: Vec<String>,
}

/// A generated file beside what is on disk.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its path, relative to the repository's root.
    pub(crate) path: String,
    /// The text on disk.
    pub(crate) old: Option<String>,
    /// The generated text.
    pub(crate) new: String,
    /// The relation of the two.
    pub(crate) state: State,
}

/// The relation of a generated file to what is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The same.
    Same,
    /// There is nothing.
    Missing,
    /// Its line breaks differ, and nothing else.
    LineBreaks,
    /// It begins with a byte order mark; at most its line breaks differ besides.
    ByteOrderMark,
    /// It differs.
    Differs,
    /// It differs, and cascade did not write it.
    Foreign,
}

impl Comparison {
    /// Generates everything and reads what is on disk.
    pub(crate) fn of(project: &Project, terminal: &Terminal) -> Result<Self, Error> {
        let pipeline = project.pipeline(terminal)?;
        let disk = Disk::new(&project.location.root);
        let mut entries = Vec::new();
        for file in generated(&pipeline)? {
            let old = disk.read(&file.path)?;
            entries.push(Entry::new(file.path, old, file.text));
        }
        if let Declared::Code(code) = &project.declared {
            entries.push(manifest::entry(project, code, &disk)?);
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let keep = |path: &str| entries.iter().any(|entry| entry.path == path);
        let orphans = orphans::find(&disk, &pipeline.settings().action_folder, keep)?;
        Ok(Self {
            files: entries,
            orphans,
        })
    }

    /// Returns true if a file is missing, differs or is an orphan.
    pub(crate) fn has_drift(&self) -> bool {
        !self.orphans.is_empty() || self.files.iter().any(|entry| entry.state != State::Same)
    }
}

/// The character that some editors begin a file with.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns a text with the line breaks that cascade writes, and without a byte order mark.
pub(crate) fn plain(text: &str) -> String {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    text.replace("\r\n", "\n")
}

impl State {
    /// Compares what is on disk with what is generated.
    pub(super) fn of(old: &str, new: &str) -> Self {
        let plain = plain(old);
        match (old == new, plain == new, plain.starts_with(MARKER)) {
            (true, ..) => Self::Same,
            (_, true, _) if old.starts_with(BYTE_ORDER_MARK) => Self::ByteOrderMark,
            (_, true, _) => Self::LineBreaks,
            (_, _, true) => Self::Differs,
            (_, _, false) => Self::Foreign,
        }
    }
}

impl Entry {
    pub(super) fn new(path: String, old: Option<String>, new: String) -> Self {
        let state = match &old {
            None => State::Missing,
            Some(old) => State::of(old, &new),
        };
        Self {
            path,
            old,
            new,
            state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_with_other_line_breaks_has_the_same_text() {
        assert_eq!(plain("\u{feff}a\r\nb\n"), "a\nb\n");
        assert_eq!(plain("a\rb"), "a\rb");
    }
}
