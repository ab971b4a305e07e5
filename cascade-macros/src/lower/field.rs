//! Fields of a pipeline: one callback, repository or component each.

use super::Lower;
use super::blocks::expected;
use crate::describe::{Doc, Text};
use crate::input::{FieldInput, Recognized};
use crate::keys::Kind;
use crate::literal::{self, Read};
use crate::parse::{Head, Item};
use cascade_core::finding::suggest;
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::{Block, Map, Node, Shape};
use cascade_core::manifest::{ComponentKeys, Config, DeployBlock, StrategyKind, TagGrammarBlock};
use cascade_core::scalar::Scalar;
use proc_macro2::{Ident, Span, TokenTree};
use syn::ext::IdentExt;

/// A field that declares something.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) kind: Kind,
    /// Its place in the list of its kind.
    pub(crate) index: usize,
    /// The name that others refer to it by.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(&'static str, Span)>,
}

/// A field as it is written out again.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The identifier as the expansion's own.
    pub(crate) own: Ident,
    pub(crate) declared: Option<Declared>,
}

impl Lower {
    /// The entry that a field declares, under its kind's key in `root`.
    pub(super) fn field(&mut self, field: &FieldInput, root: &mut Map) -> Option<Declared> {
        let Some(attribute) = self.kind(field) else {
            return self.undeclared(field, root);
        };
        let kind = attribute.kind;
        if !attribute.doubtful && !field.is_generic {
            self.agree(field, kind);
        }
        let mut attributes = vec![(kind.attribute(), attribute.span)];
        let head = Head::from(field.ident.clone());
        let name = explicit_name(&attribute.items).unwrap_or_else(|| head.clone());

        let base = KeyPath::root().key(kind.key());
        let index = match root.get(kind.key()) {
            Some(Node::List(items)) => items.len(),
            _ => 0,
        };
        let at = match kind {
            Kind::Validate | Kind::Publish => base,
            Kind::Component => base.key(&name.text),
            _ => base.index(index),
        };
        if kind.is_single() && root.contains_key(kind.key()) {
            let message = format!("a pipeline has one `#[{}]`", kind.attribute());
            self.mistakes
                .add_with(attribute.span, message, "remove one of the two fields");
            return None;
        }
        self.spans.key(&at, attribute.span);
        let mut map = Map::new();
        self.own_name(kind, &attribute.items, &head, &at, &mut map);
        match kind {
            Kind::External => self.external(&attribute.items, &head, &at, &mut map),
            Kind::Component => self.component(&attribute.items, &at, &mut map),
            _ => self.block(&attribute.items, kind.spec(), &at, &mut map),
        }
        for strategy in &field.strategies {
            attributes.push(("strategy", strategy.span));
            self.strategy(strategy, kind, &at, &mut map);
        }
        if attribute.doubtful {
            lose_required(kind, &mut map);
        }
        self.description(field.doc.as_ref(), &at, &mut map);
        let handle = match kind {
            Kind::External => slot(&map, &name.text),
            _ => name.text.clone(),
        };
        insert(root, kind, &name, map);
        Some(Declared {
            kind,
            index,
            name: handle,
            attributes,
        })
    }

