//! The struct that `#[pipeline]` stands on: what its fields and their attributes mean.

use crate::derives::{self, Derived};
use crate::describe::{Doc, doc};
use crate::keys::Kind;
use crate::lower::Settings;
use crate::parse::{Item, is_punct, items};
use crate::report::{Mistakes, Range};
use crate::root::Surroundings;
use crate::structure::{Arguments, Attribute, Declared, Field, Structure, Unfit};
use crate::tokens::{names, opened};
use cascade_core::finding::suggest;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;

/// An attribute of a field, with what stands in its parentheses.
#[derive(Debug)]
pub(crate) struct Recognized<K> {
    pub(crate) kind: K,
    pub(crate) span: Span,
    pub(crate) items: Vec<Item>,
    /// True if it is not what the author meant, or was not read: what it lacks is no finding.
    pub(crate) doubtful: bool,
}

/// A field with its attributes sorted out.
#[derive(Debug)]
pub(crate) struct FieldInput {
    pub(crate) ident: Ident,
    pub(crate) type_name: Option<String>,
    pub(crate) type_range: Range,
    /// True if the type may be a parameter, which was reported.
    pub(crate) is_generic: bool,
    pub(crate) kinds: Vec<Recognized<Kind>>,
    pub(crate) strategies: Vec<Recognized<()>>,
    pub(crate) conditions: Vec<Span>,
    pub(crate) deprecated: Vec<Attribute>,
    /// Levels of lints.
    pub(crate) levels: Vec<TokenStream>,
    pub(crate) doc: Option<Doc>,
}

/// The struct, and the fields of the pipeline.
pub(crate) struct Input {
    /// The struct without the attributes that belong to the pipeline.
    pub(crate) item: Structure,
    pub(crate) fields: Vec<FieldInput>,
    pub(crate) doc: Option<Doc>,
    /// Levels of lints for what is generated.
    pub(crate) levels: Vec<TokenStream>,
    /// Traits that the author derives.
    pub(crate) derived: Derived,
    /// True if the struct cannot be written out again without further errors.
    pub(crate) opaque: bool,
}

/// Reads the struct.
///
/// # Errors
/// It is no struct with fields, which is reported; what is left is its name, if it declares a type,
/// and true if that is a value too.
pub(crate) fn read(
    item: &TokenStream,
    around: &Surroundings,
    settings: &Settings,
    mistakes: &mut Mistakes,
) -> Result<Input, Option<(Declared, bool)>> {
    let mut item = Structure::of(item.clone()).map_err(|unfit| refuse(unfit, item, mistakes))?;
    let mut opaque = parameters(&item, mistakes);
    let cascade = settings.cascade.name();
    once(&mut item, &cascade, mistakes);
    let (attributes, mut derived) = derives::below(std::mem::take(&mut item.attributes));
    if let Some(written) = &around.written {
        opaque |= derived.add_above(written, mistakes);
    }
    item.attributes = attributes;
    opaque |= distinct(&mut item, mistakes);
    let doc = doc(&item.attributes, mistakes);
    let levels = levels(&item.attributes);
    let is_generic = !item.declared.parameters.is_empty();
    let has_helpers = derived.is_foreign();
    let read = |each| FieldInput {
        is_generic,
        ..field(each, &cascade, has_helpers, mistakes)
    };
    let fields = item.fields.iter_mut().map(read).collect();
    Ok(Input {
        item,
        fields,
        doc,
        levels,
        derived,
        opaque,
    })
}

