//! Rules of components.

use crate::finding::{Finding, rules};
use crate::manifest::draft::{KeyPath, Leaf, Node, Reader};
use crate::manifest::{Config, Name, REPOSITORY_KEYS};
use std::collections::HashMap;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let mut prefixes: HashMap<String, &str> = HashMap::new();
    let mut paths: HashMap<String, &str> = HashMap::new();
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
                if let Some(other) = prefixes.insert(prefix.as_str().to_owned(), name) {
                    let message =
                        format!("`{other}` and `{name}` both have the tag prefix `{prefix}`");
                    let finding = Finding::new(&rules::COMPONENT_PREFIX, prefix_at, message);
                    reader.report(finding.help("tags tell components apart by their prefix"));
                }
            }
            None if reader.is_known(&prefix_at) && reader.is_known(&at.key("tag_grammar")) => {
                let finding = Finding::new(
                    &rules::MISSING_KEY,
                    prefix_at,
                    "`tag_grammar.prefix` is required",
                );
                reader.report(finding.help(format!(
                    "write `tag_grammar: {{ prefix: {name}/v }}`: tags tell components apart by it"
                )));
            }
            None => {}
        }
        let Some(path) = component.keys.path.get() else {
            continue;
        };
        if let Some(other) = paths.insert(path.as_str().trim_end_matches('/').to_owned(), name) {
            let message = format!("`{other}` and `{name}` both have the path `{path}`");
            reader.report(
                Finding::new(&rules::COMPONENT_PATH, at.key("path"), message)
                    .help("a file's folder says what is released when it changes"),
            );
        }
    }
}

fn repository_keys(overrides: &crate::manifest::draft::Map, at: &KeyPath, reader: &mut Reader) {
    for key in overrides
        .keys()
        .filter(|key| REPOSITORY_KEYS.contains(&key.as_str()))
    {
        let message = format!("`{key}` concerns the whole repository");
        reader.report(
            Finding::new(&rules::COMPONENT_KEY, at.key(key).as_key(), message)
                .help("set it at the top of the configuration"),
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
            "`concurrency.group` concerns the whole repository",
        );
        reader.report(finding.help("every component has a group of its own already"));
    }
}
