//! Links to what a summary is about.

use crate::commits::{is_hash, short};
use crate::lifecycle::Step;

/// The pages of a repository on GitHub; without one there are no links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    repository: Option<String>,
}

impl Links {
    /// Returns the pages of `owner/name` on a server.
    #[must_use]
    pub fn new(server: &str, repository: Option<&str>) -> Self {
        let repository = repository.map(|name| format!("{server}/{}", encoded(name)));
        Self { repository }
    }

    /// Returns a link to a commit.
    #[must_use]
    pub fn commit(&self, sha: &str) -> Option<(String, String)> {
        let repository = self.repository.as_ref().filter(|_| is_hash(sha))?;
        let text = format!("Commit {}", short(sha));
        Some((text, format!("{repository}/commit/{sha}")))
    }

    /// Returns a link to the changes that a place gets.
    #[must_use]
    pub fn changes(
        &self,
        place: &str,
        (from, to): (Option<&str>, &str),
    ) -> Option<(String, String)> {
        let from = from.filter(|from| is_hash(from) && is_hash(to) && *from != to)?;
        let repository = self.repository.as_ref()?;
        let text = format!("Changes in {place}");
        Some((text, format!("{repository}/compare/{from}...{to}")))
    }

    /// Returns the link to what a step brings: the changes, or the commit if nothing was there.
    #[must_use]
    pub fn of(&self, step: &Step) -> Option<(String, String)> {
        let held = step.base.sha.as_deref();
        self.changes(&step.environment, (held, &step.sha))
            .or_else(|| self.commit(&step.sha))
    }

    /// Returns a link to a release.
    #[must_use]
    pub fn release(&self, tag: &str) -> Option<(String, String)> {
        let repository = self.repository.as_ref()?;
        let address = format!("{repository}/releases/tag/{}", encoded(tag));
        Some((format!("Release {tag}"), address))
    }

    /// Returns a link to the runs of a workflow, by the name of its file.
    #[must_use]
    pub fn runs(&self, workflow: &str) -> Option<(String, String)> {
        let repository = self.repository.as_ref()?;
        let address = format!("{repository}/actions/workflows/{}", encoded(workflow));
        Some((format!("Runs of {workflow}"), address))
    }
}

/// Text as a part of a path (RFC 3986, section 2.3); slashes stay.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
