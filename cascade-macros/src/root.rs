//! The repository around a source file, and its workflow files.

use cascade_core::contract::WorkflowSource;
use std::path::{Path, PathBuf};

const WORKFLOWS: &str = ".github/workflows";

/// What is known of where a pipeline stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The source file.
    pub(crate) file: Option<PathBuf>,
    /// The folder of the package.
    pub(crate) package: Option<PathBuf>,
}

impl Surroundings {
    /// The same with absolute paths; nothing in a documentation build, where no repository is.
    pub(crate) fn resolved(self) -> Self {
        if std::env::var_os("DOCS_RS").is_some() {
            return Self::default();
        }
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            file: self.file.map(absolute),
            package: self.package.map(absolute),
        }
    }

    /// The repository: the nearest `.github` above the file, else above the package.
    pub(crate) fn discover(&self) -> Option<PathBuf> {
        let above = |path: &PathBuf| {
            let there = |folder: &&Path| folder.join(".github").is_dir();
            path.ancestors().find(there).map(Path::to_path_buf)
        };
        let file = self.file.as_ref().and_then(above);
        file.or_else(|| self.package.as_ref().and_then(above))
    }

    /// The repository at `root`, which is relative to the source file.
    pub(crate) fn at(&self, root: &str) -> Option<PathBuf> {
        let folder = self.file.as_deref().and_then(Path::parent);
        let base = folder.or(self.package.as_deref())?;
        let root = base.join(root).canonicalize().ok()?;
        root.is_dir().then_some(root)
    }
}

/// The workflow files of a repository on disk.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
}

impl Files {
    pub(crate) const fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl WorkflowSource for Files {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match std::fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn list(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(WORKFLOWS)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
            .map(|name| format!("{WORKFLOWS}/{name}"))
            .collect();
        names.sort_unstable();
        names
    }
}
