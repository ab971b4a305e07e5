//! `rollback`: an environment goes back to what it held before.

mod finalize;
mod preflight;

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::run::Session;
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::rollback::{self, Decision, Refusal};
use clap::Subcommand;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[group(skip)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    preflight: preflight::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find the target, and what must be deployed
    Preflight(preflight::Args),
    /// Record and summarise
    Finalize(finalize::Args),
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    match &args.command {
        None => preflight::run(&args.preflight, request, terminal),
        Some(Command::Preflight(args)) => preflight::run(args, request, terminal),
        Some(Command::Finalize(args)) => finalize::run(args, request, terminal),
    }
}

/// Decides, and reads older manifests only where the deployment history does not reach.
pub(super) fn decide(
    session: &Session,
    asked: &rollback::Request,
) -> Result<Decision, Stopped<Refusal, Failure>> {
    session.require_environment(&asked.environment)?;
    let managed = session.managed_at_start()?;
    let decision = rollback::plan(&session.component, &managed.state, &[], asked);
    if !matches!(decision, Err(Refusal::Unresolved { .. })) {
        return decision.map_err(Stopped::Refused);
    }
    let past = session.past(&asked.environment)?;
    rollback::plan(&session.component, &managed.state, &past, asked).map_err(Stopped::Refused)
}

pub(super) use preflight::Wanted;
