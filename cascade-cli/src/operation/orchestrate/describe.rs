//! `orchestrate describe`.

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Releases, Session, changelog};
use cascade_core::summary::Summary;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let Some(written) = changelog::written()? else {
        terminal.note("no callback wrote a changelog in this run");
        return Ok(ExitStatus::Success);
    };
    let described = Releases::new(&session)?.describe(&written.version, &written.text)?;
    let (version, what) = match described {
        true => (&written.version, "has its changelog"),
        false => (&written.version, "has no draft to describe"),
    };
    actions.summarise(&Summary::titled("Changelog").sentence(format!("{version} {what}.")))?;
    terminal.out(&format!("{version} {what}\n"))?;
    Ok(ExitStatus::Success)
}
