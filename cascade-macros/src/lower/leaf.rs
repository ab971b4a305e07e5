//! Values: literals, references and constant expressions.

use super::{Joined, Lower, Target, shapes};
use crate::literal::{self, Read};
use crate::parse::{Head, Item, is_punct};
use crate::report::Range;
use crate::tokens::opened;
use cascade_core::key_path::{KeyPath, Segment};
use cascade_core::manifest::draft::{Map, Node, Shape};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::borrow::Cow;

impl Lower {
    /// The value of tokens.
    pub(super) fn leaf(
        &mut self,
        tokens: &[TokenTree],
        shape: &'static Shape,
        at: &KeyPath,
    ) -> Node {
        let range = Range::of(tokens);
        self.spans.value(at, range);
        let seen = seen_through(tokens);
        if shapes::takes_reference(shape)
            && let Some(parts) = dotted(&seen)
        {
            return self.reference(&parts, range, shape, at);
        }
        match literal::read(tokens) {
            Read::Known(scalar) => {
                if literal::is_joined(tokens) {
                    let tokens = tokens.iter().cloned().collect();
                    let text = scalar.text();
                    self.joined.push(Joined { tokens, text });
                }
                Node::Scalar(scalar)
            }
            Read::Refused(message) => {
                let example = shapes::example(&key(at).unwrap_or_default(), shape);
                let help = format!("write {example}");
                self.mistakes.add_with(range, message, help);
                Node::Invalid
            }
            Read::Expression => self.expression(tokens, shape, at),
        }
    }

    /// An item of a list of values.
    pub(super) fn element(&mut self, item: &Item, shape: &'static Shape, at: &KeyPath) -> Node {
        match item {
            Item::Value(tokens) => {
                let list = at.parent();
                let names = list.as_ref().and_then(shapes::target).is_some();
                if names && matches!(literal::read(tokens), Read::Expression) {
                    let help = "write the names alone, with commas between them";
                    self.mistakes
                        .add_with(Range::of(tokens), "expected a name", help);
                    return Node::Invalid;
                }
                self.leaf(tokens, shape, at)
            }
            Item::Bare(head) => match &head.ident {
                None => {
                    self.spans.value(at, head.span);
                    Node::from(head.text.as_str())
                }
                Some(ident) if matches!(shape, Shape::Int { .. } | Shape::Bool | Shape::Scalar) => {
                    self.leaf(&[TokenTree::Ident(ident.clone())], shape, at)
                }
                Some(ident) if shapes::must_be_quoted(shape) => {
                    let message = format!("expected text, found the name `{ident}`");
                    let help = format!("write `\"{ident}\"`");
                    self.mistakes.add_with(head.span, message, help);
                    Node::Invalid
                }
                Some(ident) => {
                    self.spans.value(at, head.span);
                    let around = at.parent().and_then(|list| shapes::target(&list));
                    self.refer(around, Some(ident));
                    Node::from(head.text.as_str())
                }
            },
            Item::Gap => Node::Invalid,
            Item::Assign(head, _) | Item::Group(head, _) | Item::Slip(head, _) => {
                let message = format!("expected a value, found the key `{}`", head.text);
                let key = at.parent().and_then(|list| key(&list)).unwrap_or_default();
                let help = format!("`{key}` is a list: write its items alone");
                self.mistakes.add_with(head.span, message, help);
                Node::Invalid
            }
        }
    }

    fn reference(
        &mut self,
        parts: &[Head],
        range: Range,
        shape: &'static Shape,
        at: &KeyPath,
    ) -> Node {
        let text: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let node = Node::from(text.join("."));
        self.refer(Some(Target::Field), parts[0].ident.as_ref());
        let spans = parts.iter().map(|part| part.span).collect();
        if !shapes::is_input(shape) {
            self.spans.parts(at, spans);
            return node;
        }
        let from = at.key("from");
        self.spans.value(&from, range);
        self.spans.parts(&from, spans);
        Node::Map(Map::from_iter([("from".to_owned(), node)]))
    }

