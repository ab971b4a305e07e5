//! `generate-changelog`: what changed, for people.

use super::revision::{named, named_or_newest};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Session;
use cascade_core::commits::{Changelog, Entry};
use cascade_core::lifecycle::orchestrate::base_release;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The commit after which the changes begin
    ///
    /// By default that of the last release.
    #[arg(long, alias = "base-sha", value_name = "COMMIT")]
    from: Option<String>,
    /// The last commit
    ///
    /// By default the newest that is more than a write of state.
    #[arg(long, visible_alias = "sha", alias = "head-sha", value_name = "COMMIT")]
    to: Option<String>,
    /// The version that stands above the changes
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Name everybody who contributed, whatever the pipeline says
    #[arg(long)]
    contributors: bool,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    session.git.require_history()?;
    session.tell_ignored_tags(terminal)?;
    let to = named_or_newest(&session, "--to", args.to.as_deref())?;
    let from = from(args, &session)?;
    let commits = session.changes(from.as_deref(), &to)?;
    let contributors = session.component.changelog.contributors;
    let log = Changelog::new(&commits, args.contributors || contributors);
    let markdown = match &args.version {
        Some(version) => format!("## {version}\n\n{}", log.markdown()),
        None => log.markdown(),
    };
    let text = match terminal.json() {
        true => json::pretty(&document(args, (from.as_deref(), &to), &log, &markdown)),
        false => markdown,
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

fn from(args: &Args, session: &Session) -> Result<Option<String>, Failure> {
    match &args.from {
        Some(name) => named(session, "--from", name).map(Some),
        None => {
            let released = base_release(&session.component, &session.managed()?, &session.git)?;
            Ok(released.and_then(|released| released.sha))
        }
    }
}

fn document(
    args: &Args,
    (from, to): (Option<&str>, &str),
    log: &Changelog,
    markdown: &str,
) -> Value {
    let kinds = log.changes.iter();
    let changes: Vec<Value> = kinds
        .flat_map(|(kind, entries)| entries.iter().map(|each| entry(each, Some(kind.title()))))
        .collect();
    let breaking: Vec<Value> = log.breaking.iter().map(|each| entry(each, None)).collect();
    json!({
        "version": args.version,
        "from": from,
        "to": to,
        "markdown": markdown,
        "changelog": markdown,
        "has_breaking": !log.breaking.is_empty(),
        "breaking": breaking,
        "changes": changes,
        "contributors": log.contributors.iter().map(|each| &each.person.name).collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry, kind: Option<&str>) -> Value {
    let mut value = json!({ "scope": entry.scope, "text": entry.text, "sha": entry.sha });
    if let Some(kind) = kind {
        value["kind"] = kind.into();
    }
    value
}
