//! Text of authors that may hold `${{ }}`.

use super::WorkflowError;
use super::expr::{Context, Expr, Read, Reads};
use super::value::Value;

impl Value {
    /// An author's text, in which `${{ }}` means what it means to GitHub, but may read only
    /// `contexts`.
    ///
    /// # Errors
    /// [`WorkflowError::InvalidTemplate`] for an expression that is not closed, is empty, or reads
    /// anything else.
    pub fn authored(text: &str, contexts: &[Context]) -> Result<Self, WorkflowError> {
        let invalid = |reason: String| WorkflowError::InvalidTemplate {
            text: text.to_owned(),
            reason,
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("${{") {
            if start > 0 {
                parts.push(Self::from(&rest[..start]));
            }
            rest = &rest[start + 3..];
            let end = end_of(rest).ok_or_else(|| invalid("a `${{` is not closed".to_owned()))?;
            let body = rest[..end].trim();
            let reads = reads(body, contexts).map_err(invalid)?;
            parts.push(Expr::authored(body, reads).into());
            rest = &rest[end + 2..];
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Self::from(rest));
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Self::concat(parts),
        })
    }
}

/// Where `}}` closes the expression; quoted text does not count.
fn end_of(text: &str) -> Option<usize> {
    let mut quoted = false;
    let bytes = text.as_bytes();
    bytes.iter().enumerate().position(|(at, byte)| {
        quoted ^= *byte == b'\'';
        !quoted && *byte == b'}' && bytes.get(at + 1) == Some(&b'}')
    })
}

fn reads(body: &str, allowed: &[Context]) -> Result<Reads, String> {
    if body.is_empty() {
        return Err("`${{ }}` is empty".to_owned());
    }
    let mut found = Reads::default();
    let mut rest = body;
    let mut after_dot = false;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            let close = rest[1..].find('\'').ok_or("a quote is not closed")?;
            rest = &rest[close + 2..];
        } else if c.is_ascii_alphabetic() || c == '_' {
            let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            let called = tail.trim_start().starts_with('(');
            if called {
                if let Some(family) = function(word) {
                    found.add(Read::Context(family));
                }
            } else if !after_dot && !["true", "false", "null", "NaN", "Infinity"].contains(&word) {
                found.add(Read::Context(context(word, allowed)?));
            }
            rest = tail;
        } else if c.is_ascii_digit() {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
        } else {
            rest = &rest[c.len_utf8()..];
        }
        after_dot = c == '.' || (after_dot && c == ' ');
    }
    Ok(found)
}

/// The family of functions that GitHub offers in some places only, if `word` is of one.
fn function(word: &str) -> Option<Context> {
    match word.to_ascii_lowercase().as_str() {
        "success" | "failure" | "always" | "cancelled" => Some(Context::Status),
        "hashfiles" => Some(Context::HashFiles),
        _ => None,
    }
}

fn context(word: &str, allowed: &[Context]) -> Result<Context, String> {
    let known = Context::NAMED
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    match known {
        Some((_, context)) if allowed.contains(context) => Ok(*context),
        _ => {
            let names: Vec<_> = allowed.iter().map(|context| context.name()).collect();
            Err(format!(
                "`{word}` is not available here; {} are",
                names.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: [Context; 3] = [Context::Github, Context::Vars, Context::Inputs];

    #[test]
    fn allowed_contexts_pass_unchanged() {
        for text in [
            "plain",
            "",
            "a-${{ vars.A }}-${{ github.event.inputs.secrets || 'needs.}}' }}",
            "${{ format('{0}', inputs['x']) && 1e3 }}",
        ] {
            assert_eq!(Value::authored(text, &ALLOWED).unwrap().render(), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "${{ secrets.A }}",
            "${{ github[secrets.A] }}",
            "${{ vars.A",
            "${{ 'a }}",
            "${{ }}",
            "${{ toJSON(needs) }}",
        ] {
            assert!(Value::authored(text, &ALLOWED).is_err(), "{text}");
        }
    }
}
