//! `deploy gate`.

use crate::args::Request;
use crate::command::plans;
use crate::error::{Failure, Outcome};
use crate::run::deployments::Deployment;
use crate::run::{Actions, Outputs, Session};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::lifecycle::Stage;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell GitHub that a deployment begins, and write its number for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let stage: Stage = plans::read("PLAN")?;
    let managed = session.managed()?;
    if let Err(superseded) = stage.holds(&managed.state) {
        terminal.failure(&superseded.into());
        return Ok(ExitStatus::No);
    }
    terminal.note(&format!("{} still holds {}", stage.environment, stage.base));
    if args.gha_output {
        match begin(&session, &stage) {
            Ok(id) => {
                let id = id.map_or_else(String::new, |id| id.to_string());
                actions.put_out(&Outputs::from_iter([("deployment".to_owned(), id)]))?;
            }
            // Nobody's deployment waits for a record of it.
            Err(failure) => terminal.failure(&failure),
        }
    }
    Ok(ExitStatus::Success)
}

fn begin(session: &Session, stage: &Stage) -> Result<Option<u64>, Failure> {
    match Deployment::of(session, stage)? {
        Some(deployment) => deployment.begin(),
        None => Ok(None),
    }
}
