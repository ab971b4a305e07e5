//! Files of the repository, reached without following links.

use crate::cli::error::Failure;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The repository's files.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files below `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Returns the full path of a file.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The text of a file that cascade writes; `None` if there is none.
    ///
    /// A link on the way is refused: cascade would write somewhere else than it says.
    pub(crate) fn read(&self, path: &str) -> Result<Option<String>, Failure> {
        let mut full = self.root.clone();
        let mut parts = Path::new(path).components().peekable();
        while let Some(part) = parts.next() {
            full.push(part);
            let kind = match full.symlink_metadata() {
                Ok(data) => data.file_type(),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(self.unreadable(path).cause(error)),
            };
            let shown = full.strip_prefix(&self.root).unwrap_or(&full).display();
            if kind.is_symlink() {
                let nothing = if full.exists() { "" } else { " to nothing" };
                let message = format!("`{shown}` is a symbolic link{nothing}");
                return Err(Failure::new(message)
                    .help("cascade writes plain files only: remove the link and generate again"));
            }
            let is_last = parts.peek().is_none();
            if is_last && !kind.is_file() {
                let message = format!("`{shown}` is not a file, and cascade would write one there");
                return Err(Failure::new(message).help("move it away"));
            }
            if !is_last && !kind.is_dir() {
                let message = format!("`{shown}` is not a folder, and `{path}` belongs into it");
                return Err(Failure::new(message).help("move it away"));
            }
        }
        let bytes = fs::read(&full).map_err(|error| self.unreadable(path).cause(error))?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The names in a folder, sorted; none if there is no such folder.
    pub(crate) fn names(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Vec::new());
            }
            Err(error) => return Err(self.unreadable(folder).cause(error)),
        };
        let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
        let names: Vec<_> = names
            .collect::<Result<_, _>>()
            .map_err(|error| self.unreadable(folder).cause(error))?;
        let mut names: Vec<String> = names.into_iter().flat_map(|n| n.into_string()).collect();
        names.sort_unstable();
        Ok(names)
    }

    fn unreadable(&self, path: &str) -> Failure {
        Failure::new(format!("cannot read `{path}`")).help("check its permissions")
    }
}
