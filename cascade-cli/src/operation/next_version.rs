//! `next-version`: the version that the next candidate gets.

use super::revision::named_or_newest;
use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Session;
use cascade_core::lifecycle::orchestrate::{Next, next_version};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The candidate's commit
    ///
    /// By default the newest that is more than a write of state.
    #[arg(long, value_name = "COMMIT")]
    sha: Option<String>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: &'a str,
    sha: &'a str,
    base: Option<&'a str>,
    base_sha: Option<&'a str>,
    bump: String,
    commits: usize,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    session.git.require_history()?;
    session.tell_ignored_tags(terminal)?;
    let sha = named_or_newest(&session, "--sha", args.sha.as_deref())?;
    let managed = session.managed()?;
    let forced = session.forced(&managed, &sha)?;
    let next = next_version(&session.component, &managed, &session.git, &sha, &forced)?;
    let version = session.component.tag_grammar.tag(&next.version);
    let text = match terminal.json() {
        true => json::pretty(&document(&next, &version, &sha)),
        false => format!("{version}\n"),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

fn document<'a>(next: &'a Next, version: &'a str, sha: &'a str) -> Document<'a> {
    let since = next.since.as_ref();
    Document {
        version,
        sha,
        base: since.map(|released| released.version.as_str()),
        base_sha: since.and_then(|released| released.sha.as_deref()),
        bump: next.raise.to_string(),
        commits: next.commits.len(),
    }
}
