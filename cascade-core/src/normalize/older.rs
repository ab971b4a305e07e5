//! Older spellings of keys.

use super::{Normalizing, is_given};
use crate::finding::Message;
use crate::key_path::KeyPath;
use crate::manifest::draft::{Block, Map, Node};
use crate::manifest::{RolloutBlock, SwitchBlock};
use crate::message;

/// Values of `rollout.type` that mean a deploy without a strategy.
const NO_STRATEGY: [&str; 2] = ["default", "rolling"];

impl Normalizing {
    /// Moves the older keys of a configuration and its callbacks.
    pub(super) fn older_keys(&mut self, config: &mut Map, at: &KeyPath) {
        self.rename(config, at, "release", "release_build");
        self.tag_prefix(config, at);
        for key in ["builds", "deploys"] {
            let Some(Node::List(callbacks)) = config.get_mut(key) else {
                continue;
            };
            for (index, callback) in callbacks.iter_mut().enumerate() {
                let at = at.key(key).index(index);
                if let Node::Map(callback) = callback {
                    self.rename(callback, &at, "artifact", "artifact_upload");
                    self.rollout(callback, &at);
                }
            }
        }
    }

    fn rename(&mut self, map: &mut Map, at: &KeyPath, old: &str, new: &str) {
        if !is_given(map, old) {
            return;
        }
        if is_given(map, new) {
            self.twice(&at.key(old), at, new);
        }
        if let Some(node) = map.shift_remove(old) {
            self.move_to(node, &at.key(old), (map, new), at);
        }
    }

    fn tag_prefix(&mut self, config: &mut Map, at: &KeyPath) {
        if !is_given(config, "tag_prefix") {
            return;
        }
        let grammar = config
            .entry("tag_grammar".to_owned())
            .or_insert_with(|| Node::Map(Map::new()));
        if *grammar == Node::Null {
            *grammar = Node::Map(Map::new());
        }
        let Node::Map(grammar) = grammar else {
            return;
        };
        let mut grammar = std::mem::take(grammar);
        let (old, below) = (at.key("tag_prefix"), at.key("tag_grammar"));
        if is_given(&grammar, "prefix") {
            self.twice(&old, at, "tag_grammar.prefix");
        }
        if let Some(prefix) = config.shift_remove("tag_prefix") {
            self.move_to(prefix, &old, (&mut grammar, "prefix"), &below);
        }
        config.insert("tag_grammar".to_owned(), Node::Map(grammar));
    }

    /// Moves the older spelling of a deploy's strategy; the rest of the block stays.
    fn rollout(&mut self, deploy: &mut Map, at: &KeyPath) {
        let Some(Node::Map(rollout)) = deploy.get_mut("rollout") else {
            return;
        };
        let mut rollout = std::mem::take(rollout);
        let below = at.key("rollout");
        if matches!(rollout.get("type"), Some(Node::Scalar(kind)) if NO_STRATEGY.contains(&kind.text().as_str()))
        {
            rollout.shift_remove("type");
        }
        for (old, new) in [
            ("type", "strategy"),
            ("canary", "canary"),
            ("blue_green", "blue_green"),
        ] {
            if !is_given(&rollout, old) {
                continue;
            }
            if is_given(deploy, new) {
                self.twice(&below.key(old), at, new);
            }
            if let Some(mut node) = rollout.shift_remove(old) {
                if let ("blue_green", Node::Map(switch)) = (old, &mut node) {
                    self.switch(switch, &below.key(old), &at.key(new));
                }
                self.move_to(node, &below.key(old), (deploy, new), at);
            }
        }
        self.reader
            .check_keys(&rollout, &below, RolloutBlock::KEYS, &[]);
        rollout.retain(|key, _| RolloutBlock::KEYS.contains(&key.as_str()));
        match rollout.is_empty() {
            true => deploy.shift_remove("rollout"),
            false => deploy.insert("rollout".to_owned(), Node::Map(rollout)),
        };
    }

    fn switch(&mut self, switch: &mut Map, written: &KeyPath, now: &KeyPath) {
        self.reader
            .check_keys(switch, written, SwitchBlock::KEYS, &[]);
        switch.retain(|key, _| SwitchBlock::KEYS.contains(&key.as_str()));
        if let Some(node) = switch.shift_remove("switch") {
            let from = written.key("switch");
            self.move_to(node, &from, (switch, "cutover_callback"), now);
        }
    }

    fn twice(&mut self, old: &KeyPath, at: &KeyPath, new: &str) {
        let message = message!(
            "{} is the older spelling of {}, and both are given",
            place = old,
            key = new
        );
        let present = new.split('.').fold(at.clone(), |at, key| at.key(key));
        self.both_spellings(old, (message, Message::key(new)), &present);
    }
}
