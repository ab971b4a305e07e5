//! What lies on the `PATH` of every step, and the actions that cannot be fetched.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::Context;

const FILES: [(&str, &str); 7] = [
    (
        "checkout/action.yml",
        include_str!("../../stand-in/checkout/action.yml"),
    ),
    (
        "checkout/checkout",
        include_str!("../../stand-in/checkout/checkout"),
    ),
    (
        "upload-artifact/action.yml",
        include_str!("../../stand-in/upload-artifact/action.yml"),
    ),
    (
        "download-artifact/action.yml",
        include_str!("../../stand-in/download-artifact/action.yml"),
    ),
    (
        "cache/action.yml",
        include_str!("../../stand-in/cache/action.yml"),
    ),
    (
        "cache/restore/action.yml",
        include_str!("../../stand-in/cache/restore/action.yml"),
    ),
    (
        "cache/save/action.yml",
        include_str!("../../stand-in/cache/save/action.yml"),
    ),
];

/// Programs and actions, in a folder of the scenario.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    folder: PathBuf,
}

impl Programs {
    pub(super) fn install(folder: &Path) -> anyhow::Result<Self> {
        let bin = folder.join("bin");
        std::fs::create_dir_all(&bin)?;
        symlink(built("e2e-cascade")?, bin.join("cascade"))?;
        symlink(built("e2e-callback")?, bin.join("e2e-callback"))?;
        for (name, content) in FILES {
            let file = folder.join("actions").join(name);
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&file, content)?;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
        }
        let folder = folder.canonicalize()?;
        Ok(Self { folder })
    }

    pub(super) fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    pub(super) fn cascade(&self) -> PathBuf {
        self.bin().join("cascade")
    }

    /// The actions that a text uses and that have a stand-in, each with its folder.
    pub(super) fn actions(&self, text: &str) -> Vec<(String, PathBuf)> {
        let uses = text.lines().filter_map(|line| {
            let line = line.trim().trim_start_matches("- ");
            let used = line.strip_prefix("uses:")?.trim();
            let used = used.split(" #").next()?.trim_matches(['"', '\'', ' ']);
            let (name, reference) = used.split_once('@')?;
            let mut parts = name.splitn(3, '/');
            let (owner, short) = (parts.next()?, parts.next()?);
            let folder = self.folder.join("actions").join(short);
            (owner == "actions" && folder.is_dir())
                .then(|| (format!("{owner}/{short}@{reference}"), folder))
        });
        uses.collect()
    }
}

/// A binary of this crate, beside the program that runs.
fn built(name: &str) -> anyhow::Result<PathBuf> {
    let running = std::env::current_exe()?;
    let mut folders = running.ancestors().skip(1).take(2);
    folders
        .find_map(|folder| {
            let file = folder.join(name);
            file.is_file().then_some(file)
        })
        .with_context(|| format!("no `{name}` beside {}", running.display()))
}
