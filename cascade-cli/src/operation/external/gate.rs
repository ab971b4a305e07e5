//! `external gate`.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::Session;
use cascade_core::lifecycle::external::{Arrivals, holds};
use cascade_core::protocol;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entry that is about to be deployed
    #[arg(long, value_name = "NAME", env = protocol::variable::NAME.as_str())]
    name: String,
}

/// An approval may have taken days: what arrived since, or was promoted there, is newer.
pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let arrivals: Arrivals = plans::read_json(protocol::variable::DEPLOYS)?;
    let name = &args.name;
    let arrival = arrivals.get(name).ok_or_else(|| {
        Failure::new(format!("nothing of `{name}` arrived"))
            .help("`--name` is one of those in the variable DEPLOYS")
    })?;
    let environment = &arrival.environment;
    let version = &arrival.planned.version;
    if holds(&session.managed()?.state, name, arrival) {
        terminal.note(&format!("{environment} still holds {name} {version}"));
        return Ok(ExitStatus::Success);
    }
    let failure = Failure::new(format!(
        "stale plan: {environment} holds another version of `{name}` than {version} now"
    ));
    terminal.failure(&failure.help("nothing was deployed; the newer one has a run of its own"));
    Ok(ExitStatus::No)
}
