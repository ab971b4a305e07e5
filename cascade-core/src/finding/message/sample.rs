//! Values as an author would write them.

use crate::scalar::Scalar;
use std::fmt;

/// A value as an author would write it; it displays as YAML on one line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sample {
    /// Whatever is right there: `...`.
    Any,
    /// A scalar.
    Scalar(Scalar),
    /// The output or external record that an input takes; without a name, any.
    Reference(Option<String>),
    /// A list.
    List(Vec<Self>),
    /// A mapping.
    Map(Vec<(String, Self)>),
}

impl Sample {
    /// Returns a text.
    #[must_use]
    pub fn word(word: impl fmt::Display) -> Self {
        Self::Scalar(Scalar::Text(word.to_string()))
    }

    /// Returns what an input takes.
    #[must_use]
    pub fn taken(path: &str) -> Self {
        Self::Reference(Some(path.to_owned()))
    }

    /// Returns a list of texts.
    #[must_use]
    pub fn list(words: impl IntoIterator<Item = impl fmt::Display>) -> Self {
        Self::List(words.into_iter().map(Self::word).collect())
    }

    /// Returns a mapping.
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (impl fmt::Display, impl Into<Self>)>) -> Self {
        let entries = entries.into_iter();
        Self::Map(
            entries
                .map(|(key, value)| (key.to_string(), value.into()))
                .collect(),
        )
    }
}

impl From<&str> for Sample {
    fn from(word: &str) -> Self {
        Self::word(word)
    }
}

impl From<i64> for Sample {
    fn from(number: i64) -> Self {
        Self::Scalar(Scalar::Int(number))
    }
}

impl From<bool> for Sample {
    fn from(value: bool) -> Self {
        Self::Scalar(Scalar::Bool(value))
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("..."),
            Self::Scalar(scalar) => f.write_str(&scalar.text()),
            Self::Reference(taken) => {
                write!(f, "{{ from: {} }}", taken.as_deref().unwrap_or("..."))
            }
            Self::List(items) => {
                f.write_str("[")?;
                for (position, item) in items.iter().enumerate() {
                    let comma = if position > 0 { ", " } else { "" };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{ ")?;
                for (position, (key, value)) in entries.iter().enumerate() {
                    let comma = if position > 0 { ", " } else { "" };
                    write!(f, "{comma}{key}: {value}")?;
                }
                f.write_str(" }")
            }
        }
    }
}
