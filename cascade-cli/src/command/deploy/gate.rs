//! `deploy gate`.

use crate::args::Request;
use crate::command::plans;
use crate::error::Outcome;
use crate::run::Session;
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::lifecycle::Stage;

pub(super) fn run(request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let stage: Stage = plans::read("PLAN")?;
    let managed = session.managed()?;
    match stage.holds(&managed.state) {
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
