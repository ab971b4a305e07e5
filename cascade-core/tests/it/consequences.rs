//! A value that could not be read is one finding: no rule speaks of what only follows from it.
//!
//! Each key and each item of every example is lost in turn, once as a front end loses it (it has
//! reported the mistake), once as a misspelt key.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, WorkflowSource};
use cascade_core::finding::{Finding, Severity};
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::Manifest;
use std::path::{Path, PathBuf};

struct Callbacks(PathBuf);

impl WorkflowSource for Callbacks {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(std::fs::read(self.0.join(path)).ok())
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The configuration of each example, with its folder.
fn examples() -> Vec<(PathBuf, Node)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders = std::fs::read_dir(folder).unwrap();
    let read = |root: PathBuf| {
        let text = std::fs::read(root.join(".github/manifest.yaml")).unwrap();
        let config = Manifest::read(&text, "ci").unwrap().config().clone();
        (root, config)
    };
    let paths = folders.map(|entry| entry.unwrap().path());
    // A hundred deploys of one kind.
    paths
        .filter(|path| !path.ends_with("fleet-rust"))
        .map(read)
        .collect()
}

fn errors(root: &Path, draft: &Node) -> Vec<Finding> {
    let source = Callbacks(root.to_owned());
    let findings = check(draft, &Contracts::new(&source)).findings;
    let wrong = |finding: &Finding| finding.rule.severity == Severity::Error;
    findings.into_iter().filter(wrong).collect()
}

/// The draft with each node below it changed in turn, and the place of the change.
fn variants(
    node: &Node,
    at: &KeyPath,
    change: &dyn Fn(&Node) -> Vec<Change>,
) -> Vec<(KeyPath, Node)> {
    let mut all = Vec::new();
    match node {
        Node::Map(map) => {
            for (key, value) in map {
                let here = at.key(key);
                for changed in change(value) {
                    let node = Node::Map(with_entry(map, key, &changed));
                    all.push((here.clone(), node));
                }
                for (place, inner) in variants(value, &here, change) {
                    let node = Node::Map(with_entry(map, key, &Change::Value(inner)));
                    all.push((place, node));
                }
            }
        }
        Node::List(items) => {
            for (index, value) in items.iter().enumerate() {
                let here = at.index(index);
                let mut replace = |place: KeyPath, value: Node| {
                    let mut items = items.clone();
                    items[index] = value;
                    all.push((place, Node::List(items)));
                };
                for changed in change(value) {
                    if let Change::Value(value) = changed {
                        replace(here.clone(), value);
                    }
                }
                for (place, inner) in variants(value, &here, change) {
                    replace(place, inner);
                }
            }
        }
        _ => {}
    }
    all
}

/// The fate of a node.
enum Change {
    Value(Node),
    Key(&'static str),
}

fn with_entry(map: &Map, key: &str, change: &Change) -> Map {
    let entry = |(own, value): (&String, &Node)| match change {
        Change::Value(node) if own == key => (own.clone(), node.clone()),
        Change::Key(suffix) if own == key => (format!("{own}{suffix}"), value.clone()),
        _ => (own.clone(), value.clone()),
    };
    map.iter().map(entry).collect()
}

#[test]
fn nothing_is_said_of_what_a_front_end_has_lost() {
    let mut wrong = Vec::new();
    for (root, config) in examples() {
        let lose = |_: &Node| vec![Change::Value(Node::Invalid)];
        for (place, draft) in variants(&config, &KeyPath::root(), &lose) {
            for finding in errors(&root, &draft) {
                let name = root.file_name().unwrap().display();
                let (code, at, message) = (finding.rule.code, finding.at, finding.message);
                wrong.push(format!(
                    "{name}: without {place}: {code} at {at}: {message}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), wrong.len());
}

#[test]
fn a_misspelt_key_is_one_finding() {
    let (mut wrong, mut unknown) = (Vec::new(), 0_usize);
    for (root, config) in examples() {
        let misspell = |_: &Node| vec![Change::Key("z")];
        for (place, draft) in variants(&config, &KeyPath::root(), &misspell) {
            let found = errors(&root, &draft);
            unknown += usize::from(found.iter().any(|each| each.rule.code == "C001"));
            // A name of the author's own may be as good with another letter.
            if found.len() > 1 {
                let name = root.file_name().unwrap().display();
                let found = found.iter();
                let found: Vec<_> = found
                    .map(|each| (each.rule.code, each.message.to_string()))
                    .collect();
                wrong.push(format!("{name}: {place}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), wrong.len());
    assert!(unknown > 100, "{unknown}");
}
