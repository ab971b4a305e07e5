//! The report of a run: what it did or would do, and what to do next.

mod next;

use super::plan::{Action, Plan};
use crate::author::pipeline_crate::source::Sources;
use crate::author::scaffold::language::Project;
use crate::author::scaffold::place::{Found, Place};
use crate::author::scaffold::{Remark, Scaffold};
use crate::cli::diagnostic::{count, json, next_steps};
use crate::cli::terminal::{DIM, GREEN, Terminal, YELLOW};
use serde::Serialize;

/// Everything that is told about a run.
pub(super) struct Report<'a> {
    pub(super) place: &'a Place,
    pub(super) scaffold: &'a Scaffold,
    pub(super) projects: &'a [Project],
    pub(super) plan: &'a Plan,
    pub(super) remarks: &'a [Remark],
    pub(super) sources: &'a Sources,
    pub(super) rust: bool,
    pub(super) dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    directory: String,
    trunk_branch: &'a str,
    environments: &'a [String],
    files: Vec<&'a str>,
    replaced: Vec<&'a str>,
    kept: Vec<&'a str>,
    callbacks: Vec<Called<'a>>,
    remarks: Vec<String>,
    next: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Called<'a> {
    role: String,
    name: &'a str,
    workflow: &'a str,
    existing: bool,
}

impl Report<'_> {
    /// Returns the report as the terminal wants it.
    pub(super) fn render(&self, terminal: &Terminal) -> String {
        if terminal.json() {
            return json::pretty(&self.document());
        }
        if terminal.quiet() {
            return String::new();
        }
        let mut out = self.head();
        out.push('\n');
        out.push_str(&self.files(terminal));
        for remark in self.remarks {
            out.push('\n');
            out.push_str(&remark.to_string());
        }
        for (path, lines) in &self.plan.missing {
            out.push_str(&format!("\nAdd to `{path}`:\n"));
            out.extend(lines.iter().map(|line| format!("    {line}\n")));
        }
        out.push_str(&next_steps(&self.next()));
        out
    }

    /// Returns what was found out, before the files.
    fn head(&self) -> String {
        let Self {
            place, scaffold, ..
        } = self;
        let surface = if self.rust { "in Rust" } else { "in YAML" };
        let above = match place.is_above {
            true => " (files go to the top of the repository)",
            false => "",
        };
        let mut out = format!(
            "A pipeline {surface} for {} in {}{above}\n",
            scaffold.name,
            place.root.display()
        );
        let found = match place.found == Found::Named || scaffold.trunk != place.trunk {
            true => String::new(),
            false => format!(" ({}; `--trunk` names another one)", place.found),
        };
        out.push_str(&format!("  trunk         {}{found}\n", scaffold.trunk));
        let environments = match scaffold.environments.is_empty() {
            true => "none: releases only".to_owned(),
            false => scaffold.environments.join(", "),
        };
        out.push_str(&format!("  environments  {environments}\n"));
        let languages: Vec<String> = self.projects.iter().map(ToString::to_string).collect();
        if !languages.is_empty() {
            out.push_str(&format!("  languages     {}\n", languages.join(", ")));
        }
        out
    }

    fn files(&self, terminal: &Terminal) -> String {
        let mut out = String::new();
        for file in &self.plan.files {
            let (word, style) = match (file.action, self.dry_run) {
                (Action::Created, false) => ("created", GREEN),
                (Action::Created, true) => ("would create", GREEN),
                (Action::Replaced, false) => ("replaced", YELLOW),
                (Action::Replaced, true) => ("would replace", YELLOW),
                (Action::Unchanged, _) => ("unchanged", DIM),
            };
            out.push_str(&format!("{}  {}\n", terminal.paint(style, word), file.path));
        }
        for callback in &self.scaffold.callbacks {
            if callback.existing.is_some() {
                out.push_str(&format!(
                    "{}  {} (yours, as the {} callback)\n",
                    terminal.paint(GREEN, "calls"),
                    callback.workflow,
                    callback.role
                ));
            }
        }
        for (path, why) in &self.plan.kept {
            out.push_str(&format!(
                "{}  {path} ({why})\n",
                terminal.paint(DIM, "kept")
            ));
        }
        let changed = count(self.plan.changes().count(), "file");
        out.push_str(&match self.dry_run {
            true => format!("{changed} would be written; nothing was (dry run)\n"),
            false => format!("{changed} written\n"),
        });
        out
    }

    fn document(&self) -> Document<'_> {
        let paths = |action: Action| {
            let files = self.plan.files.iter();
            let files = files.filter(move |file| file.action == action);
            files.map(|file| file.path.as_str()).collect::<Vec<_>>()
        };
        let mut files = paths(Action::Created);
        files.extend(paths(Action::Replaced));
        files.sort_unstable();
        Document {
            version: json::VERSION,
            dry_run: self.dry_run,
            directory: self.place.root.display().to_string(),
            trunk_branch: self.scaffold.trunk.as_str(),
            environments: &self.scaffold.environments,
            files,
            replaced: paths(Action::Replaced),
            kept: self
                .plan
                .kept
                .iter()
                .map(|(path, _)| path.as_str())
                .collect(),
            callbacks: self
                .scaffold
                .callbacks
                .iter()
                .map(|each| Called {
                    role: each.role.to_string(),
                    name: &each.name,
                    workflow: &each.workflow,
                    existing: each.existing.is_some(),
                })
                .collect(),
            remarks: self.remarks.iter().map(ToString::to_string).collect(),
            next: self.next(),
        }
    }
}
