//! The struct that `#[pipeline]` stands on: what its fields and their attributes mean.

use crate::derives;
use crate::describe::{Doc, doc};
use crate::keys::Kind;
use crate::lower::Settings;
use crate::parse::{Item, is_punct, items};
use crate::report::{Mistakes, Range};
use crate::root::Surroundings;
use crate::structure::{Arguments, Attribute as Written, Field, Structure, Unfit};
use crate::tokens::{names, opened};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// An attribute of a field, with what stands in its parentheses.
#[derive(Debug)]
pub(crate) struct Attribute<K> {
    pub(crate) kind: K,
    pub(crate) span: Span,
    pub(crate) items: Vec<Item>,
}

/// A field with its attributes sorted out.
#[derive(Debug)]
pub(crate) struct FieldInput {
    pub(crate) ident: Ident,
    pub(crate) type_name: Option<String>,
    pub(crate) type_range: Range,
    pub(crate) kinds: Vec<Attribute<Kind>>,
    pub(crate) strategies: Vec<Attribute<()>>,
    pub(crate) conditions: Vec<Span>,
    pub(crate) deprecated: Vec<Written>,
    pub(crate) doc: Option<Doc>,
}

/// The struct, and the fields of the pipeline.
pub(crate) struct Input {
    /// The struct without the attributes that belong to the pipeline.
    pub(crate) item: Structure,
    pub(crate) fields: Vec<FieldInput>,
    pub(crate) doc: Option<Doc>,
    /// Traits that the author derives.
    pub(crate) derived: Vec<String>,
}

/// Reads the struct; what is wrong with it as a whole is reported, and then there is no input.
pub(crate) fn read(
    item: &TokenStream,
    around: &Surroundings,
    settings: &Settings,
    mistakes: &mut Mistakes,
) -> Option<Input> {
    let mut item = match Structure::of(item.clone()) {
        Ok(item) => item,
        Err(unfit) => {
            refuse(unfit, item, mistakes);
            return None;
        }
    };
    let (attributes, mut derived) = derives::below(std::mem::take(&mut item.attributes));
    if let Some(written) = &around.written {
        derived.extend(derives::above(written, mistakes));
    }
    item.attributes = attributes;
    let doc = doc(&item.attributes);
    let fields = item.fields.iter_mut();
    let cascade = settings.cascade.name();
    let fields = fields.map(|each| field(each, &cascade, mistakes)).collect();
    Some(Input {
        item,
        fields,
        doc,
        derived,
    })
}

fn refuse(unfit: Unfit, item: &TokenStream, mistakes: &mut Mistakes) {
    match unfit {
        Unfit::Other => {
            let at: Vec<TokenTree> = item.clone().into_iter().collect();
            let range = name_of(&at).unwrap_or_else(|| Range::of(&at));
            let help = "write it above a `struct` whose fields are the callbacks";
            mistakes.add_with(range, "`#[pipeline]` declares a struct", help);
        }
        Unfit::Parameters(range) => {
            mistakes.add_with(range, "a pipeline has no parameters", "remove them");
        }
        Unfit::Unnamed(range) => {
            let help =
                "write `struct Name { image: Build, ... }`: a field's name is the callback's";
            mistakes.add_with(range, "the fields of a pipeline have names", help);
        }
    }
}

/// The attributes of a field, by their use.
#[derive(Default)]
struct Sorted {
    kinds: Vec<Attribute<Kind>>,
    strategies: Vec<Attribute<()>>,
    conditions: Vec<Span>,
    deprecated: Vec<Written>,
    /// Those that belong to no pipeline.
    rest: Vec<Written>,
}

impl Sorted {
    fn add(&mut self, attribute: Written, cascade: &str, mistakes: &mut Mistakes) {
        let (name, span) = (attribute.ident.to_string(), attribute.ident.span());
        let ours = attribute.alone || attribute.path.iter().any(|part| part == cascade);
        match (name.as_str(), Kind::of_attribute(&name)) {
            (_, Some(kind)) if ours => {
                let items = arguments(attribute, mistakes);
                self.kinds.push(Attribute { kind, span, items });
            }
            ("strategy", _) if ours => {
                let items = arguments(attribute, mistakes);
                let kind = ();
                self.strategies.push(Attribute { kind, span, items });
            }
            ("cfg", _) if attribute.alone => self.conditions.push(span),
            ("cfg_attr", _) if attribute.alone => self.conditional(attribute, mistakes),
            ("deprecated", _) if attribute.alone => self.deprecated.push(attribute),
            _ => self.rest.push(attribute),
        }
    }

