//! Blocks, maps and lists, as their shapes say.

use super::{Lower, shapes};
use crate::parse::{Head, Item};
use cascade_core::manifest::PermissionSet;
use cascade_core::manifest::draft::{BlockSpec, FieldSpec, KeyPath, Map, Node, Shape};

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
            let Some(head) = item.head() else {
                let help = "a block holds `key = value` and `key(...)`";
                self.mistakes.add_with(item.range(), "expected a key", help);
                continue;
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
        if let Item::Group(_, items) = item {
            let mut block = Map::new();
            self.block(items, spec, &here, &mut block);
            blocks.push(Node::Map(block));
        } else {
            let message = format!("`{}` is a block", head.text);
            let help = format!("write `{}(...)`", head.text);
            self.mistakes.add_with(item.range(), message, help);
            blocks.push(Node::Invalid);
        }
        map.insert(head.text.clone(), Node::List(blocks));
    }

    fn entry(&mut self, item: &Item, field: &'static FieldSpec, at: &KeyPath) -> Node {
        self.keyed(item, &field.shape, at)
    }

    /// What stands under a key.
    fn keyed(&mut self, item: &Item, shape: &'static Shape, at: &KeyPath) -> Node {
        match item {
            Item::Assign(head, tokens) if shapes::is_scalar(shape) || tokens.is_empty() => {
                let _ = head;
                self.leaf(tokens, shape, at)
            }
            Item::Group(head, items) => self.group(head, items, shape, at),
            Item::Assign(head, _) | Item::Bare(head) => {
                let message = match item {
                    Item::Bare(_) => format!("`{}` has no value", head.text),
                    _ => format!("`{}` is not one value", head.text),
                };
                let help = format!("write {}", shapes::example(&head.text, shape));
                self.mistakes.add_with(head.span, message, help);
                Node::Invalid
            }
            Item::Value(_) => Node::Invalid,
        }
    }

    fn group(&mut self, head: &Head, items: &[Item], shape: &'static Shape, at: &KeyPath) -> Node {
        match shape {
            Shape::List(Shape::Block(spec)) if shapes::repeated(shape).is_none() => {
                Node::List(self.named(items, spec, at))
            }
            Shape::List(inner) => {
                let element = |(index, item)| self.element(item, inner, &at.index(index));
                Node::List(items.iter().enumerate().map(element).collect())
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
        for item in items {
            let Some(head) = item.head() else {
                let help = "a map holds `name = value`";
                self.mistakes
                    .add_with(item.range(), "expected a name", help);
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
        for item in items {
            let here = at.index(nodes.len());
            let (head, inner): (&Head, &[Item]) = match item {
                Item::Bare(head) => (head, &[]),
                Item::Group(head, inner) => (head, inner),
                Item::Assign(..) | Item::Value(_) => {
                    let help = "write `name` or `name(...)`";
                    self.mistakes
                        .add_with(item.range(), "expected a name", help);
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

/// The shape that a group has, of those that it may have.
fn choose(items: &[Item], shapes: &'static [Shape]) -> Option<&'static Shape> {
    let keyed = items
        .iter()
        .any(|item| matches!(item, Item::Assign(..) | Item::Group(..)));
    let is_list = |shape: &&Shape| matches!(shape, Shape::List(_));
    let is_keyed = |shape: &&Shape| matches!(shape, Shape::Map(_) | Shape::Block(_));
    let list = shapes.iter().find(is_list);
    let map = shapes.iter().find(is_keyed);
    if keyed { map.or(list) } else { list.or(map) }
}
