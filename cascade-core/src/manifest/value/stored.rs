//! Values that GitHub keeps for a repository.

use crate::expression::{Context, Expression, Template};
use crate::finding::rules;
use crate::manifest::SecretName;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// A secret or a variable of the repository, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// A secret.
    Secret(SecretName),
    /// A configuration variable.
    Variable(SecretName),
}

impl Stored {
    /// Returns its name.
    #[must_use]
    pub const fn name(&self) -> &SecretName {
        match self {
            Self::Secret(name) | Self::Variable(name) => name,
        }
    }

    /// Returns the name of the secret, if it is one.
    #[must_use]
    pub const fn secret(&self) -> Option<&SecretName> {
        match self {
            Self::Secret(name) => Some(name),
            Self::Variable(_) => None,
        }
    }
}

impl Leaf for Stored {
    const SHAPE: Shape = Shape::Text {
        what: "the name of a secret, or an expression of a secret or variable",
        pattern: None,
    };
}

impl FromStr for Stored {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if !text.starts_with("${{") {
            return SecretName::from_str(text).map(Self::Secret);
        }
        let template = Template::parse(text).ok();
        let expression = template.as_ref().and_then(Template::whole);
        match expression.and_then(Expression::property) {
            Some((context, name)) => match Context::named(context) {
                Some(Context::Secrets) => SecretName::from_str(name).map(Self::Secret),
                Some(Context::Vars) => SecretName::from_str(name).map(Self::Variable),
                _ => Err(not_stored(text)),
            },
            None => Err(not_stored(text)),
        }
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)
    }
}

fn not_stored(text: &str) -> Problem {
    let message = message!("{} is not a secret or a variable", value = text);
    Problem::new(&rules::INVALID_EXPRESSION, message).help(message!(
        "write the name of a secret, {} or {}",
        value = "${{ secrets.NAME }}",
        value = "${{ vars.NAME }}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_a_secret() {
        let name = || SecretName::from_str("APP").unwrap();
        for (text, stored) in [
            ("APP", Stored::Secret(name())),
            ("${{ secrets.APP }}", Stored::Secret(name())),
            ("${{secrets['APP']}}", Stored::Secret(name())),
            (" ${{ vars.APP }} ", Stored::Variable(name())),
        ] {
            assert_eq!(Stored::from_str(text).unwrap(), stored, "{text}");
        }
        for text in [
            "${{ env.APP }}",
            "${{ vars.A || vars.B }}",
            "${{ vars.APP",
            "1234",
        ] {
            assert!(Stored::from_str(text).is_err(), "{text}");
        }
    }
}
