//! The derives that stand above `#[pipeline]`. The compiler has done them, and hands the attributes
//! on to nobody, so that they are read where they were written.

use super::{Derived, code, is_derive, traits};
use crate::parse::is_punct;
use crate::tokens::opened;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// Returns what the attributes at the end of a text derive.
pub(super) fn derived(text: &str) -> Derived {
    let mut derived = Derived::default();
    if !text.contains("derive") && !text.contains('$') {
        return derived;
    }
    let code = code::of(text);
    let mut rest = code.trim_end();
    while let Some((before, written)) = last(rest) {
        match written {
            Written::Repetition => derived.is_open = true,
            Written::Attribute => attribute(&text[before.len()..rest.len()], &mut derived),
        }
        rest = before.trim_end();
    }
    derived
}

/// A thing that may stand above an item.
#[derive(Debug, PartialEq, Eq)]
enum Written {
    /// `#[...]`.
    Attribute,
    /// The repeated part of a macro: `$(...)*`.
    Repetition,
}

/// Returns the last thing of this kind, and what stands before it.
fn last(code: &str) -> Option<(&str, Written)> {
    if let Some(inner) = code.strip_suffix(']') {
        let before = code[..open(inner)?].trim_end().strip_suffix('#')?;
        return Some((before, Written::Attribute));
    }
    let inner = code.trim_end_matches(['*', '+', '?']).trim_end();
    let inner = inner.strip_suffix(')')?;
    let before = code[..open(inner)?].trim_end().strip_suffix('$')?;
    Some((before, Written::Repetition))
}

/// Returns the place of the bracket that is open at the end.
fn open(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in code.char_indices().rev() {
        match sign {
            ']' | ')' | '}' => depth += 1,
            '[' | '(' | '{' if depth == 0 => return Some(at),
            '[' | '(' | '{' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Adds what an attribute derives.
fn attribute(written: &str, derived: &mut Derived) {
    if !written.contains("derive") && !written.contains('$') {
        return;
    }
    let tokens = written.parse::<TokenStream>().unwrap_or_default();
    let group = tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    if let Some(group) = group {
        add(&opened(group.stream()), None, derived);
    }
}

/// Adds what one attribute derives under a condition.
fn add(tokens: &[TokenTree], condition: Option<&TokenStream>, derived: &mut Derived) {
    let (name, list) = match tokens {
        [TokenTree::Punct(dollar), ..] if dollar.as_char() == '$' => {
            derived.is_open = true;
            return;
        }
        [path @ .., TokenTree::Group(list)] => (path, opened(list.stream())),
        _ => return,
    };
    if is_derive(name) {
        derived.is_open |= list.iter().any(|token| is_punct(Some(token), '$'));
        let found = traits(&list).map(|name| (name, condition.cloned()));
        derived.traits.extend(found);
    } else if matches!(name, [TokenTree::Ident(name)] if name == "cfg_attr") {
        let mut parts = list.split(|token| is_punct(Some(token), ','));
        let own = parts.next().unwrap_or_default();
        let all = quote!(all(#(#own)*, #condition));
        parts.for_each(|part| add(part, Some(&all), derived));
    }
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn derives_are_found_among_what_else_stands_there() {
        let cases = [
            (
                "fn a() {}\n#[derive(Clone, std::fmt::Debug)]\n",
                vec!["Clone", "Debug"],
            ),
            ("#[derive(Clone)] // why ]\n/// Text [x].\n", vec!["Clone"]),
            (
                "#[core::prelude::v1::derive(Clone,)]\n#[allow(dead_code)]\n/* a\n b */",
                vec!["Clone"],
            ),
            (
                "#[derive(\n// ]\nClone, /* ] */ Debug)] #[doc = \"] [\"]",
                vec!["Clone", "Debug"],
            ),
            ("#[r#derive(Clone)]", vec!["Clone"]),
            ("#[derive(Clone)]\nstruct Other;\n", vec![]),
            ("// #[derive(Clone)]\n", vec![]),
            ("#[doc = \"#[derive(Clone)]\"]", vec![]),
            ("#[derive_more(Clone)]", vec![]),
            ("let derive = b[1]", vec![]),
            ("#[derive(", vec![]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            let found = derived(text);
            let names = found.traits.iter().map(|(name, condition)| {
                assert!(condition.is_none(), "{text}");
                name.as_str()
            });
            assert_eq!(names.collect::<Vec<_>>(), expected, "{text}");
            assert!(!found.is_open, "{text}");
        }
    }

    #[test]
    fn what_a_macro_is_given_is_not_known() {
        for text in [
            "$(#[$meta])*",
            "#[$meta] /// x\n",
            "#[derive($path, Clone)]",
            "#[derive(Clone)] $(#[$meta])* #[allow(unused)]",
            "$($any)*",
        ] {
            assert!(derived(text).is_open, "{text}");
        }
        assert!(!derived("#[doc = $text] #[derive(Clone)]").is_open);
    }

    #[test]
    fn conditions_are_kept() {
        let text = r#"#[cfg_attr(feature = "x", allow(unused), cfg_attr(unix, derive(Clone)))]"#;
        let found = derived(text);
        let [(name, Some(condition))] = found.traits.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(name, "Clone");
        let wanted = "all (unix , all (feature = \"x\" ,))";
        assert_eq!(condition.to_string(), wanted);
    }
}
