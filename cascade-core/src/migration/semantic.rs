//! semantic-release: its configuration, in every form but a program.
//!
//! Source: semantic-release, "Configuration" and "Workflow configuration"; cosmiconfig, "Usage".

mod branches;
mod plugins;

use super::parts::{unique, within};
use super::text::{CORRECT_IT, Text, kind};
use super::{Files, Note, Outcome, Part, Place, Releases, Unreadable};
use crate::manifest::yaml::{Kind, View};
use branches::branches;
use plugins::plugins;

/// The names of configurations that can be read, in the order in which semantic-release looks.
pub const SEMANTIC_FILES: [&str; 5] = [
    "package.json",
    ".releaserc",
    ".releaserc.json",
    ".releaserc.yaml",
    ".releaserc.yml",
];

/// The names of configurations that are programs.
pub const SEMANTIC_PROGRAMS: [&str; 7] = [
    ".releaserc.js",
    ".releaserc.cjs",
    ".releaserc.mjs",
    "release.config.js",
    "release.config.cjs",
    "release.config.mjs",
    "release.config.ts",
];

const DEFAULT_FORMAT: &str = "v${version}";
const VERSION: &str = "${version}";
const ACTION: &str = "cycjimmy/semantic-release-action@";

/// A repository that semantic-release releases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SemanticRelease {
    /// The releases that it makes.
    pub releases: Releases,
    /// The places that publish something besides the release on GitHub, each with its plugin.
    pub publishes: Vec<(Place, String)>,
}

/// Reads what semantic-release does in a repository; `None` if it does nothing there.
///
/// `folders` are those that may have a configuration, empty for the top; `trunk` is the branch that
/// releases flow from as far as it is known, `workflows` are the workflow files with their texts.
///
/// # Errors
/// A configuration cannot be read.
pub fn read_semantic_release(
    files: Files<'_>,
    folders: &[String],
    trunk: &str,
    workflows: &[(String, String)],
) -> Result<Option<SemanticRelease>, Unreadable> {
    let mut found = SemanticRelease::default();
    steps(workflows, &mut found.releases);
    let in_workflows = !found.releases.files.is_empty();
    for folder in folders {
        read_folder(files, folder, trunk, &mut found)?;
    }
    if found.releases.parts.is_empty() && !in_workflows {
        return Ok(None);
    }
    if found.releases.parts.is_empty() {
        let place = Place::file(found.releases.files.first().map_or("", String::as_str));
        found.releases.parts.push(Part::root("v", place));
    }
    Ok(Some(found))
}

/// Says that a configuration is a program.
fn program(path: &str) -> Note {
    let message = "this configuration is a program, which cascade does not run";
    Note::new(Outcome::ByHand, Place::file(path), message).help(
        "the manifest takes tags `v1.2.3`: if its `tagFormat` is another one, change \
         `tag_grammar.prefix`; what it publishes becomes the publish callback",
    )
}

fn read_folder(
    files: Files<'_>,
    folder: &str,
    trunk: &str,
    found: &mut SemanticRelease,
) -> Result<(), Unreadable> {
    let mut first: Option<String> = None;
    let mut other = |path: &str, found: &mut SemanticRelease| match &first {
        Some(first) => {
            let message = format!("semantic-release reads `{first}` and not this file");
            let note = Note::new(Outcome::LeftOut, Place::file(path), message);
            found
                .releases
                .notes
                .push(note.help("it was not read here either"));
            true
        }
        None => {
            first = Some(path.to_owned());
            false
        }
    };
    for name in SEMANTIC_FILES {
        let path = within(folder, name);
        let Some(text) = files(&path) else { continue };
        let config = match name {
            "package.json" => match package_json(&path, &text, &mut found.releases.notes) {
                Some(config) => config,
                None => continue,
            },
            ".releaserc.json" => Text::json(&path, &text)?,
            _ => Text::yaml(&path, &text)?,
        };
        if other(&path, found) {
            continue;
        }
        found.releases.files.push(path.clone());
        let root = config.root()?;
        let config_root = match name {
            "package.json" => root.get("release").unwrap_or(root),
            _ => root,
        };
        read_config(&config, config_root, folder, trunk, files, found);
    }
    for name in SEMANTIC_PROGRAMS {
        let path = within(folder, name);
        if files(&path).is_none() || other(&path, found) {
            continue;
        }
        found.releases.notes.push(program(&path));
        let part = part(folder, "v", Place::file(&path), &found.releases.parts);
        found.releases.files.push(path);
        found.releases.parts.push(part);
    }
    Ok(())
}

/// Returns the file if it configures semantic-release.
fn package_json(path: &str, text: &str, notes: &mut Vec<Note>) -> Option<Text> {
    match Text::json(path, text) {
        Ok(config) => {
            let root = config.root().ok()?;
            let release = root.get("release")?;
            if matches!(release.kind(), Kind::Map(_)) {
                return Some(config);
            }
            config.odd::<()>(root, "release", "a mapping", notes);
            None
        }
        Err(error) if text.contains("\"release\"") => {
            let note = Note::new(Outcome::ByHand, error.place, error.message);
            notes.push(note.help(CORRECT_IT));
            None
        }
        Err(_) => None,
    }
}

