//! Text with expressions, as an author writes it in an input.
//!
//! Source of the grammar: GitHub's documentation of expressions (literals, operators, functions).

use crate::finding::message::Sample;
use crate::finding::{Message, rules, suggest};
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;

/// Text in which `${{ }}` stands for values known when the workflow runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Text(String),
    /// An expression.
    Expression(Vec<Token>),
}

/// A token of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A context and the names that follow it: `inputs.region`.
    Context(Vec<String>),
    /// The name of a function.
    Function(&'static str),
    /// Anything else, as it was written: literals, operators, brackets.
    Verbatim(String),
}

/// The contexts that an input may read.
pub const CONTEXTS: &[&str] = &["github", "vars", "inputs"];
const FUNCTIONS: &[&str] = &[
    "contains",
    "startsWith",
    "endsWith",
    "format",
    "join",
    "toJSON",
    "fromJSON",
];
const OPERATORS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",",
];

impl Template {
    /// The names of the dispatch inputs that it reads.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.tokens().filter_map(|token| match token {
            Token::Context(path) if path[0] == "inputs" => path.get(1).map(String::as_str),
            _ => None,
        })
    }

    /// The text, with every context spelled as `context` says.
    #[must_use]
    pub fn source(&self, context: impl Fn(&[String]) -> String) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Expression(tokens) => {
                    text.push_str("${{ ");
                    join(tokens, &context, &mut text);
                    text.push_str(" }}");
                }
            }
        }
        text
    }

    fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.0.iter().flat_map(|piece| match piece {
            Piece::Text(_) => [].iter(),
            Piece::Expression(tokens) => tokens.iter(),
        })
    }
}

impl Leaf for Template {
    const SHAPE: Shape = Shape::Text {
        what: "text",
        pattern: None,
    };

    fn parse(text: &str) -> Result<Self, Problem> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("${{") {
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let (tokens, length) = tokens(&rest[start + 3..])?;
            pieces.push(Piece::Expression(tokens));
            rest = &rest[start + 3 + length..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }
}

/// Writes tokens so that nothing stands between a function and its bracket.
fn join(tokens: &[Token], context: impl Fn(&[String]) -> String, text: &mut String) {
    let mut tight = true;
    for token in tokens {
        let written = match token {
            Token::Context(path) => context(path),
            Token::Function(name) => (*name).to_owned(),
            Token::Verbatim(verbatim) => verbatim.clone(),
        };
        let called = matches!(token, Token::Verbatim(_))
            && written.starts_with(['(', '[', ')', ']', ',', '.']);
        let opens = written == "(" && text.ends_with(['=', '&', '|', '<', '>']);
        if !tight && (!called || opens) {
            text.push(' ');
        }
        text.push_str(&written);
        tight = matches!(token, Token::Function(_)) || matches!(written.as_str(), "(" | "[" | "!");
    }
}

fn problem(message: impl Into<Message>) -> Problem {
    Problem::new(&rules::INVALID_EXPRESSION, message)
}

/// The tokens up to the closing `}}`, and the length of what was read, the `}}` included.
fn tokens(source: &str) -> Result<(Vec<Token>, usize), Problem> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut depth = 0_i32;
    loop {
        at += source[at..].len() - source[at..].trim_start().len();
        let rest = &source[at..];
        if rest.starts_with("}}") {
            if tokens.is_empty() || depth != 0 {
                return Err(problem(if depth == 0 {
                    "an expression is empty"
                } else {
                    "a bracket is not closed"
                }));
            }
            return Ok((tokens, at + 2));
        }
        let (token, length) = token(rest)?;
        if let Token::Verbatim(text) = &token {
            depth += i32::from(text == "(" || text == "[") - i32::from(text == ")" || text == "]");
        }
        if depth < 0 {
            return Err(problem("a bracket is closed that was not opened"));
        }
        tokens.push(token);
        at += length;
    }
}

fn token(rest: &str) -> Result<(Token, usize), Problem> {
    if let Some(operator) = OPERATORS
        .iter()
        .find(|operator| rest.starts_with(**operator))
    {
        return Ok((Token::Verbatim((*operator).to_owned()), operator.len()));
    }
    let Some(first) = rest.chars().next() else {
        return Err(
            problem("an expression is not closed").help(message!("end it with {}", value = "}}"))
        );
    };
    match first {
        '\'' => quoted(rest),
        '.' => member(rest),
        '0'..='9' | '-' => {
            let length = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
                .unwrap_or(rest.len());
            Ok((Token::Verbatim(rest[..length].to_owned()), length))
        }
        'a'..='z' | 'A'..='Z' | '_' => word(rest),
        _ => Err(problem(message!(
            "{} does not belong in an expression",
            value = first
        ))),
    }
}

