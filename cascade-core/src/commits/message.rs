//! The grammar of a message: Conventional Commits 1.0.0.
//!
//! The first line decides: `type(scope)!: description`. What follows is looked through for the
//! footer of a breaking change only, so that a body without the blank line before it, as careless
//! and squashed commits have it, does not make a feature nothing.

/// What breaks is told behind one of these, in capital letters (rules 15 and 16).
const BREAKING: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];

/// The first line of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// `feat`, `fix`, or any other word.
    pub(super) kind: &'a str,
    pub(super) scope: Option<&'a str>,
    /// Whether `!` stands before the colon.
    pub(super) breaking: bool,
    pub(super) description: &'a str,
}

impl<'a> Header<'a> {
    /// Reads a first line; `None` if it follows no convention.
    pub(super) fn of(line: &'a str) -> Option<Self> {
        let ends = |c: char| c.is_whitespace() || "():!".contains(c);
        let (kind, rest) = line.split_at(line.find(ends)?);
        let (scope, rest) = match rest.strip_prefix('(') {
            Some(inner) => {
                let (scope, rest) = inner.split_once(')')?;
                (Some(scope), rest)
            }
            None => (None, rest),
        };
        let marked = rest.strip_prefix('!');
        let description = marked.unwrap_or(rest).strip_prefix(':')?.trim();
        let sound = |scope: &str| !scope.is_empty() && !scope.contains('(');
        let complete = !kind.is_empty() && scope.is_none_or(sound) && !description.is_empty();
        complete.then_some(Self {
            kind,
            scope,
            breaking: marked.is_some(),
            description,
        })
    }
}

/// What the footer of a breaking change says, which may have several lines, up to the next footer.
pub(super) fn breaking(message: &str) -> Option<String> {
    let mut lines = message.lines().skip(1);
    let first = lines.find_map(|line| {
        let (token, value) = footer(line)?;
        BREAKING.contains(&token).then_some(value)
    })?;
    let more = lines.take_while(|line| footer(line).is_none());
    let all: Vec<&str> = std::iter::once(first).chain(more).collect();
    Some(all.join("\n").trim().to_owned())
}

/// A footer's token and the beginning of its value: `Token: value` or `Token #value`, where only
/// `BREAKING CHANGE` has a space in it (rules 8 and 9).
fn footer(line: &str) -> Option<(&str, &str)> {
    let at = |separator: &str| line.find(separator).map(|at| (at, separator.len()));
    let (at, length) = at(": ").into_iter().chain(at(" #")).min()?;
    let (token, value) = (&line[..at], &line[at + length..]);
    let word = |c: char| c.is_alphanumeric() || c == '-';
    let is_token = BREAKING.contains(&token) || (!token.is_empty() && token.chars().all(word));
    is_token.then_some((token, value))
}
