//! The files of this project, for scenarios in which cascade delivers itself, and what its builds
//! need of the machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::git;
use crate::setup::Setup;

fn root() -> anyhow::Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .context("no folder of the project")
}

/// Returns every text file that is in the repository of this project, or may be committed to it.
pub(super) fn files() -> anyhow::Result<BTreeMap<String, String>> {
    let root = root()?;
    let read = |path: String| {
        let text = std::fs::read_to_string(root.join(&path)).ok()?;
        Some((path, text))
    };
    Ok(paths(&root, &[])?.into_iter().filter_map(read).collect())
}

/// Returns the files that builds need and that are no text.
pub(super) fn binaries() -> anyhow::Result<BTreeMap<String, Option<Vec<u8>>>> {
    let root = root()?;
    let read = |path: String| {
        let content = std::fs::read(root.join(&path))?;
        Ok((path, Some(content)))
    };
    paths(&root, &["cascade-cli/fonts/*.ttf"])?
        .into_iter()
        .map(read)
        .collect()
}

fn paths(root: &Path, patterns: &[&str]) -> anyhow::Result<Vec<String>> {
    let listed = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
    ];
    let listed = git::run(root, &[&listed, patterns].concat())?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(str::to_owned).collect())
}

/// Lets the steps of a run build with the cargo of this machine: quickly, for what is built runs
/// only a few commands, and into a folder that the next run finds again.
pub(super) fn with_cargo(setup: &mut Setup) -> anyhow::Result<()> {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let folder = |variable: &str, otherwise: &str| {
        let given = std::env::var_os(variable).map(PathBuf::from);
        given.unwrap_or_else(|| home.join(otherwise))
    };
    let folders = [
        ("CARGO_HOME", folder("CARGO_HOME", ".cargo")),
        ("RUSTUP_HOME", folder("RUSTUP_HOME", ".rustup")),
        ("CARGO_TARGET_DIR", root()?.join("target/e2e-cargo")),
    ];
    for (name, folder) in folders {
        setup.env(name, folder.to_string_lossy());
    }
    for (name, value) in [
        ("CARGO_INCREMENTAL", "0"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ] {
        setup.env(name, value);
    }
    Ok(())
}
