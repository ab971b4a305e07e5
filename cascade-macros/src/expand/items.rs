//! The struct, its accessors, its handles and its traits.

use super::tree::located;
use super::{Parts, named, own_visibility, tree};
use crate::derives::Left;
use crate::input::FieldInput;
use crate::keys::Kind;
use crate::lower::{Declared, Field, Lower, Lowered};
use crate::root::{Place, Way};
use crate::structure::{self, Structure, Tokens};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt;

/// Functions of every pipeline, which an accessor would hide.
const RESERVED: &[&str] = &["builder", "default"];

/// Reports fields whose handles would be one, unless a rule says so of their names.
pub(super) fn check(lowered: &Lowered, lower: &mut Lower) {
    let mut seen: HashMap<String, &Field> = HashMap::new();
    for field in &lowered.fields {
        let handle = handle(&field.ident);
        reserved(field, &handle, lower);
        if let Some(other) = seen.insert(handle.clone(), field)
            && !judged_by_name(other, field)
        {
            let (other, own) = (&other.ident, &field.ident);
            let message = format!("`{other}` and `{own}` would both become the handle `{handle}`");
            lower.mistakes.add_with(own.span(), message, "rename one");
        }
    }
}

/// Refuses a name that a pipeline's own functions have, or whose accessor and handle would be one.
fn reserved(field: &Field, handle: &str, lower: &mut Lower) {
    let name = field.ident.unraw().to_string();
    let message = if RESERVED.contains(&name.as_str()) {
        format!("a field cannot be called `{name}`: every pipeline has a function of that name")
    } else if handle == name
        && field
            .declared
            .as_ref()
            .is_some_and(|own| own.kind != Kind::Component)
    {
        format!(
            "a field cannot be called `{name}`: its accessor and its handle would have that name"
        )
    } else {
        return;
    };
    let help = format!("rename the field, and keep the name with `name = \"{name}\"`");
    lower.mistakes.add_with(field.ident.span(), message, help);
}

/// Returns true if core compares the names of two fields: it does within a section.
fn judged_by_name(a: &Field, b: &Field) -> bool {
    let (Some(a), Some(b)) = (&a.declared, &b.declared) else {
        return false;
    };
    let fold = |name: &str| name.to_uppercase().replace('-', "_");
    a.kind == b.kind && fold(&a.name) == fold(&b.name)
}

pub(super) fn all(parts: &Parts<'_>) -> TokenStream {
    let types = types(parts);
    let structure = structure(parts, &types);
    let inherent = inherent(parts, &types);
    let default = default(parts);
    let pipeline = pipeline(parts);
    let tracked = tracked(parts);
    quote! {
        #structure
        #inherent
        #default
        #pipeline
        #tracked
    }
}

