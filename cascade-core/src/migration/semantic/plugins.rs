//! Plugins of semantic-release, and what a pipeline has in their place.
//!
//! Source: semantic-release, "Plugins" and "Plugins list"; the READMEs of its own plugins.

use super::SemanticRelease;
use crate::manifest::draft::Node;
use crate::manifest::yaml::{Kind, View};
use crate::migration::parts::within;
use crate::migration::text::{CORRECT_IT, Text, headings, kind};
use crate::migration::{Files, Note, Outcome, Place};
use crate::scalar::Scalar;

const NOTES: &str = "@semantic-release/release-notes-generator";
const ANALYZER: &str = "@semantic-release/commit-analyzer";
const NPM: &str = "@semantic-release/npm";

/// A plugin with its options.
struct Plugin<'a> {
    name: String,
    options: Option<View<'a>>,
    place: Place,
}

/// Reads the plugins: what they publish, whether there is a changelog, and what has no place.
pub(super) fn plugins(
    config: &Text,
    root: View<'_>,
    folder: &str,
    files: Files<'_>,
    found: &mut SemanticRelease,
) {
    let Some(value) = root
        .get("plugins")
        .filter(|value| value.draft() != Node::Null)
    else {
        if is_public(folder, files) {
            let place = Place::file(&config.path);
            let what = "its default plugins publish the package to npm";
            found.publishes.push((place, what.to_owned()));
        }
        return;
    };
    if !matches!(value.kind(), Kind::List(_)) {
        config.odd::<()>(root, "plugins", "a list", &mut found.releases.notes);
        return;
    }
    let mut listed = Vec::new();
    for item in value.items() {
        match plugin(config, item) {
            Some(plugin) => listed.push(plugin),
            None => {
                let message = format!(
                    "a plugin must be its name, or a list of name and options, and is {}",
                    kind(item)
                );
                let note = Note::new(Outcome::ByHand, config.value(item), message);
                found.releases.notes.push(note.help(CORRECT_IT));
            }
        }
    }
    for plugin in &listed {
        tell(plugin, config, found);
    }
    if !listed.iter().any(|plugin| plugin.name == NOTES) {
        let place = config.key(root, "plugins");
        let message = format!("without `{NOTES}` releases have no notes: `changelog.disabled`");
        let notes = &mut found.releases.notes;
        notes.push(Note::new(Outcome::Carried, place, message));
        let changelog = &mut found.releases.changelog;
        changelog.insert("disabled".to_owned(), true.into());
    }
}

fn plugin<'a>(config: &Text, item: View<'a>) -> Option<Plugin<'a>> {
    // The older form of a plugin with options is a mapping that has its name as `path`.
    let (name, options) = match item.kind() {
        Kind::List(_) => (item.index(0)?, item.index(1)),
        Kind::Map(_) => (item.get("path")?, Some(item)),
        Kind::Scalar(..) | Kind::Null => (item, None),
    };
    let Some(Scalar::Text(text)) = name.scalar() else {
        return None;
    };
    Some(Plugin {
        name: text.clone(),
        options,
        place: config.value(name),
    })
}

/// Returns true if the package of a folder is one that npm would publish.
fn is_public(folder: &str, files: Files<'_>) -> bool {
    let text = files(&within(folder, "package.json"))
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    text.is_some_and(|value| value.get("private") != Some(&true.into()))
}

/// Plugins whose whole work is done in another way, or not at all.
const INSTEAD: [(&str, &str); 2] = [
    (
        "@semantic-release/changelog",
        "the changelog is the text of the release on GitHub; no file is written",
    ),
    (
        "@semantic-release/git",
        "no release commit is made: the build callback has the version as its input `version`",
    ),
];

/// Plugins that publish something besides the release on GitHub.
const PUBLISHING: [&str; 4] = [
    NPM,
    "@semantic-release/gitlab",
    "semantic-release-docker",
    "@semantic-release-plus/docker",
];

fn tell(plugin: &Plugin<'_>, config: &Text, found: &mut SemanticRelease) {
    let name = plugin.name.as_str();
    let is_off = |key: &str| {
        let value = plugin.options.and_then(|options| options.get(key));
        value.map(View::draft) == Some(Node::from(false))
    };
    match name {
        ANALYZER | NOTES | "@semantic-release/github" => options(plugin, config, found),
        "@semantic-release/exec" => exec(plugin, config, found),
        NPM if is_off("npmPublish") => {}
        _ if PUBLISHING.contains(&name) => {
            let what = format!("`{name}` publishes");
            found.publishes.push((plugin.place.clone(), what));
        }
        _ => {
            let known = INSTEAD.iter().find(|(each, _)| *each == name);
            let help = known.map_or(
                "what it does is done by a callback, which is a workflow",
                |(_, help)| help,
            );
            let message = match known {
                Some(_) => name.to_owned(),
                None => format!("the plugin `{name}`"),
            };
            let note = Note::new(Outcome::LeftOut, plugin.place.clone(), message);
            found.releases.notes.push(note.help(help));
        }
    }
}

/// Tells the options of a plugin whose work cascade does itself.
fn options(plugin: &Plugin<'_>, config: &Text, found: &mut SemanticRelease) {
    let (keys, help): (&[&str], &str) = match plugin.name.as_str() {
        ANALYZER => (
            &["releaseRules", "preset", "config", "parserOpts"],
            "Conventional Commits decide: a breaking change is a major version, `feat` a minor one, \
             everything else a patch",
        ),
        NOTES => (
            &["presetConfig", "writerOpts", "parserOpts", "config"],
            "the sections of a changelog are Features, Fixes, Performance, Reverts, Documentation and \
             Other changes, after the breaking ones",
        ),
        _ => (
            &["assets"],
            "`artifacts` of a build names workflow artifacts that become files of the release",
        ),
    };
    let Some(given) = plugin.options else { return };
    for key in keys {
        let Some(value) = given.get(key) else {
            continue;
        };
        if matches!(
            value.text().as_deref(),
            Some("angular" | "conventionalcommits")
        ) {
            continue;
        }
        let types = value.get("types").into_iter().flat_map(View::items);
        let message = format!("`{key}` of {}{}", plugin.name, headings(types));
        let note = Note::new(Outcome::LeftOut, config.key(given, key), message);
        found.releases.notes.push(note.help(help));
    }
}

fn exec(plugin: &Plugin<'_>, config: &Text, found: &mut SemanticRelease) {
    let Some(options) = plugin.options else {
        return;
    };
    for (key, _) in options.entries() {
        let place = config.key(options, key);
        if key == "publishCmd" {
            let what = format!("`publishCmd` of {} publishes", plugin.name);
            found.publishes.push((place, what));
            continue;
        }
        let help = match key {
            "prepareCmd" => "make it a step of the build callback, which has the input `version`",
            "verifyConditionsCmd" | "verifyReleaseCmd" => "make it a step of the validate callback",
            _ => "make it a step of a callback",
        };
        let message = format!("`{key}` of {}", plugin.name);
        found
            .releases
            .notes
            .push(Note::new(Outcome::LeftOut, place, message).help(help));
    }
}
