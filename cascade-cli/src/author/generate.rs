//! `generate`: writes the files.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::{DIM, GREEN, REMOVED, Terminal, YELLOW};
use crate::files::{Comparison, Disk, Entry, State, write};
use crate::project::Project;
use crate::repository::go_tool;
use annotate_snippets::renderer::Style;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Overwrite files that cascade did not write
    #[arg(long)]
    force: bool,
    /// Remove files that cascade wrote and does not write any more
    #[arg(long)]
    prune: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    files: Vec<File<'a>>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Created,
    Updated,
    Unchanged,
    Removed,
    Orphaned,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("generate")?;
    let project = Project::open(request, terminal)?;
    let comparison = Comparison::of(&project, terminal)?;
    if !args.force {
        refuse_foreign(&comparison.files)?;
    }
    if !request.dry_run {
        apply(&comparison, &Disk::new(&project.location.root), args.prune)?;
    }
    let done = done(&comparison, args.prune, request.dry_run);
    if terminal.json() {
        let document = Document {
            version: json::VERSION,
            dry_run: request.dry_run,
            files: done,
        };
        terminal.out(&json::pretty(&document))?;
    } else if request.dry_run {
        terminal.out(&texts(&comparison))?;
    } else {
        terminal.out(&list(&done, terminal))?;
    }
    Ok(ExitStatus::Success)
}

fn refuse_foreign(entries: &[Entry]) -> Result<(), Failure> {
    let foreign = entries.iter().filter(|entry| entry.state == State::Foreign);
    let foreign: Vec<&Entry> = foreign.collect();
    if foreign.is_empty() {
        return Ok(());
    }
    let mut message = "cascade did not write what is at a generated file's place".to_owned();
    for entry in &foreign {
        message.push_str(&format!("\n  {}", entry.path));
    }
    let is_of_go_tool = |entry: &&Entry| {
        let old = entry.old.as_deref().unwrap_or_default();
        go_tool::generated(old.as_bytes())
    };
    let help = match foreign.iter().all(is_of_go_tool) {
        true => {
            "the Go tool of the same name did: `cascade migrate --remove` takes the repository over; \
             nothing was changed"
        }
        false => "move it away, or overwrite it with `--force`; nothing was changed",
    };
    Err(Failure::new(message).help(help))
}

fn apply(comparison: &Comparison, disk: &Disk, prune: bool) -> Result<(), Failure> {
    let changed = comparison
        .files
        .iter()
        .filter(|entry| entry.state != State::Same);
    let changed: Vec<(&str, &str)> = changed
        .map(|entry| (entry.path.as_str(), entry.new.as_str()))
        .collect();
    write::write(disk, &changed)?;
    if prune {
        for orphan in &comparison.orphans {
            write::remove(disk, orphan)?;
        }
    }
    Ok(())
}

fn done(comparison: &Comparison, prune: bool, with_text: bool) -> Vec<File<'_>> {
    let files = comparison.files.iter().map(|entry| File {
        path: &entry.path,
        action: match entry.state {
            State::Same => Action::Unchanged,
            State::Missing => Action::Created,
            State::LineBreaks | State::ByteOrderMark | State::Differs | State::Foreign => {
                Action::Updated
            }
        },
        text: with_text.then_some(entry.new.as_str()),
    });
    let action = if prune {
        Action::Removed
    } else {
        Action::Orphaned
    };
    let orphans = comparison.orphans.iter().map(|orphan| File {
        path: orphan,
        action,
        text: None,
    });
    files.chain(orphans).collect()
}

/// Every file after a line that names it.
fn texts(comparison: &Comparison) -> String {
    let mut out = String::new();
    for (position, entry) in comparison.files.iter().enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        out.push_str(&format!("{gap}==> {} <==\n{}", entry.path, entry.new));
    }
    out
}

fn list(done: &[File<'_>], terminal: &Terminal) -> String {
    let mut out = String::new();
    if terminal.quiet() {
        return out;
    }
    for file in done {
        if file.action == Action::Unchanged && !terminal.verbose() {
            continue;
        }
        let (word, style) = file.action.word();
        let word = terminal.paint(style, &format!("{word:<9}"));
        out.push_str(&format!("{word}  {}\n", file.path));
    }
    let total = done.iter().filter(|file| file.action.is_kept()).count();
    let unchanged = done
        .iter()
        .filter(|file| file.action == Action::Unchanged)
        .count();
    let files = crate::cli::diagnostic::count(total, "file");
    out.push_str(&format!("{files} generated, {unchanged} unchanged\n"));
    if done.iter().any(|file| file.action == Action::Orphaned) {
        out.push_str("orphaned files are not generated any more; `--prune` removes them\n");
    }
    out
}

impl Action {
    const fn word(self) -> (&'static str, Style) {
        match self {
            Self::Created => ("created", GREEN),
            Self::Updated => ("updated", GREEN),
            Self::Unchanged => ("unchanged", DIM),
            Self::Removed => ("removed", REMOVED),
            Self::Orphaned => ("orphaned", YELLOW),
        }
    }

    const fn is_kept(self) -> bool {
        matches!(self, Self::Created | Self::Updated | Self::Unchanged)
    }
}
