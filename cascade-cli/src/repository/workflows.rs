//! The workflow files of a repository, and nothing else of it.

use super::WORKFLOWS;
use cascade_core::contract::WorkflowSource;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// The files below `.github/workflows`. Links that lead elsewhere are refused: what a workflow
/// declares must not depend on the machine that reads it.
#[derive(Debug)]
pub(crate) struct WorkflowFiles {
    root: PathBuf,
}

impl WorkflowFiles {
    /// The workflow files of the repository at `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    fn folder(&self) -> PathBuf {
        self.root.join(WORKFLOWS)
    }
}

impl WorkflowSource for WorkflowFiles {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        let relative = Path::new(path);
        if !relative.components().all(plain) || !relative.starts_with(WORKFLOWS) {
            return Err(format!("it is not below `{WORKFLOWS}`"));
        }
        let full = self.root.join(relative);
        if full.symlink_metadata().is_err() {
            return Ok(None);
        }
        let real = fs::canonicalize(&full).map_err(|error| match error.kind() {
            ErrorKind::NotFound => "it is a symbolic link to nothing".to_owned(),
            _ => error.to_string(),
        })?;
        let inside =
            fs::canonicalize(&self.root).is_ok_and(|root| real.starts_with(root.join(WORKFLOWS)));
        if !inside {
            return Err(format!("it is a symbolic link out of `{WORKFLOWS}`"));
        }
        if !real.is_file() {
            return Err("it is not a file".to_owned());
        }
        fs::read(real).map(Some).map_err(|error| error.to_string())
    }

    fn list(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.folder()) else {
            return Vec::new();
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        let mut paths: Vec<String> = names
            .filter_map(|name| name.into_string().ok())
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
            .map(|name| format!("{WORKFLOWS}/{name}"))
            .collect();
        paths.sort_unstable();
        paths
    }
}
