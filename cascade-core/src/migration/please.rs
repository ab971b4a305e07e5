//! release-please: its configuration, the versions that it noted, and its workflow.
//!
//! Source: release-please, "Manifest Driven release-please"; the README of its action, "Action
//! Inputs".

mod options;
mod step;

use super::parts::unique;
use super::text::{Text, kind};
use super::{Files, Note, Outcome, Part, Place, Releases, Unreadable};
use crate::draft::{Map, Scalar};
use crate::yaml::{Kind, View};
use options::instead;
use step::{action, own_part};

const CONFIG: &str = "release-please-config.json";
const VERSIONS: &str = ".release-please-manifest.json";
/// What stands between a component and its version in a tag.
const SEPARATOR: &str = "-";
/// The package of the whole repository.
const ROOT: &str = ".";

/// A repository that release-please releases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReleasePlease {
    /// What it releases.
    pub releases: Releases,
}

/// Reads what release-please does in a repository; `None` if it does nothing there.
///
/// `workflows` are the workflow files with their texts.
///
/// # Errors
/// A configuration cannot be read.
pub fn read_release_please(
    files: Files<'_>,
    workflows: &[(String, String)],
) -> Result<Option<ReleasePlease>, Unreadable> {
    let mut releases = Releases::default();
    let action = action(workflows, &mut releases);
    let config_path = action.config.as_deref().unwrap_or(CONFIG);
    let versions_path = action.versions.as_deref().unwrap_or(VERSIONS);
    let config = text(files, config_path)?;
    let versions = text(files, versions_path)?;
    if config.is_none() && versions.is_none() && releases.files.is_empty() {
        return Ok(None);
    }
    for path in [&config, &versions].into_iter().flatten() {
        releases.files.push(path.path.clone());
    }
    releases.trunk = action.trunk;
    match (&config, action.own) {
        (_, Some((place, inputs))) => releases.parts.push(own_part(place, &inputs, files)),
        (Some(config), None) => read_config(config, files, &mut releases)?,
        (None, None) => {
            let place = Place::file(releases.files.first().map_or(CONFIG, String::as_str));
            let message = format!("there is no `{config_path}`, which says what is released");
            let help = "the manifest takes tags `v1.2.3`; write `tag_grammar` if yours are others";
            let note = Note::new(Outcome::ByHand, place.clone(), message);
            releases.notes.push(note.help(help));
            releases.parts.push(Part::root("v", place));
        }
    }
    if let Some(versions) = &versions {
        read_versions(versions, &mut releases)?;
    }
    Ok(Some(ReleasePlease { releases }))
}

fn text(files: Files<'_>, path: &str) -> Result<Option<Text>, Unreadable> {
    files(path).map(|text| Text::json(path, &text)).transpose()
}

impl Part {
    /// Returns the part that is the whole repository.
    pub(super) fn root(prefix: &str, place: Place) -> Self {
        Self {
            name: "root".to_owned(),
            path: ROOT.to_owned(),
            prefix: prefix.to_owned(),
            version: None,
            place,
        }
    }
}

fn read_config(config: &Text, files: Files<'_>, out: &mut Releases) -> Result<(), Unreadable> {
    let root = config.root()?;
    let mut changelog = Map::new();
    tell_options(config, root, None, out);
    switches(config, root, &mut changelog, &mut out.notes);
    match root.get("packages").map(View::kind) {
        Some(Kind::Map(packages)) if !packages.is_empty() => {
            for (path, _) in root.get("packages").iter().flat_map(|all| all.entries()) {
                package(config, root, path, files, &mut changelog, out);
            }
        }
        Some(Kind::Map(_)) | None => {
            let place = config.key(root, "packages");
            let note = Note::new(Outcome::ByHand, place.clone(), "no package is declared");
            out.notes.push(note.help(
                "the manifest takes the whole repository, with tags `v1.2.3`; write `tag_grammar` \
                 if yours are others",
            ));
            out.parts.push(Part::root("v", place));
        }
        Some(_) => {
            config.odd::<()>(root, "packages", "a mapping of folders", &mut out.notes);
            let place = config.key(root, "packages");
            out.parts.push(Part::root("v", place));
        }
    }
    out.changelog = changelog;
    Ok(())
}

fn package(
    config: &Text,
    root: View<'_>,
    path: &str,
    files: Files<'_>,
    changelog: &mut Map,
    out: &mut Releases,
) {
    let Some(packages) = root.get("packages") else {
        return;
    };
    let place = config.key(packages, path);
    let Some(own) = packages.get(path) else {
        return;
    };
    if !matches!(own.kind(), Kind::Map(_) | Kind::Null) {
        config.odd::<()>(packages, path, "a mapping of options", &mut out.notes);
    }
    tell_options(config, own, Some(path), out);
    switches(config, own, changelog, &mut out.notes);
    let notes = &mut out.notes;
    let on = |key: &str, notes: &mut Vec<Note>| {
        let own = config.switch(own, key, notes);
        own.or_else(|| config.switch(root, key, notes))
            .unwrap_or(true)
    };
    let with_v = on("include-v-in-tag", notes);
    let with_component = on("include-component-in-tag", notes);
    let mut word = |key: &str| {
        let found = config.text(own, key, notes);
        found.or_else(|| config.text(root, key, notes))
    };
    let separator = word("tag-separator").unwrap_or_else(|| SEPARATOR.to_owned());
    let kind = word("release-type");
    let named = config.text(own, "component", notes).or_else(|| {
        config
            .text(own, "package-name", notes)
            .map(|name| plain(&name))
    });
    let component = named.or_else(|| known_name(path, kind.as_deref(), files));
    let v = if with_v { "v" } else { "" };
    let prefix = match component
        .as_deref()
        .filter(|name| with_component && !name.is_empty())
    {
        Some(component) => format!("{component}{separator}{v}"),
        None => v.to_owned(),
    };
    let folder = path.trim_start_matches("./").trim_end_matches('/');
    let name = component.unwrap_or_else(|| match folder.rsplit('/').next() {
        Some("." | "") | None => "root".to_owned(),
        Some(last) => last.to_owned(),
    });
    out.parts.push(Part {
        name: unique(&name, &out.parts),
        path: if folder.is_empty() {
            ROOT.to_owned()
        } else {
            folder.to_owned()
        },
        prefix,
        version: None,
        place,
    });
}

