//! Lists that cannot grow.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// The most items that a list keeps.
const MOST: usize = 50;

/// A list of at most fifty items, and the number of those that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounded<T> {
    items: Vec<T>,
    left_out: u32,
}

impl<T> Bounded<T> {
    /// Returns the items that are kept.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns true if there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the number of items, of those that were left out, too.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::from(self.left_out) + self.items.len() as u64
    }

    /// Returns a line about what was left out, if anything was.
    pub(super) fn rest(&self) -> String {
        match self.left_out {
            0 => String::new(),
            more => format!("\n… and {more} more.\n"),
        }
    }
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            left_out: 0,
        }
    }
}

impl<T> FromIterator<T> for Bounded<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let mut all = iter.into_iter();
        let items = all.by_ref().take(MOST).collect();
        let left_out = u32::try_from(all.count()).unwrap_or(u32::MAX);
        Self { items, left_out }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Read<T> {
            items: Vec<T>,
            left_out: u32,
        }
        let Read { items, left_out } = Read::deserialize(deserializer)?;
        if items.len() > MOST {
            return Err(D::Error::custom("a list is too long"));
        }
        Ok(Self { items, left_out })
    }
}
