//! The environments above the first one that an operation accepts.

use crate::finding::suggest;
use crate::pipeline::Component;
use std::fmt;

/// The reason why an environment cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ineligible {
    /// No environment is named.
    Unnamed,
    /// There is no such environment.
    Unknown {
        /// The name that was asked for.
        asked: String,
        /// Advice on what to do next.
        help: String,
    },
    /// It is the first one, which trunk itself reaches.
    First(String),
}

/// Refuses all but environments above the first one.
pub(super) fn above_first(component: &Component, name: &str) -> Result<(), Ineligible> {
    if name.is_empty() {
        return Err(Ineligible::Unnamed);
    }
    let names = || {
        component
            .environments
            .iter()
            .map(|environment| environment.name.as_str())
    };
    if !names().any(|known| known == name) {
        let help = suggest::among(name, names(), "the environments are").to_string();
        let asked = shown(name);
        return Err(Ineligible::Unknown { asked, help });
    }
    match names().next() == Some(name) {
        true => Err(Ineligible::First(name.to_owned())),
        false => Ok(()),
    }
}

/// Text of a payload as a message may show it.
pub(super) fn shown(text: &str) -> String {
    let plain = text.chars().map(|character| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    });
    plain.take(60).collect()
}

impl fmt::Display for Ineligible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => f.write_str("no environment is given"),
            Self::Unknown { asked, help } => {
                write!(f, "there is no environment `{asked}`; {help}")
            }
            Self::First(name) => write!(f, "{name} is the first environment"),
        }
    }
}
