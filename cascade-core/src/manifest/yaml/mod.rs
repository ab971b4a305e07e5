//! Text to one spanned tree, and back.
//!
//! | module | what lives there |
//! |---|---|
//! | `decode` | bytes to text: size, UTF-8, control characters |
//! | `build` | parser events to a [`Tree`], with every limit checked as events arrive |
//! | `merge` | `<<` |
//! | `scalar` | what a plain scalar means (YAML 1.2 core schema) |
//! | `tree`, `document` | the tree, and the text it came from |
//! | `locate` | key path to span |
//! | `manifest` | the body of a manifest: `config`, `state`, `latest_release` |
//! | [`splice`] | replacing the managed sections, byte for byte |
//! | [`mod@write`] | the emitter |

mod build;
mod decode;
mod document;
mod error;
#[cfg(feature = "runtime")]
mod locate;
#[cfg(feature = "runtime")]
mod manifest;
mod merge;
mod scalar;
mod span;
#[cfg(feature = "runtime")]
pub mod splice;
mod tree;
#[cfg(feature = "runtime")]
pub mod write;

#[cfg(test)]
#[cfg(feature = "runtime")]
mod tests;

pub use document::{Document, View};
pub use error::{Note, ReadError};
#[cfg(feature = "runtime")]
pub use manifest::{BodyKey, Manifest};
pub use span::{Lines, Position, Span};
pub use tree::{Entry, Item, Kind, Style, Tree};

/// Reads one YAML document.
///
/// # Errors
/// Everything that is wrong with the text: all duplicate keys and bad merges at once, or the one
/// problem that stopped the parser.
pub fn read(bytes: &[u8]) -> Result<Document, Vec<ReadError>> {
    let text = decode::decode(bytes).map_err(|error| vec![error])?;
    let tree = build::build(&text)?;
    Ok(Document::new(text, tree))
}
