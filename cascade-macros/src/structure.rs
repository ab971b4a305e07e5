//! The struct that `#[pipeline]` stands on, as tokens.
//!
//! The compiler has parsed it before, so its parts are only told from each other here: whoever
//! changes a pipeline waits for every token that is looked at twice.

use crate::parse::is_punct;
use crate::report::Range;
use crate::tokens::{names, opened, visible};
use proc_macro2::{Delimiter, Group, Ident, Punct, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};

/// A struct with named fields.
pub(crate) struct Structure {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) keyword: Ident,
    pub(crate) declared: Declared,
    pub(crate) fields: Vec<Field>,
    /// The bounds that follow the name.
    pub(crate) bounds: Option<Range>,
}

/// The head of a type's declaration.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) vis: Tokens,
    pub(crate) ident: Ident,
    /// The tokens in angle brackets.
    pub(crate) parameters: Vec<TokenTree>,
}

/// A field with a name.
pub(crate) struct Field {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Tokens,
    pub(crate) ident: Ident,
    pub(crate) ty: Tokens,
}

/// Tokens that are handed on one by one: joining streams asks the compiler each time.
#[derive(Debug)]
pub(crate) struct Tokens(pub(crate) Vec<TokenTree>);

impl ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.0);
    }
}

/// An attribute as it was written.
#[derive(Debug)]
pub(crate) struct Attribute {
    hash: Punct,
    group: Group,
    /// The name, the last one of a path.
    pub(crate) ident: Ident,
    /// The names of the path, this one too.
    pub(crate) path: Vec<Ident>,
    /// True if the name is the whole path.
    pub(crate) alone: bool,
    pub(crate) arguments: Arguments,
}

/// The arguments behind an attribute's name.
#[derive(Debug)]
pub(crate) enum Arguments {
    /// Nothing.
    None,
    /// `(...)`, or what stands in other brackets.
    List(TokenStream),
    /// `= ...`.
    Value(Punct, Vec<TokenTree>),
}

/// The reason why something is no [`Structure`].
#[derive(Debug)]
pub(crate) enum Unfit {
    /// It declares no type.
    Other,
    /// It is an `enum` or a `union`.
    NotAStruct(Declared),
    /// Its fields have no names, or it has none.
    Unnamed(Declared, Range),
}

impl Structure {
    /// Tells the parts of an item from each other.
    pub(crate) fn of(item: TokenStream) -> Result<Self, Unfit> {
        let tokens = visible(item);
        let mut rest = tokens.as_slice();
        let attributes = attributes(&mut rest);
        let vis = visibility(&mut rest);
        let [
            TokenTree::Ident(keyword),
            TokenTree::Ident(ident),
            body @ ..,
        ] = rest
        else {
            return Err(Unfit::Other);
        };
        let (parameters, body) = parameters(body);
        let declared = Declared {
            vis,
            ident: ident.clone(),
            parameters: parameters.to_vec(),
        };
        if keyword != "struct" {
            let is_type = keyword == "enum" || keyword == "union";
            return Err(if is_type {
                Unfit::NotAStruct(declared)
            } else {
                Unfit::Other
            });
        }
        match body {
            [bounds @ .., TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
                let fields = named(&visible(group.stream())).ok_or(Unfit::Other)?;
                Ok(Self {
                    attributes,
                    keyword: keyword.clone(),
                    declared,
                    fields,
                    bounds: (!bounds.is_empty()).then(|| Range::of(bounds)),
                })
            }
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis => {
                Err(Unfit::Unnamed(declared, group.span_open().into()))
            }
            [end] if is_punct(Some(end), ';') => {
                let name = declared.ident.span();
                Err(Unfit::Unnamed(declared, name.into()))
            }
            _ => Err(Unfit::Other),
        }
    }
}

impl Attribute {
    fn of(hash: &Punct, group: &Group) -> Option<Self> {
        let tokens = opened(group.stream());
        let is_path =
            |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_punct(Some(token), ':');
        let end = tokens.iter().position(|token| !is_path(token));
        let (path, rest) = tokens.split_at(end.unwrap_or(tokens.len()));
        let TokenTree::Ident(ident) = path.last()? else {
            return None;
        };
        let arguments = match rest {
            [TokenTree::Punct(equals), value @ ..] => {
                Arguments::Value(equals.clone(), value.to_vec())
            }
            [TokenTree::Group(list), ..] => Arguments::List(list.stream()),
            _ => Arguments::None,
        };
        Some(Self {
            hash: hash.clone(),
            group: group.clone(),
            ident: ident.clone(),
            path: names(path).cloned().collect(),
            alone: path.len() == 1,
            arguments,
        })
    }

