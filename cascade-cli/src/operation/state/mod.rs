//! `state`: where the state is kept.
//!
//! | file | what is there |
//! |---|---|
//! | `found` | what is in the manifest, on the branches, and noted beside them |
//! | `carry` | the commits of a move, their one push, and the manifest |

mod carry;
mod found;

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Workspace;
use carry::Carried;
use cascade_core::manifest::{Branch, STATE_BRANCH};
use cascade_core::state::{Home, Origin, relocate};
use clap::Subcommand;
use found::Found;
use serde_json::{Value, json};
use std::str::FromStr;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Move the state from the manifest to a branch of its own, or back
    ///
    /// The state is pushed in one atomic push, and the manifest of the working tree is edited to
    /// match: commit it and merge it into the trunk. Nothing is lost if the command dies in between:
    /// run it again. It refuses while a deployment is under way.
    Move(Args),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The branch that keeps the state from now on
    ///
    /// By default the one that the configuration names, else `cascade-state`.
    #[arg(value_name = "BRANCH", conflicts_with = "to_manifest")]
    branch: Option<String>,
    /// Move the state back into the manifest
    #[arg(long)]
    to_manifest: bool,
    /// Commit the manifest, too, and push it to the trunk together with the state
    ///
    /// Without it the manifest of the working tree is edited, for a pull request.
    #[arg(long)]
    commit_push: bool,
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("state")?;
    match command {
        Command::Move(args) => relocate_state(args, request, terminal),
    }
}

fn relocate_state(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Workspace::open(request, terminal)?;
    let place = session.place();
    let target = match (&args.branch, args.to_manifest, &place.home) {
        (_, true, _) => Home::Manifest(place.manifest.clone()),
        (Some(branch), ..) => Home::Branch(branch.clone()),
        (None, _, Home::Branch(branch)) => Home::Branch(branch.clone()),
        (None, _, Home::Manifest(_)) => Home::Branch(STATE_BRANCH.to_owned()),
    };
    if let Home::Branch(branch) = &target {
        Branch::from_str(branch).map_err(|problem| {
            let failure = Failure::new(problem.message);
            problem.help.into_iter().fold(failure, Failure::help)
        })?;
    }
    carry::require_usable(&session, &place, &target)?;
    let found = Found::look(&session, &place, &target)?;
    let moved = relocate(&found.scene(&place.home, &target))
        .map_err(|why| Failure::new(format!("the state is not moved: {why}")).help(why.help()))?;
    let carried = carry::prepare(&session, &found, (&target, &moved), args.commit_push)?;
    if !session.dry_run {
        carry::carry(&session, &place, &carried)?;
        if moved.origin == Origin::Manifest && !args.commit_push {
            carry::follow(&session, &place, (&target, &moved))?;
        }
    }
    let told = Told {
        session: &session,
        target: &target,
        origin: moved.origin,
        carried: &carried,
        commits: args.commit_push,
    };
    terminal.out(&match terminal.json() {
        true => json::pretty(&told.document()),
        false => told.text(),
    })?;
    Ok(ExitStatus::Success)
}

/// The report of a move.
struct Told<'a> {
    session: &'a Workspace,
    target: &'a Home,
    origin: Origin,
    carried: &'a Carried,
    commits: bool,
}

impl Told<'_> {
    fn document(&self) -> Value {
        let target = match self.target {
            Home::Branch(branch) => json!({ "branch": branch }),
            Home::Manifest(path) => json!({ "manifest": path }),
        };
        json!({
            "version": json::VERSION,
            "to": target,
            "from": self.from(),
            "pushes": self.carried.branches(),
            "edits": self.carried.edits(),
            "done": !self.session.dry_run,
            "next": self.next(),
        })
    }

    fn from(&self) -> &'static str {
        match self.origin {
            Origin::Nowhere => "nowhere",
            Origin::Manifest => "manifest",
            Origin::Configured | Origin::Target => "branch",
            Origin::Bookmark => "bookmark",
        }
    }

    fn text(&self) -> String {
        let place = match self.target {
            Home::Branch(branch) => format!("on the branch `{branch}`"),
            Home::Manifest(path) => format!("in {path}"),
        };
        let mut text = match (self.carried.is_empty(), self.session.dry_run) {
            (true, _) => return format!("the state is {place} already\n"),
            (false, true) => format!("the state would be {place}\n"),
            (false, false) => format!("the state is {place} now\n"),
        };
        let word = if self.session.dry_run {
            "would be "
        } else {
            ""
        };
        for branch in self.carried.branches() {
            text.push_str(&format!("  {word}pushed: {branch}\n"));
        }
        if let Some(path) = self.carried.edits() {
            text.push_str(&format!("  {word}edited: {path}\n"));
        }
        for line in self.next() {
            text.push_str(&format!("\n{line}\n"));
        }
        text
    }

    fn next(&self) -> Vec<String> {
        let trunk = &self.session.settings.trunk;
        let mut next = Vec::new();
        if let Some(path) = self.carried.edits() {
            next.push(format!(
                "Commit {path} and merge it into `{trunk}`. Until then, runs that read the old configuration refuse."
            ));
        }
        if self.commits && self.carried.branches().contains(&trunk.as_str()) {
            next.push("Run `git pull`: the manifest changed on the trunk.".to_owned());
        }
        if let (Home::Branch(branch), true) = (self.target, self.origin != Origin::Target) {
            next.push(format!(
                "`cascade branch-protection` prints the ruleset that protects `{branch}`."
            ));
        }
        next
    }
}
