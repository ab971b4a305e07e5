//! One slip of the pen is one error: each sign, comma, key and type of a sound pipeline is got wrong
//! in turn, beside workflow files that exist.

use crate::expand::expand;
use crate::parse::is_punct;
use crate::root::Surroundings;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use std::path::PathBuf;

/// A pipeline of the tests that compiles, and its place: the attribute's arguments and the struct.
fn sound() -> (TokenStream, TokenStream, Surroundings) {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = package.join("../cascade-cli/tests/ui/shop/pass/shop.rs");
    let text = std::fs::read_to_string(&file).expect("the pipeline");
    let tokens: Vec<TokenTree> = text
        .parse::<TokenStream>()
        .expect("tokens")
        .into_iter()
        .collect();
    let arguments = tokens
        .iter()
        .enumerate()
        .find_map(|(at, token)| match token {
            TokenTree::Group(group) => {
                match group.stream().into_iter().collect::<Vec<_>>().as_slice() {
                    [TokenTree::Ident(name), TokenTree::Group(list)] if name == "pipeline" => {
                        Some((at, list.stream()))
                    }
                    _ => None,
                }
            }
            _ => None,
        });
    let (at, arguments) = arguments.expect("a pipeline");
    let rest = &tokens[at + 1..];
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let end = rest.iter().position(is_body).expect("a struct");
    let around = Surroundings {
        file: Some(file),
        ..Surroundings::default()
    };
    (arguments, rest[..=end].iter().cloned().collect(), around)
}

/// The tokens after one change at the `wanted`-th place that there is for it.
fn changed(
    tokens: TokenStream,
    change: fn(&[TokenTree], usize) -> Option<Vec<TokenTree>>,
    wanted: &mut usize,
) -> (TokenStream, Option<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut out, mut told) = (Vec::new(), None);
    for (at, token) in tokens.iter().enumerate() {
        if told.is_none()
            && let Some(instead) = change(&tokens, at)
        {
            if *wanted == 0 {
                let near = tokens[at.saturating_sub(2)..].iter().take(4);
                told = Some(near.cloned().collect::<TokenStream>().to_string());
                out.extend(instead);
                continue;
            }
            *wanted -= 1;
        }
        match token {
            TokenTree::Group(group) if told.is_none() => {
                let (inner, inside) = changed(group.stream(), change, wanted);
                told = inside;
                out.push(Group::new(group.delimiter(), inner).into());
            }
            token => out.push(token.clone()),
        }
    }
    (out.into_iter().collect(), told)
}

/// Makes each possible change alone; every one must be one error. Returns how many there were.
fn each_is_one_error(change: fn(&[TokenTree], usize) -> Option<Vec<TokenTree>>) -> usize {
    let (arguments, item, around) = sound();
    let mut wrong = Vec::new();
    for place in 0.. {
        let mut left = place;
        let (arguments, mut told) = changed(arguments.clone(), change, &mut left);
        let mut item = item.clone();
        if told.is_none() {
            (item, told) = changed(item, change, &mut left);
        }
        let Some(told) = told else {
            assert!(wrong.is_empty(), "{wrong:#?}");
            return place;
        };
        let text = expand(arguments, &item, &around).to_string();
        let errors: Vec<&str> = text
            .split("compile_error ! (")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        if errors.len() != 1 {
            wrong.push((told, errors.join(" / ")));
        }
    }
    unreachable!("there is a last place")
}

fn misspelt(name: &Ident) -> TokenTree {
    Ident::new(&format!("{name}z"), Span::call_site()).into()
}

#[test]
fn it_is_sound() {
    let (arguments, item, around) = sound();
    let text = expand(arguments, &item, &around).to_string();
    assert!(!text.contains("compile_error"), "{text}");
}

#[test]
fn a_colon_for_a_sign() {
    let count = each_is_one_error(|tokens, at| {
        let TokenTree::Ident(key) = tokens.get(at.checked_sub(1)?)? else {
            return None;
        };
        let is_sign = is_punct(tokens.get(at), '=') && key != "doc";
        is_sign.then(|| vec![Punct::new(':', Spacing::Alone).into()])
    });
    assert!(count > 20, "{count}");
}

#[test]
fn a_missing_comma() {
    let count = each_is_one_error(|tokens, at| {
        let is_comma = is_punct(tokens.get(at), ',');
        // The compiler itself reports one between fields.
        let is_field = tokens.iter().any(|token| is_punct(Some(token), '#'));
        let is_last = at + 1 == tokens.len();
        (is_comma && !is_field && !is_last).then(Vec::new)
    });
    assert!(count > 20, "{count}");
}

#[test]
fn a_misspelt_key() {
    let count = each_is_one_error(|tokens, at| {
        let TokenTree::Ident(name) = &tokens[at] else {
            return None;
        };
        let is_value = matches!(tokens.get(at + 1), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis);
        let is_key = is_punct(tokens.get(at + 1), '=') || is_value;
        // Names of the author's own, and what `pub(crate)` is.
        let is_own = ["dev", "test", "uat", "prod", "doc", "pub", "concat"].iter();
        let is_own = is_own.clone().any(|own| name == own);
        (is_key && !is_own).then(|| vec![misspelt(name)])
    });
    assert!(count > 20, "{count}");
}

#[test]
fn a_misspelt_type() {
    let count = each_is_one_error(|tokens, at| {
        let TokenTree::Ident(name) = &tokens[at] else {
            return None;
        };
        let is_type = is_punct(tokens.get(at.checked_sub(1)?), ':');
        is_type.then(|| vec![misspelt(name)])
    });
    assert!(count > 3, "{count}");
}

#[test]
fn a_field_twice() {
    let count = each_is_one_error(|tokens, at| {
        let TokenTree::Ident(name) = &tokens[at] else {
            return None;
        };
        let is_field = is_punct(tokens.get(at + 1), ':') && !is_punct(tokens.get(at + 2), ':');
        let field = &tokens[at..(at + 4).min(tokens.len())];
        is_field.then(|| {
            field
                .iter()
                .cloned()
                .chain([TokenTree::from(name.clone())])
                .collect()
        })
    });
    assert!(count > 3, "{count}");
}
