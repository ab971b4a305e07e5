//! The root: `#[pipeline(...)]`, and what the fields declare.

use super::{Declared, Field, Lower};
use crate::expand::own;
use crate::input::Input;
use crate::keys::Kind;
use crate::literal::{self, Read};
use crate::parse::{Head, Item, is_punct};
use crate::report::Range;
use crate::spelling::Places;
use crate::tokens::opened;
use cascade_core::finding::suggest;
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::{Block, Map, Node, Shape};
use cascade_core::manifest::{Config, SCHEMA_VERSION};
use cascade_core::scalar::Scalar;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// The keys of `#[pipeline]` that no manifest has.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// True if it is a part of another pipeline.
    pub(crate) component: bool,
    /// The folder of the repository, relative to the source file.
    pub(crate) root: Option<(String, Range)>,
    /// The path to the crate `cascade`.
    pub(crate) cascade: CratePath,
}

/// The path to the crate `cascade`, which may have another name, or come from another crate.
#[derive(Debug)]
pub(crate) struct CratePath(pub(crate) TokenStream);

impl Default for CratePath {
    fn default() -> Self {
        Self(quote!(::cascade))
    }
}

/// Returns true if tokens are names with `::` between them, and perhaps before them.
fn is_path(tokens: &[TokenTree]) -> bool {
    let colons = |at: &[TokenTree]| at.len() == 2 && at.iter().all(|c| is_punct(Some(c), ':'));
    let leads = tokens.get(..2).is_some_and(colons);
    let rest = &tokens[if leads { 2 } else { 0 }..];
    let mut parts = rest.chunks(3);
    rest.len() % 3 == 1
        && parts.all(|part| match part {
            [TokenTree::Ident(_), after @ ..] => after.is_empty() || colons(after),
            _ => false,
        })
}

impl CratePath {
    /// The crate's name.
    pub(crate) fn name(&self) -> String {
        let last = self.0.clone().into_iter().last();
        last.map_or_else(String::new, |name| name.to_string())
    }

    /// Reads a path, or the text of one.
    fn of(tokens: &[TokenTree]) -> Option<Self> {
        let written = match literal::text(tokens) {
            Some((text, _)) => text.parse().ok()?,
            None => tokens.iter().cloned().collect(),
        };
        let path: Vec<TokenTree> = opened(written);
        is_path(&path).then(|| Self(path.into_iter().collect()))
    }
}

/// A pipeline as a draft.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// A mapping.
    pub(crate) draft: Node,
    pub(crate) fields: Vec<Field>,
    /// Names of environments, with their tokens.
    pub(crate) environments: Vec<Head>,
    pub(crate) places: Places,
}

impl Settings {
    /// Takes its keys out of the items.
    pub(crate) fn take(items: Vec<Item>, lower: &mut Lower) -> (Self, Vec<Item>) {
        let mut settings = Self::default();
        let mut rest = Vec::new();
        for item in items {
            match &item {
                item if item.is_word("component") => settings.component = true,
                Item::Assign(head, _) | Item::Group(head, _) | Item::Slip(head, _)
                    if head.text == "component" =>
                {
                    settings.component = true;
                    let message = "`component` has no value";
                    lower
                        .mistakes
                        .add_with(head.span, message, "write `component` alone");
                }
                Item::Bare(head) if misspells_component(head) => {
                    settings.component = true;
                    let message = format!("unknown key `{}`", head.text);
                    let help = "did you mean `component`?";
                    lower.mistakes.add_with(head.span, message, help);
                }
                Item::Assign(head, tokens) if head.text == "root" => {
                    let range = Range::of(tokens);
                    match literal::read(tokens) {
                        Read::Known(Scalar::Text(root)) => settings.root = Some((root, range)),
                        _ => lower.mistakes.add_with(
                            range,
                            "`root` must be a literal",
                            "write the folder of the repository, relative to this file",
                        ),
                    }
                }
                Item::Assign(head, tokens) if head.text == "crate" => match CratePath::of(tokens) {
                    Some(path) => settings.cascade = path,
                    None => lower.mistakes.add_with(
                        Range::of(tokens),
                        "`crate` must be the path to the crate `cascade`",
                        "write `crate = delivery` if that is its name in `Cargo.toml`",
                    ),
                },
                Item::Slip(head, slip) if is_own(head) => {
                    lower.slip(head, *slip, &Shape::Scalar);
                }
                Item::Bare(head) | Item::Group(head, _) if is_own(head) => {
                    let message = format!("`{}` is one value", head.text);
                    let help = format!("write `{} = ...`", head.text);
                    lower.mistakes.add_with(head.span, message, help);
                }
                _ => rest.push(item),
            }
        }
        (settings, rest)
    }
}

