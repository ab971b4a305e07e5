//! Attribute tokens to items: `key = value`, `key(...)`, `word`, or a value alone.

use crate::commas;
use crate::limits;
use crate::report::{Mistakes, Range};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// A name that an author wrote: an identifier, or text where no identifier can stand.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// The identifier, unless it was written as text.
    pub(crate) ident: Option<Ident>,
}

/// One of the things between commas.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// `word` or `"text"`.
    Bare(Head),
    /// `key = value`.
    Assign(Head, Vec<TokenTree>),
    /// `key(...)`.
    Group(Head, Vec<Item>),
    /// `key: value`, `key =` and the like: a key whose value cannot be read. What the key takes
    /// decides what should have been written, so it is reported where that is known.
    Slip(Head, Slip),
    /// Anything else: a value without a key.
    Value(Vec<TokenTree>),
    /// A comma that is missing here, which was reported.
    Gap,
}

/// Returns the mistake between a key and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slip {
    pub(crate) at: Range,
    pub(crate) kind: SlipKind,
}

/// The ways to get the sign between a key and its value wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SlipKind {
    /// Another sign than `=`.
    Found(&'static str),
    /// No sign at all.
    Missing,
    /// Nothing after `=`.
    NoValue,
}

impl Item {
    pub(crate) const fn head(&self) -> Option<&Head> {
        match self {
            Self::Bare(head)
            | Self::Assign(head, _)
            | Self::Group(head, _)
            | Self::Slip(head, _) => Some(head),
            Self::Value(_) | Self::Gap => None,
        }
    }

    pub(crate) fn range(&self) -> Range {
        match self {
            Self::Value(tokens) => Range::of(tokens),
            Self::Gap => Range::of(&[]),
            Self::Bare(head)
            | Self::Assign(head, _)
            | Self::Group(head, _)
            | Self::Slip(head, _) => head.span.into(),
        }
    }

    /// Returns true for a missing comma.
    pub(crate) const fn is_gap(&self) -> bool {
        matches!(self, Self::Gap)
    }

    /// Returns true if it is the word `word`.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Bare(head) if head.ident.is_some() && head.text == word)
    }
}

impl Head {
    pub(crate) fn of(token: &TokenTree) -> Option<Self> {
        match token {
            TokenTree::Ident(ident) => Some(Self::from(ident.clone())),
            TokenTree::Literal(literal) if limits::begins_number(&literal.to_string()) => None,
            TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
                syn::Lit::Str(text) if text.suffix().is_empty() => Some(Self {
                    text: text.value(),
                    span: literal.span(),
                    ident: None,
                }),
                _ => None,
            },
            _ => None,
        }
    }
}

impl From<Ident> for Head {
    fn from(ident: Ident) -> Self {
        Self {
            text: ident.unraw().to_string(),
            span: ident.span(),
            ident: Some(ident),
        }
    }
}

