//! Parts of structs, and what is none.

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

/// Returns what `macro_rules!` makes of a fragment that it was given.
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
    assert_eq!(text(&item.declared.vis), "pub (crate)");
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
fn a_missing_comma_ends_a_type_too() {
    let item = structure(quote! {
        struct Shop { a: Build #[deploy] b: &'static mut dyn Deploy c: &'a Build }
    });
    let types = item.fields.iter().map(|field| text(&field.ty));
    let types: Vec<String> = types.collect();
    let wanted = [
        quote!(Build),
        quote!(&'static mut dyn Deploy),
        quote!(&'a Build),
    ];
    assert_eq!(types, wanted.map(|ty| ty.to_string()));
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
    assert!(matches!(&list.arguments, Arguments::List(list) if list.to_string() == "retries = 1"));
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
    assert_eq!(visible(item.declared.vis.to_token_stream()).len(), 1);
    assert_eq!(visible(item.fields[0].ty.to_token_stream()).len(), 6);
}

#[test]
fn what_is_no_pipeline_is_told_apart() {
    for item in [
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
    for item in [
        quote!(
            struct Shop(u8);
        ),
        quote!(
            struct Shop;
        ),
    ] {
        assert!(matches!(Structure::of(item), Err(Unfit::Unnamed(..))));
    }
}

#[test]
fn parameters_and_bounds_stand_beside_the_name() {
    let item = structure(quote! {
        struct Shop<'a, T: Into<u8>> where T: Copy { a: &'a T }
    });
    let parameters = Tokens(item.declared.parameters);
    assert_eq!(text(&parameters), quote!('a, T: Into<u8>).to_string());
    assert!(item.bounds.is_some());
    let item = structure(quote!(
        struct Shop {}
    ));
    assert!(item.declared.parameters.is_empty() && item.bounds.is_none());
}
