//! The older place of settings of environments, `environment_config`.

use super::{Normalizing, is_given};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::EnvironmentSettings;
use crate::manifest::draft::{Block, Map, Node};
use crate::message;
use crate::scalar::Scalar;

const OLD: &str = "environment_config";

impl Normalizing {
    /// Moves the settings of each environment to the environment.
    pub(super) fn environment_settings(&mut self, config: &mut Map, at: &KeyPath) {
        let Some(Node::Map(settings)) = config.get_mut(OLD) else {
            return;
        };
        let settings = std::mem::take(settings);
        config.shift_remove(OLD);
        let mut none = Vec::new();
        let environments = match config.get_mut("environments") {
            Some(Node::List(environments)) => environments,
            _ => &mut none,
        };
        for (name, own) in settings {
            let from = at.key(OLD).key(&name);
            let place = environments
                .iter()
                .position(|each| name_of(each) == Some(&name));
            let Some(place) = place else {
                self.unknown_environment(&name, environments, &from);
                continue;
            };
            let to = at.key("environments").index(place);
            match own {
                Node::Map(own) => self.settings(own, &from, as_map(&mut environments[place]), &to),
                Node::Null => {}
                other => self.reader.wrong_type(&other, &from, "a mapping"),
            }
        }
    }

    fn settings(&mut self, own: Map, from: &KeyPath, environment: &mut Map, to: &KeyPath) {
        self.reader
            .check_keys(&own, from, EnvironmentSettings::KEYS, &[]);
        let known = |key: &String| EnvironmentSettings::KEYS.contains(&key.as_str());
        for (key, node) in own.into_iter().filter(|(key, _)| known(key)) {
            if node == Node::Null {
                continue;
            }
            let old = from.key(&key);
            if is_given(environment, &key) {
                let name = environment.get("name").and_then(name_of).cloned();
                let message = message!(
                    "{} of {} is set in {} and in {}",
                    key = &key,
                    name = name.unwrap_or_default(),
                    key = "environments",
                    key = OLD
                );
                let keep = message!("it in {}", key = "environments");
                self.both_spellings(&old, (message, keep), &to.key(&key));
            }
            self.move_to(node, &old, (environment, &key), to);
        }
    }

    fn unknown_environment(&mut self, name: &str, environments: &[Node], at: &KeyPath) {
        let names = environments.iter().filter_map(name_of);
        let help = suggest::among(name, names.map(String::as_str), "environments are");
        let message = message!("no environment is named {}", name = name);
        self.reader
            .report(Finding::new(&rules::UNKNOWN_ENVIRONMENT, at.as_key(), message).help(help));
    }
}

fn name_of(environment: &Node) -> Option<&String> {
    match environment {
        Node::Scalar(Scalar::Text(name)) => Some(name),
        Node::Map(map) => match map.get("name")? {
            Node::Scalar(Scalar::Text(name)) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Returns an environment that has a name as a block.
fn as_map(environment: &mut Node) -> &mut Map {
    if !matches!(environment, Node::Map(_)) {
        let name = std::mem::replace(environment, Node::Null);
        *environment = Node::Map(Map::from_iter([("name".to_owned(), name)]));
    }
    match environment {
        Node::Map(map) => map,
        _ => unreachable!("a mapping was put here"),
    }
}
