//! Types of inputs.

/// The type of a reusable workflow's input.
///
/// Source: GitHub's workflow syntax, `on.workflow_call.inputs.<input_id>.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
}

impl std::fmt::Display for InputType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
        })
    }
}
