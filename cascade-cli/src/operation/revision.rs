//! The commits that options name.

use crate::cli::error::Failure;
use crate::run::Session;

/// The commit that an option names.
pub(super) fn named(session: &Session, option: &str, name: &str) -> Result<String, Failure> {
    if let Some(commit) = session.git.resolve(name)? {
        return Ok(commit);
    }
    session.git.require_commit(name)?;
    Err(Failure::new(format!(
        "`{option} {name}` names no commit of this repository"
    ))
    .help("name a commit, tag or branch that is here; `git fetch` gets what is missing"))
}

/// The commit that an option names; by default the newest that is more than a write of state.
pub(super) fn named_or_newest(
    session: &Session,
    option: &str,
    name: Option<&str>,
) -> Result<String, Failure> {
    match name {
        Some(name) => named(session, option, name),
        None => session.newest_change("HEAD"),
    }
}
