//! release-please: its configuration, the versions that it noted, and its workflow.
//!
//! Source: release-please, "Manifest Driven release-please"; the README of its action, "Action
//! Inputs".

mod options;
mod step;

use super::parts::{ROOT, folder, unique, within};
use super::text::{Text, headings, kind};
use super::{Files, Note, Outcome, Part, Place, Releases, Unreadable};
use crate::manifest::draft::Map;
use crate::manifest::yaml::{Kind, View};
use crate::scalar::Scalar;
use options::instead;
use step::{action, own_part};

const CONFIG: &str = "release-please-config.json";
const VERSIONS: &str = ".release-please-manifest.json";
/// The text between a component and its version in a tag.
const SEPARATOR: &str = "-";

/// Reads what release-please does in a repository; `None` if it does nothing there.
///
/// `workflows` are the workflow files with their texts.
///
/// # Errors
/// A configuration cannot be read.
pub fn read_release_please(
    files: Files<'_>,
    workflows: &[(String, String)],
) -> Result<Option<Releases>, Unreadable> {
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
    Ok(Some(releases))
}

fn text(files: Files<'_>, path: &str) -> Result<Option<Text>, Unreadable> {
    files(path).map(|text| Text::json(path, &text)).transpose()
}

fn read_config(config: &Text, files: Files<'_>, out: &mut Releases) -> Result<(), Unreadable> {
    let root = config.root()?;
    let mut changelog = Map::new();
    tell_options(config, root, None, out);
    switches(config, root, &mut changelog, &mut out.notes);
    let place = config.key(root, "packages");
    match root
        .get("packages")
        .map(|packages| (packages, packages.kind()))
    {
        Some((packages, Kind::Map(entries))) if !entries.is_empty() => {
            for own in packages.entries() {
                package(config, (root, packages), own, files, &mut changelog, out);
            }
        }
        Some((_, Kind::Map(_))) | None => {
            let note = Note::new(Outcome::ByHand, place.clone(), "no package is declared");
            out.notes.push(note.help(
                "the manifest takes the whole repository, with tags `v1.2.3`; write `tag_grammar` \
                 if yours are others",
            ));
            out.parts.push(Part::root("v", place));
        }
        Some(_) => {
            config.odd::<()>(root, "packages", "a mapping of folders", &mut out.notes);
            out.parts.push(Part::root("v", place));
        }
    }
    out.changelog = changelog;
    Ok(())
}

fn package(
    config: &Text,
    (root, packages): (View<'_>, View<'_>),
    (path, own): (&str, View<'_>),
    files: Files<'_>,
    changelog: &mut Map,
    out: &mut Releases,
) {
    let place = config.key(packages, path);
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
    let shown = component.as_deref().filter(|_| with_component);
    let prefix = prefix(shown, &separator, with_v);
    let folder = folder(path);
    let name = component.unwrap_or_else(|| match folder.rsplit('/').next() {
        Some(ROOT) | None => "root".to_owned(),
        Some(last) => last.to_owned(),
    });
    out.parts.push(Part {
        name: unique(&name, &out.parts),
        path: folder.to_owned(),
        prefix,
        version: None,
        place,
    });
}

/// Returns the text before the versions of a component in its tags.
fn prefix(component: Option<&str>, separator: &str, with_v: bool) -> String {
    let v = if with_v { "v" } else { "" };
    match component {
        Some(component) if !component.is_empty() => format!("{component}{separator}{v}"),
        _ => v.to_owned(),
    }
}

/// Returns a package's name without its scope.
fn plain(name: &str) -> String {
    match name.strip_prefix('@').and_then(|name| name.split_once('/')) {
        Some((_, name)) => name.to_owned(),
        None => name.to_owned(),
    }
}

/// Returns the name that the package's own file gives it, as release-please reads it; `node` is its
/// default.
fn known_name(path: &str, release_type: Option<&str>, files: Files<'_>) -> Option<String> {
    let text = |name: &str| files(&within(folder(path), name));
    match release_type.unwrap_or("node") {
        "node" | "node-workspace" | "expo" => {
            let value: serde_json::Value = serde_json::from_str(&text("package.json")?).ok()?;
            Some(plain(value.get("name")?.as_str()?))
        }
        "rust" => table_name(&text("Cargo.toml")?, "package"),
        "python" => table_name(&text("pyproject.toml")?, "project"),
        _ => None,
    }
}

/// Returns the value of `name` in a table of TOML.
fn table_name(text: &str, table: &str) -> Option<String> {
    let document: toml::Table = toml::from_str(text).ok()?;
    let name = document.get(table)?.get("name")?.as_str()?;
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
            None if option == "changelog-sections" => {
                format!("`{option}`{of}{}", headings(value.items()))
            }
            None => format!("`{option}`{of}"),
        };
        let note = Note::new(Outcome::LeftOut, config.key(map, option), shown);
        out.notes.push(note.help(help));
    }
}

fn read_versions(versions: &Text, out: &mut Releases) -> Result<(), Unreadable> {
    let root = versions.root()?;
    for (path, value) in root.entries() {
        let place = versions.key(root, path);
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
        match out.parts.iter_mut().find(|part| part.path == folder(path)) {
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
