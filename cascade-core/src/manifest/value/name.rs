//! Names that become job ids, variables and Rust identifiers.

use crate::finding::rules;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// The name of a callback, an environment or a component: letters, digits, `_` and `-`.
///
/// ```
/// use cascade_core::manifest::Name;
/// assert_eq!("us-east".parse::<Name>().unwrap().variable(), "us_east");
/// assert!("us east".parse::<Name>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name where `-` is not allowed: variables and identifiers.
    #[must_use]
    pub fn variable(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The name for people: `web-app` is `Web app`.
    #[must_use]
    pub fn title(&self) -> String {
        let words = self.0.replace(['-', '_'], " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }
}

impl Leaf for Name {
    const SHAPE: Shape = Shape::Text {
        what: "a name",
        pattern: Some("^[A-Za-z0-9_-]+$"),
    };
}

impl FromStr for Name {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !text.is_empty() && text.len() <= 100 && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        let shown: String = text.chars().take(60).collect();
        Err(Problem::new(
            &rules::INVALID_NAME,
            message!("{} is not a name", value = shown),
        )
        .help(message!(
            "use up to 100 letters, digits, {} and {}; names become job ids and variables",
            value = "_",
            value = "-"
        )))
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
