//! Rules of components.

use crate::changes::{self, Hopeless, Pattern};
use crate::finding::message::{Phrase, Sample, Setting};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::{Node, Reader};
use crate::manifest::{ComponentBlock, Config, Name, REPOSITORY_KEYS};
use crate::message;
use std::collections::HashMap;
use std::str::FromStr;

/// The names that components have taken, each with the component and the place that says so.
type Taken<'a> = HashMap<String, (&'a str, KeyPath)>;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let (mut prefixes, mut paths) = (Taken::new(), Taken::new());
    for (name, component) in &config.components {
        let at = &component.at;
        if let Err(problem) = Name::from_str(name) {
            reader.report(problem.at(at.as_key()));
        }
        repository_keys(&component.overrides, at, reader);
        prefix(name, component, &mut prefixes, reader);
        path(name, component, &mut paths, reader);
        links(name, component, config, reader);
    }
}

fn links(name: &str, component: &ComponentBlock, config: &Config, reader: &mut Reader) {
    let at = component.at.key("linked_with");
    for (index, linked) in component.keys.linked_with.iter().enumerate() {
        let linked = linked.as_str();
        let message = match config.components.contains_key(linked) {
            true if linked != name => continue,
            true => message!("{} is linked with itself", name = name),
            false => message!("there is no component {}", name = linked),
        };
        let others = config.components.keys().map(String::as_str);
        let others = others.filter(|other| *other != name);
        reader.report(
            Finding::new(&rules::COMPONENT_LINK, at.index(index), message).help(suggest::among(
                linked,
                others,
                "the other components are",
            )),
        );
    }
}

fn prefix<'a>(
    name: &'a str,
    component: &'a ComponentBlock,
    taken: &mut Taken<'a>,
    reader: &mut Reader,
) {
    let grammar_at = component.at.key("tag_grammar");
    let at = grammar_at.key("prefix");
    let grammar = component.keys.tag_grammar.as_ref();
    let Some(prefix) = grammar.and_then(|grammar| grammar.prefix.written()) else {
        let is_lost = component.misspells("tag_grammar");
        if !is_lost && reader.is_known(&at) && reader.is_known(&grammar_at) {
            reader.report(no_prefix(name, at));
        }
        return;
    };
    let held = (name, at.clone());
    if let Some((other, first)) = taken.insert(prefix.as_str().to_owned(), held) {
        let message = message!(
            "{} and {} both have the tag prefix {}",
            name = other,
            name = name,
            value = prefix
        );
        reader.report(
            Finding::new(&rules::COMPONENT_PREFIX, at, message)
                .help("tags tell components apart by their prefix")
                .related(first, "the other prefix"),
        );
    }
}

fn no_prefix(name: &str, at: KeyPath) -> Finding {
    let own = format!("{name}/v");
    let grammar = Setting::new("tag_grammar", Sample::map([("prefix", own.as_str())]));
    let message = message!("{} is required", key = "tag_grammar.prefix");
    Finding::new(&rules::MISSING_KEY, at, message).help(message!(
        "write {}: tags tell components apart by it",
        setting = grammar
    ))
}

fn path<'a>(
    name: &'a str,
    component: &'a ComponentBlock,
    taken: &mut Taken<'a>,
    reader: &mut Reader,
) {
    let Some(path) = component.keys.path.get() else {
        return;
    };
    let at = component.at.key("path");
    if let Some(found) = hopeless_folder(path.as_str()) {
        let message = message!(
            "{} never matches a path: {}",
            value = path,
            text = found.why
        );
        let finding = Finding::new(&rules::INVALID_PATH, at, message);
        reader.report(finding.help("write the folder as `git ls-files` shows it"));
        return;
    }
    let parts = path.as_str().split('/');
    let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | ".")).collect();
    let folder = parts.join("/");
    if let Some((other, first)) = taken.insert(folder, (name, at.clone())) {
        let message = message!(
            "{} and {} both have the path {}",
            name = other,
            name = name,
            value = path
        );
        reader.report(
            Finding::new(&rules::COMPONENT_PATH, at, message)
                .help("a file's folder says what is released when it changes")
                .related(first, "the other path"),
        );
    }
}

/// Returns why no file can be inside a folder of this name.
fn hopeless_folder(path: &str) -> Option<Hopeless> {
    let pattern = Pattern::inside(path).ok()?;
    changes::hopeless(pattern.as_str())
}

fn repository_keys(overrides: &crate::manifest::draft::Map, at: &KeyPath, reader: &mut Reader) {
    for key in overrides
        .keys()
        .filter(|key| REPOSITORY_KEYS.contains(&key.as_str()))
    {
        let message = message!("{} concerns the whole repository", key = key);
        reader.report(
            Finding::new(&rules::COMPONENT_KEY, at.key(key).as_key(), message)
                .help(message!("set it {}", phrase = Phrase::Top)),
        );
    }
    if overrides
        .get("concurrency")
        .and_then(|block| block.get("group"))
        .is_some_and(|group| *group != Node::Null)
    {
        let at = at.key("concurrency").key("group").as_key();
        let finding = Finding::new(
            &rules::COMPONENT_KEY,
            at,
            message!(
                "{} concerns the whole repository",
                key = "concurrency.group"
            ),
        );
        reader.report(finding.help("every component has a group of its own already"));
    }
}
