//! `external finalize`.

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::finalize::Options;
use crate::operation::plans;
use crate::run::{Actions, Change, Session, needs};
use cascade_core::lifecycle::external::{Arrival, Arrivals, finish};
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::protocol;
use cascade_core::protocol::job;
use cascade_core::state::Managed;
use cascade_core::summary::{Summary, Table};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entries whose versions were not found out
    #[arg(long, value_name = "NAMES", env = protocol::variable::FAILED.as_str())]
    failed: Option<String>,
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.options.gha_output)?;
    let arrivals: Arrivals = plans::read_json(protocol::variable::DEPLOYS)?;
    let by_hand = args.options.by_hand()?;
    let mut table = Table::new(["name", "environment", "version", "result"]);
    let mut done = Vec::new();
    let mut failed = false;
    for (name, arrival) in &arrivals {
        let result = ended(by_hand.as_ref(), name)?;
        failed |= !result.is_success();
        if result.is_success() {
            done.push((name.as_str(), arrival));
        }
        let version = &arrival.planned.version;
        table = table.row([name, &arrival.environment, version, result.as_str()]);
    }
    let mut summary = Summary::titled("Deployed versions of other repositories").table(table);
    if let Some(names) = args.failed.as_deref().filter(|names| !names.is_empty()) {
        failed = true;
        summary = summary.points([format!("Not found out: {names}.")]);
    }
    if !session.dry_run {
        record(&session, &done, args.options.commit_push)?;
    }
    if done.len() < arrivals.len() {
        summary = summary.points(["What failed is recorded as not deployed; it is deployed when its version is reported or resolved again."]);
    }
    actions.summarise(&summary)?;
    let count = done.len();
    terminal.out(&format!("{count} of {} deployed\n", arrivals.len()))?;
    Ok(match failed {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

fn ended(by_hand: Option<&Results>, name: &str) -> Result<Outcome, crate::cli::error::Failure> {
    match by_hand {
        Some(results) => Ok(results
            .get(name)
            .map_or(Outcome::Skipped, |each| each.result)),
        None => Ok(needs::job(&job::external_deploy(name))?.result),
    }
}

fn record(
    session: &Session,
    done: &[(&str, &Arrival)],
    push: bool,
) -> Result<(), crate::cli::error::Error> {
    if done.is_empty() {
        return Ok(());
    }
    let stamp = session.stamp();
    let names: Vec<String> = done
        .iter()
        .map(|(name, arrival)| {
            format!("{} {name} {}", arrival.environment, arrival.planned.version)
        })
        .collect();
    session.store(push)?.write(|managed| {
        let mut state = managed.state.clone();
        for (name, arrival) in done {
            (state, _) = finish(&state, name, arrival, &stamp);
        }
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("external deployed {}", names.join(", ")),
            value: (),
        })
    })?;
    Ok(())
}