/// The levels of lints that the struct has; to implement what is deprecated is no use of it.
fn levels(attributes: &[Attribute]) -> Vec<TokenStream> {
    let is_deprecated = |own: &Attribute| own.alone && own.ident == "deprecated";
    let deprecated = attributes.iter().find(|own| is_deprecated(own));
    let deprecated = deprecated.map(|_| quote!(#[allow(deprecated)]));
    let written = attributes.iter().filter_map(Attribute::level);
    deprecated.into_iter().chain(written).collect()
}

fn refuse(unfit: Unfit, item: &TokenStream, mistakes: &mut Mistakes) -> Option<(Declared, bool)> {
    const HELP: &str = "write it above a `struct` whose fields are the callbacks";
    match unfit {
        Unfit::Other => {
            let at: Vec<TokenTree> = item.clone().into_iter().collect();
            let range = name_of(&at).unwrap_or_else(|| Range::of(&at));
            mistakes.add_with(range, "`#[pipeline]` declares a struct", HELP);
            None
        }
        Unfit::NotAStruct(declared) => {
            let at = declared.ident.span();
            mistakes.add_with(at, "`#[pipeline]` declares a struct", HELP);
            Some((declared, false))
        }
        Unfit::Unnamed(declared, range) => {
            let name = &declared.ident;
            let help = format!(
                "write `struct {name} {{ image: Build, ... }}`: a field's name is the callback's"
            );
            mistakes.add_with(range, "the fields of a pipeline have names", help);
            Some((declared, true))
        }
    }
}

/// Reports parameters and bounds; returns true if there are any.
fn parameters(item: &Structure, mistakes: &mut Mistakes) -> bool {
    let parameters = &item.declared.parameters;
    if !parameters.is_empty() {
        let range = Range::of(parameters);
        mistakes.add_with(range, "a pipeline has no parameters", "remove them");
    } else if let Some(range) = item.bounds {
        mistakes.add_with(
            range,
            "a pipeline has no bounds",
            "remove the `where` clause",
        );
    }
    !parameters.is_empty() || item.bounds.is_some()
}

/// Refuses a second `#[pipeline]`, which would expand what this one has expanded.
fn once(item: &mut Structure, cascade: &str, mistakes: &mut Mistakes) {
    item.attributes.retain(|attribute| {
        let again = attribute.ident == "pipeline" && attribute.is_ours(cascade);
        if again {
            let at = attribute.ident.span();
            mistakes.add_with(at, "`#[pipeline]` stands twice", "remove one");
        }
        !again
    });
}

/// Drops fields whose names stand above already, and reports them; returns true if there are any.
fn distinct(item: &mut Structure, mistakes: &mut Mistakes) -> bool {
    let mut names = HashSet::new();
    let before = item.fields.len();
    item.fields.retain(|field| {
        let name = field.ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let is_first = names.insert(name.to_owned());
        if !is_first {
            let message = format!("the field `{name}` is declared twice");
            let help = "rename one: a field's name is the callback's";
            mistakes.add_with(field.ident.span(), message, help);
        }
        is_first
    });
    item.fields.len() < before
}

/// The attributes of a field, by their use.
#[derive(Default)]
struct Sorted {
    kinds: Vec<Recognized<Kind>>,
    strategies: Vec<Recognized<()>>,
    conditions: Vec<Span>,
    deprecated: Vec<Attribute>,
    /// Those that belong to no pipeline.
    rest: Vec<Attribute>,
}

impl Sorted {
    fn add(&mut self, attribute: Attribute, cascade: &str, mistakes: &mut Mistakes) {
        let (name, span) = (attribute.ident.to_string(), attribute.ident.span());
        let ours = attribute.is_ours(cascade);
        match (name.as_str(), Kind::of_attribute(&name)) {
            (_, Some(kind)) if ours => self.kinds.push(Recognized::read(kind, attribute, mistakes)),
            ("strategy", _) if ours => {
                self.strategies
                    .push(Recognized::read((), attribute, mistakes));
            }
            ("cfg", _) if attribute.alone => self.conditions.push(span),
            ("cfg_attr", _) if attribute.alone => self.conditional(attribute, cascade, mistakes),
            ("deprecated", _) if attribute.alone => self.deprecated.push(attribute),
            _ => self.rest.push(attribute),
        }
    }

    /// An attribute of ours under a condition is refused, and read all the same, so that nothing
    /// else is said of it; one of others is theirs.
    fn conditional(&mut self, attribute: Attribute, cascade: &str, mistakes: &mut Mistakes) {
        let Arguments::List(list) = &attribute.arguments else {
            self.rest.push(attribute);
            return;
        };
        let tokens = opened(list.clone());
        let found = tokens.split(|token| is_punct(Some(token), ',')).skip(1);
        let found: Vec<&[TokenTree]> = found.filter(|given| names_ours(given, cascade)).collect();
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
                self.kinds.push(Recognized {
                    kind,
                    span: name.span(),
                    items: items(list.stream(), mistakes),
                    doubtful: true,
                });
            }
        }
    }

    /// Without an attribute of ours, one whose name is near was meant to be it.
    fn mend(&mut self, type_name: Option<&str>, cascade: &str, mistakes: &mut Mistakes) {
        if self.kinds.is_empty() && self.conditions.is_empty() {
            let meant = |own: &Attribute| meant(own, type_name).filter(|_| own.is_ours(cascade));
            if let Some((attribute, kind)) = self.take(meant) {
                misspelled(&attribute, kind.attribute(), mistakes);
                let read = Recognized::read(kind, attribute, mistakes);
                self.kinds.push(Recognized {
                    doubtful: true,
                    ..read
                });
            }
        }
    }

    /// The same for a strategy, which a field may do without.
    fn mend_strategy(&mut self, cascade: &str, mistakes: &mut Mistakes) {
        if self.strategies.is_empty() {
            let meant = |own: &Attribute| {
                let near = suggest::nearest(&own.ident.to_string(), ["strategy"]);
                near.filter(|_| own.is_ours(cascade))
            };
            if let Some((attribute, name)) = self.take(meant) {
                misspelled(&attribute, name, mistakes);
                self.strategies
                    .push(Recognized::read((), attribute, mistakes));
            }
        }
    }

    /// Takes the first of the other attributes that means something.
    fn take<M>(&mut self, meant: impl Fn(&Attribute) -> Option<M>) -> Option<(Attribute, M)> {
        let found = self.rest.iter().enumerate();
        let (position, meaning) = found
            .filter_map(|(position, own)| Some((position, meant(own)?)))
            .next()?;
        Some((self.rest.remove(position), meaning))
    }
}

