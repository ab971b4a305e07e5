//! The grammar of a message: Conventional Commits 1.0.0.
//!
//! The first line decides: `type(scope)!: description`. What follows is looked through for the
//! footer of a breaking change only, so that a body without the blank line before it, as careless
//! and squashed commits have it, does not make a feature nothing.

/// The words that announce a breaking change, in capital letters (rules 15 and 16).
const BREAKING: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];

/// The first line of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// `feat`, `fix`, or any other word.
    pub(super) kind: &'a str,
    pub(super) scope: Option<&'a str>,
    /// True if `!` stands before the colon.
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
        // The space is what tells a type from `std::vector`, `http://` and `C:\\` (rule 5).
        let description = marked.unwrap_or(rest).strip_prefix(':')?;
        let description = description.strip_prefix(' ')?.trim();
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

/// Returns what each footer of a breaking change says, which may have several lines, up to the next
/// footer.
pub(super) fn breaking(message: &str) -> Vec<String> {
    let mut footers: Vec<Vec<&str>> = Vec::new();
    let mut is_open = false;
    for line in message.lines().skip(1) {
        if let Some(first) = announced(line) {
            footers.push(vec![first]);
            is_open = true;
        } else if is_footer(line) {
            is_open = false;
        } else if let Some(footer) = footers.last_mut().filter(|_| is_open) {
            footer.push(line);
        }
    }
    let told = footers.into_iter().map(|lines| lines.join("\n"));
    told.map(|text| text.trim().to_owned()).collect()
}

/// Returns the text behind the words that announce a breaking change, even without a space.
fn announced(line: &str) -> Option<&str> {
    let rest = BREAKING.iter().find_map(|token| line.strip_prefix(token))?;
    rest.strip_prefix(':').or_else(|| rest.strip_prefix(" #"))
}

/// Returns true if a line begins a footer: `Token: value` or `Token #value` (rules 8 and 9).
fn is_footer(line: &str) -> bool {
    let ends = |separator| line.split_once(separator).map(|(token, _)| token);
    let word = |token: &str| token.chars().all(|c| c.is_alphanumeric() || c == '-');
    let token = [ends(": "), ends(" #")];
    let named = |token: &str| !token.is_empty() && word(token);
    token.into_iter().flatten().any(named)
}
