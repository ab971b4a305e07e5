//! The parser of Prometheus's client.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde::Deserialize;

const SCRIPT: &str = "\
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([
    {'family': family.name, 'kind': family.type, 'name': sample.name, 'labels': sample.labels, 'value': sample.value}
    for family in families for sample in family.samples
]))
";

/// A sample, as the parser read it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sample {
    /// The name of its family.
    pub family: String,
    /// The type of the family.
    pub kind: String,
    /// Its own name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
}

pub(super) fn parse(packages: &Path, text: &str) -> anyhow::Result<Vec<Sample>> {
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("`python3` does not start")?;
    let mut input = python.stdin.take().context("no way to ask")?;
    input.write_all(text.as_bytes())?;
    drop(input);
    let output = python.wait_with_output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
