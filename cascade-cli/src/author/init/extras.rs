//! Files that belong to a pipeline besides the workflows: the check of pull requests, line breaks,
//! owners, the schema for editors.

use crate::author::scaffold::adopt::is_free;
use crate::author::scaffold::place::Place;
use crate::author::scaffold::survey::{Survey, text_of};
use crate::cli::diagnostic::json;
use crate::cli::error::Failure;
use crate::files::attributes::{ATTRIBUTES, lines, patterns};
use crate::repository::WORKFLOWS;
use cascade_core::manifest::{ACTION_FOLDER, MANIFEST_KEY};
use cascade_core::pipeline::{Cli, Settings};
use cascade_core::protocol::MARKER;
use cascade_core::schema;
use std::path::Path;

/// A file for which the repository may have its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extra {
    /// The repository's own says it already.
    Covered { path: String },
    /// It is written.
    Written { path: String, text: String },
    /// The repository has its own, which these lines belong into.
    Missing { path: String, lines: Vec<String> },
}

/// The files in which GitHub looks for owners, in this order; it reads the first that is there.
///
/// Source: GitHub, "About code owners", "CODEOWNERS file location".
const OWNERS: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Returns the workflow that checks pull requests.
pub(super) fn check(survey: &Survey, settings: &Settings, runs_on: &str) -> (String, String) {
    let mut stems = (2..).map(|number| format!("cascade-check-{number}"));
    let first = "cascade-check".to_owned();
    let stem = match is_free(&first, &survey.taken) {
        true => Some(first),
        false => stems.find(|stem| is_free(stem, &survey.taken)),
    };
    let text = include_str!("check.yaml")
        .replace("@ACTION@", &settings.action_folder)
        .replace("@TOKEN@", &token(&settings.cli))
        .replace("@RUNNER@", runs_on);
    (
        format!("{WORKFLOWS}/{}.yaml", stem.unwrap_or_default()),
        text,
    )
}

/// Returns the input of the action that reads a private cascade.
fn token(cli: &Cli) -> String {
    let expression = match cli.token() {
        None => return String::new(),
        Some(name) if !name.is_github() => format!("secrets.{name}"),
        Some(_) => "github.token".to_owned(),
    };
    format!("        with:\n          token: ${{{{ {expression} }}}}\n")
}

/// Returns the folder of the generated action, if its usual one holds an action of the repository.
pub(super) fn action_folder(root: &Path) -> Option<String> {
    let is_own = |folder: &str| {
        ["action.yaml", "action.yml"].iter().any(|name| {
            let text = text_of(&root.join(folder).join(name));
            text.is_some_and(|text| !text.starts_with(MARKER))
        })
    };
    if !is_own(ACTION_FOLDER) {
        return None;
    }
    let mut others = (2..).map(|number| format!("{ACTION_FOLDER}-{number}"));
    others.find(|folder| !is_own(folder))
}

/// Returns the schema of manifests, at a path that is free beside the manifest.
pub(super) fn schema(root: &Path) -> (String, String) {
    let numbered = (2..).map(|number| format!("manifest.schema-{number}.json"));
    let mut names = ["manifest.schema.json".to_owned()]
        .into_iter()
        .chain(numbered);
    let is_free = |name: &String| !there(root, &format!(".github/{name}"));
    let name = names.find(is_free).unwrap_or_default();
    (
        format!(".github/{name}"),
        json::pretty(&schema::manifest(MANIFEST_KEY)),
    )
}

/// Returns how the line breaks of generated files are kept.
pub(super) fn attributes(place: &Place, generated: &[String]) -> Extra {
    let changed = match &place.git {
        Some(git) => git.changes_line_breaks(generated),
        None => generated.to_vec(),
    };
    if changed.is_empty() {
        return Extra::Covered {
            path: ATTRIBUTES.to_owned(),
        };
    }
    let wanted = patterns(generated.iter().map(String::as_str));
    let within = format!(".github/{ATTRIBUTES}");
    let (path, wanted) = match (there(&place.root, ATTRIBUTES), there(&place.root, &within)) {
        (false, _) => (ATTRIBUTES.to_owned(), wanted),
        (true, false) => {
            let relative = wanted
                .iter()
                .map(|pattern| pattern.replacen("/.github", "", 1));
            (within, relative.collect())
        }
        (true, true) => {
            return Extra::Missing {
                path: ATTRIBUTES.to_owned(),
                lines: lines(&wanted),
            };
        }
    };
    let lines = lines(&wanted).join("\n");
    let text =
        format!("# What cascade generates has the same line breaks on every checkout.\n{lines}\n");
    Extra::Written { path, text }
}

/// Returns how the generated files get owners.
pub(super) fn owners(root: &Path, owners: &[String], generated: &[String], own: &str) -> Extra {
    let mut wanted = patterns(generated.iter().map(String::as_str));
    let own = format!("/{own}");
    if !wanted.contains(&own) {
        wanted.insert(0, own);
    }
    let owners = owners.join(" ");
    let lines: Vec<String> = wanted
        .iter()
        .map(|pattern| format!("{pattern} {owners}"))
        .collect();
    match OWNERS.into_iter().find(|path| there(root, path)) {
        Some(path) => Extra::Missing {
            path: path.to_owned(),
            lines,
        },
        None => Extra::Written {
            path: OWNERS[0].to_owned(),
            text: format!(
                "# The pipeline, and what cascade generates from it.\n{}\n",
                lines.join("\n")
            ),
        },
    }
}

/// Returns what to change in a Cargo workspace that would take `.github` for a package.
///
/// Source: The Cargo Book, "Workspaces", "The `members` and `exclude` fields".
pub(super) fn cargo_workspace(root: &Path) -> Option<(String, Vec<String>)> {
    const MANIFEST: &str = "Cargo.toml";
    let text = text_of(&root.join(MANIFEST))?;
    let manifest: toml::Table = toml::from_str(&text).ok()?;
    let workspace = manifest.get("workspace")?;
    let list = |key: &str| {
        let items = workspace.get(key).and_then(toml::Value::as_array);
        let texts = items.into_iter().flatten().filter_map(toml::Value::as_str);
        texts
            .map(|text| text.trim_start_matches("./"))
            .collect::<Vec<_>>()
    };
    let mut excluded = list("exclude");
    let takes_all = list("members")
        .iter()
        .any(|each| matches!(*each, "*" | ".*" | "**"));
    if !takes_all
        || excluded
            .iter()
            .any(|each| each.trim_end_matches('/') == ".github")
    {
        return None;
    }
    excluded.push(".github");
    let line = format!("exclude = {excluded:?} # under [workspace]: `*` takes every folder");
    Some((MANIFEST.to_owned(), vec![line]))
}

/// Refuses what is not an owner.
///
/// Source: GitHub, "About code owners", "CODEOWNERS syntax".
pub(super) fn checked_owner(owner: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let account = owner.strip_prefix('@').is_some_and(|name| {
        !name.is_empty() && name.chars().all(plain) && name.split('/').count() <= 2
    });
    let address = !owner.starts_with('@')
        && owner.split('@').count() == 2
        && owner.chars().all(|c| plain(c) || c == '@' || c == '+')
        && !owner.ends_with('@');
    if account || address {
        return Ok(());
    }
    let failure = Failure::new(format!("`--codeowners`: `{owner}` is not an owner"));
    Err(failure.help("write `@user`, `@organization/team` or an address"))
}

/// Returns true if something is at a path, be it a link to nothing.
fn there(root: &Path, path: &str) -> bool {
    root.join(path).symlink_metadata().is_ok()
}