/// The core library, by a path that no crate of that name can shadow.
fn core(parts: &Parts<'_>) -> TokenStream {
    let cascade = parts.cascade;
    quote!(#cascade::__private::core)
}

/// The type of a field.
enum Type<'a> {
    Written(&'a Tokens),
    /// The type that it should have been, so that a wrong one is reported once.
    Mended(&'a TokenStream, Ident),
    /// That of a field that declares nothing.
    Unknown(&'a Ident),
}

impl ToTokens for Type<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Written(written) => written.to_tokens(tokens),
            Self::Mended(cascade, name) => tokens.extend(quote!(#cascade::#name)),
            Self::Unknown(name) => name.to_tokens(tokens),
        }
    }
}

fn types<'a>(parts: &'a Parts<'_>) -> Vec<Type<'a>> {
    let inputs = parts.input.fields.iter().zip(&parts.input.item.fields);
    let fields = parts.lowered.fields.iter().zip(inputs);
    let ty = |(field, (input, written)): (&Field, (&FieldInput, &'a structure::Field))| {
        let Some(unknown) = &parts.unknown else {
            return Type::Written(&written.ty);
        };
        let Some(declared) = &field.declared else {
            return Type::Unknown(unknown);
        };
        match declared.kind.type_name() {
            _ if is_of_two_kinds(declared, input) => Type::Unknown(unknown),
            Some(name) if input.type_name.as_deref() != Some(name) => {
                Type::Mended(parts.cascade, Ident::new(name, Span::call_site()))
            }
            _ => Type::Written(&written.ty),
        }
    };
    fields.map(ty).collect()
}

/// Returns true if a field's type is that of another kind than its attribute: nobody knows which of
/// them was meant.
fn is_of_two_kinds(declared: &Declared, input: &FieldInput) -> bool {
    let of_type = input.type_name.as_deref().and_then(Kind::of_type);
    of_type.is_some_and(|kind| kind != declared.kind)
}

/// Has cargo build again when a workflow file changes.
fn tracked(parts: &Parts<'_>) -> TokenStream {
    let paths = parts.judged.tracked.iter();
    let paths: Vec<&str> = paths.filter_map(|path| path.to_str()).collect();
    if paths.is_empty() {
        return TokenStream::new();
    }
    let core = core(parts);
    quote! {
        const _: &[&[#core::primitive::u8]] = &[#(#core::include_bytes!(#paths)),*];
    }
}

fn structure(parts: &Parts<'_>, types: &[Type<'_>]) -> TokenStream {
    let core = core(parts);
    let (mut always, mut sometimes) = (TokenStream::new(), TokenStream::new());
    for name in ["Clone", "Debug"] {
        let ident = Ident::new(name, Span::call_site());
        match parts.input.derived.left(name) {
            Left::Always => always.extend(quote!(#core::prelude::v1::#ident,)),
            Left::When(condition) => sometimes.extend(quote! {
                #[cfg_attr(#condition, #core::prelude::v1::derive(#core::prelude::v1::#ident))]
            }),
            Left::Never => {}
        }
    }
    let Structure {
        attributes,
        keyword,
        declared: structure::Declared { vis, ident, .. },
        fields,
        ..
    } = &parts.input.item;
    let of_fields = fields.iter().map(|field| &field.attributes);
    let visible = fields.iter().map(|field| own_visibility(&field.vis));
    let names = parts.lowered.fields.iter().map(|field| &field.own);
    quote! {
        #[#core::prelude::v1::derive(#always)]
        #sometimes
        #(#attributes)*
        #vis #keyword #ident {
            #(#(#of_fields)* #visible #names: #types,)*
        }
    }
}

fn inherent(parts: &Parts<'_>, types: &[Type<'_>]) -> TokenStream {
    let name = &parts.input.item.declared.ident;
    let vis = own_visibility(&parts.input.item.declared.vis);
    let cascade = parts.cascade;
    let levels = &parts.input.levels;
    let deprecated = parts.input.fields.iter().map(|field| &field.deprecated);
    let of_fields = parts.input.fields.iter().map(|field| &field.levels);
    let idents = parts.lowered.fields.iter().map(|field| &field.own);
    let handles = handles(parts);
    let unknown = unknown_handles(parts);
    quote! {
        #cascade::__members! {
            #(#levels)* #vis #name #(#handles)* ;
            #(#(#deprecated)* #(#of_fields)* #idents #types),*
        }
        #unknown
    }
}

/// A constant with the name of a callback or repository.
struct Handle<'a> {
    deprecated: &'a [structure::Attribute],
    constant: Ident,
    kind: Option<&'static str>,
    name: &'a str,
}

impl ToTokens for Handle<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(self.deprecated);
        self.constant.to_tokens(tokens);
        let kind = self.kind.map(|kind| Ident::new(kind, Span::call_site()));
        kind.to_tokens(tokens);
        self.name.to_tokens(tokens);
    }
}

fn handles<'a>(parts: &'a Parts<'_>) -> Vec<Handle<'a>> {
    let mut seen = HashSet::new();
    let fields = parts.lowered.fields.iter().zip(&parts.input.fields);
    let handles = fields.filter_map(|(field, input)| {
        let Field {
            ident, declared, ..
        } = field;
        let declared = declared
            .as_ref()
            .filter(|declared| !is_of_two_kinds(declared, input))?;
        let constant = handle(ident);
        let first =
            declared.kind != Kind::Component && *ident != constant && seen.insert(constant.clone());
        first.then(|| Handle {
            deprecated: &input.deprecated,
            constant: named(&constant, ident.span()),
            kind: declared.kind.type_name(),
            name: &declared.name,
        })
    });
    handles.collect()
}

