//! The struct that `#[pipeline]` stands on: what its fields and their attributes mean.

use crate::keys::Kind;
use crate::literal;
use crate::parse::{Item, is_punct, items};
use crate::report::{Mistakes, Range};
use crate::structure::{Arguments, Attribute as Written, Field, Structure, Unfit, visible};
use cascade_core::draft::join_doc;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

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
    pub(crate) doc: Option<(String, Range)>,
}

/// The struct, and the fields of the pipeline.
pub(crate) struct Input {
    /// The struct without the attributes that belong to the pipeline.
    pub(crate) item: Structure,
    pub(crate) fields: Vec<FieldInput>,
    pub(crate) doc: Option<(String, Range)>,
    /// Traits that the author derives.
    pub(crate) derived: Vec<String>,
}

/// Reads the struct; what is wrong with it as a whole is reported, and then there is no input.
pub(crate) fn read(item: &TokenStream, mistakes: &mut Mistakes) -> Option<Input> {
    let mut item = match Structure::of(item.clone()) {
        Ok(item) => item,
        Err(unfit) => {
            refuse(unfit, item, mistakes);
            return None;
        }
    };
    let (attributes, derived) = derives(std::mem::take(&mut item.attributes));
    item.attributes = attributes;
    let doc = doc(&item.attributes);
    let fields = item.fields.iter_mut();
    let fields = fields.map(|each| field(each, mistakes)).collect();
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

/// What a field declares; only what belongs to no pipeline stays in its attributes.
fn field(each: &mut Field, mistakes: &mut Mistakes) -> FieldInput {
    let doc = doc(&each.attributes);
    let (mut kinds, mut strategies, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = Vec::new();
    for attribute in std::mem::take(&mut each.attributes) {
        let (name, span) = (attribute.ident.to_string(), attribute.ident.span());
        match (name.as_str(), Kind::of_attribute(&name)) {
            (_, Some(kind)) => {
                let items = arguments(attribute, mistakes);
                kinds.push(Attribute { kind, span, items });
            }
            ("strategy", _) => {
                let items = arguments(attribute, mistakes);
                strategies.push(Attribute {
                    kind: (),
                    span,
                    items,
                });
            }
            ("cfg" | "cfg_attr", _) => conditions.push(span),
            _ => match Kind::nearest(&name).filter(|_| attribute.alone) {
                Some(kind) => {
                    let message = format!("no attribute is named `{name}`");
                    let help = format!("did you mean `{}`?", kind.attribute());
                    mistakes.add_with(span, message, help);
                    let items = arguments(attribute, mistakes);
                    kinds.push(Attribute { kind, span, items });
                }
                None => rest.push(attribute),
            },
        }
    }
    each.attributes = rest;
    FieldInput {
        ident: each.ident.clone(),
        type_name: type_name(&each.ty.0),
        type_range: Range::of(&each.ty.0),
        kinds,
        strategies,
        conditions,
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
    match ty {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            type_name(&visible(group.stream()))
        }
        [TokenTree::Ident(name)] => Some(name.to_string()),
        [TokenTree::Ident(_), colon, rest @ ..] if is_punct(Some(colon), ':') => type_name(rest),
        [TokenTree::Ident(name), open, ..] if is_punct(Some(open), '<') => Some(name.to_string()),
        [colon, rest @ ..] if is_punct(Some(colon), ':') => type_name(rest),
        _ => None,
    }
}

/// The documentation as one line of text, and where it stands.
fn doc(attributes: &[Written]) -> Option<(String, Range)> {
    let mut lines = Vec::new();
    let mut span = None;
    for attribute in attributes {
        if let Arguments::Value(_, value) = &attribute.arguments
            && attribute.alone
            && attribute.ident == "doc"
            && let Some((text, at)) = literal::text(value)
        {
            lines.push(text);
            span = span.or(Some(at));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let text = join_doc(&lines);
    (!text.is_empty()).then(|| (text, span.unwrap_or_else(Span::call_site).into()))
}

/// The attributes with the traits that the author derives; `Default` is left to the pipeline,
/// whose default is what was declared.
fn derives(attributes: Vec<Written>) -> (Vec<Written>, Vec<String>) {
    let mut derived = Vec::new();
    let own = |attribute: Written| {
        let Arguments::List(list) = &attribute.arguments else {
            return attribute;
        };
        if !attribute.alone || attribute.ident != "derive" {
            return attribute;
        }
        let tokens = visible(list.clone());
        let mut kept = TokenStream::new();
        for path in tokens.split_inclusive(|token| is_punct(Some(token), ',')) {
            let name = path.iter().rev().find_map(|token| match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            });
            let name = name.unwrap_or_default();
            if name != "Default" {
                kept.extend(path.iter().cloned());
            }
            derived.push(name);
        }
        attribute.with(kept)
    };
    (attributes.into_iter().map(own).collect(), derived)
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
