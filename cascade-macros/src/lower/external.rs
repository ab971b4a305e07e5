//! The sugars of `#[external]`.

use super::Lower;
use crate::parse::{Head, Item};
use cascade_core::finding::suggest;
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::{Block, BlockSpec, Map, Node};
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
        let means_deploy = items.iter().any(|item| misspells_deploy_key(item, spec));
        let one_deploy = (DEPLOY.iter().any(|key| has(key)) || means_deploy) && !has("deploys");
        let (mut own, mut deploy) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Bare(head) if ExternalMode::WORDS.contains(&head.text.as_str()) => {
                    self.mode(head, at, map);
                }
                Item::Group(head, items) if ExternalMode::WORDS.contains(&head.text.as_str()) => {
                    let message = format!("`{}` has no value", head.text);
                    let help = format!("write `{}, ...`, with the keys after it", head.text);
                    self.mistakes.add_with(head.span, message, help);
                    self.mode(head, at, map);
                    own.extend(items.iter().cloned());
                }
                Item::Bare(head) if misspells_mode(head, spec) => {
                    let words = ExternalMode::WORDS.iter().copied();
                    let help = suggest::among(&head.text, words, "it is one of");
                    let message = format!("unknown mode `{}`", head.text);
                    self.mistakes.add_with(head.span, message, help);
                    map.insert("mode".to_owned(), Node::Invalid);
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
    let is_key = item.head().is_some_and(|head| {
        external.field(&head.text).is_none()
            && ExternalDeployBlock::KEYS.contains(&head.text.as_str())
    });
    is_key || misspells_deploy_key(item, external)
}

/// Returns true if an unknown key was meant to be one that declares a deploy.
fn misspells_deploy_key(item: &Item, external: &BlockSpec) -> bool {
    let Some(Head { text, .. }) = item.head() else {
        return false;
    };
    let own = external.fields.iter().map(|field| field.key);
    let known = own.chain(ExternalDeployBlock::KEYS.iter().copied());
    !known.clone().any(|key| key == text)
        && suggest::nearest(text, known).is_some_and(|near| DEPLOY.contains(&near))
}

/// Returns true if a word that is no key was meant to be a mode.
fn misspells_mode(head: &Head, external: &BlockSpec) -> bool {
    let words = ExternalMode::WORDS.iter().copied();
    head.ident.is_some()
        && external.field(&head.text).is_none()
        && !ExternalDeployBlock::KEYS.contains(&head.text.as_str())
        && suggest::nearest(&head.text, words).is_some()
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
