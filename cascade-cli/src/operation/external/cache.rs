//! Answers of producers that are asked again: whether they changed is a small question.

use crate::cli::staged;
use cascade_core::lifecycle::external::Tagged;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// More tags than these are asked for each time.
const MOST: usize = 20_000;

/// A folder of answers, or nowhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cache(Option<PathBuf>);

/// An answer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) repository: String,
    pub(super) prefix: String,
    /// GitHub's name of the answer.
    pub(super) etag: String,
    pub(super) tags: Vec<Tagged>,
}

/// Keeps the tags of an answer while it is read.
#[derive(Debug)]
pub(super) struct Recorder {
    tags: Option<Vec<Tagged>>,
    prefix: String,
}

impl Recorder {
    pub(super) fn see(&mut self, name: &str, object: &str, annotated: bool) {
        let digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        let Some(tags) = &mut self.tags else { return };
        if !name.strip_prefix(&self.prefix).is_some_and(digit) {
            return;
        }
        if tags.len() == MOST {
            self.tags = None;
            return;
        }
        tags.push(Tagged {
            name: name.to_owned(),
            object: object.to_owned(),
            annotated,
        });
    }
}

impl Cache {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self(folder)
    }

    fn file(&self, repository: &str, prefix: &str) -> Option<PathBuf> {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        let name: String = format!("{repository}-{prefix}")
            .chars()
            .map(plain)
            .collect();
        Some(self.0.as_ref()?.join(format!("{name}.json")))
    }

    /// Reads what is known of a producer; an unreadable file counts as none.
    pub(super) fn read(&self, repository: &str, prefix: &str) -> Option<Known> {
        let bytes = std::fs::read(self.file(repository, prefix)?).ok()?;
        let known: Known = serde_json::from_slice(&bytes).ok()?;
        (known.repository == repository && known.prefix == prefix).then_some(known)
    }

    pub(super) fn recorder(&self, prefix: &str) -> Recorder {
        Recorder {
            tags: self.0.as_ref().map(|_| Vec::new()),
            prefix: prefix.to_owned(),
        }
    }

    /// Remembers an answer; where that fails, the next question is a larger one.
    pub(super) fn write(
        &self,
        repository: &str,
        prefix: &str,
        etag: Option<String>,
        shown: Recorder,
    ) {
        let (Some(file), Some(etag), Some(tags)) =
            (self.file(repository, prefix), etag, shown.tags)
        else {
            return;
        };
        let known = Known {
            repository: repository.to_owned(),
            prefix: prefix.to_owned(),
            etag,
            tags,
        };
        // What cannot be kept is asked for again.
        if let Ok(bytes) = serde_json::to_vec(&known) {
            let _ = staged::whole(&file, &bytes);
        }
    }
}