    fn expression(&mut self, tokens: &[TokenTree], shape: &'static Shape, at: &KeyPath) -> Node {
        let range = Range::of(tokens);
        let key = key(at).unwrap_or_default();
        if shapes::must_be_literal(shape) {
            let message = format!("`{key}` must be a literal");
            let help = "paths, names and references are read while compiling: write text in `\"`";
            self.mistakes.add_with(range, message, help);
            return Node::Invalid;
        }
        if let (Shape::Choice(words), Some(name)) = (shape, last_of_path(tokens)) {
            let fold = |text: &str| text.to_lowercase().replace(['_', '-'], "");
            if let Some(word) = words.iter().find(|word| fold(word) == fold(&name)) {
                let message = format!("expected text, found the name `{name}`");
                let help = format!("write `{key} = \"{word}\"`");
                self.mistakes.add_with(range, message, help);
                return Node::Invalid;
            }
        }
        if let Some(name) = literal::not_constant(tokens) {
            let message =
                format!("`{name}!` is evaluated when a program runs, not while it compiles");
            let help = format!("write {}, or a constant", shapes::example(&key, shape));
            self.mistakes.add_with(range, message, help);
            return Node::Invalid;
        }
        if matches!(tokens, [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket) {
            let help = format!("write {}", shapes::example(&key, shape));
            self.mistakes
                .add_with(range, "expected one value, found an array", help);
            return Node::Invalid;
        }
        let stream: TokenStream = bare(tokens);
        match syn::parse2::<syn::Expr>(stream.clone()) {
            Ok(_) => self.later(at, stream, shape, false),
            Err(_) => {
                let message = format!("`{key}` has no value that can be read");
                let help = format!("write {}", shapes::example(&key, shape));
                self.mistakes.add_with(range, message, help);
                Node::Invalid
            }
        }
    }
}

/// The last name of `a::b::C`.
fn last_of_path(tokens: &[TokenTree]) -> Option<String> {
    let is_part =
        |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_punct(Some(token), ':');
    match tokens.last()? {
        TokenTree::Ident(name) if tokens.iter().all(is_part) => Some(name.to_string()),
        _ => None,
    }
}

/// The last key of a path.
pub(super) fn key(at: &KeyPath) -> Option<String> {
    match at.last()? {
        Segment::Key(key) => Some(key.to_string()),
        Segment::Index(_) => key(&at.parent()?),
    }
}

/// The tokens without the invisible groups of `macro_rules!`.
fn seen_through(tokens: &[TokenTree]) -> Cow<'_, [TokenTree]> {
    let is_invisible = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::None);
    if tokens.iter().any(is_invisible) {
        Cow::Owned(opened(tokens.iter().cloned().collect()))
    } else {
        Cow::Borrowed(tokens)
    }
}

/// An expression without parentheses and braces around all of it, which a lint would find needless
/// where it is put.
fn bare(tokens: &[TokenTree]) -> TokenStream {
    let all = || tokens.iter().cloned().collect();
    let [TokenTree::Group(group)] = tokens else {
        return all();
    };
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_one = match group.delimiter() {
        Delimiter::None => true,
        Delimiter::Parenthesis | Delimiter::Brace => {
            syn::parse2::<syn::Expr>(group.stream()).is_ok()
        }
        Delimiter::Bracket => false,
    };
    if is_one { bare(&inner) } else { all() }
}

/// The parts of `image.outputs."image-tag"`, if there are several.
fn dotted(tokens: &[TokenTree]) -> Option<Vec<Head>> {
    let mut parts = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        if position % 2 == 1 {
            if !is_punct(Some(token), '.') {
                return None;
            }
        } else {
            parts.push(Head::of(token)?);
        }
    }
    let whole = tokens.len() % 2 == 1 && parts.len() > 1;
    (whole && parts[0].ident.is_some()).then_some(parts)
}
