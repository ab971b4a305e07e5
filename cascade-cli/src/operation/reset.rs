//! `reset`: a repository for trials begins again.

use crate::cli::diagnostic::{count, json};
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Releases;
use crate::run::{Change, Session};
use cascade_core::lifecycle::release::Tidying;
use cascade_core::state::{Home, Managed};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Empty the state, too
    #[arg(long)]
    state: bool,
    /// Push the empty state
    ///
    /// Without it the manifest of the working tree is edited.
    #[arg(long, visible_alias = "push", requires = "state")]
    commit_push: bool,
    /// Do it: nothing brings back what is deleted
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    if args.state {
        refuse_state(args, &session)?;
    }
    let releases = Releases::new(&session)?;
    let tidying = everything(&session, &releases)?;
    let does = args.yes && !session.dry_run;
    if does {
        releases.tidy(&tidying)?;
        if args.state {
            empty(args, &session)?;
        }
    }
    terminal.out(&match terminal.json() {
        true => json::pretty(&json!({
            "version": json::VERSION,
            "releases": tidying.releases.len(),
            "tags": tidying.tags,
            "state": args.state,
            "done": does,
        })),
        false => spoken(args, &tidying, does),
    })?;
    match does || session.dry_run {
        true => Ok(ExitStatus::Success),
        false => Ok(ExitStatus::No),
    }
}

/// Returns the tags that are versions of this pipeline, and their releases.
fn everything(session: &Session, releases: &Releases<'_>) -> Result<Tidying, Failure> {
    let grammar = &session.component.tag_grammar;
    let is_ours = |tag: &str| grammar.parse(tag).is_some();
    let existing = releases.existing()?.into_iter();
    Ok(Tidying {
        releases: existing
            .filter(|release| is_ours(&release.tag))
            .map(|release| release.id)
            .collect(),
        tags: releases
            .tags()?
            .into_iter()
            .filter(|tag| is_ours(tag))
            .collect(),
    })
}

fn refuse_state(args: &Args, session: &Session) -> Result<(), Failure> {
    let place = session.place();
    if let (Home::Branch(branch), false) = (&place.home, args.commit_push) {
        let failure = Failure::new(format!("the state is on the branch `{branch}`"));
        return Err(failure.help("add `--commit-push`: nothing but a push changes it"));
    }
    let environments = session.store(args.commit_push)?.read()?.state.environments;
    let mut begun = environments.iter().filter(|(_, each)| each.begun.is_some());
    match begun.next() {
        None => Ok(()),
        Some((name, _)) => Err(
            Failure::new(format!("a deployment to `{name}` is under way"))
                .help("wait until it ends; `cascade status` shows it"),
        ),
    }
}

fn empty(args: &Args, session: &Session) -> Result<(), Error> {
    session.store(args.commit_push)?.write(|_| {
        Ok(Change {
            managed: Managed::default(),
            message: "reset".to_owned(),
            value: (),
        })
    })?;
    Ok(())
}

fn spoken(args: &Args, tidying: &Tidying, done: bool) -> String {
    let word = if done { "deleted" } else { "would delete" };
    let mut text = format!(
        "{word} {} and {}",
        count(tidying.releases.len(), "release"),
        count(tidying.tags.len(), "tag")
    );
    if !tidying.tags.is_empty() {
        text.push_str(&format!(": {}", tidying.tags.join(", ")));
    }
    text.push('\n');
    if args.state {
        let word = if done { "emptied" } else { "would empty" };
        text.push_str(&format!("{word} the state\n"));
    }
    if !done {
        text.push_str("Nothing was changed; `--yes` does it, and nothing brings it back.\n");
    }
    text
}
