//! zizmor.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::Finding;
use super::process::stdout;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/zizmor.yaml");

pub(super) fn check<P: AsRef<Path>>(tool: &Path, files: &[P]) -> anyhow::Result<Vec<Finding>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut command = Command::new(tool);
    command
        .args(["--persona=regular", "--offline", "--strict-collection"])
        .args([
            "--no-exit-codes",
            "--no-progress",
            "--quiet",
            "--format=json-v1",
        ])
        .args(["--config", CONFIG])
        .args(files.iter().map(AsRef::as_ref));
    let reported: Vec<Value> = serde_json::from_str(&stdout(&mut command, &[0])?)?;
    reported.iter().map(finding).collect()
}

fn finding(reported: &Value) -> anyhow::Result<Finding> {
    let text = |pointer: &str| {
        let text = reported.pointer(pointer).and_then(Value::as_str);
        text.with_context(|| format!("zizmor reports no {pointer}: {reported}"))
    };
    let locations = reported["locations"].as_array().into_iter().flatten();
    let consumer = locations
        .clone()
        .find(|location| location["symbolic"]["kind"] == "Primary")
        .or_else(|| locations.clone().next())
        .with_context(|| format!("zizmor reports no location: {reported}"))?;
    let path = &consumer["symbolic"]["key"]["Local"]["verbatim_path"];
    let row = &consumer["concrete"]["location"]["start_point"]["row"];
    Ok(Finding {
        file: PathBuf::from(path.as_str().unwrap_or_default()),
        line: row.as_u64().map_or(0, |row| row + 1),
        rule: text("/ident")?.to_owned(),
        severity: text("/determinations/severity")?.to_owned(),
        message: text("/desc")?.to_owned(),
    })
}