/// Reads everything between commas, going on after what cannot be read.
pub(crate) fn items(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Item> {
    within(tokens, &mut Bounds::default(), mistakes)
}

/// The depth and the number of items that were read of one attribute.
#[derive(Default)]
struct Bounds {
    depth: usize,
    count: usize,
}

impl Bounds {
    /// Counts an item; reports the first one too many.
    fn is_exceeded(&mut self, token: &TokenTree, mistakes: &mut Mistakes) -> bool {
        self.count += 1;
        if self.count <= limits::ITEMS {
            return false;
        }
        if self.count == limits::ITEMS + 1 {
            let message = format!("more than {} items in one attribute", limits::ITEMS);
            let help = "declare them as several fields, or with the builder";
            mistakes.add_with(token.span(), message, help);
        }
        true
    }
}

fn within(tokens: TokenStream, bounds: &mut Bounds, mistakes: &mut Mistakes) -> Vec<Item> {
    let mut items = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    for token in flat(tokens) {
        let is_comma = is_punct(Some(&token), ',');
        let is_gap = !is_comma && commas::is_missing(&current, &token);
        if (is_comma || is_gap) && bounds.is_exceeded(&token, mistakes) {
            return Vec::new();
        }
        match token {
            token if is_comma => {
                if current.is_empty() {
                    let message = "expected a key or a value, found `,`";
                    mistakes.add_with(token.span(), message, "remove it");
                }
                items.extend(item(std::mem::take(&mut current), bounds, mistakes));
            }
            token if is_gap => {
                commas::report(&token, mistakes);
                items.extend(item(std::mem::take(&mut current), bounds, mistakes));
                items.push(Item::Gap);
                if !is_punct(Some(&token), ';') {
                    current.push(token);
                }
            }
            token => current.push(token),
        }
    }
    items.extend(item(current, bounds, mistakes));
    items
}

/// The tokens, without the invisible groups that `macro_rules!` puts around a single one.
fn flat(tokens: TokenStream) -> impl Iterator<Item = TokenTree> {
    tokens.into_iter().map(|mut token| {
        while let TokenTree::Group(group) = &token
            && group.delimiter() == Delimiter::None
        {
            let mut inner = group.stream().into_iter();
            match (inner.next(), inner.next()) {
                (Some(only), None) => token = only,
                _ => break,
            }
        }
        token
    })
}

/// The items of a group within an attribute.
fn inner(group: &Group, bounds: &mut Bounds, mistakes: &mut Mistakes) -> Vec<Item> {
    if bounds.depth >= limits::DEPTH {
        let message = format!("groups are nested deeper than {}", limits::DEPTH);
        mistakes.add(group.span_open(), message);
        return Vec::new();
    }
    bounds.depth += 1;
    let items = within(group.stream(), bounds, mistakes);
    bounds.depth -= 1;
    items
}

fn item(mut tokens: Vec<TokenTree>, bounds: &mut Bounds, mistakes: &mut Mistakes) -> Option<Item> {
    // A whole item that `macro_rules!` was given: `workflow = "..."` as a `meta`.
    while let [TokenTree::Group(group)] = tokens.as_slice()
        && group.delimiter() == Delimiter::None
    {
        tokens = flat(group.stream()).collect();
    }
    let first = tokens.first()?;
    let Some(head) = Head::of(first) else {
        return Some(Item::Value(tokens));
    };
    if head.text.len() > limits::NAME && tokens.len() > 1 {
        let message = format!("a name of {} bytes is too long", head.text.len());
        mistakes.add(head.span, message);
        return None;
    }
    if let Err(message) = limits::text(head.text.len()) {
        mistakes.add(head.span, message);
        return None;
    }
    let boolean = head.ident.is_some() && matches!(head.text.as_str(), "true" | "false");
    match &tokens[1..] {
        [] if boolean => Some(Item::Value(tokens)),
        [] => Some(Item::Bare(head)),
        rest if slip(&head, rest).is_some() => slip(&head, rest).map(|slip| Item::Slip(head, slip)),
        [TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
            Some(Item::Assign(head, value.to_vec()))
        }
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            let inner = inner(group, bounds, mistakes);
            Some(Item::Group(head, inner))
        }
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::None => {
            mistakes.add_with(
                group.span_open(),
                format!("expected `(` after `{}`", head.text),
                "lists, maps and blocks all stand in parentheses",
            );
            Some(Item::Group(head, inner(group, bounds, mistakes)))
        }
        _ => Some(Item::Value(tokens)),
    }
}

/// Returns the mistake between a key and what follows it.
fn slip(head: &Head, rest: &[TokenTree]) -> Option<Slip> {
    let next = rest.get(1);
    let (length, kind) = match rest.first()? {
        TokenTree::Punct(sign) => match sign.as_char() {
            '=' if is_punct(next, '=') => (2, SlipKind::Found("==")),
            '=' if is_punct(next, '>') => (2, SlipKind::Found("=>")),
            '=' if next.is_none() => (1, SlipKind::NoValue),
            ':' if is_punct(next, '=') => (2, SlipKind::Found(":=")),
            ':' if !is_punct(next, ':') => (1, SlipKind::Found(":")),
            _ => return None,
        },
        TokenTree::Literal(_) if head.ident.is_some() => (1, SlipKind::Missing),
        _ => return None,
    };
    let at = Range::of(&rest[..length]);
    Some(Slip { at, kind })
}

pub(crate) fn is_punct(token: Option<&TokenTree>, what: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == what)
}
