//! The report of a migration: what it did or would do.

use super::{Manifest, Migration};
use crate::cli::diagnostic::{count, json, next_steps};
use crate::cli::terminal::{DIM, GREEN, REMOVED, Terminal, YELLOW};
use cascade_core::migration::{Note, Outcome};
use serde::Serialize;
use similar::TextDiff;

/// Everything that is told about a run.
pub(super) struct Report<'a> {
    pub(super) migration: &'a Migration,
    pub(super) dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    directory: String,
    from: &'a [&'static str],
    manifest: File<'a>,
    removed: &'a [String],
    carried: Vec<Told<'a>>,
    by_hand: Vec<Told<'a>>,
    left_out: Vec<Told<'a>>,
    next: Vec<String>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    path: &'a str,
    line: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

impl Report<'_> {
    /// Returns the report as the terminal wants it.
    pub(super) fn render(&self, terminal: &Terminal) -> String {
        if terminal.json() {
            return json::pretty(&self.document());
        }
        let mut out = self.head(terminal);
        out.push_str(&self.files(terminal));
        for (outcome, title) in [
            (Outcome::ByHand, "To do by hand, before the pipeline works"),
            (Outcome::LeftOut, "Not carried over"),
            (Outcome::Carried, "Carried over"),
        ] {
            if terminal.quiet() && outcome != Outcome::ByHand {
                continue;
            }
            out.push_str(&self.section(outcome, title));
        }
        if !terminal.quiet() {
            out.push_str(&next_steps(&self.next()));
        }
        out
    }

    fn head(&self, terminal: &Terminal) -> String {
        if terminal.quiet() {
            return String::new();
        }
        let Migration { root, from, .. } = self.migration;
        let from = match from.as_slice() {
            [] => "there is nothing left to migrate".to_owned(),
            from => format!("from {}", from.join(", ")),
        };
        format!("{}: {from}\n\n", root.display())
    }

    fn files(&self, terminal: &Terminal) -> String {
        let Manifest {
            shown, old, new, ..
        } = &self.migration.manifest;
        let (word, style) = match (old, self.dry_run) {
            (Some(old), _) if old == new => ("unchanged", DIM),
            (None, false) => ("created", GREEN),
            (None, true) => ("would create", GREEN),
            (Some(_), false) => ("changed", YELLOW),
            (Some(_), true) => ("would change", YELLOW),
        };
        let mut out = format!("{}  {shown}\n", terminal.paint(style, word));
        let word = match self.dry_run {
            true => "would remove",
            false => "removed",
        };
        for path in &self.migration.removed {
            out.push_str(&format!("{}  {path}\n", terminal.paint(REMOVED, word)));
        }
        if self.dry_run && old.as_ref() != Some(new) {
            out.push('\n');
            out.push_str(&self.shown_text());
        }
        out
    }

    /// Returns what would be written: the whole of a new file, the changes of another.
    fn shown_text(&self) -> String {
        let Manifest {
            shown, old, new, ..
        } = &self.migration.manifest;
        match old {
            None => new.clone(),
            Some(old) => TextDiff::from_lines(old.as_str(), new)
                .unified_diff()
                .header(&format!("a/{shown}"), &format!("b/{shown}"))
                .to_string(),
        }
    }

    fn section(&self, outcome: Outcome, title: &str) -> String {
        let notes = self.of(outcome);
        if notes.is_empty() {
            return String::new();
        }
        let mut out = format!("\n{title}:\n");
        for Note {
            place,
            message,
            help,
            ..
        } in notes
        {
            out.push_str(&format!("  {place}: {message}\n"));
            for line in help.iter().flat_map(|help| help.lines()) {
                out.push_str(&format!("    {line}\n"));
            }
        }
        out
    }

    fn of(&self, outcome: Outcome) -> Vec<&Note> {
        let notes = self.migration.notes.iter();
        notes.filter(|note| note.outcome == outcome).collect()
    }

    fn next(&self) -> Vec<String> {
        let by_hand = self.of(Outcome::ByHand).len();
        let mut steps = Vec::new();
        if self.dry_run {
            steps.push("Migrate: the same command without `--dry-run`".to_owned());
        }
        if by_hand > 0 {
            steps.push(format!(
                "Do what is listed above ({}), then check: cascade lint",
                count(by_hand, "item")
            ));
        }
        steps.push("Write the workflows: cascade generate".to_owned());
        steps.push(
            "Commit: git add --all && git commit --message 'Migrate the delivery pipeline'"
                .to_owned(),
        );
        steps.push("See what GitHub lacks: cascade doctor".to_owned());
        steps
    }

    fn document(&self) -> Document<'_> {
        let Manifest {
            shown, old, new, ..
        } = &self.migration.manifest;
        let told = |outcome| {
            let notes = self.of(outcome).into_iter();
            notes
                .map(|note| Told {
                    path: &note.place.path,
                    line: note.place.line,
                    message: &note.message,
                    help: note.help.as_deref(),
                })
                .collect()
        };
        Document {
            version: json::VERSION,
            dry_run: self.dry_run,
            directory: self.migration.root.display().to_string(),
            from: &self.migration.from,
            manifest: File {
                path: shown,
                action: match old {
                    Some(old) if old == new => "unchanged",
                    Some(_) => "changed",
                    None => "created",
                },
                text: self.dry_run.then_some(new.as_str()),
            },
            removed: &self.migration.removed,
            carried: told(Outcome::Carried),
            by_hand: told(Outcome::ByHand),
            left_out: told(Outcome::LeftOut),
            next: self.next(),
        }
    }
}
