//! `plan`: what `generate` would change, as a diff.

use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::{CYAN, GREEN, REMOVED, Terminal};
use crate::files::{Comparison, State};
use crate::project::Project;
use serde::Serialize;
use similar::TextDiff;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    changes: Vec<Change<'a>>,
    orphans: &'a [String],
}

#[derive(Debug, Serialize)]
struct Change<'a> {
    path: &'a str,
    diff: String,
}

pub(crate) fn run(request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("plan")?;
    let project = Project::open(request, terminal)?;
    let comparison = Comparison::of(&project, terminal)?;
    let changed = comparison
        .files
        .iter()
        .filter(|entry| entry.state != State::Same);
    let changes: Vec<Change<'_>> = changed
        .map(|entry| Change {
            path: &entry.path,
            diff: diff(&entry.path, entry.old.as_deref(), &entry.new),
        })
        .collect();
    let orphans = &comparison.orphans;
    if terminal.json() {
        terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            changes,
            orphans,
        }))?;
        return Ok(ExitStatus::Success);
    }
    for change in &changes {
        terminal.out(&paint(&change.diff, terminal))?;
    }
    for orphan in orphans {
        terminal.note(&format!(
            "{orphan} is not generated any more; `cascade generate --prune` removes it"
        ));
    }
    if changes.is_empty() && orphans.is_empty() {
        terminal.note("nothing to do: every generated file is up to date");
    }
    Ok(ExitStatus::Success)
}

fn diff(path: &str, old: Option<&str>, new: &str) -> String {
    let before = match old {
        Some(_) => format!("a/{path}"),
        None => "/dev/null".to_owned(),
    };
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
    let mut unified = diff.unified_diff();
    let after = format!("b/{path}");
    unified.header(&before, &after).to_string()
}

fn paint(diff: &str, terminal: &Terminal) -> String {
    let line = |line: &str| {
        let style = match line.as_bytes().first() {
            Some(b'+') => GREEN,
            Some(b'-') => REMOVED,
            Some(b'@') => CYAN,
            _ => return format!("{line}\n"),
        };
        terminal.paint(style, line) + "\n"
    };
    diff.lines().map(line).collect()
}
