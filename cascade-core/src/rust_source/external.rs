//! Other repositories: `#[external(...)]`.

use super::items::{block, text};
use super::layout::Item;
use crate::manifest::draft::{Block, Map, Node};
use crate::manifest::{ExternalBlock, ExternalDeployBlock, ExternalMode};

/// Returns the name that a field would have: that of the external version, or the repository's.
pub(super) fn name(map: &Map) -> String {
    let deploy = only_deploy(map).and_then(|deploy| text(deploy, "name"));
    let first = || match map.get("deploys") {
        Some(Node::List(deploys)) => deploys.first().and_then(|node| match node {
            Node::Map(map) => text(map, "name"),
            _ => None,
        }),
        _ => None,
    };
    deploy
        .or_else(|| text(map, "name"))
        .or_else(first)
        .unwrap_or_else(|| repository(map))
}

/// The items of the attribute on a field named `field`.
pub(super) fn items(map: &Map, field: &str, skip: &[&str]) -> Vec<Item> {
    let mut skip = skip.to_vec();
    let mut items = Vec::new();
    if let Some(mode) = text(map, "mode").filter(|mode| ExternalMode::WORDS.contains(&&**mode)) {
        items.push(Item::Leaf(mode));
        skip.push("mode");
    }
    let deploy = only_deploy(map).filter(|deploy| text(deploy, "name").as_deref() == Some(field));
    if deploy.is_some() {
        skip.push("deploys");
    }
    let pulls = text(map, "mode").as_deref() == Some("pull");
    let own = text(map, "name");
    let without = pulls && !has(map, "deploys");
    if without && own.as_deref() == Some(field) && repository(map) != field {
        skip.push("name");
    }
    if without && own.is_none() && repository(map) != field {
        let name = super::spell::text(&repository(map));
        items.push(Item::assign("name", &name));
    }
    items.extend(block(map, ExternalBlock::SPEC, &skip));
    if let Some(deploy) = deploy {
        items.extend(block(deploy, ExternalDeployBlock::SPEC, &["name"]));
    }
    items
}

/// The deploy whose keys can stand beside those of the repository.
fn only_deploy(map: &Map) -> Option<&Map> {
    let Some(Node::List(deploys)) = map.get("deploys") else {
        return None;
    };
    let [Node::Map(deploy)] = deploys.as_slice() else {
        return None;
    };
    let starts = has(deploy, "workflow") || has(deploy, "on_update");
    let shared = |key: &String| key != "name" && ExternalBlock::SPEC.field(key).is_some();
    (starts && !deploy.keys().any(shared)).then_some(deploy)
}

fn has(map: &Map, key: &str) -> bool {
    map.get(key).is_some_and(|node| *node != Node::Null)
}

/// The name that a pulled version has without one of its own.
fn repository(map: &Map) -> String {
    let repo = text(map, "repo").unwrap_or_default();
    repo.rsplit('/').next().unwrap_or(&repo).replace('.', "-")
}
