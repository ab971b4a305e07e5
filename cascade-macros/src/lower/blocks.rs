//! Blocks, maps and lists, as their shapes say.

use super::{Lower, shapes};
use crate::parse::{Head, Item, Slip, SlipKind};
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::PermissionSet;
use cascade_core::manifest::draft::{BlockSpec, FieldSpec, Map, Node, Shape};
use proc_macro2::{Delimiter, TokenTree};

impl Lower {
    /// The keys of a block, added to what it has.
    pub(super) fn block(
        &mut self,
        items: &[Item],
        spec: &'static BlockSpec,
        at: &KeyPath,
        map: &mut Map,
    ) {
        for item in items {
            let head = match item {
                Item::Gap => continue,
                Item::Bare(Head { ident: None, .. }) | Item::Value(_) => {
                    self.not_a_key(item, spec, map);
                    continue;
                }
                Item::Bare(head)
                | Item::Assign(head, _)
                | Item::Group(head, _)
                | Item::Slip(head, _) => head,
            };
            let here = at.key(&head.text);
            let field = spec.field(&head.text);
            if let Some(inner) = field.and_then(|field| shapes::repeated(&field.shape)) {
                self.repeated(item, head, inner, &here, map);
                continue;
            }
            if map.contains_key(&head.text) {
                let message = format!("`{}` stands twice", head.text);
                self.mistakes.add_with(head.span, message, "remove one");
                continue;
            }
            self.spans.key(&here, head.span);
            let node = match field {
                Some(field) => self.entry(item, field, &here),
                None => Node::Null,
            };
            map.insert(head.text.clone(), node);
        }
    }

    /// Something in a block that is no key. It may have been meant as any key that must be there.
    fn not_a_key(&mut self, item: &Item, spec: &BlockSpec, map: &mut Map) {
        let absent = expected(spec).filter(|field| !map.contains_key(field.key));
        let absent: Vec<&FieldSpec> = absent.collect();
        for field in &absent {
            map.insert(field.key.to_owned(), Node::Invalid);
        }
        let meant = absent.first().filter(|_| matches!(item, Item::Bare(_)));
        let meant = meant.map(|field| shapes::example(field.key, &field.shape));
        let help = meant.map(|example| format!("write {example}"));
        let misread = misread(item).and_then(|name| spec.field(&name));
        let help = match misread {
            Some(field) => format!("did you mean `{}`?", field.key),
            None => help.unwrap_or_else(|| "a block holds `key = value` and `key(...)`".to_owned()),
        };
        self.mistakes.add_with(item.range(), "expected a key", help);
        if let Some(field) = misread {
            map.entry(field.key.to_owned()).or_insert(Node::Invalid);
        }
    }

    /// One of several blocks under the same key.
    fn repeated(
        &mut self,
        item: &Item,
        head: &Head,
        spec: &'static BlockSpec,
        at: &KeyPath,
        map: &mut Map,
    ) {
        let node = map.entry(head.text.clone()).or_insert(Node::Null);
        let mut blocks = match std::mem::replace(node, Node::Invalid) {
            Node::List(blocks) => blocks,
            _ => Vec::new(),
        };
        let here = at.index(blocks.len());
        self.spans.key(at, head.span);
        self.spans.key(&here, head.span);
        match item {
            Item::Group(_, items) => {
                let mut block = Map::new();
                self.block(items, spec, &here, &mut block);
                blocks.push(Node::Map(block));
            }
            Item::Slip(head, slip) => {
                self.slip(head, *slip, &Shape::Block(spec));
                blocks.push(Node::Invalid);
            }
            _ => {
                let message = format!("`{}` is a block", head.text);
                let help = format!("write `{}(...)`", head.text);
                self.mistakes.add_with(item.range(), message, help);
                blocks.push(Node::Invalid);
            }
        }
        map.insert(head.text.clone(), Node::List(blocks));
    }

    fn entry(&mut self, item: &Item, field: &'static FieldSpec, at: &KeyPath) -> Node {
        self.keyed(item, &field.shape, at)
    }

