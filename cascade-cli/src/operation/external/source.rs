//! A check that a repository really has what is reported in its name.

use crate::cli::error::Failure;
use crate::cli::runner;
use crate::github::GitHub;
use crate::run::Session;
use cascade_core::lifecycle::external::{Accepted, Update};
use cascade_core::protocol;

/// Refuses unless the version's tag is there and points at the commit.
pub(super) fn verify(
    session: &Session,
    accepted: &Accepted<'_>,
    update: &Update,
) -> Result<(), Failure> {
    let repository = accepted.source.repo.to_string();
    let token =
        runner::token(protocol::variable::READ_TOKEN).or_else(|| session.environment.token.clone());
    let token = token.ok_or_else(|| {
        unreadable(&repository).cause("neither READ_TOKEN nor GITHUB_TOKEN is set")
    })?;
    let github = GitHub::of(&session.environment, &repository, &token)?;
    let version = &update.version;
    let answer = github.tag(version)?;
    if answer.status == 404 {
        let seen = github.described()?;
        return Err(match seen.is_success() {
            true => Failure::new(format!("{repository} has no tag `{version}`"))
                .help("nothing was recorded; the tag must be there before the version is reported"),
            false => unreadable(&repository).cause(format!("HTTP {}", seen.status)),
        });
    }
    let commit = github.commit_of(&answer.accepted()?)?;
    match commit.starts_with(&update.sha) {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "the tag `{version}` of {repository} is at {commit}, and {} was reported",
            update.sha
        ))
        .help("nothing was recorded")),
    }
}

fn unreadable(repository: &str) -> Failure {
    Failure::new(format!(
        "{repository} cannot be read, so what was reported in its name cannot be verified"
    ))
    .help("set the secret CASCADE_EXTERNAL_READ_TOKEN to a token that reads it")
}
