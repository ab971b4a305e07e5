//! The struct that `#[pipeline]` stands on.

use crate::keys::Kind;
use crate::parse::{Item, items};
use crate::report::{Mistakes, Range};
use cascade_core::draft::join_doc;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute as Attr, Expr, ExprLit, Fields, ItemStruct, Lit, Meta, Path, Token, Type};

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
    pub(crate) item: ItemStruct,
    pub(crate) fields: Vec<FieldInput>,
    pub(crate) doc: Option<(String, Range)>,
    /// Traits that the author derives.
    pub(crate) derived: Vec<String>,
}

/// Reads the struct; what is wrong with it as a whole is reported, and then there is no input.
pub(crate) fn read(item: &TokenStream, mistakes: &mut Mistakes) -> Option<Input> {
    let Ok(mut parsed) = syn::parse2::<ItemStruct>(item.clone()) else {
        let at: Vec<TokenTree> = item.clone().into_iter().collect();
        let range = name_of(&at).unwrap_or_else(|| Range::of(&at));
        let help = "write it above a `struct` whose fields are the callbacks";
        mistakes.add_with(range, "`#[pipeline]` declares a struct", help);
        return None;
    };
    if !parsed.generics.params.is_empty() || parsed.generics.where_clause.is_some() {
        let range = parsed.generics.params.span();
        let message = "a pipeline has no parameters";
        mistakes.add_with(range, message, "remove them");
        return None;
    }
    if let Fields::Unnamed(fields) = &parsed.fields {
        let help = "write `struct Name { image: Build, ... }`: a field's name is the callback's";
        mistakes.add_with(fields.span(), "the fields of a pipeline have names", help);
        return None;
    }
    let derived = derives(&mut parsed.attrs);
    let doc = doc(&parsed.attrs);
    let mut fields = Vec::new();
    for each in &mut parsed.fields {
        fields.extend(field(each, mistakes));
    }
    if let Fields::Unit = parsed.fields {
        let empty = syn::parse_quote!({});
        parsed.fields = Fields::Named(empty);
        parsed.semi_token = None;
    }
    Some(Input {
        item: parsed,
        fields,
        doc,
        derived,
    })
}

fn field(each: &mut syn::Field, mistakes: &mut Mistakes) -> Option<FieldInput> {
    let doc = doc(&each.attrs);
    let (mut kinds, mut strategies, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = Vec::new();
    for attribute in std::mem::take(&mut each.attrs) {
        let Some(last) = attribute.path().segments.last() else {
            continue;
        };
        let (name, span) = (last.ident.to_string(), last.ident.span());
        match (name.as_str(), Kind::of_attribute(&name)) {
            (_, Some(kind)) => {
                let items = arguments(&attribute, mistakes);
                kinds.push(Attribute { kind, span, items });
            }
            ("strategy", _) => {
                let items = arguments(&attribute, mistakes);
                strategies.push(Attribute {
                    kind: (),
                    span,
                    items,
                });
            }
            ("cfg" | "cfg_attr", _) => conditions.push(span),
            _ => match Kind::nearest(&name).filter(|_| attribute.path().get_ident().is_some()) {
                Some(kind) => {
                    let message = format!("no attribute is named `{name}`");
                    let help = format!("did you mean `{}`?", kind.attribute());
                    mistakes.add_with(span, message, help);
                    let items = arguments(&attribute, mistakes);
                    kinds.push(Attribute { kind, span, items });
                }
                None => rest.push(attribute),
            },
        }
    }
    each.attrs = rest;
    let tokens: Vec<TokenTree> = each.ty.to_token_stream().into_iter().collect();
    Some(FieldInput {
        ident: each.ident.clone()?,
        type_name: type_name(&each.ty),
        type_range: Range::of(&tokens),
        kinds,
        strategies,
        conditions,
        doc,
    })
}

fn arguments(attribute: &Attr, mistakes: &mut Mistakes) -> Vec<Item> {
    match &attribute.meta {
        Meta::Path(_) => Vec::new(),
        Meta::List(list) => items(list.tokens.clone(), mistakes),
        Meta::NameValue(value) => {
            let name = attribute.path().to_token_stream().to_string();
            let message = format!("expected `(` after `{name}`");
            let help = format!("write `#[{name}(...)]`");
            mistakes.add_with(value.eq_token.span, message, help);
            Vec::new()
        }
    }
}

fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Group(group) => type_name(&group.elem),
        _ => None,
    }
}

/// The documentation as one line of text, and where it stands.
fn doc(attributes: &[Attr]) -> Option<(String, Range)> {
    let mut lines = Vec::new();
    let mut span = None;
    for attribute in attributes {
        if let Meta::NameValue(value) = &attribute.meta
            && value.path.is_ident("doc")
            && let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = &value.value
        {
            lines.push(text.value());
            span = span.or(Some(text.span()));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let text = join_doc(&lines);
    (!text.is_empty()).then(|| (text, span.unwrap_or_else(Span::call_site).into()))
}

/// The traits that the author derives; `Default` is left to the pipeline, whose default is what
/// was declared.
fn derives(attributes: &mut [Attr]) -> Vec<String> {
    let mut derived = Vec::new();
    for attribute in attributes.iter_mut() {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        let Ok(paths) = attribute.parse_args_with(parser) else {
            continue;
        };
        let name = |path: &Path| {
            let last = path.segments.last();
            last.map(|last| last.ident.to_string()).unwrap_or_default()
        };
        derived.extend(paths.iter().map(name));
        let kept: Punctuated<Path, Token![,]> = paths
            .into_iter()
            .filter(|path| name(path) != "Default")
            .collect();
        *attribute = syn::parse_quote!(#[derive(#kept)]);
    }
    derived
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
