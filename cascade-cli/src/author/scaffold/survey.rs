//! A survey of a repository: workflows, languages, names that are taken.

use super::language::Folder;
use crate::repository::{WORKFLOWS, WorkflowFiles, go_tool};
use cascade_core::contract::{Existing, WorkflowSource};
use cascade_core::protocol::MARKER;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

/// A workflow file of the repository that no tool of this name generated.
#[derive(Debug)]
pub(in crate::author) struct Workflow {
    /// Its path.
    pub(in crate::author) path: String,
    /// Its content; the reason if it cannot be read.
    pub(in crate::author) read: Result<Existing, String>,
}

/// The workflows, names and folders of a repository.
#[derive(Debug)]
pub(in crate::author) struct Survey {
    /// Workflows that no tool of this name generated.
    pub(in crate::author) workflows: Vec<Workflow>,
    /// The bytes of every workflow file.
    pub(in crate::author) texts: Vec<(String, Vec<u8>)>,
    /// The names in the folder of workflows, in lower case.
    pub(in crate::author) taken: Vec<String>,
    /// Folders that may hold a project.
    pub(in crate::author) folders: Vec<Folder>,
}

/// Folders of other people's code, and of what is built.
const FOREIGN: [&str; 6] = ["node_modules", "target", "vendor", "dist", "build", "venv"];
/// Folders are searched to this depth below the top.
const DEPTH: usize = 2;
/// More folders than these say nothing new.
const MOST_FOLDERS: usize = 500;

impl Survey {
    /// Reads what the repository at `root` has.
    pub(in crate::author) fn of(root: &Path) -> Self {
        let files = WorkflowFiles::new(root);
        let mut texts = Vec::new();
        let mut workflows = Vec::new();
        for path in files.list() {
            let read = files.read(&path);
            if let Ok(Some(bytes)) = &read {
                texts.push((path.clone(), bytes.clone()));
                if bytes.starts_with(MARKER.as_bytes()) || go_tool::generated(bytes) {
                    continue;
                }
            }
            let read = match read {
                Ok(Some(bytes)) => Existing::read(&bytes).map_err(|error| error.to_string()),
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            workflows.push(Workflow { path, read });
        }
        let mut folders = Vec::new();
        search(root, "", DEPTH, &mut folders);
        Self {
            workflows,
            texts,
            taken: names(&root.join(WORKFLOWS), true),
            folders,
        }
    }
}

impl Workflow {
    /// Returns the name of its file without the ending.
    pub(in crate::author) fn stem(&self) -> &str {
        stem(&self.path)
    }
}

/// Returns the name of a file without its folder and its ending.
pub(in crate::author) fn stem(path: &str) -> &str {
    let stem = Path::new(path).file_stem().and_then(OsStr::to_str);
    stem.unwrap_or(path)
}

fn search(root: &Path, path: &str, depth: usize, found: &mut Vec<Folder>) {
    let folder = root.join(path);
    let names = names(&folder, false);
    let text = |name: &str| text_of(&folder.join(name));
    found.push(Folder {
        path: path.to_owned(),
        package_json: text("package.json"),
        pyproject: text("pyproject.toml"),
        names: names.clone(),
    });
    if depth == 0 {
        return;
    }
    let plain = |name: &&String| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        !name.starts_with('.') && !FOREIGN.contains(&name.as_str()) && name.chars().all(fits)
    };
    for name in names.iter().filter(plain) {
        let real = folder.join(name).symlink_metadata();
        if found.len() < MOST_FOLDERS && real.is_ok_and(|data| data.is_dir()) {
            let below = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            search(root, &below, depth - 1, found);
        }
    }
}

fn names(folder: &Path, lower: bool) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| if lower { name.to_lowercase() } else { name })
        .collect();
    names.sort_unstable();
    names
}

/// Returns the text of a plain file: nothing else is waited for.
pub(in crate::author) fn text_of(path: &Path) -> Option<String> {
    let is_file = path.symlink_metadata().is_ok_and(|data| data.is_file());
    is_file.then(|| fs::read_to_string(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_the_last_name_without_its_end() {
        assert_eq!(stem(".github/workflows/build.app.yaml"), "build.app");
        assert_eq!(stem("Makefile"), "Makefile");
        assert_eq!(stem(".."), "..");
    }
}
