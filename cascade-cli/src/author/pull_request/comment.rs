//! `pull-request comment`: the report of a check becomes the one comment of its kind.
//!
//! The pull request is found with what GitHub says of the run, never with what the report says: open,
//! from the branch and the repository of the run, with the run's commit as its head.

use super::folder;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner::{self, Runner};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::{GitHub, Pulls};
use crate::run::{Actions, Workspace};
use cascade_core::commits::{is_hash, short};
use cascade_core::protocol::variable::{self, Variable};
use cascade_core::pull_request::{Comment, Drift, Followed, Preview, Report};
use clap::Subcommand;
use serde_json::Value;
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
    terminal.say(&format!("{said}\n"))?;
    Ok(ExitStatus::Success)
}

fn comment<R: Report>(args: &Args, workspace: &Workspace) -> Result<String, Failure> {
    let actions = Actions::new(args.gha_output)?;
    let run = FollowedRun::read(&workspace.environment)?;
    let github = workspace.github()?.ok_or_else(|| {
        Failure::new("a comment needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            .help("a workflow that follows the check sets them")
    })?;
    let report = folder::read::<R>(&args.report).inspect_err(|failure| {
        actions.refused(R::KIND.title(), failure);
    })?;
    let said = match run.pull(&github, workspace.settings.trunk.as_str())? {
        None => format!(
            "no comment: {} is not the head of an open pull request any more",
            short(&run.followed.head)
        ),
        Some(number) => write(&github, number, report.as_ref(), &run.followed)?,
    };
    actions.summarise(&format!("### {}\n\n{said}\n", R::KIND.title()))?;
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

/// The run that a companion follows, as GitHub's event tells it.
struct FollowedRun {
    followed: Followed,
    branch: String,
    repository: String,
}

impl FollowedRun {
    fn read(environment: &Runner) -> Result<Self, Failure> {
        let head = of_event(variable::HEAD_SHA)?;
        let run: u64 = of_event(variable::RUN)?
            .parse()
            .map_err(|_| wrong(variable::RUN))?;
        if !is_hash(&head) {
            return Err(wrong(variable::HEAD_SHA));
        }
        let repository = environment.repository.clone().unwrap_or_default();
        let page = format!("{}/{repository}/actions/runs/{run}", environment.server_url);
        Ok(Self {
            followed: Followed { page, head },
            branch: of_event(variable::HEAD_BRANCH)?,
            repository: of_event(variable::HEAD_REPOSITORY)?,
        })
    }

    /// Returns the open pull request into the trunk whose head is the commit of the run.
    fn pull(&self, github: &GitHub, trunk: &str) -> Result<Option<u64>, Failure> {
        let owner = self.repository.split('/').next().unwrap_or_default();
        let head = format!("{owner}:{}", self.branch);
        let open = github.pulls(Pulls {
            state: "open",
            head: Some(&head),
            base: Some(trunk),
        })?;
        let is_it = |pull: &&Value| {
            pull["head"]["sha"] == self.followed.head.as_str()
                && pull["head"]["repo"]["full_name"] == self.repository.as_str()
        };
        Ok(open.iter().find(is_it).and_then(|it| it["number"].as_u64()))
    }
}

fn of_event(variable: Variable) -> Result<String, Failure> {
    runner::variable(variable).ok_or_else(|| {
        Failure::new(format!("the variable {variable} is not set"))
            .help("only a workflow that follows the check knows it: see `docs/checks.md`")
    })
}

fn wrong(variable: Variable) -> Failure {
    Failure::new(format!(
        "the variable {variable} is not what GitHub sets it to"
    ))
    .help("generate the workflow again with `cascade generate`")
}
