//! Third-party actions, and their pins.

use super::context::Context;
use crate::actions::ActionRef;
use crate::manifest::PinMode;

/// The actions that generated files use: name, commit, version.
const ACTIONS: &[(&str, &str, &str)] = &[
    (
        "actions/checkout",
        "3d3c42e5aac5ba805825da76410c181273ba90b1",
        "v7.0.1",
    ),
    (
        "actions/create-github-app-token",
        "1b10c78c7865c340bc4f6099eb2f838309f1e8c3",
        "v3.1.1",
    ),
    (
        "actions/download-artifact",
        "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
        "v8.0.1",
    ),
    (
        "actions/upload-artifact",
        "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
        "v7.0.0",
    ),
];

impl Context<'_> {
    /// A third-party action, pinned as the manifest says.
    pub(super) fn action(&self, name: &str) -> ActionRef {
        if let Some(pin) = self.settings.action_pins.get(name) {
            return ActionRef::at(name, pin.as_str());
        }
        let known = ACTIONS.iter().find(|(action, ..)| *action == name);
        let (_, sha, version) = known.copied().unwrap_or((name, "", ""));
        match self.settings.pin_mode {
            PinMode::Sha => ActionRef::pinned(name, sha, version),
            PinMode::Tag => ActionRef::at(name, version),
        }
    }
}
