//! The pull request that asks the upstream's commits into the mirror.

use super::Head;
use crate::cli::error::Failure;
use crate::github::{GitHub, NewPull, Pulls};
use crate::operation::integration::scene::Scene;
use crate::operation::integration::text;
use cascade_core::commits::{Commit, short};

/// Opens or refreshes the pull request into the mirror, with its labels.
pub(super) fn ensure_pull(
    scene: &Scene,
    github: &GitHub,
    from: &Head,
    head: &str,
    commits: &[Commit],
) -> Result<u64, Failure> {
    let title = title(scene, head);
    let body = text::syncing(scene, commits, from.pushed);
    let mirror = scene.integration.mirror.as_str();
    let number = match github.open_pull(&from.label, mirror)? {
        Some(open) => {
            if open.title != title {
                github.edit_pull(open.number, &title, &body)?;
            }
            open.number
        }
        None => github.create_pull(&NewPull {
            title: &title,
            body: &body,
            head: &from.label,
            head_repository: from.repository.as_deref(),
            base: mirror,
            token_setting: "integration.token",
        })?,
    };
    let labels = &scene.integration.labels;
    github.label(number, &[&labels.sync, &labels.human])?;
    Ok(number)
}

/// The pull request in which a person declined just this change, by closing it.
pub(super) fn declined(
    scene: &Scene,
    github: &GitHub,
    from: &Head,
) -> Result<Option<u64>, Failure> {
    let closed = github.newest_pulls(Pulls {
        state: "closed",
        head: Some(&from.label),
        base: Some(scene.integration.mirror.as_str()),
    })?;
    let declined = closed
        .iter()
        .find(|pull| pull["merged_at"].is_null() && pull["head"]["sha"] == from.sha.as_str());
    Ok(declined.and_then(|pull| pull["number"].as_u64()))
}

pub(super) fn title(scene: &Scene, head: &str) -> String {
    format!("Upstream {} at {}", scene.integration.upstream, short(head))
}
