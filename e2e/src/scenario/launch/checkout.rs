//! The clone in which act runs a workflow.

use crate::scenario::git;
use crate::scenario::world::{Past, Repository, World};
use anyhow::Context;
use std::path::{Path, PathBuf};

/// A clone on disk, where act reads the workflow and learns the commit.
pub(super) fn clone(
    world: &World,
    repository: &Repository,
    past: &Past,
) -> anyhow::Result<PathBuf> {
    let folder = world
        .folder
        .join(format!("runs/{}-{}", past.id, past.attempt));
    std::fs::create_dir_all(&folder)?;
    let bare = repository.handle.folder();
    let bare = bare.to_str().context("a folder that is no text")?;
    git::run(
        &folder,
        &["clone", "--quiet", "--shared", "--no-checkout", bare, "."],
    )?;
    let branch = past.event.reference.strip_prefix("refs/heads/");
    let sha = past.event.sha.as_str();
    match branch {
        Some(branch) => git::run(
            &folder,
            &["checkout", "--quiet", "--force", "-B", branch, sha],
        )?,
        None => git::run(
            &folder,
            &["checkout", "--quiet", "--force", "--detach", sha],
        )?,
    };
    git::run(
        &folder,
        &[
            "remote",
            "set-url",
            "origin",
            &repository.handle.clone_url(),
        ],
    )?;
    Ok(folder)
}

/// Takes from the files what act cannot read, and gives every job outputs: without any, act tells
/// others `null` where GitHub tells an empty mapping.
pub(super) fn adapt(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder.join(".github/workflows"))? {
        let path = entry?.path();
        let text = crate::act::known_to_act(&std::fs::read_to_string(&path)?);
        let mut workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
        let jobs = workflow.get_mut("jobs");
        let jobs = jobs.and_then(serde_yaml::Value::as_mapping_mut);
        for (_, job) in jobs.into_iter().flatten() {
            if let Some(job) = job.as_mapping_mut().filter(|job| !job.contains_key("uses")) {
                job.entry("outputs".into())
                    .or_insert_with(|| serde_yaml::Value::Mapping(serde_yaml::Mapping::new()));
            }
        }
        std::fs::write(&path, serde_yaml::to_string(&workflow)?)?;
    }
    Ok(())
}
