//! `pull-request comment`: the report of a check becomes the one comment of its kind.

use super::folder;
use super::followed::{FollowedRun, client};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::GitHub;
use crate::run::{Actions, Workspace};
use cascade_core::protocol::variable;
use cascade_core::pull_request::{Comment, Drift, Followed, Preview, Report};
use cascade_core::summary::Summary;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// The drift check
    Drift(Args),
    /// The preview
    Preview(Args),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
    /// The folder with the report
    #[arg(long, value_name = "FOLDER", env = variable::REPORT.as_str())]
    report: PathBuf,
}

pub(super) fn run(what: &What, request: &Request, terminal: &Terminal) -> CommandResult {
    let workspace = Workspace::open(request, terminal)?;
    let said = match what {
        What::Drift(args) => comment::<Drift>(args, &workspace)?,
        What::Preview(args) => comment::<Preview>(args, &workspace)?,
    };
    match terminal.json() {
        true => terminal.out(&json::pretty(&serde_json::json!({ "result": said })))?,
        false => terminal.say(&format!("{said}\n"))?,
    }
    Ok(ExitStatus::Success)
}

fn comment<R: Report>(args: &Args, workspace: &Workspace) -> Result<String, Failure> {
    let actions = Actions::new(args.gha_output)?;
    let run = FollowedRun::read(&workspace.environment)?;
    let github = client(workspace.github()?)?;
    let report = folder::read::<R>(&args.report).inspect_err(|failure| {
        actions.refused(R::KIND.title(), failure);
    })?;
    let pull = run.pull(&github, workspace.settings.trunk.as_str())?;
    let said = match pull.and_then(|pull| pull["number"].as_u64()) {
        None => format!("no comment: {}", run.outdated()),
        Some(number) => write(&github, number, report.as_ref(), &run.followed)?,
    };
    actions.summarise(&Summary::titled(R::KIND.title()).sentence(&said))?;
    Ok(said)
}

fn write<R: Report>(
    github: &GitHub,
    number: u64,
    report: Option<&R>,
    followed: &Followed,
) -> Result<String, Failure> {
    let all = github.comments(number)?;
    Ok(match Comment::about(report, followed, &all) {
        Comment::None => format!("#{number} needs no comment"),
        Comment::Same(_) => format!("the comment on #{number} is up to date"),
        Comment::New(body) => {
            github.comment(number, &body)?;
            format!("commented on #{number}")
        }
        Comment::Changed(id, body) => {
            github.change_comment(id, &body)?;
            format!("changed the comment on #{number}")
        }
    })
}
