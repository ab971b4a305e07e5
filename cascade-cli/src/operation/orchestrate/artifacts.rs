//! `orchestrate artifacts`.

use super::jobs;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::{Actions, Session, needs};
use cascade_core::lifecycle::orchestrate::{Collected, Plan, collect};
use cascade_core::lifecycle::outcome::Results;
use cascade_core::protocol::output::{self, Outputs};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct ArtifactArgs {
    #[command(flatten)]
    built: BuildArgs,
    /// Write outputs for the workflow
    #[arg(long)]
    pub(crate) gha_output: bool,
}

/// How builds ended, by hand; in the workflow their jobs say it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BuildArgs {
    /// How builds ended, by hand: `app:success,site:failure`
    #[arg(long, value_name = "RESULTS")]
    build_results: Option<String>,
}

impl ArtifactArgs {
    /// What was built.
    pub(crate) fn collect(
        &self,
        session: &Session,
        plan: &Plan,
    ) -> Result<(Results, Collected), Failure> {
        self.built.collect(session, plan)
    }
}

impl BuildArgs {
    /// How builds ended.
    pub(crate) fn results(&self, session: &Session) -> Result<Results, Failure> {
        jobs::builds(&session.component, self.build_results.as_deref())
    }

    /// What was built.
    pub(crate) fn collect(
        &self,
        session: &Session,
        plan: &Plan,
    ) -> Result<(Results, Collected), Failure> {
        let validate = jobs::validate(&session.component)?;
        let builds = self.results(session)?;
        let collected = collect(
            &session.component,
            plan,
            validate,
            &builds,
            &session.stamp(),
        );
        Ok((builds, collected))
    }
}

pub(super) fn run(args: &ArtifactArgs, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let plan: Plan = plans::read("orchestrate setup")?;
    let (builds, collected) = args.collect(&session, &plan)?;
    let step = plans::value(&collected.step);
    let declared = &output::ORCHESTRATE_ARTIFACTS;
    put_out((&actions, declared), terminal, &step, (&builds, &collected))
}

/// Puts out what was built, for the deployment of a plan.
pub(crate) fn put_out(
    (actions, declared): (&Actions, &Outputs),
    terminal: &Terminal,
    plan: &Value,
    (builds, collected): (&Results, &Collected),
) -> CommandResult {
    let deploys = match collected.deploys() {
        Some(deploys) => json!(deploys),
        None => Value::from(""),
    };
    let document = json!({
        "plan": plan,
        "deploys": deploys,
        "builds": collected.outputs,
    });
    actions.put_out(declared, &plans::outputs(&document))?;
    terminal.out(&json::pretty(&document))?;
    Ok(match needs::tell_missing(builds, terminal) {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}
