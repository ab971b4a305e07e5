//! The struct that `#[pipeline]` stands on, as tokens.
//!
//! The compiler has parsed it before, so its parts are only told from each other here: whoever
//! changes a pipeline waits for every token that is looked at twice.

use crate::parse::is_punct;
use crate::report::Range;
use crate::tokens::{names, opened, visible};
use proc_macro2::{Delimiter, Group, Ident, Punct, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};

/// A struct with named fields, or with none.
pub(crate) struct Structure {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Tokens,
    pub(crate) keyword: Ident,
    pub(crate) ident: Ident,
    pub(crate) fields: Vec<Field>,
}

/// A field with a name.
pub(crate) struct Field {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Tokens,
    pub(crate) ident: Ident,
    pub(crate) ty: Tokens,
}

/// Tokens that are handed on one by one: joining streams asks the compiler each time.
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
    /// Whether the name is the whole path.
    pub(crate) alone: bool,
    pub(crate) arguments: Arguments,
}

/// What follows an attribute's name.
#[derive(Debug)]
pub(crate) enum Arguments {
    /// Nothing.
    None,
    /// `(...)`, or what stands in other brackets.
    List(TokenStream),
    /// `= ...`.
    Value(Punct, Vec<TokenTree>),
}

/// Why something is no [`Structure`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unfit {
    /// It is no struct.
    Other,
    /// It has parameters or bounds.
    Parameters(Range),
    /// Its fields have no names.
    Unnamed(Range),
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
        if keyword != "struct" {
            return Err(Unfit::Other);
        }
        Ok(Self {
            attributes,
            vis,
            keyword: keyword.clone(),
            ident: ident.clone(),
            fields: fields(body)?,
        })
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

fn fields(body: &[TokenTree]) -> Result<Vec<Field>, Unfit> {
    match body {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
            named(&visible(group.stream())).ok_or(Unfit::Other)
        }
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis => {
            Err(Unfit::Unnamed(group.span().into()))
        }
        [end] if is_punct(Some(end), ';') => Ok(Vec::new()),
        [open, rest @ ..] if is_punct(Some(open), '<') => {
            Err(Unfit::Parameters(Range::of(until(rest, '>'))))
        }
        [TokenTree::Ident(word), ..] if word == "where" => {
            Err(Unfit::Parameters(word.span().into()))
        }
        _ => Err(Unfit::Other),
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
        if !is_punct(Some(colon), ':') || ty.is_empty() {
            return None;
        }
        rest = after.get(ty.len() + 1..).unwrap_or_default();
        fields.push(Field {
            attributes,
            vis,
            ident: ident.clone(),
            ty: Tokens(ty.to_vec()),
        });
    }
    Some(fields)
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

/// What stands before `end`, outside of angle brackets.
fn until(tokens: &[TokenTree], end: char) -> &[TokenTree] {
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
mod tests {
    use super::{Arguments, Structure, Tokens, Unfit};
    use crate::tokens::visible;
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    use quote::{ToTokens, quote};

    fn structure(item: TokenStream) -> Structure {
        Structure::of(item).expect("a struct")
    }

    fn text(tokens: &Tokens) -> String {
        tokens.to_token_stream().to_string()
    }

    /// What `macro_rules!` makes of a fragment that it was given.
    fn fragment(tokens: TokenStream) -> TokenStream {
        TokenTree::from(Group::new(Delimiter::None, tokens)).into()
    }

    #[test]
    fn types_end_at_their_own_commas() {
        let item = structure(quote! {
            pub(crate) struct Shop {
                a: Map<Key, Vec<(u8, u8)>>,
                pub b: Map<fn(u8, u8) -> u8, u8>,
                pub(super) c: [u8; { 1 > 0 } as usize]
            }
        });
        assert_eq!(text(&item.vis), "pub (crate)");
        let fields = item.fields.iter();
        let fields: Vec<_> = fields
            .map(|field| (text(&field.vis), field.ident.to_string(), text(&field.ty)))
            .collect();
        let wanted = [
            ("", "a", quote!(Map<Key, Vec<(u8, u8)>>)),
            ("pub", "b", quote!(Map<fn(u8, u8) -> u8, u8>)),
            ("pub (super)", "c", quote!([u8; { 1 > 0 } as usize])),
        ];
        let wanted = wanted.map(|(vis, name, ty)| (vis.into(), name.into(), ty.to_string()));
        assert_eq!(fields, wanted);
    }

    #[test]
    fn attributes_have_names_and_arguments() {
        let item = structure(quote! {
            struct Shop {
                #[cascade::deploy(retries = 1)]
                #[plain]
                #[doc = "x"]
                web: Deploy,
            }
        });
        let attributes = &item.fields[0].attributes;
        let names: Vec<_> = attributes
            .iter()
            .map(|attribute| (attribute.ident.to_string(), attribute.alone))
            .collect();
        let wanted = [("deploy", false), ("plain", true), ("doc", true)];
        assert_eq!(names, wanted.map(|(name, alone)| (name.into(), alone)));
        let [list, none, value] = attributes.as_slice() else {
            panic!("three attributes");
        };
        assert!(
            matches!(&list.arguments, Arguments::List(list) if list.to_string() == "retries = 1")
        );
        assert!(matches!(none.arguments, Arguments::None));
        assert!(matches!(&value.arguments, Arguments::Value(_, value) if value.len() == 1));
    }

    #[test]
    fn fragments_of_macros_are_seen_through() {
        let (vis, meta) = (fragment(quote!(pub)), fragment(quote!(doc = "x")));
        let ty = fragment(quote!(Map<u8, u8>));
        let (path, text) = (fragment(quote!(cascade::deploy)), fragment(quote!("x")));
        let item = structure(fragment(quote! {
            #[#meta] #vis struct Shop { #[#path(retries = 1)] #[doc = #text] #vis web: #ty, }
        }));
        let [deploy, doc] = item.fields[0].attributes.as_slice() else {
            panic!("two attributes");
        };
        assert_eq!(deploy.ident, "deploy");
        assert!(matches!(deploy.arguments, Arguments::List(_)));
        assert!(matches!(&doc.arguments, Arguments::Value(_, value) if value.len() == 1));
        assert_eq!(item.attributes[0].ident, "doc");
        assert_eq!(visible(item.vis.to_token_stream()).len(), 1);
        assert_eq!(visible(item.fields[0].ty.to_token_stream()).len(), 6);
    }

    #[test]
    fn what_is_no_pipeline_is_told_apart() {
        for item in [
            quote!(
                enum Shop {
                    A,
                }
            ),
            quote!(
                fn shop() {}
            ),
            quote!(struct Shop { a }),
            quote!(struct Shop { a: }),
            quote!(struct Shop),
            quote!(),
        ] {
            assert!(matches!(Structure::of(item), Err(Unfit::Other)));
        }
        let unnamed = Structure::of(quote!(
            struct Shop(u8);
        ));
        assert!(matches!(unnamed, Err(Unfit::Unnamed(_))));
        for item in [
            quote!(
                struct Shop<'a, T: Into<u8>> {
                    a: &'a T,
                }
            ),
            quote!(
                struct Shop
                where
                    u8: Copy, {}
            ),
        ] {
            assert!(matches!(Structure::of(item), Err(Unfit::Parameters(_))));
        }
        assert!(
            structure(quote!(
                struct Shop;
            ))
            .fields
            .is_empty()
        );
    }
}
