//! GitHub's own workflow parser.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::Finding;
use super::process::stdout;

#[derive(Deserialize)]
struct Reported {
    file: PathBuf,
    line: u64,
    message: String,
}

pub(super) fn check<P: AsRef<Path>>(script: &Path, files: &[P]) -> anyhow::Result<Vec<Finding>> {
    let mut command = Command::new("node");
    command.arg(script).args(files.iter().map(AsRef::as_ref));
    let reported: Vec<Reported> = serde_json::from_str(&stdout(&mut command, &[0])?)?;
    let findings = reported.into_iter().map(|found| Finding {
        file: found.file,
        line: found.line,
        rule: "workflow-parser".to_owned(),
        severity: "error".to_owned(),
        message: found.message,
    });
    Ok(findings.collect())
}
