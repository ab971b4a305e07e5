//! Pins of third-party actions in generated files: those that the pipeline gives, and those that a bot
//! wrote over them.

use super::File;
use crate::check::ACTIONS;
use crate::manifest::Pin;
use crate::pull_request::is_version;
use std::collections::BTreeMap;

/// The pins that a bot wrote into generated files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bumps {
    /// The actions with their new pins.
    pub adoptable: BTreeMap<String, Pin>,
    /// The actions whose pins cannot be adopted, each with the reason.
    pub refused: BTreeMap<String, &'static str>,
}

impl Bumps {
    /// Compares generated files with their texts on disk; a file that is not there says nothing.
    pub fn find(generated: &[File], found: impl Fn(&str) -> Option<String>) -> Self {
        let mut bumps = Self::default();
        let current: BTreeMap<&str, Pin> = generated
            .iter()
            .flat_map(|file| file.text.lines().filter_map(used))
            .collect();
        let texts = generated.iter().filter_map(|file| found(&file.path));
        for text in texts {
            for (action, pin) in text.lines().filter_map(used) {
                if let Some(old) = current.get(action).filter(|old| **old != pin) {
                    bumps.note(action, old, pin);
                }
            }
        }
        let refused = &bumps.refused;
        bumps
            .adoptable
            .retain(|action, _| !refused.contains_key(action));
        bumps
    }

    fn note(&mut self, action: &str, old: &Pin, new: Pin) {
        let earlier = self.adoptable.get(action);
        let refusal = match earlier {
            _ if old.is_commit() && !new.is_commit() => "a commit would become what can move",
            _ if !new.is_commit() && !is_version(new.reference()) => {
                "it is neither a full commit nor the tag of a version"
            }
            Some(earlier) if *earlier != new => "files have different pins of it",
            _ => {
                self.adoptable.insert(action.to_owned(), new);
                return;
            }
        };
        self.refused.insert(action.to_owned(), refusal);
    }
}

/// Reads a line that uses one of the actions that generated workflows use.
fn used(line: &str) -> Option<(&'static str, Pin)> {
    let line = line.trim().trim_start_matches("- ");
    let (action, pin) = line.strip_prefix("uses: ")?.split_once('@')?;
    let action = ACTIONS.iter().find(|each| **each == action)?;
    Some((action, pin.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
    const NEW: &str = "0123456789abcdef0123456789abcdef01234567 # v7.0.2";

    fn file(path: &str, pin: &str) -> File {
        File {
            path: path.to_owned(),
            text: format!(
                "steps:\n  - name: x\n    uses: actions/checkout@{pin}\n  - uses: acme/x@v1\n"
            ),
        }
    }

    fn bumped(old: &str, new: &[&str]) -> Bumps {
        let generated = [file("a", old), file("b", old)];
        let found = new.iter().zip(["a", "b"]);
        let found: Vec<File> = found.map(|(pin, path)| file(path, pin)).collect();
        let text = |path: &str| {
            let found = found.iter().find(|file| file.path == path)?;
            Some(found.text.clone())
        };
        Bumps::find(&generated, text)
    }

    #[test]
    fn a_bump_is_adopted_with_its_version() {
        let bumps = bumped(OLD, &[NEW, NEW]);
        assert_eq!(bumps.adoptable["actions/checkout"].as_str(), NEW);
        assert!(bumps.refused.is_empty());
        let bumps = bumped(OLD, &[OLD, NEW]);
        assert_eq!(
            bumps.adoptable.len(),
            1,
            "a bot may have changed one file only"
        );
        assert_eq!(bumped(OLD, &[OLD, OLD]), Bumps::default());
        let bumps = bumped("v7", &["v8.1", "v8.1"]);
        assert_eq!(bumps.adoptable["actions/checkout"].as_str(), "v8.1");
    }

    #[test]
    fn a_pin_never_becomes_weaker() {
        for (old, new, why) in [
            (OLD, "v8", "move"),
            (OLD, "main", "move"),
            (OLD, "0123456 # v8", ""),
            ("v7", "main", "neither"),
            ("v7", "refs/pull/1/merge", "neither"),
        ] {
            let bumps = bumped(old, &[new, new]);
            assert!(bumps.adoptable.is_empty(), "{new}");
            let refused = bumps.refused.get("actions/checkout");
            assert!(
                refused.is_none_or(|it| !why.is_empty() && it.contains(why)),
                "{new}"
            );
        }
        let other = "89abcdef0123456789abcdef0123456789abcdef # v7.0.3";
        let bumps = bumped(OLD, &[NEW, other]);
        assert_eq!(
            bumps.refused["actions/checkout"],
            "files have different pins of it"
        );
        assert!(bumps.adoptable.is_empty());
    }
}
