//! Tokens to values that are known while compiling.

mod number;

use crate::limits;
use crate::tokens::visible;
use cascade_core::scalar::Scalar;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::Lit;

/// The result of reading a value's tokens.
pub(crate) enum Read {
    /// A value that is known.
    Known(Scalar),
    /// An expression that the compiler evaluates later.
    Expression,
    /// No value; the message says why.
    Refused(String),
}

/// Reads a literal, or `concat!` of literals.
pub(crate) fn read(tokens: &[TokenTree]) -> Read {
    if let Err(message) = limits::expression(tokens) {
        return Read::Refused(message);
    }
    match within_limits(tokens) {
        Read::Known(Scalar::Text(text)) => match limits::text(text.len()) {
            Ok(()) => Read::Known(Scalar::Text(text)),
            Err(message) => Read::Refused(message),
        },
        read => read,
    }
}

fn within_limits(tokens: &[TokenTree]) -> Read {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            within_limits(&visible(group.stream()))
        }
        [TokenTree::Ident(word)] if word == "true" => Read::Known(Scalar::Bool(true)),
        [TokenTree::Ident(word)] if word == "false" => Read::Known(Scalar::Bool(false)),
        [TokenTree::Literal(literal)] => match plain(&literal.to_string()) {
            Some(text) => Read::Known(Scalar::Text(text.to_owned())),
            None => of(&Lit::new(literal.clone()), ""),
        },
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => {
            of(&Lit::new(literal.clone()), "-")
        }
        [path @ .., TokenTree::Punct(bang), TokenTree::Group(group)]
            if bang.as_char() == '!' && names_concat(path) =>
        {
            concat(group.stream())
        }
        _ => Read::Expression,
    }
}

/// The text of a single literal, and where it stands.
pub(crate) fn text(tokens: &[TokenTree]) -> Option<(String, Span)> {
    match tokens {
        [TokenTree::Literal(literal)] if limits::begins_number(&literal.to_string()) => None,
        [TokenTree::Literal(literal)] => match Lit::new(literal.clone()) {
            Lit::Str(text) if text.suffix().is_empty() => Some((text.value(), text.span())),
            _ => None,
        },
        _ => None,
    }
}

/// The text of a literal that says just that, as nearly all do: no escapes, no prefix, no suffix.
fn plain(literal: &str) -> Option<&str> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['"', '\\', '\r'])).then_some(text)
}

fn of(literal: &Lit, sign: &str) -> Read {
    let read = match literal {
        Lit::Str(text) if sign.is_empty() && text.suffix().is_empty() => {
            Ok(Scalar::Text(text.value()))
        }
        Lit::Str(text) if sign.is_empty() => {
            Err(format!("text takes no suffix, found `{}`", text.suffix()))
        }
        Lit::Int(number) => number::whole(number, sign),
        Lit::Float(number) => number::float(number, sign),
        _ => Err("expected text in `\"`, a number, `true` or `false`".to_owned()),
    };
    read.map_or_else(Read::Refused, Read::Known)
}

/// Returns true for a value that a macro puts together, which may be another macro than its name says.
pub(crate) fn is_joined(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [.., TokenTree::Punct(bang), TokenTree::Group(_)] if bang.as_char() == '!')
        || matches!(tokens, [TokenTree::Group(group)] if group.delimiter() == Delimiter::None && is_joined(&visible(group.stream())))
}

/// Returns true if the path before `!` ends in `concat`.
fn names_concat(path: &[TokenTree]) -> bool {
    matches!(path.last(), Some(TokenTree::Ident(name)) if name == "concat")
}

/// Returns the macro of the standard library that makes a value, if it makes no constant.
pub(crate) fn not_constant(tokens: &[TokenTree]) -> Option<String> {
    const RUN_TIME: &[&str] = &[
        "dbg",
        "format",
        "format_args",
        "print",
        "println",
        "vec",
        "write",
    ];
    let [path @ .., TokenTree::Punct(bang), TokenTree::Group(_)] = tokens else {
        return None;
    };
    let name = path.last()?.to_string();
    (bang.as_char() == '!' && RUN_TIME.contains(&name.as_str())).then_some(name)
}

fn concat(tokens: TokenStream) -> Read {
    let mut text = String::new();
    let mut piece: Vec<TokenTree> = Vec::new();
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for group in tokens.split(|token| crate::parse::is_punct(Some(token), ',')) {
        piece.clear();
        piece.extend_from_slice(group);
        if piece.is_empty() {
            continue;
        }
        if let [TokenTree::Literal(literal)] = piece.as_slice()
            && let Lit::Char(letter) = Lit::new(literal.clone())
        {
            text.push(letter.value());
            continue;
        }
        match within_limits(&piece) {
            Read::Known(scalar) => text.push_str(&scalar.text()),
            other => return other,
        }
    }
    Read::Known(Scalar::Text(text))
}

#[cfg(test)]
mod tests {
    use super::plain;
    use syn::LitStr;

    #[test]
    fn what_is_plain_is_what_syn_reads() {
        for text in [r#""""#, r#""a b""#, "\"two\nlines\"", "\"ü\u{2028}\""] {
            let read = syn::parse_str::<LitStr>(text).unwrap().value();
            assert_eq!(plain(text), Some(read.as_str()));
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_syn() {
        let others = [
            r#""a\n""#,
            r##"r"a""##,
            r#"b"a""#,
            r#"c"a""#,
            r#""a"b"#,
            "\"a\\\n  b\"",
            "\"a\r\nb\"",
            "'a'",
            "7",
            "\"",
        ];
        for text in others {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