/// The handles of fields that declare nothing, so that their use is no further error.
fn unknown_handles(parts: &Parts<'_>) -> Option<TokenStream> {
    let unknown = parts.unknown.as_ref()?;
    let name = &parts.input.item.declared.ident;
    let vis = own_visibility(&parts.input.item.declared.vis);
    let fields = parts.lowered.fields.iter().zip(&parts.input.fields);
    let is_unknown = |(field, input): &(&Field, &FieldInput)| {
        let declared = field.declared.as_ref();
        declared.is_none_or(|declared| is_of_two_kinds(declared, input))
    };
    let fields = fields.filter(is_unknown);
    let constants = fields.map(|(field, _)| named(&handle(&field.ident), field.ident.span()));
    Some(quote!(impl #name { #(#vis const #constants: #unknown = loop {};)* }))
}

fn default(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.input.item.declared.ident;
    let cascade = parts.cascade;
    if parts.unknown.is_some() {
        let core = core(parts);
        return quote! {
            impl #core::default::Default for #name {
                fn default() -> Self { #cascade::__private::broken() }
            }
        };
    }
    let (mut callbacks, mut components) = (TokenStream::new(), TokenStream::new());
    for field in &parts.lowered.fields {
        let ident = &field.own;
        match &field.declared {
            Some(declared) if declared.kind != Kind::Component => {
                callbacks.append(ident.clone());
                callbacks.append(Literal::usize_unsuffixed(declared.index));
            }
            _ => components.append(ident.clone()),
        }
    }
    let levels = &parts.input.levels;
    quote!(#cascade::__declared! { #(#levels)* #name #callbacks ; #components })
}

fn pipeline(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.input.item.declared.ident;
    let cascade = parts.cascade;
    let body = if parts.unknown.is_some() {
        quote!(#cascade::__private::broken())
    } else {
        let constants = tree::constants(parts);
        let packed = tree::packed(parts);
        let root = root(parts);
        let draft = quote!(#cascade::__private::draft(#packed, #root));
        let draft = with_components(draft, parts);
        quote!(#constants #draft)
    };
    let levels = &parts.input.levels;
    quote! {
        #(#levels)*
        impl #cascade::Pipeline for #name {
            fn draft() -> #cascade::Draft { #body }
        }
    }
}

/// The repository, as the code tells it to the program.
fn root(parts: &Parts<'_>) -> TokenStream {
    let cascade = parts.cascade;
    let Some(Place { name, folder, root }) = &parts.judged.place else {
        return quote!(#cascade::__private::around());
    };
    match root {
        Way::Named(way) => quote!(#cascade::__private::named(#name, #folder, #way)),
        Way::Above(way) => quote!(#cascade::__private::above(#name, #folder, #way)),
    }
}

/// The draft with what the components declare themselves, which only their own macros see.
fn with_components(draft: TokenStream, parts: &Parts<'_>) -> TokenStream {
    let cascade = parts.cascade;
    let fields = parts.lowered.fields.iter();
    fields.fold(draft, |draft, field| match &field.declared {
        Some(declared) if declared.kind == Kind::Component => {
            let (name, ident) = (&declared.name, &field.own);
            // Its type is not named a second time: it may be deprecated.
            let span = ident.span();
            let of = located(cascade, span);
            let own = quote_spanned! {span=>
                #of::__private::component(|__cascade_own: &Self| &__cascade_own.#ident)
            };
            quote!(#cascade::Draft::component(#draft, #name, #own))
        }
        _ => draft,
    })
}

/// The name of a field's handle.
fn handle(ident: &Ident) -> String {
    ident.unraw().to_string().to_uppercase()
}
