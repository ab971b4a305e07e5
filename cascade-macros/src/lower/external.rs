//! The sugars of `#[external]`.

use super::Lower;
use crate::parse::{Head, Item};
use cascade_core::manifest::draft::{Block, BlockSpec, KeyPath, Map, Node};
use cascade_core::manifest::{ExternalBlock, ExternalDeployBlock, ExternalMode};

/// Keys of a deploy that declare one of the field's name.
const DEPLOY: &[&str] = &["workflow", "on_update"];

impl Lower {
    pub(super) fn external(&mut self, items: &[Item], name: &Head, at: &KeyPath, map: &mut Map) {
        let spec: &'static BlockSpec = ExternalBlock::SPEC;
        let has = |key: &str| {
            items
                .iter()
                .any(|item| item.head().is_some_and(|head| head.text == key))
        };
        let one_deploy = DEPLOY.iter().any(|key| has(key)) && !has("deploys");
        let (mut own, mut deploy) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Bare(head) if ExternalMode::WORDS.contains(&head.text.as_str()) => {
                    self.mode(head, at, map);
                }
                item if one_deploy && is_deploy_key(item, spec) => deploy.push(item.clone()),
                item => own.push(item.clone()),
            }
        }
        self.block(&own, spec, at, map);
        if one_deploy {
            let here = at.key("deploys").index(0);
            self.spans.key(&here, name.span);
            self.spans.value(&here.key("name"), name.span);
            let mut entry = Map::from_iter([("name".to_owned(), Node::from(name.text.as_str()))]);
            self.block(&deploy, ExternalDeployBlock::SPEC, &here, &mut entry);
            map.insert("deploys".to_owned(), Node::List(vec![Node::Map(entry)]));
        }
        let pulls = map.get("mode") == Some(&Node::from("pull"));
        if pulls && !map.contains_key("deploys") && !map.contains_key("name") {
            let repo = map.get("repo").map(repository_name);
            if repo.as_deref() != Some(name.text.as_str()) {
                self.spans.value(&at.key("name"), name.span);
                map.insert("name".to_owned(), Node::from(name.text.as_str()));
            }
        }
    }

    fn mode(&mut self, head: &Head, at: &KeyPath, map: &mut Map) {
        if map.contains_key("mode") {
            let help = "a repository pushes or is pulled from";
            self.mistakes
                .add_with(head.span, "the mode stands twice", help);
            return;
        }
        self.spans.value(&at.key("mode"), head.span);
        map.insert("mode".to_owned(), Node::from(head.text.as_str()));
    }
}

fn is_deploy_key(item: &Item, external: &BlockSpec) -> bool {
    item.head().is_some_and(|head| {
        external.field(&head.text).is_none()
            && ExternalDeployBlock::KEYS.contains(&head.text.as_str())
    })
}

/// The name that a pulled version has without one of its own.
fn repository_name(repo: &Node) -> String {
    match repo {
        Node::Scalar(text) => {
            let text = text.text();
            text.rsplit('/').next().unwrap_or(&text).replace('.', "-")
        }
        _ => String::new(),
    }
}
