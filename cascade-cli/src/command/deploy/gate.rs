//! `deploy gate`.

use super::operation;
use crate::args::Request;
use crate::command::plans;
use crate::error::{Error, Outcome};
use crate::run::{Change, Session};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::lifecycle::{Stage, Superseded, begin};
use cascade_core::state::Managed;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Note in the repository that the deployment begins
    #[arg(long)]
    commit_push: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let stage: Stage = plans::read("PLAN")?;
    let held = match args.commit_push && !session.dry_run {
        true => note(&session, &stage)?,
        false => stage.holds(&session.managed()?.state),
    };
    match held {
        Ok(()) => {
            terminal.note(&format!("{} still holds {}", stage.environment, stage.base));
            Ok(ExitStatus::Success)
        }
        Err(superseded) => {
            terminal.failure(&superseded.into());
            Ok(ExitStatus::No)
        }
    }
}

/// Notes that the deployment begins, if its plan still holds.
fn note(session: &Session, stage: &Stage) -> Result<Result<(), Superseded>, Error> {
    let operation = operation()?;
    let stamp = session.stamp();
    let written = session.store(true)?.write(|managed| {
        let begun = begin(&managed.state, stage, session.deploying(operation, &stamp));
        let (state, value) = match begun {
            Ok(state) => (state, Ok(())),
            Err(superseded) => (managed.state.clone(), Err(superseded)),
        };
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("{operation} {} {} begins", stage.environment, stage.version),
            value,
        })
    });
    Ok(written?.value)
}
