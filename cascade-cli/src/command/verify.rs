//! `verify`: the drift gate.

use crate::args::Request;
use crate::diagnostic::json;
use crate::error::{Error, Outcome};
use crate::files::{Comparison, Entry, State};
use crate::project::Project;
use crate::status::ExitStatus;
use crate::terminal::{RED, Terminal, YELLOW};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    drift: bool,
    files: Vec<File<'a>>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    state: Word,
    line: Option<usize>,
    generated: Option<&'a str>,
    found: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Same,
    Missing,
    Differs,
    Foreign,
    Orphan,
}

pub(crate) fn run(request: &Request, terminal: &Terminal) -> Outcome {
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

fn files(comparison: &Comparison) -> Vec<File<'_>> {
    let orphans = comparison.orphans.iter().map(|orphan| File {
        path: orphan,
        state: Word::Orphan,
        line: None,
        generated: None,
        found: None,
    });
    comparison.files.iter().map(file).chain(orphans).collect()
}

fn file(entry: &Entry) -> File<'_> {
    let state = match entry.state {
        State::Same => Word::Same,
        State::Missing => Word::Missing,
        State::Differs => Word::Differs,
        State::Foreign => Word::Foreign,
    };
    let difference = entry
        .old
        .as_deref()
        .and_then(|old| difference(old, &entry.new));
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
    let (mut found, mut generated) = (old.split('\n'), new.split('\n'));
    for line in 1.. {
        match (found.next(), generated.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return Some((Some(line), a, b)),
        }
    }
    None
}

fn list(files: &[File<'_>], terminal: &Terminal) -> String {
    let mut out = String::new();
    let drifted = files.iter().filter(|file| file.state != Word::Same);
    for file in drifted.clone() {
        let (word, style, what) = match file.state {
            Word::Missing => ("missing", RED, ""),
            Word::Differs | Word::Same => ("differs", RED, ""),
            Word::Foreign => ("foreign", RED, " (cascade did not write it)"),
            Word::Orphan => ("orphan", YELLOW, " (not generated any more)"),
        };
        let word = terminal.paint(style, &format!("{word:<7}"));
        out.push_str(&format!("{word}  {}{what}\n", file.path));
        if let Some(line) = file.line {
            let side = |side: Option<&str>| match side {
                Some(text) => text.escape_debug().to_string(),
                None => "(the file ends)".to_owned(),
            };
            let (found, generated) = (side(file.found), side(file.generated));
            out.push_str(&format!("         line {line} is   {found}\n"));
            out.push_str(&format!("         should be  {generated}\n"));
        }
    }
    if terminal.quiet() {
        return out;
    }
    let total = crate::diagnostic::count(files.len(), "file");
    match drifted.count() {
        0 => out.push_str(&format!("{total} checked, no drift\n")),
        count => out.push_str(&format!(
            "{count} of {total} drifted; `cascade generate` writes them, `--prune` removes orphans\n"
        )),
    }
    out
}
