//! Commas that are missing between two items.

use crate::report::Mistakes;
use proc_macro2::TokenTree;

/// Keywords that stand between two operands, or before one.
const BINDING: &[&str] = &[
    "as", "async", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match",
    "move", "mut", "ref", "return", "static", "unsafe", "where", "while",
];

/// Returns true if `next` cannot belong to the item that `current` is the beginning of: no
/// expression has two operands side by side.
pub(crate) fn is_missing(current: &[TokenTree], next: &TokenTree) -> bool {
    let Some(last) = current.last() else {
        return false;
    };
    match next {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        // `key "text"` lacks a sign, not a comma.
        TokenTree::Literal(_) => is_operand(last) && !is_key(current),
        TokenTree::Ident(word) => is_operand(last) && !is_binding(&word.to_string()),
        TokenTree::Group(_) => false,
    }
}

/// Reports a missing comma at what follows it.
pub(crate) fn report(next: &TokenTree, mistakes: &mut Mistakes) {
    let message = match next {
        TokenTree::Punct(_) => "expected `,`, found `;`".to_owned(),
        next => format!("expected `,` before `{next}`"),
    };
    mistakes.add_with(next.span(), message, "items are separated by commas");
}

fn is_operand(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => !is_binding(&word.to_string()),
        TokenTree::Literal(_) | TokenTree::Group(_) => true,
        TokenTree::Punct(_) => false,
    }
}

fn is_key(current: &[TokenTree]) -> bool {
    matches!(current, [TokenTree::Ident(_)])
}

fn is_binding(word: &str) -> bool {
    BINDING.contains(&word)
}

#[cfg(test)]
mod tests {
    use crate::parse::{Item, items};
    use crate::report::Mistakes;
    use proc_macro2::TokenStream;

    fn gaps(text: &str) -> usize {
        let mut mistakes = Mistakes::default();
        let tokens: TokenStream = text.parse().expect("tokens");
        let items = items(tokens, &mut mistakes);
        items.iter().filter(|item| item.is_gap()).count()
    }

    #[test]
    fn two_operands_are_two_items() {
        for text in [
            r#"workflow = "a" triggers("b")"#,
            r#"triggers("b") workflow = "a""#,
            "dev prod",
            r#""dev" "prod""#,
            "retries = A B = 1",
            r#"pull repo = "a""#,
            "tag = image.outputs.tag name = 1",
            "a = concat!(1) b = 2",
            "a; b",
        ] {
            assert_eq!(gaps(text), 1, "{text}");
        }
    }

    #[test]
    fn expressions_are_one_item() {
        for text in [
            "a = B as u8",
            "a = if A { 1 } else { 2 }",
            "a = unsafe { B }",
            "a = &mut B",
            "a = match A { _ => 1 }",
            "a = <T as Into<u8>>::N",
            "a = f(x)(y)",
            "a = -1",
            "a = Foo { x: 1 }.x",
            "a = image.outputs.\"image-tag\"",
        ] {
            assert_eq!(gaps(text), 0, "{text}");
        }
        assert!(matches!(
            items("a \"b\"".parse().expect("tokens"), &mut Mistakes::default()).as_slice(),
            [Item::Slip(..)]
        ));
    }
}
