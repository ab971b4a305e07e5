//! Whether a repository really has what is reported in its name.

use crate::cli::error::Failure;
use crate::cli::runner;
use crate::github::{Answer, GitHub};
use crate::run::Session;
use crate::uri::encoded;
use cascade_core::lifecycle::external::{Accepted, Update};
use cascade_core::protocol;

/// How many tags may point at each other.
const DEEPEST: usize = 5;

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
    let path = github.path(&format!("/git/ref/tags/{}", encoded(version)));
    let answer = github.get(&path)?;
    if answer.status == 404 {
        let path = github.path("");
        let seen = github.get(&path)?;
        return Err(match seen.is_success() {
            true => Failure::new(format!("{repository} has no tag `{version}`"))
                .help("nothing was recorded; the tag must be there before the version is reported"),
            false => unreadable(&repository).cause(format!("HTTP {}", seen.status)),
        });
    }
    let commit = commit(&github, &answer.accepted("GET", &path)?)?;
    match commit.starts_with(&update.sha) {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "the tag `{version}` of {repository} is at {commit}, and {} was reported",
            update.sha
        ))
        .help("nothing was recorded")),
    }
}

/// The commit that a ref or a tag, as GitHub answers with it, is or stands for.
fn commit(github: &GitHub, named: &Answer) -> Result<String, Failure> {
    let mut named = named.clone();
    for _ in 0..DEEPEST {
        let object = named.object("object")?;
        let (sha, kind) = (object.text("sha")?.to_owned(), object.text("type")?);
        if kind != "tag" {
            return Ok(sha);
        }
        let path = github.path(&format!("/git/tags/{}", encoded(&sha)));
        named = github.get(&path)?.accepted("GET", &path)?;
    }
    Err(Failure::new("a tag points at a tag too often to follow"))
}

fn unreadable(repository: &str) -> Failure {
    Failure::new(format!(
        "{repository} cannot be read, so what was reported in its name cannot be verified"
    ))
    .help("set the secret CASCADE_EXTERNAL_READ_TOKEN to a token that reads it")
}
