//! The traits that an author derives, above `#[pipeline]` and below it.

use crate::parse::is_punct;
use crate::report::Mistakes;
use crate::root::Written;
use crate::structure::{Arguments, Attribute};
use crate::tokens::{names, opened, visible};
use proc_macro2::{TokenStream, TokenTree};

/// The attributes with the traits that the author derives; `Default` is left to the pipeline, whose
/// default is what was declared.
pub(crate) fn below(attributes: Vec<Attribute>) -> (Vec<Attribute>, Vec<String>) {
    let mut derived = Vec::new();
    let own = |attribute: Attribute| {
        let Arguments::List(list) = &attribute.arguments else {
            return attribute;
        };
        if !is_derive(&attribute) {
            return attribute;
        }
        let tokens = visible(list.clone());
        let mut kept = TokenStream::new();
        for path in tokens.split_inclusive(|token| is_punct(Some(token), ',')) {
            let name = last_name(path).unwrap_or_default();
            if name != "Default" {
                kept.extend(path.iter().cloned());
            }
            derived.push(name);
        }
        attribute.with(kept)
    };
    (attributes.into_iter().map(own).collect(), derived)
}

/// Returns true if an attribute is `derive`, or a path to that of the standard library.
fn is_derive(attribute: &Attribute) -> bool {
    let first = attribute.path.first().map(ToString::to_string);
    let is_standard = matches!(first.as_deref(), Some("core" | "std"));
    attribute.ident == "derive" && (attribute.alone || is_standard)
}

fn last_name(path: &[TokenTree]) -> Option<String> {
    names(path).next_back().map(ToString::to_string)
}

/// The traits that are derived above: the compiler has done it, and hands the attributes on to
/// nobody, so that they are read where they were written.
pub(crate) fn above(written: &Written, mistakes: &mut Mistakes) -> Vec<String> {
    let text = written.before().unwrap_or_default();
    let mut derived = Vec::new();
    let mut rest = text.trim_end();
    while let Some((before, attribute)) = last(rest) {
        rest = before.trim_end();
        derived.extend(attribute.map(traits).unwrap_or_default());
    }
    if derived.iter().any(|name| name == "Default") {
        mistakes.add_with(
            written.at,
            "`Default` is derived above `#[pipeline]`, which gives it too",
            "remove it from the `derive`: the default of a pipeline is what it declares",
        );
    }
    derived
}

/// The last attribute or comment of a text, and what stands before it.
fn last(text: &str) -> Option<(&str, Option<&str>)> {
    let line = text.rfind('\n').map_or(0, |end| end + 1);
    if text[line..].trim_start().starts_with("//") {
        return Some((&text[..line], None));
    }
    if text.ends_with("*/") {
        return Some((&text[..text.rfind("/*")?], None));
    }
    if !text.ends_with(']') {
        let comment = text[line..].find("//")?;
        return Some((&text[..line + comment], None));
    }
    let mut before = text;
    loop {
        before = &before[..before.rfind('#')?];
        let attribute = &text[before.len()..];
        let inner = attribute[1..].trim_start();
        if inner.starts_with('[') && is_closed(inner) {
            return Some((before, Some(inner)));
        }
    }
}

/// Returns true if a text is one pair of brackets; those in strings are rare enough to count.
fn is_closed(text: &str) -> bool {
    let mut depth = 0_usize;
    let end = text.find(|c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    end.is_some_and(|end| end + 1 == text.len())
}

/// The traits of the attribute in these brackets, if it is `derive`.
fn traits(attribute: &str) -> Vec<String> {
    if !attribute.contains("derive") {
        return Vec::new();
    }
    let Ok(tokens) = attribute.parse::<TokenStream>() else {
        return Vec::new();
    };
    let Some(TokenTree::Group(brackets)) = tokens.into_iter().next() else {
        return Vec::new();
    };
    let tokens = opened(brackets.stream());
    let [path @ .., TokenTree::Group(list)] = tokens.as_slice() else {
        return Vec::new();
    };
    if last_name(path).as_deref() != Some("derive") {
        return Vec::new();
    }
    let list = opened(list.stream());
    let traits = list.split(|token| is_punct(Some(token), ','));
    traits.filter_map(last_name).collect()
}

#[cfg(test)]
mod tests {
    use super::{last, traits};

    fn all(mut text: &str) -> Vec<String> {
        let mut found = Vec::new();
        while let Some((before, attribute)) = last(text.trim_end()) {
            text = before;
            found.extend(attribute.map(traits).unwrap_or_default());
        }
        found
    }

    #[test]
    fn derives_above_are_found_among_what_else_stands_there() {
        let cases = [
            (
                "fn a() {}\n#[derive(Clone, std::fmt::Debug)]\n",
                vec!["Clone", "Debug"],
            ),
            ("#[derive(Clone)] // why\n/// Text [x].\n", vec!["Clone"]),
            (
                "#[core::prelude::v1::derive(Clone,)]\n#[allow(dead_code)]\n/* a\n b */",
                vec!["Clone"],
            ),
            ("#[derive(Clone)]\nstruct Other;\n", vec![]),
            ("// #[derive(Clone)]\n", vec![]),
            ("let a = b[1]", vec![]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(all(text), expected, "{text}");
        }
    }
}
