//! The branches that semantic-release releases from.
//!
//! Source: semantic-release, "Workflow configuration".

use crate::manifest::draft::Node;
use crate::manifest::yaml::{Kind, View};
use crate::migration::text::{CORRECT_IT, Text, kind};
use crate::migration::{Note, Outcome, Place, Releases};
use crate::scalar::Scalar;

/// Branches that semantic-release takes for the main line unless it is told otherwise.
const MAIN: [&str; 2] = ["master", "main"];

/// A branch of the configuration.
struct Listed {
    name: String,
    is_plain: bool,
    what: &'static str,
    place: Place,
}

/// Reads the branches: one of them is the trunk, and the others are told.
pub(super) fn branches(config: &Text, root: View<'_>, trunk: &str, out: &mut Releases) {
    let key = match (root.entry("branches"), root.entry("branch")) {
        (None, Some(_)) => "branch",
        _ => "branches",
    };
    let Some(value) = root.get(key) else { return };
    let single = value.scalar().is_some() || matches!(value.kind(), Kind::Map(_));
    let items: Vec<View<'_>> = if single {
        vec![value]
    } else {
        value.items().collect()
    };
    let mut listed = Vec::new();
    for item in items {
        match branch(config, item) {
            Some(branch) => listed.push(branch),
            None if item.draft() == Node::Null => {}
            None => {
                let message = format!(
                    "a branch must be a text or a mapping with `name`, and is {}",
                    kind(item)
                );
                let note = Note::new(Outcome::ByHand, config.value(item), message);
                out.notes.push(note.help(CORRECT_IT));
            }
        }
    }
    let plain = || listed.iter().filter(|branch| branch.is_plain);
    let is_trunk = |branch: &&Listed| branch.name == trunk;
    let main = plain()
        .find(is_trunk)
        .or_else(|| plain().find(|branch| MAIN.contains(&branch.name.as_str())))
        .or_else(|| plain().next());
    let main = main.map(|branch| (branch.name.clone(), branch.place.clone()));
    for branch in &listed {
        if main.as_ref().is_some_and(|(name, _)| *name == branch.name) {
            continue;
        }
        let message = format!("the {} `{}`", branch.what, branch.name);
        let note = Note::new(Outcome::LeftOut, branch.place.clone(), message);
        out.notes.push(note.help(
            "releases flow from one branch: `trunk_branch`; the workflow `cascade-hotfix` brings a fix to an environment without the rest of the trunk",
        ));
    }
    out.trunk = out.trunk.take().or(main);
}

fn branch(config: &Text, item: View<'_>) -> Option<Listed> {
    let place = config.value(item);
    let name = match item.scalar() {
        Some(Scalar::Text(name)) => name.clone(),
        // `1.x` is a text, and `1.0` a number to YAML.
        Some(Scalar::Bool(_)) => return None,
        Some(other) => other.text(),
        None => item.get("name")?.text()?,
    };
    let is_set = |key: &str| {
        let value = item.get(key).map(View::draft);
        value.is_some_and(|value| value != Node::Null && value != Node::from(false))
    };
    let is_pattern = name.contains(['*', '+', '(', '{', '?', '[']);
    let mut parts = name.split('.');
    let is_number = |part: &str| part.parse::<u64>().is_ok();
    let is_range = parts.next().is_some_and(is_number)
        && name.ends_with(".x")
        && parts.all(|part| part == "x" || is_number(part));
    let what = if is_set("prerelease") {
        "prerelease branch"
    } else if is_set("range") || is_pattern || is_range {
        "maintenance branch"
    } else if is_set("channel") || matches!(name.as_str(), "next" | "next-major") {
        "branch of a channel"
    } else {
        "release branch"
    };
    Some(Listed {
        is_plain: what == "release branch",
        name,
        what,
        place,
    })
}
