//! `hashFiles`.
//!
//! Source: GitHub, "Evaluate expressions", `hashFiles`: the SHA-256 of the hashes of the files that
//! match, below the workspace; empty text if none does.

use std::path::Path;

use anyhow::{Context, bail};
use cascade_core::changes::Patterns;
use sha2::{Digest, Sha256};

/// The hash of the files below `workspace` that any pattern matches.
pub(super) fn files(workspace: &Path, patterns: &[String]) -> anyhow::Result<String> {
    if let Some(other) = patterns.iter().find(|pattern| pattern.starts_with('!')) {
        bail!("`hashFiles('{other}')` is outside of what the engine knows");
    }
    let wanted = Patterns::parse(patterns);
    let wanted = wanted.map_err(|(at, error)| anyhow::anyhow!("`{}`: {error}", patterns[at]))?;
    let mut paths = Vec::new();
    list(workspace, "", &mut paths)?;
    paths.sort();
    let mut all = Sha256::new();
    let mut any = false;
    for path in paths.iter().filter(|path| wanted.includes(path)) {
        any = true;
        let bytes = std::fs::read(workspace.join(path)).with_context(|| path.clone())?;
        all.update(Sha256::digest(bytes));
    }
    let hash = all.finalize();
    let hex = hash.iter().map(|byte| format!("{byte:02x}"));
    Ok(if any { hex.collect() } else { String::new() })
}

fn list(workspace: &Path, below: &str, paths: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(workspace.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = match below {
            "" => name,
            below => format!("{below}/{name}"),
        };
        let kind = entry.file_type()?;
        if kind.is_dir() && path != ".git" {
            list(workspace, &path, paths)?;
        } else if kind.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matches_is_in_the_hash() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::fs::write(folder.path().join("a/b/Cargo.lock"), "x").unwrap();
        let hash = |pattern: &str| files(folder.path(), &[pattern.to_owned()]).unwrap();
        assert_eq!(hash("Cargo.lock"), "");
        let found = hash("**/Cargo.lock");
        // SHA-256 of the SHA-256 of `x`.
        let inner = Sha256::digest("x");
        let outer: String = Sha256::digest(inner)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, outer);
        std::fs::write(folder.path().join("other"), "y").unwrap();
        assert_eq!(hash("**/Cargo.lock"), found);
        std::fs::write(folder.path().join("a/b/Cargo.lock"), "z").unwrap();
        assert_ne!(hash("**/Cargo.lock"), found);
        assert!(files(folder.path(), &["!a".to_owned()]).is_err());
    }
}
