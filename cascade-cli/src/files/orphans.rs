//! Files that cascade wrote and does not write any more.

use super::{Disk, plain};
use crate::cli::error::Failure;
use crate::repository::WORKFLOWS;
use cascade_core::protocol::MARKER;

const ACTIONS: &str = ".github/actions";

/// Files with the marker among the workflows and actions that `keep` does not know.
pub(super) fn find(
    disk: &Disk,
    action_folder: &str,
    keep: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let mut folders = vec![WORKFLOWS.to_owned(), action_folder.to_owned()];
    // The folder of an action that was generated under another name.
    let actions = disk.names(ACTIONS)?;
    folders.extend(actions.iter().map(|name| format!("{ACTIONS}/{name}")));
    folders.sort_unstable();
    folders.dedup();
    let mut orphans = Vec::new();
    for folder in folders {
        for name in disk.names(&folder)? {
            let path = format!("{folder}/{name}");
            let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
            if !is_yaml || keep(&path) || !disk.path(&path).is_file() {
                continue;
            }
            if let Some(text) = disk.read(&path).ok().flatten()
                && plain(&text).starts_with(MARKER)
            {
                orphans.push(path);
            }
        }
    }
    Ok(orphans)
}
