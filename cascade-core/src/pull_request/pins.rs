//! Bumps of pinned actions in generated files.

use super::{Bounded, Kind, Report, Untrusted};
use crate::check::ACTIONS;
use crate::manifest::Pin;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The pins that a pull request brings, and the pipeline does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// The pins that can be adopted.
    pub bumps: Bounded<Bump>,
    /// The reasons why others cannot be.
    pub refused: Bounded<Untrusted>,
}

/// A new pin of an action.
///
/// It can be made of nothing else than an action that generated workflows use and a pin of such a form
/// as they have, so nothing that a report says can become another action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bump {
    action: String,
    pin: Pin,
}

impl Bump {
    /// Returns the bump of an action; `None` if generated workflows do not use it, or the pin is a
    /// branch.
    #[must_use]
    pub fn new(action: &str, pin: &Pin) -> Option<Self> {
        let fits = pin.is_commit() || is_version(pin.reference());
        (ACTIONS.contains(&action) && fits).then(|| Self {
            action: action.to_owned(),
            pin: pin.clone(),
        })
    }
}

/// Returns true for the tag of a version: `v7`, `v7.0.1`, `7.0.1`. Digits alone may be a part of a hash.
#[must_use]
pub fn is_version(tag: &str) -> bool {
    let numbers = tag.strip_prefix('v').unwrap_or(tag);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = numbers.split('.').count();
    let least = if tag.starts_with('v') { 1 } else { 2 };
    tag.len() <= 64 && (least..=3).contains(&parts) && numbers.split('.').all(digits)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    action: String,
    pin: String,
}

impl Serialize for Bump {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            action: self.action.clone(),
            pin: self.pin.to_string(),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bump {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let pin = written.pin.parse::<Pin>().ok();
        let bump = pin.and_then(|pin| Self::new(&written.action, &pin));
        bump.ok_or_else(|| D::Error::custom("no pin of an action in use"))
    }
}

impl Pins {
    /// Returns the new pins by action.
    #[must_use]
    pub fn by_action(&self) -> BTreeMap<String, Pin> {
        let bumps = self.bumps.items().iter();
        bumps
            .map(|bump| (bump.action.clone(), bump.pin.clone()))
            .collect()
    }
}

impl Report for Pins {
    const KIND: Kind = Kind::Pins;

    fn is_clean(&self) -> bool {
        self.bumps.is_empty() && self.refused.is_empty()
    }

    fn markdown(&self) -> String {
        if self.is_clean() {
            return "### Pins of actions: nothing to adopt\n\nThe generated files pin actions as the pipeline does.\n".to_owned();
        }
        let mut text = "### Pins of actions\n\n".to_owned();
        if !self.bumps.is_empty() {
            text.push_str("| action | pin |\n|---|---|\n");
        }
        for Bump { action, pin } in self.bumps.items() {
            text.push_str(&format!("| `{action}` | `{pin}` |\n"));
        }
        for why in self.refused.items() {
            text.push_str(&format!("\n- {}\n", why.plain()));
        }
        text
    }
}