/// Returns true for the keys of Rust's own that have a value.
fn is_own(head: &Head) -> bool {
    matches!(head.text.as_str(), "root" | "crate")
}

/// Returns true if a word was meant to be `component`; no key of a pipeline is a word alone.
fn misspells_component(head: &Head) -> bool {
    let is_key = Config::KEYS.contains(&head.text.as_str());
    !is_key && head.ident.is_some() && suggest::nearest(&head.text, ["component"]).is_some()
}

/// Lowers the whole pipeline.
pub(crate) fn pipeline(
    input: &Input,
    settings: &Settings,
    items: Vec<Item>,
    lower: &mut Lower,
) -> Lowered {
    let root = KeyPath::root();
    let mut map = Map::new();
    let items = lower.own_keys(items);
    let environments = environments(&items);
    lower.block(&items, Config::SPEC, &root, &mut map);
    lower.description(input.doc.as_ref(), &root, &mut map);
    if !settings.component {
        map.entry("schema_version".to_owned())
            .or_insert_with(|| SCHEMA_VERSION.into());
    }
    let mut places = Places::default();
    let mut fields = Vec::new();
    for field in &input.fields {
        let declared = lower.field(field, &mut map);
        if let Some(Declared { kind, index, .. }) = &declared {
            let section = root.key(kind.key());
            let place = match kind {
                Kind::Validate | Kind::Publish => section,
                Kind::Component => section.key(&field.ident.to_string()),
                _ => section.index(*index),
            };
            places.add(place, &field.ident.to_string());
        }
        fields.push(Field {
            ident: field.ident.clone(),
            own: own(&field.ident),
            declared,
        });
    }
    Lowered {
        draft: Node::Map(Config::in_order(map)),
        fields,
        environments,
        places,
    }
}

impl Lower {
    /// Refuses keys that fields declare.
    fn own_keys(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut kept = Vec::new();
        for item in items {
            let head = item.head().cloned();
            match head.and_then(|head| Some((declared_by_fields(&head)?, head))) {
                Some((kind, head)) => {
                    let attribute = kind.attribute();
                    let message = format!("`{}` is declared by fields", head.text);
                    let ty = kind.type_name().unwrap_or("Api");
                    let help =
                        format!("write `#[{attribute}(...)] name: {ty}` in the struct below");
                    self.mistakes.add_with(head.span, message, help);
                }
                None => kept.push(item),
            }
        }
        kept
    }
}

/// The kind of field that declares what a key does, as the manifest or the attribute spells it.
fn declared_by_fields(head: &Head) -> Option<Kind> {
    Kind::of_key(&head.text).or_else(|| Kind::of_attribute(&head.text))
}

/// The names in `environments(...)`.
fn environments(items: &[Item]) -> Vec<Head> {
    let inside = items.iter().find_map(|item| match item {
        Item::Group(head, items) if head.text == "environments" => Some(items),
        _ => None,
    });
    let named = inside.into_iter().flatten();
    named
        .filter_map(|item| match item {
            Item::Bare(head)
            | Item::Group(head, _)
            | Item::Assign(head, _)
            | Item::Slip(head, _) => Some(head.clone()),
            Item::Value(_) | Item::Gap => None,
        })
        .collect()
}
