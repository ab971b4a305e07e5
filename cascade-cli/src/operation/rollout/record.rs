//! `rollout record`.

use super::wave::{Wanted, Wave};
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::actions::plain;
use crate::run::{Actions, Change, Session};
use cascade_core::lifecycle::rollout;
use cascade_core::state::Managed;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Only go on with a rollout that is under way
    ///
    /// Its waves were not rolled back.
    #[arg(long)]
    continued: bool,
    /// Commit the state and push it to its branch
    #[arg(long)]
    commit_push: bool,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let wave = Wave::read(&args.wanted)?;
    let stamp = session.stamp();
    session.store(args.commit_push)?.write(|managed| {
        let planned = wave.planned(&session);
        let state = match args.continued {
            true => rollout::go_on(&managed.state, planned, &stamp).map_err(Failure::from)?,
            false => rollout::begin(&managed.state, planned, &stamp),
        };
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("rollout {}", wave.shown()),
            value: (),
        })
    })?;
    actions.summarise(&format!("### Rollout of {}\n", plain(&wave.shown())))?;
    terminal.out(&format!("{}\n", wave.shown()))?;
    Ok(ExitStatus::Success)
}
