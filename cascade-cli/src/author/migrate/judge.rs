//! The judgement of a manifest: what keeps it from becoming a pipeline.

use crate::cli::diagnostic::{Diagnostic, Source};
use crate::files::{Disk, VERSION};
use crate::project::Checked;
use crate::project::manifest::Text;
use crate::repository::{WorkflowFiles, go_tool};
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::Severity;
use cascade_core::generate::{GenerateError, generate};
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::Node;
use cascade_core::manifest::yaml::{Manifest, Position};
use cascade_core::migration::{Note, Outcome, Place};
use cascade_core::pipeline::Pipeline;
use cascade_core::protocol::MARKER;
use std::path::Path;

/// Returns what is to be done by hand before the workflows of a manifest can be generated, and the
/// warnings.
pub(super) fn judge(root: &Path, shown: &str, text: &str, key: &str) -> Vec<Note> {
    let files = WorkflowFiles::new(root);
    let read = Text::of(shown.to_owned(), text.as_bytes().to_vec(), key);
    let Checked { report, pipeline } = read.check(&Contracts::new(&files));
    let source = report.source();
    let mut notes: Vec<Note> = report
        .diagnostics()
        .iter()
        .map(|each| finding(each, source, shown))
        .collect();
    let whole = pipeline.filter(|_| !report.has_errors());
    if let Some(pipeline) = whole.or_else(|| sound_part(read.draft()?)) {
        match generate(&pipeline, VERSION) {
            Ok(files) => notes.extend(taken(root, files.iter().map(|file| file.path.as_str()))),
            Err(error) => notes.push(refused(&error, shown)),
        }
    }
    notes
}

/// Returns the sound part of a configuration that breaks rules: enough to know which files `generate`
/// would write.
fn sound_part(config: &Node) -> Option<Pipeline> {
    let Node::Map(config) = config else {
        return None;
    };
    let mut part = config.clone();
    for key in ["validate", "builds", "publish"] {
        part.shift_remove(key);
    }
    if let Some(Node::List(deploys)) = part.get_mut("deploys") {
        for deploy in deploys {
            if let Node::Map(deploy) = deploy {
                let needed = ["name", "workflow", "deploy_target"];
                deploy.retain(|key, _| needed.contains(&key.as_str()));
            }
        }
    }
    loop {
        let checked = check(&Node::Map(part.clone()), &Contracts::unavailable());
        if checked.pipeline.is_some() {
            return checked.pipeline;
        }
        let mut errors = checked.findings.iter();
        let error = errors.find(|each| each.rule.severity == Severity::Error)?;
        let at = error.at.to_string();
        let first = at.split(['.', '[']).next().unwrap_or_default();
        part.shift_remove(first)?;
    }
}

fn finding(each: &Diagnostic, source: &Source, shown: &str) -> Note {
    let outcome = match each.rule.severity {
        Severity::Error => Outcome::ByHand,
        Severity::Warning => Outcome::LeftOut,
    };
    let span = each.span.filter(|span| !span.is_empty());
    let place = match span.and_then(|span| source.positions(span)) {
        Some((Position { line, .. }, _)) => Place::line(shown, line),
        None => Place::file(shown),
    };
    let path = each.path.as_ref().filter(|path| !path.is_empty());
    let path = path.map_or_else(String::new, |path| format!("`{path}`: "));
    let note = Note::new(
        outcome,
        place,
        format!("{path}{} [{}]", each.message, each.rule.code),
    );
    match &each.help {
        Some(help) => note.help(help.clone()),
        None => note.help(format!("`cascade explain {}` has more", each.rule.code)),
    }
}

fn refused(GenerateError { path, error }: &GenerateError, shown: &str) -> Note {
    let message = format!("`{path}` would be a workflow that GitHub refuses: {error}");
    Note::new(Outcome::ByHand, Place::file(shown), message)
}

/// Returns the place of a field such as `deploys[0].deploy_target` or `changelog.workflow`.
pub(super) fn place(field: &str, shown: &str, text: &str, key: &str) -> Place {
    let Ok(manifest) = Manifest::read(text.as_bytes(), key) else {
        return Place::file(shown);
    };
    let mut path = KeyPath::root();
    for part in field.split('.') {
        let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, index)) => (name, index.parse::<usize>().ok()),
            None => (part, None),
        };
        path = path.key(name);
        if let Some(index) = index {
            path = path.index(index);
        }
    }
    let span = manifest.span(&path.as_key());
    match span.is_empty() {
        true => Place::file(shown),
        false => Place::line(shown, manifest.document().position(span.start).line),
    }
}

/// Files of somebody else in the places of generated ones.
fn taken<'a>(root: &Path, paths: impl Iterator<Item = &'a str>) -> Vec<Note> {
    let disk = Disk::new(root);
    let foreign = paths.filter_map(|path| {
        let why = match disk.read(path) {
            Ok(None) => return None,
            // Those of the Go tool are told on their own.
            Ok(Some(text)) if text.starts_with(MARKER) || go_tool::generated(text.as_bytes()) => {
                return None;
            }
            Ok(Some(_)) => "`generate` writes a file of this name, and this one is yours",
            Err(_) => "`generate` writes a file of this name, and a link or a folder is there",
        };
        let note = Note::new(Outcome::ByHand, Place::file(path), why);
        Some(note.help("rename it, or overwrite it with `cascade generate --force`"))
    });
    foreign.collect()
}
