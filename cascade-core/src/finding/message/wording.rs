//! Messages in tables.

use super::Message;
use std::fmt;

/// A message that a constant holds: it is made when it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Wording(fn() -> Message);

impl Wording {
    /// A wording that `make` puts into parts.
    #[must_use]
    pub const fn new(make: fn() -> Message) -> Self {
        Self(make)
    }

    /// Returns the message.
    #[must_use]
    pub fn message(self) -> Message {
        (self.0)()
    }
}

impl PartialEq for Wording {
    fn eq(&self, other: &Self) -> bool {
        self.message() == other.message()
    }
}

impl Eq for Wording {}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}
