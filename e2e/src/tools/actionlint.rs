//! actionlint.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::Finding;
use super::process::stdout;

#[derive(Deserialize)]
struct Reported {
    message: String,
    filepath: PathBuf,
    line: u64,
    kind: String,
}

pub(super) fn check<P: AsRef<Path>>(tool: &Path, files: &[P]) -> anyhow::Result<Vec<Finding>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut command = Command::new(tool);
    // Both would be used if this machine happens to have them.
    command.args(["-shellcheck=", "-pyflakes=", "-format", "{{json .}}"]);
    command.args(files.iter().map(AsRef::as_ref));
    let reported: Vec<Reported> = serde_json::from_str(&stdout(&mut command, &[0, 1])?)?;
    let findings = reported.into_iter().map(|found| Finding {
        file: named(files, found.filepath),
        line: found.line,
        rule: found.kind,
        severity: "error".to_owned(),
        message: found.message,
    });
    Ok(findings.collect())
}

/// actionlint shortens paths; the file is meant as the caller named it.
fn named<P: AsRef<Path>>(files: &[P], reported: PathBuf) -> PathBuf {
    let Ok(full) = reported.canonicalize() else {
        return reported;
    };
    let mut files = files.iter().map(AsRef::as_ref);
    let same = files.find(|file| file.canonicalize().is_ok_and(|file| file == full));
    same.map_or(reported, Path::to_owned)
}
