//! Running a tool.

use std::process::{Command, Output};

use anyhow::{Context, bail};

/// Runs `command` to its end.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .output()
        .with_context(|| format!("`{program}` does not start; the end-to-end tests need it"))
}

/// Runs `command`, whose exit code must be one of `codes`, and returns what it prints.
pub(super) fn stdout(command: &mut Command, codes: &[i32]) -> anyhow::Result<String> {
    let output = run(command)?;
    if !output
        .status
        .code()
        .is_some_and(|code| codes.contains(&code))
    {
        bail!(
            "{command:?} failed ({})\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} prints no UTF-8"))
}
