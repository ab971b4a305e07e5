//! Plugins of semantic-release, and what a pipeline has in their place.
//!
//! Source: semantic-release, "Plugins" and "Plugins list"; the READMEs of its own plugins.

use super::semantic::SemanticRelease;
use super::text::{Text, kind};
use super::{Files, Note, Outcome, Place};
use crate::draft::{Node, Scalar};
use crate::yaml::{Kind, View};

const NOTES: &str = "@semantic-release/release-notes-generator";
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
                let help = "it was not read: correct it, and migrate again";
                found.releases.notes.push(note.help(help));
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
    let path = match folder {
        "" => "package.json".to_owned(),
        folder => format!("{folder}/package.json"),
    };
    let text = files(&path).and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    text.is_some_and(|value| value.get("private") != Some(&true.into()))
}

fn tell(plugin: &Plugin<'_>, config: &Text, found: &mut SemanticRelease) {
    let name = plugin.name.as_str();
    let notes = &mut found.releases.notes;
    let option = |key: &str| plugin.options.and_then(|options| options.get(key));
    let mut left = |key: Option<&str>, what: String, help: &str| {
        let place = match (plugin.options, key) {
            (Some(options), Some(key)) => config.key(options, key),
            _ => plugin.place.clone(),
        };
        notes.push(Note::new(Outcome::LeftOut, place, what).help(help));
    };
    match name {
        "@semantic-release/commit-analyzer" => {
            for key in ["releaseRules", "preset", "config", "parserOpts"] {
                let usual = option(key).and_then(View::text);
                if option(key).is_some()
                    && !matches!(usual.as_deref(), Some("angular" | "conventionalcommits"))
                {
                    left(
                        Some(key),
                        format!("`{key}` of {name}"),
                        "Conventional Commits decide: a breaking change is a major version, `feat` a minor one, everything else a patch",
                    );
                }
            }
        }
        NOTES => {
            for key in ["presetConfig", "writerOpts", "parserOpts", "config"] {
                if let Some(value) = option(key) {
                    let titles: Vec<String> = value
                        .get("types")
                        .iter()
                        .flat_map(|types| types.items())
                        .filter_map(|each| each.get("section")?.text())
                        .collect();
                    let titles = match titles.is_empty() {
                        true => String::new(),
                        false => format!(": {}", titles.join(", ")),
                    };
                    left(
                        Some(key),
                        format!("`{key}` of {name}{titles}"),
                        "the sections of a changelog are Features, Fixes, Performance, Reverts, Documentation and Other changes, after the breaking ones",
                    );
                }
            }
        }
        "@semantic-release/github" => {
            if option("assets").is_some() {
                left(
                    Some("assets"),
                    format!("`assets` of {name}"),
                    "`artifacts` of a build names workflow artifacts that become files of the release",
                );
            }
        }
        "@semantic-release/changelog" => left(
            None,
            name.to_owned(),
            "the changelog is the text of the release on GitHub; no file is written",
        ),
        "@semantic-release/git" => left(
            None,
            name.to_owned(),
            "no release commit is made: the build callback has the version as its input `version`",
        ),
        NPM if option("npmPublish").map(View::draft) == Some(Node::from(false)) => {}
        "@semantic-release/exec" => exec(plugin, config, found),
        NPM
        | "@semantic-release/gitlab"
        | "semantic-release-docker"
        | "@semantic-release-plus/docker" => {
            let what = format!("`{name}` publishes");
            found.publishes.push((plugin.place.clone(), what));
        }
        _ => left(
            None,
            format!("the plugin `{name}`"),
            "what it does is done by a callback, which is a workflow",
        ),
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
