//! The settings that a component inherits from the repository.

use crate::manifest::REPLACED_KEYS;
use crate::manifest::draft::{Map, Node};

/// Returns the configuration of a component: the repository's, overridden deeply.
///
/// Nested blocks and keyed maps merge; scalars, lists and the blocks that hold credentials or
/// runners replace whole.
#[must_use]
pub fn inherit(config: &Map, overrides: &Map) -> Map {
    let inherited = config.iter().filter(|(key, _)| *key != "components");
    let mut merged: Map = inherited
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    merge(&mut merged, overrides);
    merged
}

fn merge(base: &mut Map, over: &Map) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Node::Map(below)), Node::Map(above))
                if !REPLACED_KEYS.contains(&key.as_str()) =>
            {
                merge(below, above);
            }
            (Some(below), _) => *below = value.clone(),
            (None, _) => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}
