//! Functions that an expression may call.
//!
//! Source: GitHub, "Evaluate expressions in workflows and actions", "Functions" and "Status check
//! functions". `case` and the numbers of arguments are those of `@actions/expressions`.

use super::Context;
use std::fmt;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Function {
    Contains,
    StartsWith,
    EndsWith,
    Format,
    Join,
    ToJson,
    FromJson,
    Case,
    HashFiles,
    Success,
    Failure,
    Always,
    Cancelled,
}

/// The number of arguments that a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arity {
    least: usize,
    most: Option<usize>,
    odd: bool,
}

impl Function {
    /// Every function.
    pub const ALL: &[Self] = &[
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Format,
        Self::Join,
        Self::ToJson,
        Self::FromJson,
        Self::Case,
        Self::HashFiles,
        Self::Success,
        Self::Failure,
        Self::Always,
        Self::Cancelled,
    ];

    /// Returns the function that an expression calls `name`, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|function| function.name().eq_ignore_ascii_case(name))
            .copied()
    }

    /// Returns the name as GitHub's documentation writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Format => "format",
            Self::Join => "join",
            Self::ToJson => "toJSON",
            Self::FromJson => "fromJSON",
            Self::Case => "case",
            Self::HashFiles => "hashFiles",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Always => "always",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the family that GitHub offers in some places only, if the function is of one.
    #[must_use]
    pub const fn family(self) -> Option<Context> {
        match self {
            Self::Success | Self::Failure | Self::Always | Self::Cancelled => Some(Context::Status),
            Self::HashFiles => Some(Context::HashFiles),
            _ => None,
        }
    }

    pub(super) const fn arity(self) -> Arity {
        let (least, most) = match self {
            Self::Contains | Self::StartsWith | Self::EndsWith => (2, Some(2)),
            Self::Format | Self::HashFiles => (1, Some(255)),
            Self::Join => (1, Some(2)),
            Self::ToJson | Self::FromJson => (1, Some(1)),
            Self::Case => (3, None),
            Self::Success | Self::Failure | Self::Always | Self::Cancelled => (0, Some(0)),
        };
        let odd = matches!(self, Self::Case);
        Arity { least, most, odd }
    }
}

impl Arity {
    pub(super) fn allows(self, count: usize) -> bool {
        let few = count < self.least;
        let many = self.most.is_some_and(|most| count > most);
        !few && !many && (!self.odd || count % 2 == 1)
    }
}

impl fmt::Display for Arity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most, odd } = self;
        match most {
            Some(0) => f.write_str("no arguments"),
            Some(1) => f.write_str("1 argument"),
            Some(most) if most == least => write!(f, "{least} arguments"),
            Some(most) => write!(f, "{least} to {most} arguments"),
            None if *odd => write!(f, "an odd number of arguments, at least {least}"),
            None => write!(f, "at least {least} arguments"),
        }
    }
}
