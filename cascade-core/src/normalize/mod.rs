//! The one spelling of a draft: older keys are moved to where they belong now.
//!
//! | module | what lives there |
//! |---|---|
//! | `older` | older spellings of keys |
//! | `environments` | the older place of settings of environments |
//! | `references` | refs of workflows that stand beside their repository |
//! | `components` | what a component inherits |
//! | `moves` | the places from which things were moved, so that findings name what was written |

mod components;
mod environments;
mod moves;
mod older;
mod references;

#[cfg(test)]
mod tests;

pub use components::inherit;
pub use moves::Moves;

use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::{Map, Node, Reader};
use crate::message;

/// A configuration in one spelling.
#[derive(Debug)]
pub struct Normalized {
    /// The configuration.
    pub config: Map,
    /// The places from which something was moved.
    pub moves: Moves,
    /// Keys that were given in both spellings, or that the older place does not know.
    pub findings: Vec<Finding>,
}

/// Moves everything in a configuration and its components to its present place.
#[must_use]
pub fn normalize(config: &Map) -> Normalized {
    let mut normalizing = Normalizing::default();
    let mut config = config.clone();
    normalizing.configuration(&mut config, &KeyPath::root());
    let trunk = references::text(config.get("trunk_branch")).map(str::to_owned);
    Normalizing::references(&mut config, trunk.as_deref());
    if let Some(Node::Map(components)) = config.get_mut("components") {
        let at = KeyPath::root().key("components");
        for (name, component) in components {
            if let Node::Map(component) = component {
                normalizing.configuration(component, &at.key(name));
                Normalizing::references(component, trunk.as_deref());
            }
        }
    }
    Normalized {
        config,
        moves: normalizing.moves,
        findings: normalizing.reader.into_findings(),
    }
}

#[derive(Default)]
struct Normalizing {
    moves: Moves,
    reader: Reader,
}

impl Normalizing {
    fn configuration(&mut self, config: &mut Map, at: &KeyPath) {
        self.older_keys(config, at);
        self.environment_settings(config, at);
    }

    /// Moves a value to its present place, unless that is taken.
    fn move_to(&mut self, node: Node, from: &KeyPath, (map, key): (&mut Map, &str), to: &KeyPath) {
        if map.get(key).is_none_or(|there| *there == Node::Null) {
            map.insert(key.to_owned(), node);
            self.moves.add(to.key(key), from.clone());
        }
    }

    fn both_spellings(
        &mut self,
        old: &KeyPath,
        (message, keep): (Message, Message),
        new: &KeyPath,
    ) {
        self.reader.report(
            Finding::new(&rules::BOTH_SPELLINGS, old.as_key(), message)
                .help(message!("keep {}", part = keep))
                .related(new.as_key(), "the other spelling"),
        );
    }
}

/// Returns true if a key has a value.
fn is_given(map: &Map, key: &str) -> bool {
    map.get(key).is_some_and(|node| *node != Node::Null)
}
