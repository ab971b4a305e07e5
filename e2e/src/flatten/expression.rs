//! GitHub's expressions, as far as rewriting needs them: tokens, not a tree.

use anyhow::bail;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Text,
    Space,
    Mark,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    kind: Kind,
    pub(super) text: &'a str,
}

impl Token<'_> {
    pub(super) fn is_space(&self) -> bool {
        self.kind == Kind::Space
    }
}

/// Something that an expression looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// `inputs.name`, also as `inputs['name']`.
    Property(&'a str, String),
    /// A context as a whole, or with a computed name.
    Whole(&'a str),
    /// `success()` and its like.
    Status(&'a str),
}

const CONTEXTS: [&str; 6] = ["github", "inputs", "needs", "secrets", "jobs", "matrix"];
const STATUS: [&str; 4] = ["success", "failure", "always", "cancelled"];

/// The expression with some of its references replaced.
pub(super) fn rewrite(
    expression: &str,
    replace: &mut dyn FnMut(&Reference<'_>) -> anyhow::Result<Option<String>>,
) -> anyhow::Result<String> {
    let tokens = tokens(expression)?;
    let mut rewritten = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (reference, length) = reference(&tokens, at);
        let replaced = match &reference {
            Some(reference) => replace(reference)?,
            None => None,
        };
        if let Some(text) = replaced {
            rewritten.push_str(&text);
            at += length;
        } else {
            rewritten.push_str(token.text);
            at += 1;
        }
    }
    Ok(rewritten)
}

/// Whether a condition says itself what becomes of it when a job before it fails.
pub(super) fn has_status(expression: &str) -> anyhow::Result<bool> {
    let tokens = tokens(expression)?;
    Ok((0..tokens.len()).any(|at| matches!(reference(&tokens, at).0, Some(Reference::Status(_)))))
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The reference that begins at a token, and how many tokens it has.
fn reference<'a>(tokens: &[Token<'a>], at: usize) -> (Option<Reference<'a>>, usize) {
    let token = tokens[at];
    let property = before(tokens, at) == Some(".");
    if token.kind != Kind::Word || property {
        return (None, 1);
    }
    let name = token.text;
    let next = after(tokens, at);
    if let Some(status) = known(&STATUS, name) {
        let open = next.filter(|next| tokens[*next].text == "(");
        let close = open.and_then(|open| after(tokens, open));
        if let Some(close) = close.filter(|close| tokens[*close].text == ")") {
            return (Some(Reference::Status(status)), close + 1 - at);
        }
    }
    let Some(context) = known(&CONTEXTS, name) else {
        return (None, 1);
    };
    let (name, end) = match next.map(|next| (tokens[next].text, after(tokens, next))) {
        Some((".", Some(name))) if tokens[name].kind == Kind::Word => {
            (tokens[name].text.to_owned(), name)
        }
        Some(("[", Some(name))) if tokens[name].kind == Kind::Text => {
            let close = after(tokens, name).filter(|close| tokens[*close].text == "]");
            let Some(close) = close else {
                return (Some(Reference::Whole(context)), 1);
            };
            let text = tokens[name].text;
            (text[1..text.len() - 1].replace("''", "'"), close)
        }
        _ => return (Some(Reference::Whole(context)), 1),
    };
    (Some(Reference::Property(context, name)), end + 1 - at)
}

fn known(names: &[&'static str], name: &str) -> Option<&'static str> {
    let mut names = names.iter();
    names
        .find(|known| known.eq_ignore_ascii_case(name))
        .copied()
}

fn before<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    let mut tokens = tokens[..at].iter().rev();
    tokens
        .find(|token| token.kind != Kind::Space)
        .map(|token| token.text)
}

fn after(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    (at + 1..tokens.len()).find(|at| tokens[*at].kind != Kind::Space)
}

pub(super) fn tokens(expression: &str) -> anyhow::Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            '\'' => (Kind::Text, text_length(rest, expression)?),
            c if c.is_whitespace() => (Kind::Space, run(rest, char::is_whitespace)),
            c if is_word(c) => (Kind::Word, run(rest, is_word)),
            c => (Kind::Mark, c.len_utf8()),
        };
        let (text, remaining) = rest.split_at(length);
        tokens.push(Token { kind, text });
        rest = remaining;
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of the text literal at the start; a doubled quote does not end it.
fn text_length(rest: &str, expression: &str) -> anyhow::Result<usize> {
    let mut at = 1;
    while let Some(quote) = rest[at..].find('\'') {
        at += quote + 1;
        if !rest[at..].starts_with('\'') {
            return Ok(at);
        }
        at += 1;
    }
    bail!("a text does not end: {expression}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shout(expression: &str) -> String {
        rewrite(expression, &mut |reference| {
            Ok(match reference {
                Reference::Property("inputs", name) => Some(format!("<{name}>")),
                Reference::Status(name) => Some(name.to_uppercase()),
                _ => None,
            })
        })
        .unwrap()
    }

    #[test]
    fn only_references_are_replaced() {
        for (expression, expected) in [
            ("inputs.a == 'inputs.a'", "<a> == 'inputs.a'"),
            (
                "inputs['a-b'] && github.inputs.a",
                "<a-b> && github.inputs.a",
            ),
            ("'it''s inputs.a' || inputs . b", "'it''s inputs.a' || <b>"),
            (
                "fromJSON(inputs.plan).inputs.x",
                "fromJSON(<plan>).inputs.x",
            ),
            (
                "!cancelled() && needs.x.success",
                "!CANCELLED && needs.x.success",
            ),
            ("success ( ) || x.always", "SUCCESS || x.always"),
            ("toJSON(inputs)", "toJSON(inputs)"),
        ] {
            assert_eq!(shout(expression), expected);
        }
    }

    #[test]
    fn a_status_function_is_no_text() {
        assert!(has_status("a && !cancelled()").unwrap());
        assert!(!has_status("a == 'always()' && needs.success.x").unwrap());
        assert!(has_status("'open").is_err());
    }
}
