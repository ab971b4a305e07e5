//! Matching of changed files with patterns, in the grammar of GitHub's `paths` filter.
//!
//! | in a pattern | matches |
//! |---|---|
//! | `*` | any characters but `/` |
//! | `**` | any characters; `**/` also nothing at all |
//! | `?` | the preceding character, once or not at all |
//! | `+` | the preceding character, once or more |
//! | `[a-z]` | one of these characters |
//! | `\` | the next character as it is |
//! | leading `!` | takes files out that an earlier pattern took in |

mod hopeless;
mod matcher;
mod parse;
mod pattern;

#[cfg(test)]
mod tests;

pub use hopeless::{Hopeless, hopeless};
pub use parse::PatternError;
pub use pattern::{Pattern, Patterns};
