//! The pull request that asks the upstream's commits into the mirror.

use super::Head;
use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::operation::integration::scene::Scene;
use crate::operation::integration::text;
use crate::uri::encoded;
use cascade_core::commits::{Commit, short};
use serde_json::json;

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
    let number = match open_pull(scene, github, from)? {
        Some((number, said)) if said == title => number,
        Some((number, _)) => {
            let path = github.path(&format!("/pulls/{number}"));
            let change = json!({ "title": title, "body": body });
            github
                .change("PATCH", &path, &change)?
                .accepted("PATCH", &path)?;
            number
        }
        None => {
            let path = github.path("/pulls");
            let mut new = json!({
                "title": title,
                "head": from.label,
                "base": scene.integration.mirror.as_str(),
                "body": body,
            });
            if let Some(repository) = &from.repository {
                new["head_repo"] = repository.as_str().into();
            }
            let made = github.create(&path, &new);
            opened(made, &path, || {
                Ok(open_pull(scene, github, from)?.map(|(number, _)| number))
            })?
        }
    };
    let labels = &scene.integration.labels;
    let path = github.path(&format!("/issues/{number}/labels"));
    let both = json!({ "labels": [labels.sync, labels.human] });
    github
        .change("POST", &path, &both)?
        .accepted("POST", &path)?;
    Ok(number)
}

/// The number of a pull request that was asked for; an answer that never came leaves open whether
/// it was made.
pub(in crate::operation::integration) fn opened(
    made: Result<crate::github::Answer, Failure>,
    path: &str,
    look: impl FnOnce() -> Result<Option<u64>, Failure>,
) -> Result<u64, Failure> {
    let refused = match made {
        Ok(answer) if answer.status == 403 => Failure::new(
            "GitHub refused to open the pull request",
        )
        .cause(answer.message())
        .help("allow it in the repository's settings (Actions, \"Allow GitHub Actions to create and approve pull requests\"), or set `integration.token`"),
        Ok(answer) => match answer.accepted("POST", path) {
            Ok(answer) => return answer.number("number"),
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    look()?.ok_or(refused)
}

/// The pull request that is open: its number, and its title.
pub(super) fn open_pull(
    scene: &Scene,
    github: &GitHub,
    from: &Head,
) -> Result<Option<(u64, String)>, Failure> {
    let found = github.list(&asked(scene, github, from, "open"))?;
    Ok(found.first().and_then(|pull| {
        let title = pull["title"].as_str().unwrap_or_default();
        Some((pull["number"].as_u64()?, title.to_owned()))
    }))
}

/// The pull request in which a person declined just this change, by closing it.
pub(super) fn declined(
    scene: &Scene,
    github: &GitHub,
    from: &Head,
) -> Result<Option<u64>, Failure> {
    let path = format!("{}&per_page=100", asked(scene, github, from, "closed"));
    let closed = github.get(&path)?.accepted("GET", &path)?.list()?;
    let declined = closed
        .iter()
        .find(|pull| pull["merged_at"].is_null() && pull["head"]["sha"] == from.sha.as_str());
    Ok(declined.and_then(|pull| pull["number"].as_u64()))
}

/// The path of the list of pull requests into the mirror.
pub(super) fn asked(scene: &Scene, github: &GitHub, from: &Head, state: &str) -> String {
    let base = encoded(scene.integration.mirror.as_str());
    let head = encoded(&from.label);
    github.path(&format!("/pulls?state={state}&head={head}&base={base}"))
}

pub(super) fn title(scene: &Scene, head: &str) -> String {
    format!("Upstream {} at {}", scene.integration.upstream, short(head))
}