    fn kind<'a>(&mut self, field: &'a FieldInput) -> Option<&'a Recognized<Kind>> {
        if let Some(attribute) = field.conditions.first() {
            let help = "the workflows are the same on every machine: declare the field or do not";
            let message = "a field of a pipeline cannot depend on `cfg`";
            self.mistakes.add_with(*attribute, message, help);
            return field.kinds.first();
        }
        let agrees = |attribute: &&Recognized<Kind>| {
            attribute.kind.type_name() == field.type_name.as_deref()
        };
        let first = field.kinds.iter().find(agrees).or(field.kinds.first());
        let Some(first) = first else {
            let message = format!("`{}` declares nothing", field.ident);
            let names: Vec<String> = Kind::ALL
                .iter()
                .map(|kind| format!("`#[{}(...)]`", kind.attribute()))
                .collect();
            let help = format!("write one of {} above it", names.join(", "));
            self.mistakes.add_with(field.ident.span(), message, help);
            return None;
        };
        for second in field.kinds.iter().filter(|own| !std::ptr::eq(*own, first)) {
            let message = format!(
                "`{}` is a `#[{}]` already",
                field.ident,
                first.kind.attribute()
            );
            self.mistakes
                .add_with(second.span, message, "a field declares one thing");
        }
        Some(first)
    }

    /// An entry for a field without an attribute, so that others may refer to it.
    fn undeclared(&mut self, field: &FieldInput, root: &mut Map) -> Option<Declared> {
        let kind = field.type_name.as_deref().and_then(Kind::of_type);
        let Some(kind) = kind.filter(|kind| !kind.is_single()) else {
            for section in [Kind::Build, Kind::External] {
                push(root, section, Node::Invalid);
            }
            return None;
        };
        let name = field.ident.unraw().to_string();
        let mut map = Map::from_iter([("name".to_owned(), Node::from(name.as_str()))]);
        lose_required(kind, &mut map);
        let index = push(root, kind, Node::Map(map));
        Some(Declared {
            kind,
            index,
            name,
            attributes: Vec::new(),
        })
    }

    fn agree(&mut self, field: &FieldInput, kind: Kind) {
        let Some(expected) = kind.type_name() else {
            let found = field
                .type_name
                .as_deref()
                .filter(|name| Kind::of_type(name).is_some());
            if let Some(found) = found {
                let message = format!("a `#[component]` field cannot have the type `{found}`");
                let help = "its type is a struct with `#[pipeline(component, ...)]`";
                self.mistakes.add_with(field.type_range, message, help);
            }
            return;
        };
        if field.type_name.as_deref() != Some(expected) {
            let message = format!(
                "a `#[{}]` field has the type `{expected}`",
                kind.attribute()
            );
            let help = format!("write `{}: {expected}`", field.ident);
            self.mistakes.add_with(field.type_range, message, help);
        }
    }

    /// The name, where the field gives it.
    fn own_name(&mut self, kind: Kind, items: &[Item], head: &Head, at: &KeyPath, map: &mut Map) {
        let is_name = |item: &Item| item.head().is_some_and(|head| head.text == "name");
        let given = items.iter().any(is_name);
        let default = kind.is_single() && head.text == kind.attribute();
        if given || default || matches!(kind, Kind::External | Kind::Component) {
            return;
        }
        self.spans.value(&at.key("name"), head.span);
        map.insert("name".to_owned(), Node::from(head.text.as_str()));
    }

    /// The documentation as the description, unless there is one.
    pub(super) fn description(&mut self, doc: Option<&Doc>, at: &KeyPath, map: &mut Map) {
        let Some(Doc { text, range }) = doc.filter(|_| !map.contains_key("description")) else {
            return;
        };
        let here = at.key("description");
        self.spans.value(&here, *range);
        let node = match text {
            Text::Known(text) => Node::from(text.as_str()),
            Text::Expression(tokens) => self.later(&here, tokens.clone(), &Shape::Scalar, true),
        };
        map.insert("description".to_owned(), node);
    }

    fn strategy(&mut self, attribute: &Recognized<()>, kind: Kind, at: &KeyPath, map: &mut Map) {
        let here = at.key("strategy");
        self.spans.key(&here, attribute.span);
        if attribute.doubtful {
            map.insert("strategy".to_owned(), Node::Invalid);
            return;
        }
        let Some(Item::Bare(word)) = attribute.items.first() else {
            let range = attribute
                .items
                .first()
                .map_or(attribute.span.into(), Item::range);
            let message = "a strategy begins with its name";
            let help = "write `#[strategy(canary, ...)]` or `#[strategy(blue_green, ...)]`";
            self.mistakes.add_with(range, message, help);
            map.insert("strategy".to_owned(), Node::Invalid);
            return;
        };
        if kind == Kind::External || map.contains_key("strategy") {
            let (message, help) = match kind {
                Kind::External => (
                    "only a deploy can have a strategy",
                    "move it to a `#[deploy]`",
                ),
                _ => ("a deploy has one strategy", "remove one"),
            };
            self.mistakes.add_with(attribute.span, message, help);
            return;
        }
        self.spans.value(&here, word.span);
        map.insert("strategy".to_owned(), Node::from(word.text.as_str()));
        let rest = &attribute.items[1..];
        let known = StrategyKind::WORDS.contains(&word.text.as_str());
        if kind != Kind::Deploy || rest.is_empty() || !known {
            return;
        }
        let spec = DeployBlock::SPEC.field(&word.text);
        if let Some(spec) = spec.and_then(|field| field.shape.block()) {
            let block_at = at.key(&word.text);
            self.spans.key(&block_at, word.span);
            let mut block = Map::new();
            self.block(rest, spec, &block_at, &mut block);
            map.insert(word.text.clone(), Node::Map(block));
        }
    }

    /// A component: its own keys, and `prefix` for that of its tags.
    fn component(&mut self, items: &[Item], at: &KeyPath, map: &mut Map) {
        let mut own = Vec::new();
        for item in items {
            match item {
                Item::Assign(head, tokens) if head.text == "prefix" => {
                    let here = at.key("tag_grammar").key("prefix");
                    self.spans.key(&here, head.span);
                    let shape = TagGrammarBlock::SPEC
                        .field("prefix")
                        .map(|field| &field.shape);
                    let node = shape.map_or(Node::Invalid, |shape| self.leaf(tokens, shape, &here));
                    let grammar = Map::from_iter([("prefix".to_owned(), node)]);
                    map.insert("tag_grammar".to_owned(), Node::Map(grammar));
                }
                Item::Assign(head, _) if head.text == "name" => {}
                Item::Assign(head, _) if misspells_prefix(head) => {
                    let message = format!("unknown key `{}`", head.text);
                    let help = "did you mean `prefix`?";
                    self.mistakes.add_with(head.span, message, help);
                    map.insert("tag_grammar".to_owned(), Node::Invalid);
                }
                Item::Slip(head, slip) if head.text == "prefix" => {
                    self.slip(head, *slip, &Shape::Scalar);
                    let grammar = Map::from_iter([("prefix".to_owned(), Node::Invalid)]);
                    map.insert("tag_grammar".to_owned(), Node::Map(grammar));
                }
                item => own.push(item.clone()),
            }
        }
        self.block(&own, Kind::Component.spec(), at, map);
    }
}

