//! GitHub's package for expressions.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};

/// The value of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evaluation {
    /// It cannot be parsed.
    Refused,
    /// It is parsed and has no value.
    Failed,
    /// It has a value.
    #[serde(untagged)]
    Value {
        /// The value as `toJSON` writes it.
        json: String,
        /// The value as `format` writes it.
        text: String,
    },
}

/// The path of the script that asks the package.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/parser/evaluate.mjs");

pub(super) fn evaluate(
    package: &Path,
    contexts: &Value,
    expressions: &[String],
) -> anyhow::Result<Vec<Evaluation>> {
    let mut node = Command::new("node")
        .arg(SCRIPT)
        .arg(package)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("`node` does not start; the end-to-end tests need it")?;
    let asked = json!({"contexts": contexts, "expressions": expressions});
    let mut input = node.stdin.take().context("no way to ask")?;
    input.write_all(asked.to_string().as_bytes())?;
    drop(input);
    let output = node.wait_with_output()?;
    if !output.status.success() {
        bail!("{SCRIPT} failed ({})", output.status);
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
