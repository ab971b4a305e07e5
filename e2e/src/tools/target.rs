//! The folder into which cargo builds.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Cargo's target directory, whatever chose it: the running test lies in it, under the mark that
/// cargo leaves there.
pub(super) fn directory() -> anyhow::Result<PathBuf> {
    let running = std::env::current_exe().context("the running program has no path")?;
    let marked = running
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(marked.map_or_else(configured, Path::to_owned))
}

fn configured() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    )
}
