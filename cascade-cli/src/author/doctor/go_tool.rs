//! Files of the Go tool of the same name, which run beside the new ones until they are removed.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::repository::{WORKFLOWS, go_tool};
use std::fs;
use std::path::Path;

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let files = files(patient.root);
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = files.iter().map(|path| format!("`{path}`")).collect();
    Ok(vec![Diagnosis::wrong(
        "files of the Go tool",
        format!(
            "they run beside the new ones, and write the same state: {}",
            names.join(", ")
        ),
        Fix::ByHand("`cascade migrate --remove` removes those that the tool generated, and names the lines of others that install it".to_owned()),
    )])
}

/// Returns the workflows that the Go tool generated, or that install it.
fn files(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join(WORKFLOWS))
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<String> = entries
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            let of_the_go_tool = go_tool::generated(text.as_bytes()) || go_tool::installs(&text);
            let name = entry.file_name().into_string().ok()?;
            of_the_go_tool.then(|| format!("{WORKFLOWS}/{name}"))
        })
        .collect();
    files.sort_unstable();
    files
}
