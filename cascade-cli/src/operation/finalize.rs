//! The end of an operation: the options of its last command, and what that command says.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Session, needs};
use cascade_core::lifecycle::Step;
use cascade_core::lifecycle::outcome::Results;
use cascade_core::summary::{Move, Origin, Summary, Table, moved};

/// The options of a command that records how deployments ended.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Results of deploys, by hand: `web:success,api:failure`
    #[arg(long, value_name = "RESULTS")]
    pub(crate) deploy_results: Option<String>,
    /// Commit the state and push it, with what follows from it
    #[arg(long)]
    pub(crate) commit_push: bool,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    pub(crate) gha_output: bool,
}

/// The end of an operation on one environment.
#[derive(Debug)]
pub(crate) struct Ending<'a> {
    /// The name of the operation.
    pub(crate) operation: &'static str,
    /// The step that was deployed.
    pub(crate) step: &'a Step,
    /// True if the environment holds it.
    pub(crate) done: bool,
    /// The explanation.
    pub(crate) text: String,
    /// The origin of the version.
    pub(crate) origin: Origin<'a>,
}

impl Options {
    /// Returns the results that were given by hand.
    pub(crate) fn by_hand(&self) -> Result<Option<Results>, Failure> {
        self.deploy_results
            .as_deref()
            .map(needs::by_hand)
            .transpose()
    }
}

impl Ending<'_> {
    /// Tells people, and ends the command.
    pub(crate) fn tell(
        &self,
        session: &Session,
        actions: &Actions,
        terminal: &Terminal,
    ) -> CommandResult {
        let (environment, version) = (&self.step.environment, &self.step.version);
        let title = if self.done { "done" } else { "not done" };
        let subject = format!("{} of {environment}", self.operation);
        let rows = self.step.deploys.iter();
        let rows = rows.map(|(name, planned)| [name.clone(), planned.version.clone()]);
        let summary = Summary::new(&subject, title)
            .sentence(&self.text)
            .table(Table::new(["deploy", "version"]).rows(rows))
            .picture(moved([Move {
                from: self.origin,
                ..Move::of(self.step, self.done)
            }]))
            .links(session.links().of(self.step));
        actions.summarise(&summary)?;
        terminal.out(&format!("{environment} {version}: {title}\n"))?;
        Ok(match self.done {
            true => ExitStatus::Success,
            false => ExitStatus::No,
        })
    }
}
