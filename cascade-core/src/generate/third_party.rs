//! Third-party actions, and their pins.

use super::context::Context;
use crate::actions::ActionRef;
use crate::manifest::{Pin, PinMode};

/// The actions that generated files use: name, commit, version.
const ACTIONS: &[(&str, &str, &str)] = &[
    (
        "actions/checkout",
        "3d3c42e5aac5ba805825da76410c181273ba90b1",
        "v7.0.1",
    ),
    (
        "actions/configure-pages",
        "983d7736d9b0ae728b81ab479565c72886d7745b",
        "v5.0.0",
    ),
    (
        "actions/create-github-app-token",
        "1b10c78c7865c340bc4f6099eb2f838309f1e8c3",
        "v3.1.1",
    ),
    (
        "actions/deploy-pages",
        "d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e",
        "v4.0.5",
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
    (
        "actions/upload-pages-artifact",
        "7b1f4a764d45c48632c6b24a0339c27f5614fb0b",
        "v4.0.0",
    ),
];

/// The action that mints tokens of Apps.
pub(super) const APP_TOKEN: &str = "actions/create-github-app-token";

impl Context<'_> {
    /// The input of [`APP_TOKEN`] for the App's id, which may be its client id or its number.
    ///
    /// Source: the action's release notes: `app-id` is deprecated since version 3.1.0, in which
    /// `client-id` is new.
    pub(super) fn app_id_input(&self) -> &'static str {
        let pin = self.settings.action_pins.get(APP_TOKEN);
        let before = |pin: &Pin| is_before(pin.version().unwrap_or(pin.reference()), (3, 1));
        match pin.is_some_and(before) {
            true => "app-id",
            false => "client-id",
        }
    }

    /// A third-party action, pinned as the manifest says.
    pub(super) fn action(&self, name: &str) -> ActionRef {
        if let Some(pin) = self.settings.action_pins.get(name) {
            return match pin.version() {
                Some(version) => ActionRef::pinned(name, pin.reference(), version),
                None => ActionRef::at(name, pin.reference()),
            };
        }
        let known = ACTIONS.iter().find(|(action, ..)| *action == name);
        let (_, sha, version) = known.copied().unwrap_or((name, "", ""));
        match self.settings.pin_mode {
            PinMode::Sha => ActionRef::pinned(name, sha, version),
            PinMode::Tag => ActionRef::at(name, version),
        }
    }
}

/// Returns true if a pin is a tag of a version before `major.minor`; a tag without a minor version
/// moves with the newest one.
fn is_before(pin: &str, version: (u64, u64)) -> bool {
    let Some(numbers) = pin.strip_prefix('v') else {
        return false;
    };
    let mut numbers = numbers.split('.').map(|number| number.parse().ok());
    let Some(Some(major)) = numbers.next() else {
        return false;
    };
    let minor = numbers.next().map_or(Some(u64::MAX), |minor| minor);
    minor.is_some_and(|minor| (major, minor) < version)
}

#[cfg(test)]
mod tests {
    use super::is_before;

    #[test]
    fn only_tags_tell_how_old_an_action_is() {
        for old in ["v1", "v2.2.1", "v3.0", "v3.0.0"] {
            assert!(is_before(old, (3, 1)), "{old}");
        }
        for new in [
            "v3",
            "v3.1.0",
            "v4",
            "v10.0",
            "main",
            "vx",
            "0123456789abcdef0123456789abcdef01234567",
        ] {
            assert!(!is_before(new, (3, 1)), "{new}");
        }
    }
}
