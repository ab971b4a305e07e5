//! `verify`: the drift gate.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::{RED, Terminal, YELLOW};
use crate::files::attributes::{self, ATTRIBUTES};
use crate::files::{Comparison, Entry, State};
use crate::project::Project;
use cascade_core::pull_request::FileState;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    drift: bool,
    files: Vec<File<'a>>,
}

/// A file beside the text that is generated for it.
#[derive(Debug, Serialize)]
pub(crate) struct File<'a> {
    /// Its path, relative to the repository's root.
    pub(crate) path: &'a str,
    /// The relation of the two.
    pub(crate) state: FileState,
    /// The first line that differs, from 1.
    pub(crate) line: Option<usize>,
    /// That line as it is generated.
    pub(crate) generated: Option<&'a str>,
    /// The same line on disk.
    pub(crate) found: Option<&'a str>,
}

pub(crate) fn run(request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("verify")?;
    let project = Project::open(request, terminal)?;
    let comparison = Comparison::of(&project, terminal).map_err(Error::unchecked)?;
    let files = files(&comparison);
    if terminal.json() {
        terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            drift: comparison.has_drift(),
            files,
        }))?;
    } else {
        terminal.out(&list(&files, terminal))?;
    }
    Ok(match comparison.has_drift() {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

/// Returns every generated file beside what is on disk, orphans included.
pub(crate) fn files(comparison: &Comparison) -> Vec<File<'_>> {
    let orphans = comparison.orphans.iter().map(|orphan| File {
        path: orphan,
        state: FileState::Orphan,
        line: None,
        generated: None,
        found: None,
    });
    comparison.files.iter().map(file).chain(orphans).collect()
}

fn file(entry: &Entry) -> File<'_> {
    let state = match entry.state {
        State::Same => FileState::Same,
        State::Missing => FileState::Missing,
        State::LineBreaks => FileState::LineBreaks,
        State::ByteOrderMark => FileState::ByteOrderMark,
        State::Differs => FileState::Differs,
        State::Foreign => FileState::Foreign,
    };
    let old = entry.old.as_deref();
    let old = old.filter(|_| !is_invisible(state));
    let difference = old.and_then(|old| difference(old, &entry.new));
    let (line, found, generated) = difference.unwrap_or_default();
    File {
        path: &entry.path,
        state,
        line,
        generated,
        found,
    }
}

type Difference<'a> = (Option<usize>, Option<&'a str>, Option<&'a str>);

/// The first line that differs, from 1, and what both sides have there.
fn difference<'a>(old: &'a str, new: &'a str) -> Option<Difference<'a>> {
    let (mut found, mut generated) = (old.split_inclusive('\n'), new.split_inclusive('\n'));
    for line in 1.. {
        match (found.next(), generated.next()) {
            (None, None) => return None,
            (Some(a), Some(b)) if unified(a) == unified(b) => {}
            (a, b) => return Some((Some(line), a, b)),
        }
    }
    None
}

/// The text of a line without a byte order mark, and whether it ends with a line break of any kind.
fn unified(line: &str) -> (&str, bool) {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    match line.strip_suffix('\n') {
        Some(text) => (text.strip_suffix('\r').unwrap_or(text), true),
        None => (line, false),
    }
}

/// Returns true if the difference cannot be seen in the lines.
const fn is_invisible(state: FileState) -> bool {
    matches!(state, FileState::LineBreaks | FileState::ByteOrderMark)
}

/// A line with everything visible that would not be: odd characters, and the lack of an end.
fn visible(line: Option<&str>) -> String {
    let Some(line) = line else {
        return "(the file ends)".to_owned();
    };
    let (text, end) = match line.strip_suffix('\n') {
        Some(text) => (text, ""),
        None => (line, " (without a line break)"),
    };
    let mut out = String::with_capacity(line.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out + end
}

/// Returns how invisible differences come about, and what keeps them away.
fn help(files: &[File<'_>]) -> String {
    let of = |word: FileState| {
        let files = files.iter().filter(move |file| file.state == word);
        files.map(|file| file.path).collect::<Vec<_>>()
    };
    let breaks = of(FileState::LineBreaks);
    let mut out = String::new();
    if !breaks.is_empty() {
        out.push_str(&format!(
            "git or an editor changed line breaks. These lines in `{ATTRIBUTES}` keep them:\n"
        ));
        let lines = attributes::lines(&attributes::patterns(breaks));
        out.extend(lines.iter().map(|line| format!("    {line}\n")));
    }
    if !of(FileState::ByteOrderMark).is_empty() {
        out.push_str("An editor added a byte order mark: have it save as UTF-8 without one.\n");
    }
    out
}

fn list(files: &[File<'_>], terminal: &Terminal) -> String {
    let mut out = String::new();
    let drifted = files.iter().filter(|file| file.state != FileState::Same);
    for file in drifted.clone() {
        let (word, style, what) = match file.state {
            FileState::Missing => ("missing", RED, ""),
            FileState::LineBreaks => (
                "breaks",
                RED,
                " (its line breaks are not `\\n`; nothing else differs)",
            ),
            FileState::ByteOrderMark => (
                "mark",
                RED,
                " (it begins with a byte order mark; no line differs)",
            ),
            FileState::Differs | FileState::Same => ("differs", RED, ""),
            FileState::Foreign => ("foreign", RED, " (cascade did not write it)"),
            FileState::Orphan => ("orphan", YELLOW, " (not generated any more)"),
        };
        let word = terminal.paint(style, &format!("{word:<7}"));
        out.push_str(&format!("{word}  {}{what}\n", file.path));
        if let Some(line) = file.line {
            let (found, generated) = (visible(file.found), visible(file.generated));
            let head = format!("line {line} is");
            let width = head.len().max(9);
            out.push_str(&format!("         {head:<width$}  {found}\n"));
            out.push_str(&format!("         {:<width$}  {generated}\n", "should be"));
        }
    }
    if terminal.quiet() {
        return out;
    }
    out.push_str(&help(files));
    let total = crate::cli::diagnostic::count(files.len(), "file");
    match drifted.count() {
        0 => out.push_str(&format!("{total} checked, no drift\n")),
        count => out.push_str(&format!(
            "{count} of {total} drifted; `cascade generate` writes them, `--prune` removes orphans\n"
        )),
    }
    out
}
