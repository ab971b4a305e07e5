//! One pattern, and a list of them.

use super::matcher;
use super::parse::{PatternError, parse};
use std::fmt;
use std::str::FromStr;

/// A pattern over paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    source: String,
    excludes: bool,
    pub(super) tokens: Vec<Token>,
}

/// A list of patterns; the last one that matches a path decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns(Vec<Pattern>);

/// A part of a pattern and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    One(Class),
    /// `x?`
    Optional(Class),
    /// `x+`
    Repeated(Class),
    /// `*`
    Star,
    /// `**`
    Globstar,
    /// `**/` at the start of a segment: whole segments, or nothing.
    Segments,
}

/// The characters that one position of a path may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Class {
    Char(char),
    Set(Vec<(char, char)>),
}

impl Pattern {
    /// Returns the pattern of every file in a folder, whatever characters its name has; in the
    /// repository's root, of every file there is.
    ///
    /// # Errors
    /// The folder cannot be written as a pattern.
    pub fn inside(folder: &str) -> Result<Self, PatternError> {
        let mut source = String::with_capacity(folder.len() + "/**".len());
        for part in folder.split('/').filter(|part| !matches!(*part, "" | ".")) {
            for character in part.chars() {
                if "*+?![]\\".contains(character) {
                    source.push('\\');
                }
                source.push(character);
            }
            source.push('/');
        }
        source.push_str("**");
        source.parse()
    }

    /// The pattern as it was written, `!` included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Returns true if it takes files out.
    #[must_use]
    pub const fn excludes(&self) -> bool {
        self.excludes
    }

    /// Returns true if the whole `path` matches, whatever the sign.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        matcher::matches(&self.tokens, path)
    }
}

impl Patterns {
    /// Patterns in order.
    #[must_use]
    pub const fn new(patterns: Vec<Pattern>) -> Self {
        Self(patterns)
    }

    /// Reads every pattern of a list.
    ///
    /// # Errors
    /// The position of the first pattern that is wrong, and what is wrong with it.
    pub fn parse<S: AsRef<str>>(sources: &[S]) -> Result<Self, (usize, PatternError)> {
        let parsed = sources
            .iter()
            .enumerate()
            .map(|(index, source)| source.as_ref().parse().map_err(|error| (index, error)));
        parsed.collect::<Result<_, _>>().map(Self)
    }

    /// The patterns in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Pattern> {
        self.0.iter()
    }

    /// Returns true if there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if every pattern takes files out; then whatever they do not name is in.
    #[must_use]
    pub fn only_excludes(&self) -> bool {
        !self.is_empty() && self.iter().all(Pattern::excludes)
    }

    /// Returns true if `path` is in. No patterns at all take everything in.
    #[must_use]
    pub fn includes(&self, path: &str) -> bool {
        let decisive = self.iter().rev().find(|pattern| pattern.matches(path));
        match decisive {
            Some(pattern) => !pattern.excludes,
            None => self.is_empty() || self.only_excludes(),
        }
    }

    /// Returns true if any of `paths` is in.
    pub fn include_any<S: AsRef<str>>(&self, paths: impl IntoIterator<Item = S>) -> bool {
        paths.into_iter().any(|path| self.includes(path.as_ref()))
    }
}

impl<'a> IntoIterator for &'a Patterns {
    type Item = &'a Pattern;
    type IntoIter = std::slice::Iter<'a, Pattern>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        let excludes = source.starts_with('!');
        let tokens = parse(source.strip_prefix('!').unwrap_or(source))?;
        Ok(Self {
            source: source.to_owned(),
            excludes,
            tokens,
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Class {
    pub(super) fn contains(&self, character: char) -> bool {
        match self {
            Self::Char(expected) => *expected == character,
            Self::Set(ranges) => ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&character)),
        }
    }
}
