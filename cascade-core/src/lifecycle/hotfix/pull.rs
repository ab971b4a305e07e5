//! The pull requests of hotfixes.

use crate::commits::is_hash;
use serde::{Deserialize, Serialize};

/// The label of a hotfix's pull request.
pub const LABEL: &str = "cascade-hotfix";
/// The label of one that somebody must finish.
pub const CONFLICT: &str = "cascade-hotfix-conflict";

const OPENING: &str = "<!-- cascade-hotfix ";
const CLOSING: &str = " -->";

/// The progress of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is open.
    Open,
    /// It was merged by this commit.
    Merged(String),
    /// It was closed without being merged.
    Closed,
}

/// A pull request into the branch of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// The environment.
    pub environment: String,
    /// The branch that it merges.
    pub head: String,
    /// The commit of that branch.
    pub head_sha: String,
    /// The account that opened it.
    pub author: String,
    /// True if it has the label of a conflict.
    pub conflict: bool,
    /// Its progress.
    pub progress: Progress,
    /// The note that cascade left in its text.
    pub note: Note,
}

/// A note that cascade leaves in the text of a pull request, for the run that follows its merge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Note {
    /// The commits on trunk that it brings.
    pub commits: Vec<String>,
    /// The commit with conflicts in it, which nobody may deploy as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
}

impl Note {
    /// The note as it stands in the text: a comment that nobody sees.
    #[must_use]
    pub fn written(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{OPENING}{json}{CLOSING}")
    }

    /// The note of a text that people may have edited; without a legible one it is empty.
    ///
    /// Only what looks like a commit is kept: the text is anybody's.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let inner = text
            .split_once(OPENING)
            .and_then(|(_, rest)| Some(rest.split_once(CLOSING)?.0));
        let note = inner.and_then(|inner| serde_json::from_str::<Self>(inner).ok());
        let mut note = note.unwrap_or_default();
        note.commits.retain(|commit| is_hash(commit));
        note.conflict = note.conflict.filter(|commit| is_hash(commit));
        note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_from_edited_text() {
        let note = Note {
            commits: vec!["a".repeat(40)],
            conflict: Some("b".repeat(40)),
        };
        let text = format!("People write\n\n{}\n\nwhat they like -->", note.written());
        assert_eq!(Note::read(&text), note);
        for hostile in [
            "",
            "<!-- cascade-hotfix ",
            "<!-- cascade-hotfix {} -->",
            "<!-- cascade-hotfix {\"commits\":\"$(id)\"} -->",
            "<!-- cascade-hotfix {\"commits\":[\"--force\",\"HEAD\",\"$(id)\"]} -->",
        ] {
            assert_eq!(Note::read(hostile), Note::default(), "{hostile}");
        }
    }
}
