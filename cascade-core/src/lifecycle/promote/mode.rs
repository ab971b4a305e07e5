//! The mode of a promotion: the artifacts that it moves.

use crate::finding::suggest;
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::pipeline::Component;
use std::fmt;

/// The mode of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mode {
    /// Every place by one step.
    #[default]
    Default,
    /// The artifact of one place, through every place up to another one.
    Jump {
        /// From here.
        from: Place,
        /// Up to here.
        to: Place,
    },
}

impl Mode {
    /// Returns the mode of this name in the promotion order of a component.
    ///
    /// # Errors
    /// What is wrong with the name, with the names that are not.
    pub fn parse(text: &str, component: &Component) -> Result<Self, String> {
        if text.is_empty() || text == "default" {
            return Ok(Self::Default);
        }
        let modes = Self::jumps(component);
        let found = modes.iter().find(|mode| mode.to_string() == text).cloned();
        found.ok_or_else(|| {
            let names: Vec<String> = modes.iter().map(ToString::to_string).collect();
            let names = std::iter::once("default").chain(names.iter().map(String::as_str));
            let help = suggest::among(text, names, "the modes are");
            format!("there is no mode `{text}`; {help}")
        })
    }

    /// Returns every jump of a component.
    #[must_use]
    pub fn jumps(component: &Component) -> Vec<Self> {
        let places = promotion_order(component);
        let mut jumps = Vec::new();
        for (index, from) in places.iter().enumerate() {
            for to in &places[index + 1..] {
                if matches!(to, Place::Environment(_)) {
                    let (from, to) = (from.clone(), to.clone());
                    jumps.push(Self::Jump { from, to });
                }
            }
        }
        jumps
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Jump { from, to } => write!(f, "{from}-to-{to}"),
        }
    }
}