    /// An attribute of ours under a condition is refused, and read all the same, so that nothing
    /// else is said of it; one of others is theirs.
    fn conditional(&mut self, attribute: Written, mistakes: &mut Mistakes) {
        let Arguments::List(list) = &attribute.arguments else {
            self.rest.push(attribute);
            return;
        };
        let tokens = opened(list.clone());
        let found = tokens.split(|token| is_punct(Some(token), ',')).skip(1);
        let found: Vec<&[TokenTree]> = found.filter(|given| names_ours(given)).collect();
        if found.is_empty() {
            self.rest.push(attribute);
            return;
        }
        self.conditions.push(attribute.ident.span());
        for given in found {
            let [.., TokenTree::Ident(name), TokenTree::Group(list)] = given else {
                continue;
            };
            if let Some(kind) = Kind::of_attribute(&name.to_string()) {
                let (span, items) = (name.span(), items(list.stream(), mistakes));
                self.kinds.push(Attribute { kind, span, items });
            }
        }
    }

    /// Without an attribute of ours, one whose name is near was meant to be it.
    fn mend(&mut self, mistakes: &mut Mistakes) {
        if !self.kinds.is_empty() || !self.conditions.is_empty() {
            return;
        }
        let near = |attribute: &Written| {
            let kind = Kind::nearest(&attribute.ident.to_string());
            kind.filter(|_| attribute.alone)
        };
        let Some(position) = self.rest.iter().position(|own| near(own).is_some()) else {
            return;
        };
        let attribute = self.rest.remove(position);
        if let Some(kind) = near(&attribute) {
            let span = attribute.ident.span();
            let message = format!("no attribute is named `{}`", attribute.ident);
            let help = format!("did you mean `{}`?", kind.attribute());
            mistakes.add_with(span, message, help);
            let items = arguments(attribute, mistakes);
            self.kinds.push(Attribute { kind, span, items });
        }
    }
}

/// Returns true if an attribute in `cfg_attr` is one of a pipeline.
fn names_ours(given: &[TokenTree]) -> bool {
    let name = names(given).next_back().map(ToString::to_string);
    name.is_some_and(|name| name == "strategy" || Kind::of_attribute(&name).is_some())
}

/// Reads what a field declares; only what belongs to no pipeline stays in its attributes.
fn field(each: &mut Field, cascade: &str, mistakes: &mut Mistakes) -> FieldInput {
    let doc = doc(&each.attributes);
    let mut sorted = Sorted::default();
    for attribute in std::mem::take(&mut each.attributes) {
        sorted.add(attribute, cascade, mistakes);
    }
    sorted.mend(mistakes);
    each.attributes = sorted.rest;
    FieldInput {
        ident: each.ident.clone(),
        type_name: type_name(&each.ty.0),
        type_range: Range::of(&each.ty.0),
        kinds: sorted.kinds,
        strategies: sorted.strategies,
        conditions: sorted.conditions,
        deprecated: sorted.deprecated,
        doc,
    }
}

fn arguments(attribute: Written, mistakes: &mut Mistakes) -> Vec<Item> {
    match attribute.arguments {
        Arguments::None => Vec::new(),
        Arguments::List(tokens) => items(tokens, mistakes),
        Arguments::Value(equals, _) => {
            let name = attribute.ident;
            let message = format!("expected `(` after `{name}`");
            let help = format!("write `#[{name}(...)]`");
            mistakes.add_with(equals.span(), message, help);
            Vec::new()
        }
    }
}

/// The last name of a path, without its parameters.
fn type_name(ty: &[TokenTree]) -> Option<String> {
    let ty = opened(ty.iter().cloned().collect());
    let end = ty.iter().position(|token| is_punct(Some(token), '<'));
    let path = &ty[..end.unwrap_or(ty.len())];
    let is_part =
        |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_punct(Some(token), ':');
    match path.last()? {
        TokenTree::Ident(name) if path.iter().all(is_part) => Some(name.to_string()),
        _ => None,
    }
}

/// The name of an item of any kind: what follows its keyword.
fn name_of(tokens: &[TokenTree]) -> Option<Range> {
    const KEYWORDS: &[&str] = &[
        "fn", "enum", "union", "struct", "mod", "trait", "type", "static", "const", "impl",
    ];
    let is_keyword = |token: &TokenTree| KEYWORDS.contains(&token.to_string().as_str());
    let keyword = tokens.iter().position(is_keyword)?;
    Some(Range::of(tokens.get(keyword + 1..keyword + 2)?))
}