/// The kind that a misspelt attribute means: by its name, or by its keys and the field's type.
fn meant(attribute: &Attribute, type_name: Option<&str>) -> Option<Kind> {
    const KEYS: &[&str] = &["workflow", "repo", "path"];
    let by_type = || {
        let Arguments::List(list) = &attribute.arguments else {
            return None;
        };
        let tokens: Vec<TokenTree> = list.clone().into_iter().collect();
        let is_key = |name: &Ident| KEYS.contains(&name.to_string().as_str());
        Kind::of_type(type_name?).filter(|_| names(&tokens).any(is_key))
    };
    Kind::nearest(&attribute.ident.to_string()).or_else(by_type)
}

fn misspelled(attribute: &Attribute, meant: &str, mistakes: &mut Mistakes) {
    let name = &attribute.ident;
    let message = format!("no attribute is named `{name}`");
    let help = format!("did you mean `{meant}`?");
    mistakes.add_with(name.span(), message, help);
}

/// Returns true if an attribute in `cfg_attr` is one of a pipeline.
fn names_ours(given: &[TokenTree], cascade: &str) -> bool {
    let is_path =
        |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_punct(Some(token), ':');
    let end = given.iter().position(|token| !is_path(token));
    let path: Vec<String> = names(&given[..end.unwrap_or(given.len())])
        .map(ToString::to_string)
        .collect();
    let is_ours = path.len() == 1 || path.iter().any(|part| part == cascade);
    let is_known = |name: &String| name == "strategy" || Kind::of_attribute(name).is_some();
    is_ours && path.last().is_some_and(is_known)
}

/// Reads what a field declares; only what belongs to no pipeline stays in its attributes.
fn field(
    each: &mut Field,
    cascade: &str,
    has_helpers: bool,
    mistakes: &mut Mistakes,
) -> FieldInput {
    let doc = doc(&each.attributes, mistakes);
    let mut sorted = Sorted::default();
    for attribute in std::mem::take(&mut each.attributes) {
        sorted.add(attribute, cascade, mistakes);
    }
    let type_name = type_name(&each.ty.0);
    sorted.mend(type_name.as_deref(), cascade, mistakes);
    if !has_helpers {
        sorted.mend_strategy(cascade, mistakes);
    }
    each.attributes = sorted.rest;
    let levels = each.attributes.iter().filter_map(Attribute::level);
    FieldInput {
        levels: levels.collect(),
        ident: each.ident.clone(),
        type_name,
        type_range: Range::of(&each.ty.0),
        is_generic: false,
        kinds: sorted.kinds,
        strategies: sorted.strategies,
        conditions: sorted.conditions,
        deprecated: sorted.deprecated,
        doc,
    }
}

impl<K> Recognized<K> {
    /// Reads the arguments of an attribute.
    fn read(kind: K, attribute: Attribute, mistakes: &mut Mistakes) -> Self {
        let span = attribute.ident.span();
        let (items, doubtful) = match attribute.arguments {
            Arguments::None => (Vec::new(), false),
            Arguments::List(tokens) => (items(tokens, mistakes), false),
            Arguments::Value(sign, _) => {
                let name = attribute.ident;
                let message = format!("expected `(` after `{name}`");
                let help = format!("write `#[{name}(...)]`");
                mistakes.add_with(sign.span(), message, help);
                (Vec::new(), true)
            }
        };
        Self {
            kind,
            span,
            items,
            doubtful,
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