    /// Returns true if the name stands alone, or in a path from the crate `cascade`.
    pub(crate) fn is_ours(&self, cascade: &str) -> bool {
        self.alone || self.path.iter().any(|part| part == cascade)
    }

    /// The level of lints that it sets, for what is generated from the item or the field that it
    /// stands on: an expectation is fulfilled there, or nowhere.
    pub(crate) fn level(&self) -> Option<TokenStream> {
        let Arguments::List(lints) = &self.arguments else {
            return None;
        };
        let level = match self.ident.to_string().as_str() {
            "expect" => quote!(allow),
            "allow" | "warn" | "deny" | "forbid" => self.ident.to_token_stream(),
            _ => return None,
        };
        self.alone.then(|| quote!(#[#level(#lints)]))
    }

    /// The same attribute with other arguments in its parentheses.
    pub(crate) fn with(self, arguments: TokenStream) -> Self {
        let is_list = |token: &TokenTree| matches!(token, TokenTree::Group(_));
        let path = opened(self.group.stream()).into_iter();
        let mut tokens: TokenStream = path.take_while(|token| !is_list(token)).collect();
        tokens.append(Group::new(Delimiter::Parenthesis, arguments.clone()));
        Self {
            group: Group::new(Delimiter::Bracket, tokens),
            arguments: Arguments::List(arguments),
            ..self
        }
    }
}

impl ToTokens for Attribute {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(self.hash.clone());
        tokens.append(self.group.clone());
    }
}

/// Takes what stands in angle brackets, if they come first.
fn parameters(body: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    match body {
        [open, rest @ ..] if is_punct(Some(open), '<') => {
            let parameters = until(rest, '>');
            let after = rest.get(parameters.len() + 1..).unwrap_or_default();
            (parameters, after)
        }
        _ => (&[], body),
    }
}

fn named(mut rest: &[TokenTree]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let attributes = attributes(&mut rest);
        let vis = visibility(&mut rest);
        let [TokenTree::Ident(ident), colon, after @ ..] = rest else {
            return None;
        };
        let ty = until(after, ',');
        let ty = &ty[..next_field(ty).unwrap_or(ty.len())];
        let (ty, default) = ty.split_at(until(ty, '=').len());
        if !is_punct(Some(colon), ':') || ty.is_empty() {
            return None;
        }
        rest = &after[ty.len() + default.len()..];
        if is_punct(rest.first(), ',') || is_punct(rest.first(), ';') {
            rest = &rest[1..];
        }
        fields.push(Field {
            attributes,
            vis,
            ident: ident.clone(),
            ty: Tokens(ty.to_vec()),
        });
    }
    Some(fields)
}

/// Returns the end of a type without a comma, which the compiler has reported.
fn next_field(ty: &[TokenTree]) -> Option<usize> {
    let begins = |position: &usize| match (&ty[position - 1], &ty[*position]) {
        (_, TokenTree::Punct(next)) => matches!(next.as_char(), '#' | ';'),
        (TokenTree::Ident(word), TokenTree::Ident(_)) => {
            let is_lifetime = *position > 1 && is_punct(ty.get(position - 2), '\'');
            !is_lifetime && !is_prefix(word)
        }
        _ => false,
    };
    (1..ty.len()).find(begins)
}

/// Returns true if a word stands before another one within a type.
fn is_prefix(word: &Ident) -> bool {
    matches!(
        word.to_string().as_str(),
        "as" | "const" | "dyn" | "extern" | "for" | "impl" | "mut" | "unsafe"
    )
}

/// Takes the attributes that come first.
fn attributes(rest: &mut &[TokenTree]) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    while let [TokenTree::Punct(hash), TokenTree::Group(group), after @ ..] = *rest
        && hash.as_char() == '#'
    {
        attributes.extend(Attribute::of(hash, group));
        *rest = after;
    }
    attributes
}

/// Takes the visibility that comes first.
fn visibility(rest: &mut &[TokenTree]) -> Tokens {
    let length = match *rest {
        [TokenTree::Ident(word), TokenTree::Group(_), ..] if word == "pub" => 2,
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::None => 1,
        _ => 0,
    };
    let (vis, after) = rest.split_at(length);
    *rest = after;
    Tokens(vis.to_vec())
}

/// Returns the tokens before `end`, outside of angle brackets.
pub(crate) fn until(tokens: &[TokenTree], end: char) -> &[TokenTree] {
    let mut depth = 0_usize;
    let mut arrow = false;
    for (position, token) in tokens.iter().enumerate() {
        let TokenTree::Punct(punct) = token else {
            arrow = false;
            continue;
        };
        match punct.as_char() {
            found if depth == 0 && !arrow && found == end => return &tokens[..position],
            '<' => depth += 1,
            '>' if !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        arrow = punct.as_char() == '-';
    }
    tokens
}

#[cfg(test)]
mod tests;
