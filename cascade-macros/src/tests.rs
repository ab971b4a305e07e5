//! The expansion as a function over tokens.

use crate::expand::expand;
use crate::root::Surroundings;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use quote::quote;

fn shop() -> (TokenStream, TokenStream) {
    let arguments = quote! {
        trunk_branch = "main",
        environments(dev, "us-east", prod(wait_timer = 5, required_reviewers(a, b))),
        rollback(repository_dispatch(types("back"))),
        extra_triggers(schedule(cron = "0 0 * * *"), schedule(cron = "0 1 * * *")),
        runs_on(group = "big", labels("linux")),
    };
    let item = quote! {
        /// A shop.
        pub struct Shop {
            #[build(workflow = ".github/workflows/b.yaml", triggers("src/**"), matrix(dimensions(os("linux"))))]
            image: Build,
            #[deploy(workflow = ".github/workflows/d.yaml", depends_on(image), retries = 1 + 1,
                inputs(tag = models.version), env_inputs(prod(size = SIZE)), permissions(id_token = "write"))]
            #[strategy(canary, percent = 10, promote_callback = ".github/workflows/p.yaml", rollback_callback = ".github/workflows/r.yaml")]
            web: Deploy,
            #[external(pull, repo = "acme/models", version = "^2")]
            models: External,
            #[external(push, repo = "acme/cdk", workflow = ".github/workflows/d.yaml", on_update(deploy(workflow = ".github/workflows/d.yaml")))]
            cdk: External,
            #[publish(workflow = ".github/workflows/p.yaml")]
            publish: Publish,
        }
    };
    (arguments, item)
}

fn expanded(arguments: TokenStream, item: &TokenStream) -> String {
    expand(arguments, item, &Surroundings::default()).to_string()
}

#[test]
fn a_sound_pipeline_has_no_errors() {
    let (arguments, item) = shop();
    let text = expanded(arguments, &item);
    assert!(!text.contains("compile_error"), "{text}");
    syn::parse_str::<syn::File>(&text).expect("items");
}

#[test]
fn a_broken_pipeline_has_the_same_items() {
    let (_, item) = shop();
    let text = expanded(quote!(trunk_branch = "a..b", environments(dev)), &item);
    assert!(text.contains("compile_error"), "{text}");
    for part in [
        "impl :: cascade :: Pipeline for Shop",
        "__environments ! { pub ShopEnvironment",
        r#"IMAGE Build "image""#,
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    syn::parse_str::<syn::File>(&text).expect("items");
}

#[test]
fn without_a_repository_files_are_not_asked_for() {
    let text = expanded(shop().0, &shop().1);
    assert!(!text.contains("include_bytes"), "{text}");
}

#[test]
fn workflow_files_are_read_and_tracked() {
    let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let around = Surroundings {
        file: Some(package.join("../cascade-cli/tests/ui/shop/pass/x.rs")),
        ..Surroundings::default()
    };
    let item = quote! {
        struct Shop {
            #[build(workflow = ".github/workflows/build-app.yaml")]
            image: Build,
            #[deploy(workflow = ".github/workflows/none.yaml")]
            web: Deploy,
        }
    };
    let arguments = quote!(trunk_branch = "main", environments(dev));
    let text = expand(arguments, &item, &around).to_string();
    assert_eq!(text.matches("include_bytes").count(), 1, "{text}");
    assert!(text.contains("build-app.yaml\")"), "{text}");
    assert!(text.contains("[C301]"), "{text}");
}

#[test]
fn a_name_may_be_put_together() {
    let item = quote! {
        struct Shop {
            #[deploy(name = concat!("web", "-app"), workflow = ".github/workflows/d.yaml")]
            web: Deploy,
        }
    };
    let text = expanded(quote!(trunk_branch = "main", environments(dev)), &item);
    assert!(!text.contains("compile_error"), "{text}");
    assert!(text.contains(r#"WEB Deploy "web-app""#), "{text}");
}

/// The damage that a slip of the pen does to a token.
#[derive(Debug, Clone)]
enum Slip {
    Drop,
    Twice,
    Put(usize),
    Empty,
    Bracket,
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        Just(Slip::Drop),
        Just(Slip::Twice),
        (0..10_usize).prop_map(Slip::Put),
        Just(Slip::Empty),
        Just(Slip::Bracket),
    ]
}

fn foreign(which: usize) -> TokenTree {
    match which {
        0 => Punct::new(',', Spacing::Alone).into(),
        1 => Punct::new('=', Spacing::Joint).into(),
        2 => Punct::new('.', Spacing::Alone).into(),
        3 => Literal::string("${{ x").into(),
        4 => Literal::string("").into(),
        5 => Literal::u64_unsuffixed(u64::MAX).into(),
        6 => Literal::byte_string(b"x").into(),
        7 => Ident::new("r#type", Span::call_site()).into(),
        8 => Ident::new("Ünïcode", Span::call_site()).into(),
        _ => Literal::character('x').into(),
    }
}

/// The tokens with slips at some places, counted through all groups.
fn mutate(tokens: TokenStream, slips: &[(usize, Slip)], count: &mut usize) -> TokenStream {
    let mut out = Vec::new();
    for token in tokens {
        let place = *count;
        *count += 1;
        let token = match token {
            TokenTree::Group(group) => {
                let inner = mutate(group.stream(), slips, count);
                Group::new(group.delimiter(), inner).into()
            }
            token => token,
        };
        match slips
            .iter()
            .find(|(at, _)| *at == place)
            .map(|(_, slip)| slip)
        {
            None => out.push(token),
            Some(Slip::Drop) => {}
            Some(Slip::Twice) => out.extend([token.clone(), token]),
            Some(Slip::Put(which)) => out.push(match *which {
                7 => Ident::new_raw("type", Span::call_site()).into(),
                which => foreign(which),
            }),
            Some(Slip::Empty) => {
                out.push(Group::new(Delimiter::Parenthesis, TokenStream::new()).into());
            }
            Some(Slip::Bracket) => {
                out.push(Group::new(Delimiter::None, token.into()).into());
            }
        }
    }
    out.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn slips_never_panic(slips in prop::collection::vec((0..260_usize, slip()), 1..5)) {
        let (arguments, item) = shop();
        let mut count = 0;
        let arguments = mutate(arguments, &slips, &mut count);
        let item = mutate(item, &slips, &mut count);
        let _ = expanded(arguments, &item);
    }
}
