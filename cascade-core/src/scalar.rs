//! A literal, however it was written.

/// A literal of a manifest, of Rust, or of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as it was written.
    Float(String),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The literal as text: what a field that wants text reads, however the author spelled it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(text) | Self::Text(text) => text.clone(),
        }
    }
}
