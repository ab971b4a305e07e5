//! The parts of a pin.

use super::{CommitHash, Pin};

impl Pin {
    /// Returns the commit, tag or branch.
    #[must_use]
    pub fn reference(&self) -> &str {
        let text = self.as_str();
        text.split_once(SEPARATOR)
            .map_or(text, |(commit, _)| commit)
    }

    /// Returns the version that stands behind a commit.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.as_str()
            .split_once(SEPARATOR)
            .map(|(_, version)| version)
    }

    /// Returns true if it is a commit, which never moves.
    #[must_use]
    pub fn is_commit(&self) -> bool {
        is_commit(self.reference())
    }
}

/// The text between a commit and its version, as in a line of a workflow.
const SEPARATOR: &str = " # ";

/// Returns a text as a reference: without a version, or a commit with one.
pub(super) fn parts(text: &str) -> Option<&str> {
    match text.split_once(SEPARATOR) {
        None => Some(text),
        Some((commit, version)) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
            let is_version = (1..=64).contains(&version.len()) && version.chars().all(plain);
            (is_commit(commit) && is_version).then_some(commit)
        }
    }
}

fn is_commit(text: &str) -> bool {
    text.parse::<CommitHash>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_may_have_its_version_beside_it() {
        let commit = "3d3c42e5aac5ba805825da76410c181273ba90b1";
        let pin: Pin = format!("{commit} # v7.0.1").parse().unwrap();
        assert_eq!((pin.reference(), pin.version()), (commit, Some("v7.0.1")));
        assert!(pin.is_commit());
        let pin: Pin = "v7".parse().unwrap();
        assert_eq!((pin.reference(), pin.version()), ("v7", None));
        assert!(!pin.is_commit());
        for wrong in [
            "v7 # v7.0.1",
            &format!("{commit} # "),
            &format!("{commit} # a b"),
            &format!("{commit} # v1\nrun: x"),
            &format!("{commit} # ${{{{ x }}}}"),
            &format!("{commit} v7"),
        ] {
            assert!(wrong.parse::<Pin>().is_err(), "{wrong}");
        }
    }
}
