//! Text to a spanned tree, and back.

pub mod write;
