//! The sources of workflow files.

use std::collections::BTreeMap;

/// The workflow files of a repository.
pub trait WorkflowSource {
    /// The content of the file at `path`, relative to the root of the repository; `None` if there
    /// is no such file.
    ///
    /// # Errors
    /// What kept an existing file from being read.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// The paths of the workflow files that are known, for suggestions.
    fn list(&self) -> Vec<String>;
}

/// Workflow files in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemorySource(BTreeMap<String, Vec<u8>>);

impl MemorySource {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.0.insert(path.into(), content.into());
        self
    }
}

impl<P: Into<String>, C: Into<Vec<u8>>> FromIterator<(P, C)> for MemorySource {
    fn from_iter<I: IntoIterator<Item = (P, C)>>(files: I) -> Self {
        let file = |(path, content): (P, C)| (path.into(), content.into());
        Self(files.into_iter().map(file).collect())
    }
}

impl WorkflowSource for MemorySource {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.get(path).cloned())
    }

    fn list(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}
