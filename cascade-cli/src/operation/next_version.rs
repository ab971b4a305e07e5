//! `next-version`: the version that the next candidate gets.

use super::revision::named_or_newest;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
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
    #[arg(long, alias = "head-sha", value_name = "COMMIT")]
    sha: Option<String>,
    /// The environment that gets the candidate, which is the first
    #[arg(short, long, hide = true, value_name = "NAME")]
    environment: Option<String>,
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
    if let Some(environment) = &args.environment {
        require_first(&session, environment)?;
    }
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

/// Refuses an environment that candidates are promoted to, which gives them no version.
fn require_first(session: &Session, environment: &str) -> Result<(), Failure> {
    session.require_environment(environment)?;
    match session.component.first_environment() {
        Some(first) if first.name.as_str() != environment && !environment.is_empty() => Err(
            Failure::new(format!("`{environment}` gets versions by promotion"))
                .help(format!("a candidate gets its version in `{}`", first.name)),
        ),
        _ => Ok(()),
    }
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
