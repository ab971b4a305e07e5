//! `rollout bake`.

use super::wave::{Wanted, Wave};
use crate::cli::clock::Clock;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::progress::Progress;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Change, Session};
use cascade_core::lifecycle::rollout;
use cascade_core::manifest::TimeSpan;
use cascade_core::protocol;
use cascade_core::state::Managed;
use std::str::FromStr;
use std::time::Duration;

/// The time between two reports of how long it still waits.
const REPORT: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// How long, like `10m`
    #[arg(long, value_name = "DURATION", env = protocol::variable::BAKE_TIME.as_str())]
    bake_time: Option<String>,
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
    let length = length(args)?;
    let planned = session.clock.now() + Duration::from_secs(length.seconds());
    let written = session.store(args.commit_push)?.write(|managed| {
        let (state, until) =
            rollout::bake(&managed.state, wave.planned(&session), &planned.to_string())
                .map_err(Failure::from)?;
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("bake {}", wave.shown()),
            value: until,
        })
    })?;
    let Some(until) = written.value else {
        terminal.out("an earlier attempt got past this wave\n")?;
        return Ok(ExitStatus::Success);
    };
    // On the page of the run before the wait, so that people see when it ends.
    let summary = wave.summary("Bake");
    actions.summarise(&summary.sentence(format!("{length}, until {until}.")))?;
    let progress = Progress::begin(terminal, &format!("{} bakes", wave.shown()));
    wait(session.clock, &until, &progress);
    drop(progress);
    terminal.out(&format!("{} baked until {until}\n", wave.shown()))?;
    Ok(ExitStatus::Success)
}

fn length(args: &Args) -> Result<TimeSpan, Failure> {
    let given = args.bake_time.clone().filter(|given| !given.is_empty());
    let given = given.ok_or_else(|| {
        Failure::new("`--bake-time` is not given").help("write `--bake-time 10m`")
    })?;
    TimeSpan::from_str(&given).map_err(|_| {
        Failure::new(format!("`{given}` is not a duration"))
            .help("write `10m` or `1h30m`; the units are d, h, m and s, largest first")
    })
}

/// Waits; a run that is cancelled ends the process, and with it the wait.
fn wait(clock: Clock, until: &str, progress: &Progress<'_>) {
    loop {
        let rest = clock.until(until);
        if rest.is_zero() {
            return;
        }
        progress.say(&format!("{} s left, until {until}", rest.as_secs()));
        clock.wait(progress.pause(rest.min(REPORT)));
    }
}
