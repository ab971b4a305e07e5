//! Parts of a repository that are released on their own.

use super::{Config, Name, RelativePath, TagGrammarBlock};
use crate::changes::Pattern;
use crate::finding::suggest;
use crate::key_path::KeyPath;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Block, Map, Node, Reader, Required, Shape, Value};

/// Keys of the whole repository, that no component may set.
pub const REPOSITORY_KEYS: &[&str] = &[
    "schema_version",
    "trunk_branch",
    "platform",
    "cli",
    "cli_version",
    "cli_version_sha",
    "state",
    "state_token",
    "state_token_app",
    "manifest_file",
    "manifest_key",
    "action_folder",
    "git",
    "drift_check",
    "reconcile",
    "board",
    "pin_mode",
    "action_pins",
    "telemetry",
    "merge_queue",
    "shared_paths",
    "integration",
    "components",
];

/// Blocks that a component replaces whole instead of merging into them.
pub const REPLACED_KEYS: &[&str] = &["secrets", "runs_on", "release_token_app", "state_token_app"];

block! {
    /// The keys that only a component has.
    pub struct ComponentKeys;
    /// The folder of the component.
    path: Required<RelativePath>,
    /// Further paths that belong to it.
    extra_paths: Vec<Pattern>,
    /// The components that are always released with it, with the same version.
    linked_with: Vec<Name>,
    /// The grammar of its tags; the prefix is required and unique.
    tag_grammar: Option<TagGrammarBlock>,
}

/// A component as it was declared: its own keys, and what it overrides.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentBlock {
    /// The folder of the component.
    pub at: KeyPath,
    /// Its own keys.
    pub keys: ComponentKeys,
    /// Everything that it overrides.
    pub overrides: Map,
}

impl Value for ComponentBlock {
    const SHAPE: Shape = Shape::Component;

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let Node::Map(map) = node else {
            reader.wrong_type(node, at, "a mapping");
            return None;
        };
        let own = |key: &String| ComponentKeys::KEYS.contains(&key.as_str());
        let (mut keys, mut overrides) = (Map::new(), Map::new());
        for (key, value) in map {
            let is_of_component = OF_COMPONENTS.contains(&key.as_str()) || misspells_own(key);
            if own(key) || is_of_component {
                keys.insert(key.clone(), value.clone());
            }
            if !is_of_component {
                overrides.insert(key.clone(), value.clone());
            }
        }
        let keys = ComponentKeys::read_map(&keys, at, reader);
        Some(Self {
            at: at.clone(),
            keys,
            overrides,
        })
    }
}

/// Keys of components alone.
const OF_COMPONENTS: &[&str] = &["path", "extra_paths", "linked_with"];

impl ComponentBlock {
    /// Returns true if one of its keys is unknown and was meant to be this one.
    #[must_use]
    pub fn misspells(&self, meant: &str) -> bool {
        let mut keys = self.overrides.keys();
        keys.any(|key| misspelt(key) == Some(meant))
    }
}

/// Returns true if an unknown key was meant to be one of components alone.
fn misspells_own(key: &str) -> bool {
    misspelt(key).is_some_and(|near| OF_COMPONENTS.contains(&near))
}

/// Returns the key that an unknown one was meant to be.
fn misspelt(key: &str) -> Option<&'static str> {
    let keys = Config::KEYS.iter().chain(OF_COMPONENTS).copied();
    let is_known = Config::KEYS.contains(&key);
    suggest::nearest(key, keys).filter(|_| !is_known)
}