    /// Lowers the value under a key.
    fn keyed(&mut self, item: &Item, shape: &'static Shape, at: &KeyPath) -> Node {
        match item {
            Item::Assign(_, tokens) if shapes::is_scalar(shape) => self.leaf(tokens, shape, at),
            Item::Slip(head, slip) => {
                self.slip(head, *slip, shape);
                Node::Invalid
            }
            Item::Group(head, items) => self.group(head, items, shape, at),
            Item::Assign(head, _) | Item::Bare(head) => {
                let message = match item {
                    Item::Bare(_) => format!("`{}` has no value", head.text),
                    _ => format!("`{}` is not one value", head.text),
                };
                let written = match item {
                    Item::Assign(_, tokens) => in_parentheses(&head.text, tokens, shape),
                    _ => None,
                };
                let example = written.unwrap_or_else(|| shapes::example(&head.text, shape));
                self.mistakes
                    .add_with(head.span, message, format!("write {example}"));
                Node::Invalid
            }
            Item::Value(_) | Item::Gap => Node::Invalid,
        }
    }

    /// Reports a key without a value, in the spelling of what the key takes.
    pub(super) fn slip(&mut self, head: &Head, slip: Slip, shape: &Shape) {
        let key = &head.text;
        let wanted = shapes::sign(shape);
        let message = match slip.kind {
            SlipKind::Found(found) => format!("expected {wanted} after `{key}`, found `{found}`"),
            SlipKind::Missing => format!("expected {wanted} after `{key}`"),
            SlipKind::NoValue => format!("expected a value after `{key} =`"),
        };
        let help = format!("write {}", shapes::example(key, shape));
        self.mistakes.add_with(slip.at, message, help);
    }

    fn group(&mut self, head: &Head, items: &[Item], shape: &'static Shape, at: &KeyPath) -> Node {
        let node = self.grouped(head, items, shape, at);
        // Nobody knows how many there were meant to be.
        if items.iter().any(Item::is_gap) && matches!(node, Node::List(_) | Node::Map(_)) {
            return match shape {
                Shape::Block(_) => node,
                _ => Node::Invalid,
            };
        }
        node
    }

    fn grouped(
        &mut self,
        head: &Head,
        items: &[Item],
        shape: &'static Shape,
        at: &KeyPath,
    ) -> Node {
        match shape {
            Shape::List(Shape::Block(spec)) if shapes::repeated(shape).is_none() => {
                Node::List(self.named(items, spec, at))
            }
            Shape::List(inner) => {
                let items = items.iter().filter(|item| !item.is_gap()).enumerate();
                let element = |(index, item)| self.element(item, inner, &at.index(index));
                Node::List(items.map(element).collect())
            }
            Shape::Map(inner) => {
                let permissions = shapes::is_permissions(shape);
                Node::Map(self.map(items, inner, permissions, at))
            }
            Shape::Block(spec) => {
                let mut map = Map::new();
                self.block(items, spec, at, &mut map);
                Node::Map(map)
            }
            Shape::OneOf(shapes) => match choose(items, shapes) {
                Some(shape) => self.group(head, items, shape, at),
                None => self.not_a_group(head, shape),
            },
            _ => self.not_a_group(head, shape),
        }
    }

    fn not_a_group(&mut self, head: &Head, shape: &Shape) -> Node {
        let message = format!("`{}` is one value", head.text);
        let help = format!("write {}", shapes::example(&head.text, shape));
        self.mistakes.add_with(head.span, message, help);
        Node::Invalid
    }

