//! Writing: every file is complete beside its place before the first one moves there.

use super::Disk;
use crate::cli::error::Failure;
use crate::cli::staged::stage;
use std::fs;

/// Writes every file, or none unless a move fails.
pub(crate) fn write(disk: &Disk, files: &[(&str, &str)]) -> Result<(), Failure> {
    let mut staged = Vec::new();
    for (path, text) in files {
        let each = stage(&disk.path(path), text.as_bytes()).map_err(|error| {
            Failure::new(format!("cannot write `{path}`"))
                .cause(error)
                .help("nothing was changed; check the permissions of its folder")
        })?;
        staged.push((each, path));
    }
    let total = staged.len();
    for (position, (each, path)) in staged.into_iter().enumerate() {
        each.settle().map_err(|error| {
            Failure::new(format!("cannot write `{path}`"))
                .cause(error)
                .help(format!(
                    "{position} of {total} files were written; run it again"
                ))
        })?;
    }
    Ok(())
}

/// Removes a file, and its folder if that is empty then.
pub(crate) fn remove(disk: &Disk, path: &str) -> Result<(), Failure> {
    let full = disk.path(path);
    fs::remove_file(&full).map_err(|error| {
        Failure::new(format!("cannot remove `{path}`"))
            .cause(error)
            .help("check the permissions of its folder")
    })?;
    if let Some(folder) = full.parent() {
        // A folder with something else in it stays.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}
