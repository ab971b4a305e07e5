//! Editing `config.action_pins` in the text of a manifest.

use super::layout::{Change, Layout};
use super::{Edit, SpliceError, apply, configure};
use crate::manifest::Pin;
use crate::manifest::draft::Node;
use crate::manifest::yaml::Manifest;
use crate::manifest::yaml::write::scalar;
use std::collections::BTreeMap;

const KEY: &str = "action_pins";

/// Returns the `text` of a manifest that pins these actions so; pins of other actions, comments and
/// the order stay.
///
/// # Errors
/// The manifest cannot be read, or cannot be edited without touching anything else.
pub fn set_action_pins(
    text: &str,
    key: &str,
    pins: &BTreeMap<String, Pin>,
) -> Result<String, SpliceError> {
    let mut text = text.to_owned();
    for (action, pin) in pins {
        text = set(&text, key, (action, &scalar(pin.as_str())))?;
    }
    Ok(text)
}

fn set(text: &str, key: &str, (action, pin): (&str, &str)) -> Result<String, SpliceError> {
    let manifest = Manifest::read(text.as_bytes(), key).map_err(SpliceError::Read)?;
    let mut pins = written(&manifest);
    if pins.is_empty() {
        return configure(text, key, KEY, Edit::Set(&format!("{action}: {pin}")));
    }
    let path = [key, "config", KEY];
    if Layout::new(&manifest, &path).is_ok() {
        let change = Change {
            key: action,
            edit: Edit::Set(pin),
            after: &[],
        };
        return apply(&manifest, &path, &[change]);
    }
    // A block in flow style has no line for a key: it is written anew.
    match pins.iter_mut().find(|(name, _)| name == action) {
        Some((_, old)) => pin.clone_into(old),
        None => pins.push((action.to_owned(), pin.to_owned())),
    }
    let lines = pins.iter().map(|(name, pin)| format!("{name}: {pin}\n"));
    configure(text, key, KEY, Edit::Set(&lines.collect::<String>()))
}

/// The pins that are there, in their order.
fn written(manifest: &Manifest) -> Vec<(String, String)> {
    let pins = manifest.config().get(KEY);
    let Some(Node::Map(pins)) = pins else {
        return Vec::new();
    };
    let pin = |(name, value): (&String, &Node)| match value {
        Node::Scalar(value) => Some((name.clone(), scalar(&value.text()))),
        _ => None,
    };
    pins.iter().filter_map(pin).collect()
}
