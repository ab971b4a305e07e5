//! Rules of components.

use crate::finding::message::{Phrase, Sample, Setting};
use crate::finding::{Finding, rules};
use crate::manifest::draft::{KeyPath, Leaf, Node, Reader};
use crate::manifest::{Config, Name, REPOSITORY_KEYS};
use crate::message;
use std::collections::HashMap;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let mut prefixes: HashMap<String, (&str, KeyPath)> = HashMap::new();
    let mut paths: HashMap<String, (&str, KeyPath)> = HashMap::new();
    for (name, component) in &config.components {
        let at = &component.at;
        if let Err(problem) = Name::parse(name) {
            reader.report(problem.at(at.as_key()));
        }
        repository_keys(&component.overrides, at, reader);
        let prefix_at = at.key("tag_grammar").key("prefix");
        match component
            .keys
            .tag_grammar
            .as_ref()
            .and_then(|grammar| grammar.prefix.written())
        {
            Some(prefix) => {
                let held = (name.as_str(), prefix_at.clone());
                if let Some((other, first)) = prefixes.insert(prefix.as_str().to_owned(), held) {
                    let message = message!(
                        "{} and {} both have the tag prefix {}",
                        name = other,
                        name = name,
                        value = prefix
                    );
                    let finding = Finding::new(&rules::COMPONENT_PREFIX, prefix_at, message);
                    reader.report(
                        finding
                            .help("tags tell components apart by their prefix")
                            .related(first, "the other prefix"),
                    );
                }
            }
            None if reader.is_known(&prefix_at) && reader.is_known(&at.key("tag_grammar")) => {
                let finding = Finding::new(
                    &rules::MISSING_KEY,
                    prefix_at,
                    message!("{} is required", key = "tag_grammar.prefix"),
                );
                reader.report(finding.help(message!(
                    "write {}: tags tell components apart by it",
                    setting = Setting::new(
                        "tag_grammar",
                        Sample::map([("prefix", format!("{name}/v").as_str())])
                    )
                )));
            }
            None => {}
        }
        let Some(path) = component.keys.path.get() else {
            continue;
        };
        let folder = path.as_str().trim_end_matches('/').to_owned();
        let path_at = at.key("path");
        if let Some((other, first)) = paths.insert(folder, (name.as_str(), path_at.clone())) {
            let message = message!(
                "{} and {} both have the path {}",
                name = other,
                name = name,
                value = path
            );
            reader.report(
                Finding::new(&rules::COMPONENT_PATH, path_at, message)
                    .help("a file's folder says what is released when it changes")
                    .related(first, "the other path"),
            );
        }
    }
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
