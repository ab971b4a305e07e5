//! The fields of a pipeline: one callback, repository or component each.

use super::items::{block, text};
use super::layout::{Item, attribute, documentation, is_documentation};
use super::{external, spell};
use crate::manifest::draft::{Block, BlockSpec, Map, Node};
use crate::manifest::{
    BuildBlock, ComponentKeys, DeployBlock, PublishBlock, StrategyKind, ValidateBlock,
};
use std::collections::HashSet;

const INDENT: usize = 4;

/// Fields as text, with the names that are taken.
#[derive(Debug, Default)]
pub(super) struct Fields {
    taken: HashSet<String>,
    text: Vec<String>,
}

impl Fields {
    /// Every field that a configuration declares, and the text between `{` and `}`.
    pub(super) fn of(config: &Map, components: &[(String, String)]) -> String {
        let mut fields = Self::default();
        if let Some(Node::Map(map)) = config.get("validate") {
            fields.callback(map, "validate", "Validate", ValidateBlock::SPEC);
        }
        for map in listed(config, "builds") {
            fields.callback(map, "build", "Build", BuildBlock::SPEC);
        }
        for map in listed(config, "deploys") {
            fields.callback(map, "deploy", "Deploy", DeployBlock::SPEC);
        }
        for map in listed(config, "external") {
            fields.external(map);
        }
        if let Some(Node::Map(map)) = config.get("publish") {
            fields.callback(map, "publish", "Publish", PublishBlock::SPEC);
        }
        if let Some(Node::Map(all)) = config.get("components") {
            for ((name, node), (_, ty)) in all.iter().zip(components) {
                if let Node::Map(map) = node {
                    fields.component(name, map, ty);
                }
            }
        }
        fields.text.join("\n")
    }

    fn callback(&mut self, map: &Map, kind: &str, ty: &str, spec: &'static BlockSpec) {
        let single = matches!(kind, "validate" | "publish");
        let name = text(map, "name");
        let field = self.field(name.as_deref().unwrap_or(kind), kind);
        let implied = name.as_deref() == Some(plain(&field)) && !(single && plain(&field) == kind);
        let (doc, mut skip) = described(map);
        if implied {
            skip.push("name");
        }
        let strategy = if kind == "deploy" {
            strategy(map)
        } else {
            None
        };
        if let Some((word, _)) = &strategy {
            skip.extend(["strategy", *word]);
        }
        let mut out = doc;
        out.push_str(&attribute(kind, block(map, spec, &skip), INDENT));
        if let Some((_, items)) = strategy {
            out.push_str(&attribute("strategy", items, INDENT));
        }
        self.push(&out, &field, ty);
    }

    fn external(&mut self, map: &Map) {
        let field = self.field(&external::name(map), "external");
        let (doc, skip) = described(map);
        let items = external::items(map, plain(&field), &skip);
        let out = doc + &attribute("external", items, INDENT);
        self.push(&out, &field, "External");
    }

    fn component(&mut self, name: &str, map: &Map, ty: &str) {
        let field = self.field(name, "component");
        let mut items = Vec::new();
        if plain(&field) != name {
            items.push(Item::assign("name", &spell::text(name)));
        }
        let prefix = match map.get("tag_grammar") {
            Some(Node::Map(grammar)) if grammar.len() == 1 => text(grammar, "prefix"),
            _ => None,
        };
        let skip: &[&str] = if prefix.is_some() {
            &["tag_grammar"]
        } else {
            &[]
        };
        items.extend(block(map, ComponentKeys::SPEC, skip));
        if let Some(prefix) = prefix {
            items.push(Item::assign("prefix", &spell::text(&prefix)));
        }
        self.push(&attribute("component", items, INDENT), &field, ty);
    }

    fn push(&mut self, attributes: &str, field: &str, ty: &str) {
        self.text
            .push(format!("{attributes}{:INDENT$}{field}: {ty},\n", ""));
    }

    /// An identifier near `name` whose handle nobody has.
    fn field(&mut self, name: &str, kind: &str) -> String {
        let near = spell::snake_case(name);
        let near = match spell::identifier(&near) {
            Some(_) => near,
            None => format!("{kind}_{near}").trim_end_matches('_').to_owned(),
        };
        let second = format!("{near}_{kind}");
        let mut candidate = near;
        while !self.taken.insert(candidate.to_uppercase()) {
            candidate = if candidate.len() < second.len() {
                second.clone()
            } else {
                candidate + "_"
            };
        }
        spell::name(&candidate)
    }
}

/// The field's name without `r#`.
fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// The documentation, and the key that it stands for.
fn described(map: &Map) -> (String, Vec<&'static str>) {
    match text(map, "description") {
        Some(text) if is_documentation(&text) => {
            (documentation(&text, INDENT), vec!["description"])
        }
        _ => (String::new(), Vec::new()),
    }
}

/// The strategy as an attribute, with the key of its block.
fn strategy(map: &Map) -> Option<(&'static str, Vec<Item>)> {
    let named = text(map, "strategy")?;
    let word = StrategyKind::WORDS.iter().find(|word| **word == named)?;
    let mut items = vec![Item::Leaf(named)];
    if let Some(Node::Map(own)) = map.get(*word) {
        let spec = DeployBlock::SPEC.field(word)?.shape.block()?;
        items.extend(block(own, spec, &[]));
    }
    Some((word, items))
}

fn listed<'a>(config: &'a Map, key: &str) -> impl Iterator<Item = &'a Map> {
    let nodes = match config.get(key) {
        Some(Node::List(nodes)) => nodes.as_slice(),
        _ => &[],
    };
    nodes.iter().filter_map(|node| match node {
        Node::Map(map) => Some(map),
        _ => None,
    })
}
