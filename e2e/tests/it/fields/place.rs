//! A key path of one manifest, `deploys[0].retries`, read and followed.

use serde_yaml::{Mapping, Value};

use super::walk::Segment;

/// A key path, with the place in each list.
pub(super) struct Place(Vec<Step>);

enum Step {
    Key(String),
    Item(usize),
}

impl Place {
    pub(super) fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (key, item) = part.split_once('[').map_or((part, None), |(key, rest)| {
                (key, Some(rest.trim_end_matches(']').parse().unwrap()))
            });
            steps.push(Step::Key(key.to_owned()));
            steps.extend(item.map(Step::Item));
        }
        Self(steps)
    }

    pub(super) fn segments(&self) -> Vec<Segment> {
        let segment = |step: &Step| match step {
            Step::Key(key) => Segment::Key(key.clone()),
            Step::Item(_) => Segment::Item,
        };
        self.0.iter().map(segment).collect()
    }

    /// Writes a value here, with the mappings above it where there are none; `null` removes it.
    pub(super) fn set(&self, config: &mut Value, value: Value) {
        let (last, above) = self.0.split_last().unwrap();
        let parent = above.iter().fold(config, |node, step| match step {
            Step::Key(key) => as_map(node)
                .entry(key.as_str().into())
                .or_insert(Value::Null),
            Step::Item(at) => &mut node.as_sequence_mut().unwrap()[*at],
        });
        match (last, value) {
            (Step::Key(key), Value::Null) => drop(as_map(parent).remove(key.as_str())),
            (Step::Key(key), value) => drop(as_map(parent).insert(key.as_str().into(), value)),
            (Step::Item(at), value) => parent.as_sequence_mut().unwrap()[*at] = value,
        }
    }

    /// Returns true if something is written at this field somewhere, whatever the place in lists
    /// and the names in mappings.
    pub(super) fn is_written(field: &[Segment], node: &Value) -> bool {
        match (field, node) {
            ([], _) => true,
            ([Segment::Key(key), rest @ ..], node) => node
                .get(key.as_str())
                .is_some_and(|below| Self::is_written(rest, below)),
            ([Segment::Item, rest @ ..], Value::Sequence(items)) => {
                items.iter().any(|item| Self::is_written(rest, item))
            }
            ([Segment::Name, rest @ ..], Value::Mapping(map)) => {
                map.values().any(|below| Self::is_written(rest, below))
            }
            _ => false,
        }
    }
}

fn as_map(node: &mut Value) -> &mut Mapping {
    if node.is_null() {
        *node = Value::Mapping(Mapping::new());
    }
    node.as_mapping_mut().unwrap()
}
