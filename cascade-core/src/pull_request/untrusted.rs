//! Text that anybody may have written.

use crate::markdown;
use serde::{Deserialize, Deserializer, Serialize};

/// The most characters that are kept of a text.
const LONGEST: usize = 300;

/// Text that anybody may have written: short, in one line, and without characters that cannot be
/// seen or that turn around what follows.
///
/// It can be shown as Markdown that marks up nothing, and in no other way: it never becomes a path, an
/// argument or a part of an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Cleans a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let visible = text.chars().filter(|each| !is_invisible(*each));
        let line: String = visible
            .map(|each| if each.is_control() { ' ' } else { each })
            .collect();
        let line = line.trim();
        if line.chars().count() <= LONGEST {
            return Self(line.to_owned());
        }
        let mut short: String = line.chars().take(LONGEST - 1).collect();
        short.push('…');
        Self(short)
    }

    /// Returns the text as Markdown that renders as that text.
    #[must_use]
    pub fn plain(&self) -> String {
        markdown::plain(&self.0)
    }

    /// Returns the same for the cell of a table.
    #[must_use]
    pub fn cell(&self) -> String {
        markdown::plain_cell(&self.0)
    }
}

impl<'de> Deserialize<'de> for Untrusted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

/// Returns true for characters without a shape of their own: marks of direction, joiners, and other
/// format characters.
///
/// Source: Unicode 16, UAX #9, "Directional Formatting Characters", and `General_Category=Cf`.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}
