//! The programs on the `PATH` of every step, and the actions, which are never fetched.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Deserialize;

use super::machine::Machine;
use crate::{hostile, roles};

const FILES: [(&str, &str); 16] = [
    (
        "attest-build-provenance/action.yml",
        include_str!("../../stand-in/attest-build-provenance/action.yml"),
    ),
    (
        "create-github-app-token/action.yml",
        include_str!("../../stand-in/create-github-app-token/action.yml"),
    ),
    (
        "configure-pages/action.yml",
        include_str!("../../stand-in/configure-pages/action.yml"),
    ),
    (
        "deploy-pages/action.yml",
        include_str!("../../stand-in/deploy-pages/action.yml"),
    ),
    (
        "upload-pages-artifact/action.yml",
        include_str!("../../stand-in/upload-pages-artifact/action.yml"),
    ),
    (
        "create-github-app-token/ask.js",
        include_str!("../../stand-in/create-github-app-token/ask.js"),
    ),
    (
        "create-github-app-token/main.js",
        include_str!("../../stand-in/create-github-app-token/main.js"),
    ),
    (
        "create-github-app-token/post.js",
        include_str!("../../stand-in/create-github-app-token/post.js"),
    ),
    (
        "checkout/action.yml",
        include_str!("../../stand-in/checkout/action.yml"),
    ),
    (
        "checkout/checkout",
        include_str!("../../stand-in/checkout/checkout"),
    ),
    (
        "setup-cascade/action.yml",
        include_str!("../../stand-in/setup-cascade/action.yml"),
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

/// Programs of runners that build cascade.
const TOOLCHAIN: [(&str, &str); 3] = [
    ("cargo", include_str!("../../stand-in/toolchain/cargo")),
    ("rustup", include_str!("../../stand-in/toolchain/rustup")),
    ("sudo", include_str!("../../stand-in/toolchain/sudo")),
];

/// Actions whose stand-ins are always used: the real ones store what they are given with a service
/// of the runner, and refuse every host but github.com and its like (`isGhes` of `@actions/artifact`).
const ALWAYS_STOOD_IN: [&str; 5] = [
    "actions/upload-artifact",
    "actions/download-artifact",
    "actions/configure-pages",
    "actions/upload-pages-artifact",
    "actions/deploy-pages",
];

/// The programs of runners besides git and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Runner {
    /// cascade, as runners of one's own may.
    #[default]
    WithCascade,
    /// A Rust toolchain and no cascade, as runners of GitHub.
    WithCargo,
}

/// Programs and actions, in a folder of the scenario.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    folder: PathBuf,
    /// The folder of real actions: `owner/name@ref`, or `owner/name` for every ref.
    real: Option<PathBuf>,
}

impl Programs {
    pub(super) fn install(folder: &Path, machine: &Machine) -> anyhow::Result<Self> {
        let (bin, own) = (folder.join("bin"), folder.join("own"));
        std::fs::create_dir_all(&bin)?;
        std::fs::create_dir_all(&own)?;
        let (holder, placed) = (roles::holder()?, own.join("cascade"));
        match machine.hostile_git {
            true => {
                let real = folder.join("real");
                std::fs::create_dir_all(&real)?;
                symlink(&holder, real.join("cascade"))?;
                write(&placed, &hostile::script(&real.join("cascade"), folder)?)?;
            }
            false => symlink(&holder, placed)?,
        }
        symlink(holder, bin.join("e2e-callback"))?;
        match machine.runner {
            Runner::WithCascade => symlink(own.join("cascade"), bin.join("cascade"))?,
            Runner::WithCargo => {
                if let Some(other) = on_path("cascade") {
                    bail!("{} is on the runners' PATH, too", other.display());
                }
                for (name, text) in TOOLCHAIN {
                    write(&bin.join(name), text)?;
                }
            }
        }
        for (name, content) in FILES {
            write(&folder.join("actions").join(name), content)?;
        }
        Ok(Self {
            folder: folder.canonicalize()?,
            real: machine
                .actions
                .as_deref()
                .map(Path::canonicalize)
                .transpose()?,
        })
    }

    pub(super) fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    pub(super) fn cascade(&self) -> PathBuf {
        self.folder.join("own/cascade")
    }

    /// The folder of the action that finds cascade where it is.
    pub(super) fn setup_action(&self) -> PathBuf {
        self.folder.join("actions/setup-cascade")
    }

    /// The actions that a text uses, `owner/name@ref`, each with the folder that it runs from.
    pub(super) fn actions(&self, text: &str) -> Vec<(String, PathBuf)> {
        let used = text.lines().filter_map(used);
        used.filter_map(|(name, reference)| {
            let folder = self.real(name, reference).or_else(|| self.stand_in(name))?;
            Some((format!("{name}@{reference}"), folder))
        })
        .collect()
    }

    fn real(&self, name: &str, reference: &str) -> Option<PathBuf> {
        let folder = self.real.as_ref()?;
        if ALWAYS_STOOD_IN.contains(&name) {
            return None;
        }
        let mut places = [format!("{name}@{reference}"), name.to_owned()]
            .into_iter()
            .map(|place| folder.join(place));
        places.find(|place| place.is_dir())
    }

    fn stand_in(&self, name: &str) -> Option<PathBuf> {
        let folder = self
            .folder
            .join("actions")
            .join(name.strip_prefix("actions/")?);
        folder.is_dir().then_some(folder)
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(file, text)?;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The action's repository and ref, if the line uses one.
fn used(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("- ");
    let used = line.strip_prefix("uses:")?.trim();
    let used = used.split(" #").next()?.trim_matches(['"', '\'', ' ']);
    let (path, reference) = used.split_once('@')?;
    let end = path
        .match_indices('/')
        .nth(1)
        .map_or(path.len(), |(at, _)| at);
    Some((&path[..end], reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_its_repository_and_ref() {
        assert_eq!(
            used("  - uses: actions/cache/restore@v5 # v5.0.5"),
            Some(("actions/cache", "v5"))
        );
        assert_eq!(used("uses: 'acme/x@main'"), Some(("acme/x", "main")));
        assert_eq!(used("uses: ./.github/actions/setup-cascade"), None);
        assert_eq!(used("run: uses"), None);
    }

    #[test]
    fn real_actions_go_before_stand_ins() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().canonicalize().unwrap().join(path);
        let kept = [
            "actions/checkout",
            "actions/cache",
            "actions/upload-artifact",
        ];
        for kept in kept {
            std::fs::create_dir_all(at("stand-ins").join(kept)).unwrap();
        }
        for real in [
            "actions/checkout",
            "actions/checkout@v7",
            "actions/upload-artifact",
        ] {
            std::fs::create_dir_all(at("real").join(real)).unwrap();
        }
        let programs = Programs {
            folder: at("stand-ins"),
            real: Some(at("real")),
        };
        let text = "uses: actions/checkout@v7\nuses: actions/checkout@v6\nuses: actions/cache@v5\nuses: actions/upload-artifact@v7\nuses: acme/x@v1\n";
        let folders = programs.actions(text).into_iter().map(|(_, folder)| folder);
        let expected = [
            "real/actions/checkout@v7",
            "real/actions/checkout",
            "stand-ins/actions/cache",
            "stand-ins/actions/upload-artifact",
        ];
        assert_eq!(folders.collect::<Vec<_>>(), expected.map(at));
    }
}
