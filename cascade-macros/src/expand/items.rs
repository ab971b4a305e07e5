//! The struct, its accessors, its handles and its traits.

use super::{Parts, tree};
use crate::keys::Kind;
use crate::lower::{Field, Lower, Lowered};
use cascade_core::draft::Node;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::collections::{HashMap, HashSet};
use syn::{Fields, ItemStruct, Type};

/// Reports fields whose handles would be one, unless a rule says so of their names.
pub(super) fn check(lowered: &Lowered, lower: &mut Lower) {
    let mut seen: HashMap<String, &Field> = HashMap::new();
    for field in &lowered.fields {
        let handle = handle(&field.ident);
        if let Some(other) = seen.insert(handle.clone(), field)
            && !judged_by_name(other, field)
        {
            let (other, own) = (&other.ident, &field.ident);
            let message = format!("`{other}` and `{own}` would both become the handle `{handle}`");
            lower.mistakes.add_with(own.span(), message, "rename one");
        }
    }
}

/// Whether core compares the names of two fields: it does within a section.
fn judged_by_name(a: &Field, b: &Field) -> bool {
    let (Some(a), Some(b)) = (&a.declared, &b.declared) else {
        return false;
    };
    let fold = |name: &str| name.to_uppercase().replace('-', "_");
    a.kind == b.kind && fold(&a.name) == fold(&b.name)
}

pub(super) fn all(parts: &Parts<'_>) -> TokenStream {
    let item = structure(parts);
    let inherent = inherent(parts);
    let default = default(parts);
    let pipeline = pipeline(parts);
    let tracked = tracked(parts);
    quote! {
        #item
        #inherent
        #default
        #pipeline
        #tracked
    }
}

/// Has cargo build again when a workflow file changes.
fn tracked(parts: &Parts<'_>) -> TokenStream {
    let paths = parts.judged.tracked.iter();
    let paths: Vec<&str> = paths.filter_map(|path| path.to_str()).collect();
    if paths.is_empty() {
        return TokenStream::new();
    }
    quote!(const _: &[&[u8]] = &[#(::core::include_bytes!(#paths)),*];)
}

fn structure(parts: &Parts<'_>) -> TokenStream {
    let mut item: ItemStruct = parts.input.item.clone();
    if parts.broken {
        mend_types(&mut item, parts.lowered);
    }
    let missing = ["Clone", "Debug"].into_iter().filter(|name| {
        let derived = &parts.input.derived;
        !derived.iter().any(|own| own == name)
    });
    let missing: Vec<Ident> = missing.map(|name| format_ident!("{name}")).collect();
    quote! {
        #[derive(#(::core::prelude::v1::#missing),*)]
        #item
    }
}

/// Gives every callback its type, so that a wrong one is reported once.
fn mend_types(item: &mut ItemStruct, lowered: &Lowered) {
    let Fields::Named(fields) = &mut item.fields else {
        return;
    };
    for (field, declared) in fields.named.iter_mut().zip(&lowered.fields) {
        if let Some(ty) = own_type(declared) {
            field.ty = Type::Verbatim(ty);
        }
    }
}

fn own_type(field: &Field) -> Option<TokenStream> {
    let name = field.declared.as_ref()?.kind.type_name()?;
    let ident = format_ident!("{name}");
    Some(quote!(::cascade::#ident))
}

fn inherent(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.input.item.ident;
    let vis = &parts.input.item.vis;
    let types = parts.input.item.fields.iter().map(|field| &field.ty);
    let mut handles = Vec::new();
    let mut accessors = Vec::new();
    let mut seen = HashSet::new();
    for (field, ty) in parts.lowered.fields.iter().zip(types) {
        let ident = &field.ident;
        let mended = parts.broken.then(|| own_type(field)).flatten();
        let ty = mended.unwrap_or_else(|| ty.to_token_stream());
        let doc = format!("What `{ident}` declares.");
        accessors.push(quote!(#doc #ident #ty));
        let Some(declared) = &field.declared else {
            continue;
        };
        let name = handle(ident);
        if declared.kind == Kind::Component || !seen.insert(name.clone()) {
            continue;
        }
        let constant = Ident::new(&name, ident.span());
        let own = declared
            .kind
            .type_name()
            .map(|name| format_ident!("{name}"));
        let text = &declared.name;
        let doc = format!("The name of `{ident}`.");
        handles.push(quote!(#doc #constant #own #text));
    }
    quote! {
        ::cascade::__members! { #vis #name #(#handles)* ; #(#accessors),* }
    }
}

fn default(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.input.item.ident;
    if parts.broken {
        return quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self { ::cascade::__private::broken() }
            }
        };
    }
    let types = parts.input.item.fields.iter().map(|field| &field.ty);
    let (mut callbacks, mut others) = (Vec::new(), Vec::new());
    for (field, ty) in parts.lowered.fields.iter().zip(types) {
        let ident = &field.ident;
        match &field.declared {
            Some(declared) if declared.kind != Kind::Component => {
                let index = Literal::usize_unsuffixed(declared.index);
                callbacks.push(quote!(#ident #index));
            }
            _ => others.push(quote!(#ident #ty)),
        }
    }
    quote!(::cascade::__declared! { #name #(#callbacks)* ; #(#others),* })
}

fn pipeline(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.input.item.ident;
    let body = if parts.broken {
        quote!(::cascade::__private::broken())
    } else {
        let constants = tree::constants(parts.lower);
        let draft = Node::Map(parts.lowered.draft.clone());
        let packed = tree::packed(&draft, parts.lower);
        let root = match parts.judged.root.as_ref().and_then(|root| root.to_str()) {
            Some(root) => quote!(::core::option::Option::Some(#root)),
            None => quote!(::core::option::Option::None),
        };
        let components = components(parts);
        quote! {
            #constants
            ::cascade::__private::draft(#packed, #root) #components
        }
    };
    quote! {
        #[allow(unused_parens, clippy::unnecessary_cast, clippy::cast_lossless)]
        impl ::cascade::Pipeline for #name {
            fn draft() -> ::cascade::Draft { #body }
        }
    }
}

/// What the components declare themselves, which only their own macros see.
fn components(parts: &Parts<'_>) -> TokenStream {
    let types = parts.input.item.fields.iter().map(|field| &field.ty);
    let fields = parts.lowered.fields.iter().zip(types);
    let calls = fields.filter_map(|(field, ty)| {
        let declared = field.declared.as_ref()?;
        let name = &declared.name;
        let is_component = declared.kind == Kind::Component;
        is_component.then(|| quote!(.component(#name, <#ty as ::cascade::Pipeline>::draft())))
    });
    quote!(#(#calls)*)
}

/// The name of a field's handle.
fn handle(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_uppercase()
}