/// Returns true if an unknown key of a component was meant to be `prefix`.
fn misspells_prefix(head: &Head) -> bool {
    let keys = ComponentKeys::KEYS.iter().chain(Config::KEYS).copied();
    let is_known = keys.clone().any(|key| key == head.text);
    let near = suggest::nearest(&head.text, keys.chain(["prefix"]));
    !is_known && near == Some("prefix")
}

/// The value of `name = "..."`.
fn explicit_name(items: &[Item]) -> Option<Head> {
    let (_, tokens) = name_key(items)?;
    match literal::read(tokens) {
        Read::Known(Scalar::Text(text)) => Some(Head {
            text,
            span: tokens.first()?.span(),
            ident: None,
        }),
        _ => None,
    }
}

fn name_key(items: &[Item]) -> Option<(&Head, &[TokenTree])> {
    items.iter().find_map(|item| match item {
        Item::Assign(head, tokens) if head.text == "name" => Some((head, tokens.as_slice())),
        _ => None,
    })
}

/// The name under which an external entry's version is recorded first.
fn slot(map: &Map, field: &str) -> String {
    let text = |map: &Map| match map.get("name") {
        Some(Node::Scalar(name)) => Some(name.text()),
        _ => None,
    };
    match map.get("deploys") {
        Some(Node::List(deploys)) => match deploys.first() {
            Some(Node::Map(first)) => text(first),
            _ => None,
        },
        _ => text(map),
    }
    .unwrap_or_else(|| field.to_owned())
}

/// Marks what must be written and is not there as lost.
fn lose_required(kind: Kind, map: &mut Map) {
    let mode = (kind == Kind::External).then_some("mode");
    for key in expected(kind.spec()).map(|field| field.key).chain(mode) {
        map.entry(key.to_owned()).or_insert(Node::Invalid);
    }
}

fn insert(root: &mut Map, kind: Kind, name: &Head, map: Map) {
    let node = Node::Map(map);
    match kind {
        Kind::Validate | Kind::Publish => {
            root.insert(kind.key().to_owned(), node);
        }
        Kind::Component => {
            let slot = root.entry(kind.key().to_owned()).or_insert(Node::Null);
            match slot {
                Node::Map(components) => {
                    components.insert(name.text.clone(), node);
                }
                slot => *slot = Node::Map(Map::from_iter([(name.text.clone(), node)])),
            }
        }
        Kind::Build | Kind::Deploy | Kind::External => {
            push(root, kind, node);
        }
    }
}

/// Adds an entry to the list of a kind, and returns its place there.
fn push(root: &mut Map, kind: Kind, node: Node) -> usize {
    let slot = root.entry(kind.key().to_owned()).or_insert(Node::Null);
    match slot {
        Node::List(items) => {
            items.push(node);
            items.len() - 1
        }
        slot => {
            *slot = Node::List(vec![node]);
            0
        }
    }
}
