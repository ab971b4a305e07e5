//! Names that GitHub cannot tell apart, because it reads them without case.
//!
//! Source: GitHub's documentation, "Contexts reference" (names of contexts and their properties),
//! "Using secrets in GitHub Actions" (names of secrets) and "Managing environments for deployment"
//! (names of environments); its parser, `@actions/workflow-parser`, compares keys of mappings so.

use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Config, Declared, Secrets};
use crate::message;
use std::collections::HashMap;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let at = config.at.key("dispatch_inputs");
    keys(config.dispatch_inputs.keys(), &at, reader);
    for build in &config.builds {
        common(&build.common(), reader);
        if let Some(matrix) = &build.matrix {
            let at = matrix.at.key("dimensions");
            keys(matrix.dimensions.keys(), &at, reader);
        }
    }
    let deploys = config.deploys.iter().map(Declared::common);
    let validate = config.validate.iter().map(Declared::common);
    let publish = config.publish.iter().map(Declared::common);
    for each in deploys.chain(validate).chain(publish) {
        common(&each, reader);
    }
    for deploy in config.external.iter().flat_map(|entry| &entry.deploys) {
        secrets(deploy.secrets.as_ref(), &deploy.at, reader);
    }
}

/// Reports components whose names are twins; tags, files and jobs have these names.
pub(super) fn components(config: &Config, reader: &mut Reader) {
    let at = config.at.key("components");
    keys(config.components.keys(), &at, reader);
}

fn common(common: &Common<'_>, reader: &mut Reader) {
    keys(common.inputs.keys(), &common.at.key("inputs"), reader);
    for (environment, inputs) in common.env_inputs {
        let at = common.at.key("env_inputs").key(environment);
        keys(inputs.keys(), &at, reader);
    }
    secrets(common.secrets, common.at, reader);
    let at = common.at.key("state_tags");
    let tags = common.state_tags.iter().enumerate();
    names(
        tags.map(|(index, tag)| (tag.as_str(), at.index(index))),
        reader,
    );
}

fn secrets(secrets: Option<&Secrets>, at: &KeyPath, reader: &mut Reader) {
    if let Some(Secrets::Named(named)) = secrets {
        keys(named.keys(), &at.key("secrets"), reader);
    }
}

fn keys<'a>(keys: impl Iterator<Item = &'a String>, at: &KeyPath, reader: &mut Reader) {
    let named = keys.map(|key| (key.as_str(), at.key(key).as_key()));
    names(named, reader);
}

fn names<'a>(names: impl Iterator<Item = (&'a str, KeyPath)>, reader: &mut Reader) {
    let mut seen: HashMap<String, (&str, KeyPath)> = HashMap::new();
    for (name, at) in names {
        let Some((other, first)) = seen.get(&name.to_lowercase()) else {
            seen.insert(name.to_lowercase(), (name, at));
            continue;
        };
        if *other != name {
            let finding = Finding::new(&rules::COLLIDING_NAMES, at, one_name(other, name));
            reader.report(
                finding
                    .help("rename one")
                    .related(first.clone(), "the other name"),
            );
        }
    }
}

fn one_name(one: &str, other: &str) -> Message {
    message!(
        "{} and {} are one name to GitHub, which reads names without case",
        name = one,
        name = other
    )
}