fn part(folder: &str, prefix: &str, place: Place, parts: &[Part]) -> Part {
    let mut part = Part::root(prefix, place);
    if !folder.is_empty() {
        folder.clone_into(&mut part.path);
        let last = folder.rsplit('/').next().unwrap_or(folder);
        part.name = unique(last, parts);
    }
    part
}

fn read_config(
    config: &Text,
    root: View<'_>,
    folder: &str,
    trunk: &str,
    files: Files<'_>,
    found: &mut SemanticRelease,
) {
    let prefix = tag_prefix(config, root, &mut found.releases.notes);
    let place = match root.entry("tagFormat") {
        Some(_) => config.key(root, "tagFormat"),
        None => Place::file(&config.path),
    };
    let part = part(folder, &prefix, place, &found.releases.parts);
    found.releases.parts.push(part);
    branches(config, root, trunk, &mut found.releases);
    plugins(config, root, folder, files, found);
    for (option, value) in root.entries() {
        let help = match option {
            "tagFormat" | "branches" | "branch" | "plugins" | "$schema" | "ci" | "debug"
            | "dryRun" | "noCi" => continue,
            "extends" => {
                let message = format!(
                    "`extends` takes options from {}, which was not read",
                    said(value)
                );
                let note = Note::new(Outcome::ByHand, config.key(root, option), message);
                found.releases.notes.push(note.help(
                    "look there for `tagFormat`, `branches` and what is published, and change the manifest accordingly",
                ));
                continue;
            }
            "repositoryUrl" => "a pipeline belongs to the repository that it is in",
            "verifyConditions" | "analyzeCommits" | "verifyRelease" | "generateNotes"
            | "prepare" | "publish" | "success" | "fail" | "addChannel" => {
                "what is to be done is done by callbacks, which are workflows"
            }
            _ => "cascade has nothing like it",
        };
        let note = Note::new(
            Outcome::LeftOut,
            config.key(root, option),
            format!("`{option}`"),
        );
        found.releases.notes.push(note.help(help));
    }
}

fn said(value: View<'_>) -> String {
    let texts: Vec<String> = value
        .text()
        .into_iter()
        .chain(value.items().filter_map(View::text))
        .collect();
    match texts.is_empty() {
        true => kind(value).to_owned(),
        false => texts
            .iter()
            .map(|text| format!("`{text}`"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn tag_prefix(config: &Text, root: View<'_>, notes: &mut Vec<Note>) -> String {
    let format = config
        .text(root, "tagFormat", notes)
        .unwrap_or_else(|| DEFAULT_FORMAT.to_owned());
    let mut tell = |message: String| {
        let note = Note::new(Outcome::ByHand, config.key(root, "tagFormat"), message);
        notes.push(note.help(
            "a pipeline's tags are a prefix and a version: the manifest has the nearest one; give \
             the commit of the last release a tag with it",
        ));
    };
    let Some((before, after)) = format.split_once(VERSION) else {
        tell(format!("`tagFormat: {format}` has no `{VERSION}`"));
        return "v".to_owned();
    };
    if !after.is_empty() {
        tell(format!("`tagFormat: {format}` goes on after the version"));
    }
    if before.contains("${") || before.contains("<%") {
        tell(format!(
            "`tagFormat: {format}` is known only when semantic-release runs"
        ));
        return "v".to_owned();
    }
    before.to_owned()
}

/// Reads the steps of workflows that run semantic-release.
fn steps(workflows: &[(String, String)], out: &mut Releases) {
    for (path, text) in workflows {
        let Ok(text) = Text::yaml(path, text) else {
            continue;
        };
        for (id, step) in text.steps() {
            let word = |key: &str| step.get(key).and_then(View::text).unwrap_or_default();
            let key = if word("uses").starts_with(ACTION) {
                "uses"
            } else if runs(&word("run")) {
                "run"
            } else {
                continue;
            };
            out.files.push(path.clone());
            let message =
                format!("the job `{id}` runs semantic-release, which would go on tagging");
            let note = Note::new(Outcome::ByHand, text.key(step, key), message);
            out.notes
                .push(note.help("remove the step when the pipeline takes over"));
        }
    }
    out.files.dedup();
}

/// Returns true if a script calls semantic-release, and not one of its plugins alone.
fn runs(script: &str) -> bool {
    script.lines().any(|line| {
        let line = line.trim_start();
        let words: Vec<&str> = line.split_whitespace().collect();
        !line.starts_with('#')
            && words.iter().any(|word| {
                let word = word.split('@').next().unwrap_or(word);
                matches!(word, "semantic-release" | "multi-semantic-release")
            })
            && !words
                .iter()
                .any(|word| matches!(*word, "install" | "add" | "i" | "ci"))
    })
}