    fn map(
        &mut self,
        items: &[Item],
        inner: &'static Shape,
        permissions: bool,
        at: &KeyPath,
    ) -> Map {
        let mut map = Map::new();
        for item in items.iter().filter(|item| !item.is_gap()) {
            let Some(head) = item.head() else {
                let help = "write `name = value`; a name that is no identifier is text";
                self.mistakes
                    .add_with(item.range(), "expected a name", help);
                if let Some(name) = misread(item) {
                    map.insert(name, Node::Invalid);
                }
                continue;
            };
            let scope = PermissionSet::scope(&head.text).filter(|_| permissions);
            let key = scope.unwrap_or(&head.text);
            let here = at.key(key);
            if map.contains_key(key) {
                let message = format!("`{}` stands twice", head.text);
                self.mistakes.add_with(head.span, message, "remove one");
                continue;
            }
            self.spans.key(&here, head.span);
            self.refer(shapes::target(at), head.ident.as_ref());
            let node = self.keyed(item, inner, &here);
            map.insert(key.to_owned(), node);
        }
        map
    }

    /// A list of objects that have names: `deploys(cdk(...), net(...))`.
    fn named(&mut self, items: &[Item], spec: &'static BlockSpec, at: &KeyPath) -> Vec<Node> {
        let mut nodes = Vec::new();
        for item in items.iter().filter(|item| !item.is_gap()) {
            let here = at.index(nodes.len());
            let (head, inner): (&Head, &[Item]) = match item {
                Item::Bare(head) => (head, &[]),
                Item::Group(head, inner) => (head, inner),
                Item::Assign(..) | Item::Slip(..) | Item::Value(_) | Item::Gap => {
                    let help = "write `name` or `name(...)`";
                    self.mistakes
                        .add_with(item.range(), "expected a name", help);
                    nodes.push(Node::Invalid);
                    continue;
                }
            };
            self.spans.value(&here, head.span);
            self.spans.value(&here.key("name"), head.span);
            let name = Node::from(head.text.as_str());
            if inner.is_empty() && spec.shorthand == Some("name") {
                nodes.push(name);
                continue;
            }
            let mut map = Map::from_iter([("name".to_owned(), name)]);
            self.block(inner, spec, &here, &mut map);
            nodes.push(Node::Map(map));
        }
        nodes
    }
}

/// Returns one value as the list that it should have been.
fn in_parentheses(key: &str, tokens: &[TokenTree], shape: &Shape) -> Option<String> {
    let items = match tokens {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => list.stream(),
        [TokenTree::Ident(_) | TokenTree::Literal(_)] => tokens.iter().cloned().collect(),
        _ => return None,
    };
    matches!(shape, Shape::List(_)).then(|| format!("`{key}({items})`"))
}

/// The key that something unreadable was meant as: `depends-on(..)`, `cluster == ..`.
fn misread(item: &Item) -> Option<String> {
    let Item::Value(tokens) = item else {
        return None;
    };
    let parts = tokens.chunk_by(|_, next| matches!(next, TokenTree::Punct(_)));
    let is_name = |part: &&[TokenTree]| matches!(part, [TokenTree::Ident(_), ..]);
    let names: Vec<String> = parts
        .take_while(is_name)
        .map(|part| part[0].to_string())
        .collect();
    (!names.is_empty()).then(|| names.join("_"))
}

/// The shape that a group has, of those that it may have.
fn choose(items: &[Item], shapes: &'static [Shape]) -> Option<&'static Shape> {
    let keyed = items
        .iter()
        .any(|item| matches!(item, Item::Assign(..) | Item::Group(..) | Item::Slip(..)));
    let is_list = |shape: &&Shape| matches!(shape, Shape::List(_));
    let is_keyed = |shape: &&Shape| matches!(shape, Shape::Map(_) | Shape::Block(_));
    let list = shapes.iter().find(is_list);
    let map = shapes.iter().find(is_keyed);
    if keyed { map.or(list) } else { list.or(map) }
}

/// The keys that a block is expected to have: those that it must have, and of a deploy the workflow,
/// which only a target does without.
pub(super) fn expected(spec: &BlockSpec) -> impl Iterator<Item = &FieldSpec> {
    let has_target = spec.field("deploy_target").is_some();
    let is_expected =
        move |field: &&FieldSpec| field.required || (has_target && field.key == "workflow");
    spec.fields.iter().filter(is_expected)
}