/// A package's name without its scope.
fn plain(name: &str) -> String {
    match name.strip_prefix('@').and_then(|name| name.split_once('/')) {
        Some((_, name)) => name.to_owned(),
        None => name.to_owned(),
    }
}

/// The name that the package's own file gives it, as release-please reads it; `node` is its default.
fn known_name(path: &str, release_type: Option<&str>, files: Files<'_>) -> Option<String> {
    let folder = path.trim_start_matches("./").trim_end_matches('/');
    let at = |name: &str| match folder {
        "" | ROOT => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    match release_type.unwrap_or("node") {
        "node" | "node-workspace" | "expo" => {
            let value: serde_json::Value =
                serde_json::from_str(&files(&at("package.json"))?).ok()?;
            Some(plain(value.get("name")?.as_str()?))
        }
        "rust" => table_name(&files(&at("Cargo.toml"))?, "[package]"),
        "python" => table_name(&files(&at("pyproject.toml"))?, "[project]"),
        _ => None,
    }
}

/// The value of `name` in a table of TOML, where it stands on a line of its own.
fn table_name(text: &str, table: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| line.trim() != table).skip(1);
    let name = lines
        .by_ref()
        .take_while(|line| !line.trim_start().starts_with('['))
        .find_map(|line| {
            line.trim()
                .strip_prefix("name")?
                .trim_start()
                .strip_prefix('=')
        })?;
    let name = name.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// Options of the changelog that a pipeline has.
fn switches(config: &Text, map: View<'_>, changelog: &mut Map, notes: &mut Vec<Note>) {
    let options = [
        ("skip-changelog", "disabled"),
        ("include-commit-authors", "contributors"),
    ];
    for (option, key) in options {
        if config.switch(map, option, notes) == Some(true) {
            changelog.insert(key.to_owned(), true.into());
            let message = format!("`{option}` becomes `changelog.{key}`");
            notes.push(Note::new(
                Outcome::Carried,
                config.key(map, option),
                message,
            ));
        }
    }
    // Without a changelog nobody is thanked in it.
    if changelog.contains_key("disabled") {
        changelog.shift_remove("contributors");
    }
}

fn tell_options(config: &Text, map: View<'_>, package: Option<&str>, out: &mut Releases) {
    for (option, value) in map.entries() {
        let Some(help) = instead(option) else {
            continue;
        };
        // `simple` writes a file of its own, which nobody asked for by name.
        if option == "release-type"
            && value
                .text()
                .is_some_and(|text| text == "simple" || text == "go")
        {
            continue;
        }
        let of = package.map_or_else(String::new, |package| {
            format!(" of the package `{package}`")
        });
        let shown = match value.scalar() {
            Some(scalar) => format!("`{option}: {}`{of}", scalar.text()),
            None => format!("`{option}`{of}{}", sections(option, value)),
        };
        let note = Note::new(Outcome::LeftOut, config.key(map, option), shown);
        out.notes.push(note.help(help));
    }
}

/// The headings of a changelog, so that they are in the report.
fn sections(option: &str, value: View<'_>) -> String {
    if option != "changelog-sections" {
        return String::new();
    }
    let names: Vec<String> = value
        .items()
        .filter_map(|each| each.get("section")?.text())
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(": {}", names.join(", ")),
    }
}

fn read_versions(versions: &Text, out: &mut Releases) -> Result<(), Unreadable> {
    let root = versions.root()?;
    for (path, value) in root.entries() {
        let place = versions.key(root, path);
        let folder = path.trim_start_matches("./").trim_end_matches('/');
        let folder = if folder.is_empty() { ROOT } else { folder };
        let Some(Scalar::Text(version)) = value.scalar() else {
            let message = format!(
                "the version of `{path}` must be a text, and is {}",
                kind(value)
            );
            let note = Note::new(Outcome::ByHand, place, message);
            out.notes
                .push(note.help("write it in quotes, and migrate again"));
            continue;
        };
        match out.parts.iter_mut().find(|part| part.path == folder) {
            Some(part) => part.version = Some((version.clone(), place)),
            None => {
                let message = format!("version {version} of `{path}`, which is no package");
                let note = Note::new(Outcome::LeftOut, place, message);
                out.notes
                    .push(note.help("only packages of the configuration are released"));
            }
        }
    }
    Ok(())
}
