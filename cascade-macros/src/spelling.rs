//! Messages of rules speak the manifest's spelling; this says the same in Rust's.

use cascade_core::contract::InputType;
use cascade_core::manifest::PermissionSet;
use cascade_core::manifest::draft::{Node, Scalar};
use cascade_core::manifest::yaml;

/// What a list item of the draft is called in Rust: `deploys[0]` is `web`.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<(String, String)>);

impl Places {
    pub(crate) fn add(&mut self, place: String, name: &str) {
        self.0.push((place, name.to_owned()));
    }

    fn name(&self, text: &str) -> Option<String> {
        let (place, name) = self
            .0
            .iter()
            .filter(|(place, _)| {
                let rest = text.strip_prefix(place.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
            .max_by_key(|(place, _)| place.len())?;
        Some(format!("{name}{}", &text[place.len()..]))
    }
}

/// The message with every quoted piece of a manifest spelled as an attribute.
pub(crate) fn of_rust(message: &str, places: &Places) -> String {
    spelled(message, |piece| rust(piece, places))
}

fn rust(piece: &str, places: &Places) -> Option<String> {
    places.name(piece).or_else(|| attribute(piece))
}

/// The text with everything between backticks spelled anew.
fn spelled(text: &str, spell: impl Fn(&str) -> Option<String>) -> String {
    let pieces = text.split('`').enumerate().map(|(position, piece)| {
        let quoted = position % 2 == 1;
        let spelled = quoted.then(|| spell(piece)).flatten();
        spelled.unwrap_or_else(|| piece.to_owned())
    });
    let pieces: Vec<String> = pieces.collect();
    pieces.join("`")
}

/// Phrases that name places of a manifest.
const PHRASES: &[(&str, &str)] = &[
    ("an entry of `deploys`", "a `#[deploy]` field"),
    ("to the configuration", "to `#[pipeline(...)]`"),
    (
        "at the top of the configuration",
        "on the pipeline of the whole repository",
    ),
];

/// What to do, in Rust's spelling: besides what messages say, permissions are named.
pub(crate) fn advice(help: &str, places: &Places) -> String {
    let scope = |piece: &str| {
        let (scope, access) = piece.split_once(": ")?;
        let scope = PermissionSet::scope(scope)?.replace('-', "_");
        Some(format!("permissions({scope} = \"{access}\")"))
    };
    let mut help = help.to_owned();
    for (yaml, rust) in PHRASES {
        help = help.replace(yaml, rust);
    }
    spelled(&help, |piece| scope(piece).or_else(|| rust(piece, places)))
}

/// A piece of a manifest as an attribute, if it is a mapping.
fn attribute(piece: &str) -> Option<String> {
    let types = [InputType::String, InputType::Boolean, InputType::Number];
    let of_a_workflow = types
        .iter()
        .any(|kind| piece.contains(&format!("type: {kind}")));
    if !piece.contains(": ") || of_a_workflow {
        return None;
    }
    let tree = yaml::read(piece.as_bytes()).ok()?;
    let node = tree.root()?.draft();
    let Node::Map(map) = &node else { return None };
    if let Some(Node::Scalar(from)) = map.get("from") {
        let from = from.text();
        let example = || "image.outputs.tag".to_owned();
        return Some(if from == "..." { example() } else { from });
    }
    if !map.keys().all(|key| crate::keys::is_known(key)) {
        return None;
    }
    let entries: Vec<String> = map.iter().map(|(key, node)| entry(key, node)).collect();
    Some(entries.join(", "))
}

fn entry(key: &str, node: &Node) -> String {
    match (key, node) {
        ("mode", Node::Scalar(word)) if matches!(word.text().as_str(), "push" | "pull") => {
            word.text()
        }
        ("strategy", Node::Scalar(word)) => format!("#[strategy({})]", word.text()),
        (_, Node::Map(map)) => match map.get("from") {
            Some(Node::Scalar(from)) => format!("{key} = {}", from.text()),
            _ => {
                let inner: Vec<String> = map.iter().map(|(key, node)| entry(key, node)).collect();
                format!("{key}({})", inner.join(", "))
            }
        },
        (_, Node::List(items)) => {
            let inner: Vec<String> = items.iter().map(|item| listed(key, item)).collect();
            format!("{key}({})", inner.join(", "))
        }
        (_, node) => format!("{key} = {}", scalar(node)),
    }
}

fn listed(key: &str, node: &Node) -> String {
    match node {
        Node::Scalar(Scalar::Text(name)) if key.ends_with("depends_on") => name.clone(),
        node => scalar(node),
    }
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Scalar(Scalar::Text(text)) if text == "..." => text.clone(),
        Node::Scalar(Scalar::Text(text)) => format!("{text:?}"),
        Node::Scalar(scalar) => scalar.text(),
        _ => "...".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_manifest_become_attributes() {
        let cases = [
            (
                "add it: `depends_on: [image]`",
                "add it: `depends_on(image)`",
            ),
            (
                "applies to `cadence: poll` only",
                "applies to `cadence = \"poll\"` only",
            ),
            (
                "write `{ from: image.outputs.tag }`",
                "write `image.outputs.tag`",
            ),
            (
                "add `inputs: { cluster: ... }`, or",
                "add `inputs(cluster = ...)`, or",
            ),
            ("belongs to `mode: pull`", "belongs to `pull`"),
            ("write `strategy: canary`", "write `#[strategy(canary)]`"),
            (
                "set `merge_queue: { enabled: true }`: x",
                "set `merge_queue(enabled = true)`: x",
            ),
            ("no `on: workflow_call` here", "no `on: workflow_call` here"),
        ];
        for (yaml, rust) in cases {
            assert_eq!(of_rust(yaml, &Places::default()), rust);
        }
    }

    #[test]
    fn list_items_become_fields() {
        let mut places = Places::default();
        places.add("deploys[1]".to_owned(), "web");
        let text = of_rust("add `repo` to `deploys[1].x`, not `deploys[10]`", &places);
        assert_eq!(text, "add `repo` to `web.x`, not `deploys[10]`");
    }
}
