//! `manage-release`: tags and releases by hand.

use super::revision::{named, named_or_newest};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Releases;
use crate::run::Session;
use crate::run::releases::Wanted;
use cascade_core::commits::short;
use cascade_core::lifecycle::orchestrate::base_release;
use cascade_core::lifecycle::release::{self, Tidying};
use cascade_core::version::Version;
use clap::ValueEnum;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to do
    #[arg(long, value_enum, value_name = "ACTION")]
    action: Action,
    /// The version
    #[arg(long, value_name = "VERSION")]
    version: String,
    /// Its commit
    ///
    /// By default that of its tag, else the newest that is more than a write of state.
    #[arg(long, value_name = "COMMIT")]
    sha: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Tag a candidate and draft its release.
    Draft,
    /// Turn the draft of a candidate into a prerelease.
    Prerelease,
    /// Publish a release as the latest.
    Publish,
    /// Delete the releases and the tag of a version that the state does not name.
    Delete,
}

/// An action, and the release that it is for.
struct Task {
    action: Action,
    tag: String,
    candidate: String,
    sha: String,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    session.git.require_history()?;
    let task = task(args, &session)?;
    if task.action == Action::Delete && is_named(&session, &task.tag)? {
        terminal.failure(
            &Failure::new(format!("{} is recorded, and stays", task.tag))
                .help("`cascade status` shows where; promote or roll back first"),
        );
        return Ok(ExitStatus::No);
    }
    if !session.dry_run {
        carry_out(&session, &task)?;
    }
    let text = match terminal.json() {
        true => json::pretty(&json!({
            "action": word(task.action),
            "version": task.tag,
            "sha": task.sha,
            "done": !session.dry_run,
        })),
        false => spoken(&task, session.dry_run),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

fn task(args: &Args, session: &Session) -> Result<Task, Failure> {
    let grammar = &session.component.tag_grammar;
    let version = grammar.parse(&args.version).ok_or_else(|| {
        let example = grammar.tag(&Version::candidate(Default::default(), 0));
        Failure::new(format!("`{}` is no version of this pipeline", args.version))
            .help(format!("write it like `{example}`"))
    })?;
    let candidate = grammar.tag(&version);
    let tag = match args.action {
        Action::Publish => grammar.tag(&Version::release(version.core)),
        _ => candidate.clone(),
    };
    if version.is_release() && matches!(args.action, Action::Draft | Action::Prerelease) {
        return Err(Failure::new(format!("{tag} is a release and no candidate"))
            .help("`--action publish` publishes it"));
    }
    let candidate = match version.is_release() {
        true => highest_candidate(session, &version)?,
        false => candidate,
    };
    let sha = match (&args.sha, args.action) {
        (Some(name), _) => named(session, "--sha", name)?,
        (None, _) => at(session, &tag, &candidate)?,
    };
    Ok(Task {
        action: args.action,
        tag,
        candidate,
        sha,
    })
}

/// The last candidate of a release; empty if there is none.
fn highest_candidate(session: &Session, release: &Version) -> Result<String, Failure> {
    use cascade_core::lifecycle::History;
    let grammar = &session.component.tag_grammar;
    let tags = session.git.tags()?;
    let versions = tags.iter().filter_map(|tag| grammar.parse(&tag.name));
    let candidates =
        versions.filter(|version| version.core == release.core && !version.is_release());
    Ok(candidates
        .max()
        .map_or_else(String::new, |version| grammar.tag(&version)))
}

/// The commit of whichever tag is there.
fn at(session: &Session, tag: &str, candidate: &str) -> Result<String, Failure> {
    for tag in [tag, candidate] {
        if let Some(sha) = session.git.resolve(&format!("refs/tags/{tag}"))? {
            return Ok(sha);
        }
    }
    named_or_newest(session, "--sha", None)
}

fn is_named(session: &Session, tag: &str) -> Result<bool, Failure> {
    Ok(release::named(&session.managed()?.state).contains(tag))
}

fn carry_out(session: &Session, task: &Task) -> Result<(), Failure> {
    let releases = Releases::new(session)?;
    let makes_release = matches!(task.action, Action::Draft | Action::Prerelease);
    if makes_release && !releases.available() {
        return Err(Failure::new("there is no place for a release")
            .help("set GITHUB_REPOSITORY and GITHUB_TOKEN; a pipeline with `tag_only` has none"));
    }
    let since = base_release(&session.component, &session.managed()?, &session.git)?;
    let wanted = Wanted {
        tag: &task.tag,
        sha: &task.sha,
        since: since.as_ref().and_then(|released| released.sha.as_deref()),
        ..Wanted::default()
    };
    match task.action {
        Action::Draft => {
            releases.ensure_tag(&task.tag, &task.sha)?;
            releases.ensure_draft(wanted)
        }
        Action::Prerelease => {
            releases.ensure_tag(&task.tag, &task.sha)?;
            releases.ensure_prerelease(wanted)
        }
        Action::Publish => releases.ensure_published(wanted, &task.candidate, true),
        Action::Delete => {
            let existing = releases.existing()?;
            let own = existing.iter().filter(|each| each.tag == task.tag);
            releases.tidy(&Tidying {
                releases: own.map(|each| each.id).collect(),
                tags: vec![task.tag.clone()],
            })
        }
    }
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Draft => "draft",
        Action::Prerelease => "prerelease",
        Action::Publish => "publish",
        Action::Delete => "delete",
    }
}

fn spoken(task: &Task, dry_run: bool) -> String {
    let done = match task.action {
        Action::Draft => "drafted",
        Action::Prerelease => "marked as a prerelease",
        Action::Publish => "published",
        Action::Delete => "deleted",
    };
    let tense = if dry_run { "would be" } else { "is" };
    format!("{} ({}) {tense} {done}\n", task.tag, short(&task.sha))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_says_what_would_be_done() {
        let task = |action| Task {
            action,
            tag: "v1.0.0".to_owned(),
            candidate: String::new(),
            sha: "0123456789".to_owned(),
        };
        assert_eq!(
            spoken(&task(Action::Publish), false),
            "v1.0.0 (0123456) is published\n"
        );
        assert_eq!(
            spoken(&task(Action::Delete), true),
            "v1.0.0 (0123456) would be deleted\n"
        );
    }
}