/// `.name` after an index.
fn member(rest: &str) -> Result<(Token, usize), Problem> {
    let part = |c: char| !c.is_ascii_alphanumeric() && !"_-*".contains(c);
    let length = 1 + rest[1..].find(part).unwrap_or(rest.len() - 1);
    if length == 1 {
        return Err(problem(message!("a {} without a name", value = ".")));
    }
    Ok((Token::Verbatim(rest[..length].to_owned()), length))
}

fn quoted(rest: &str) -> Result<(Token, usize), Problem> {
    let mut end = 1;
    loop {
        let Some(close) = rest[end..].find('\'') else {
            return Err(problem("text in an expression is not closed")
                .help(message!("end it with {}", value = "'")));
        };
        end += close + 1;
        if !rest[end..].starts_with('\'') {
            return Ok((Token::Verbatim(rest[..end].to_owned()), end));
        }
        end += 1;
    }
}

fn word(rest: &str) -> Result<(Token, usize), Problem> {
    let part = |c: char| !c.is_ascii_alphanumeric() && !"_-.*".contains(c);
    let length = rest.find(part).unwrap_or(rest.len());
    let word = &rest[..length];
    if matches!(word, "true" | "false" | "null") {
        return Ok((Token::Verbatim(word.to_owned()), length));
    }
    if rest[length..].trim_start().starts_with('(') {
        let known =
            FUNCTIONS
                .iter()
                .find(|name| name.eq_ignore_ascii_case(word))
                .ok_or_else(|| {
                    problem(message!("{} cannot be called here", value = word)).help(
                        suggest::among(word, FUNCTIONS.iter().copied(), "the functions are"),
                    )
                })?;
        return Ok((Token::Function(known), length));
    }
    let path: Vec<String> = word.split('.').map(str::to_owned).collect();
    if !CONTEXTS.contains(&path[0].as_str()) {
        return Err(
            problem(message!("{} cannot be read in an input", value = &path[0])).help(message!(
                "an input may read {}, {} and {}; use {} for outputs, {} for secrets",
                value = "github",
                value = "vars",
                key = "inputs",
                sample = Sample::Reference(None),
                value = "secrets"
            )),
        );
    }
    if path.len() < 2 || path.iter().any(String::is_empty) || path == ["github", "token"] {
        return Err(
            problem(message!("{} cannot be read in an input", value = word))
                .help(message!("name one value, like {}", value = "github.actor")),
        );
    }
    Ok((Token::Context(path), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_expressions_alternate() {
        let template = Template::parse("a-${{ inputs.region || 'it''s' }}-${{vars.X}}").unwrap();
        assert_eq!(template.0.len(), 4);
        assert_eq!(template.inputs().collect::<Vec<_>>(), ["region"]);
    }

    #[test]
    fn closing_braces_in_text_do_not_close() {
        let template = Template::parse("${{ format('}}{0}', vars.A) }}").unwrap();
        assert_eq!(template.0.len(), 1);
    }

    #[test]
    fn the_source_is_what_github_reads() {
        let text = "${{contains( github.event.commits[0].message ,'x')&&!(vars.A==1)}}";
        let source = Template::parse(text).unwrap().source(|path| path.join("."));
        assert_eq!(
            source,
            "${{ contains(github.event.commits[0].message, 'x') && !(vars.A == 1) }}"
        );
        assert_eq!(
            Template::parse(&source).unwrap(),
            Template::parse(text).unwrap()
        );
    }

    #[test]
    fn other_contexts_are_refused() {
        for text in [
            "${{ secrets.X }}",
            "${{ env.X }}",
            "${{ needs.a.outputs.b }}",
            "${{ github.token }}",
            "${{ inputs }}",
            "${{ system('x') }}",
        ] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "${{",
            "${{ }}",
            "${{ 'a }}",
            "${{ (1 }}",
            "${{ 1) }}",
            "${{ vars.A ; }}",
        ] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
