//! Inputs of dispatches and of calls.

use crate::actions::value::{Inner, Value};

/// The type of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::actions) enum Kind {
    String,
    Boolean,
    Number,
    Environment,
    Choice(Vec<String>),
}

impl Kind {
    pub(in crate::actions) const fn name(&self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Environment => "environment",
            Self::Choice(_) => "choice",
        }
    }

    fn takes(&self, value: &Value) -> bool {
        match (self, &value.0) {
            (Self::Boolean, Inner::Bool(_))
            | (Self::Number, Inner::Number(_))
            | (Self::String | Self::Environment, Inner::Text(_)) => true,
            (Self::Choice(options), Inner::Text(text)) => options.contains(text),
            _ => false,
        }
    }
}

/// An input of `workflow_dispatch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub(in crate::actions) kind: Kind,
    pub(in crate::actions) required: bool,
    pub(in crate::actions) default: Option<Value>,
    pub(in crate::actions) description: Option<String>,
}

/// An input of `workflow_call`: text, a boolean or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInput(pub(in crate::actions) Input);

impl Input {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            required: false,
            default: None,
            description: None,
        }
    }

    /// Text.
    #[must_use]
    pub const fn string() -> Self {
        Self::new(Kind::String)
    }

    /// A checkbox.
    #[must_use]
    pub const fn boolean() -> Self {
        Self::new(Kind::Boolean)
    }

    /// A number.
    #[must_use]
    pub const fn number() -> Self {
        Self::new(Kind::Number)
    }

    /// One of the repository's environments.
    #[must_use]
    pub const fn environment() -> Self {
        Self::new(Kind::Environment)
    }

    /// One of `options`.
    #[must_use]
    pub fn choice<T: Into<String>>(options: impl IntoIterator<Item = T>) -> Self {
        Self::new(Kind::Choice(options.into_iter().map(Into::into).collect()))
    }

    /// Must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the default: the value if none is given; of the input's own type.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// Sets the description that the form shows.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    pub(in crate::actions) fn default_fits(&self) -> bool {
        self.default
            .as_ref()
            .is_none_or(|value| self.kind.takes(value))
    }
}

impl CallInput {
    /// Text.
    #[must_use]
    pub const fn string() -> Self {
        Self(Input::string())
    }

    /// A boolean.
    #[must_use]
    pub const fn boolean() -> Self {
        Self(Input::boolean())
    }

    /// A number.
    #[must_use]
    pub const fn number() -> Self {
        Self(Input::number())
    }

    /// Must be passed.
    #[must_use]
    pub fn required(self) -> Self {
        Self(self.0.required())
    }

    /// Sets the default: the value if none is passed; of the input's own type.
    #[must_use]
    pub fn default(self, value: impl Into<Value>) -> Self {
        Self(self.0.default(value))
    }

    /// Sets the description for callers.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        Self(self.0.description(text))
    }
}
