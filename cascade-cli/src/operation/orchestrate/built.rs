//! The builds of a run: how they ended, and what they put out.

use crate::cli::error::Failure;
use crate::run::{Session, needs};
use cascade_core::lifecycle::orchestrate::{Collected, Plan, collect};
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::lifecycle::require_outputs;
use cascade_core::pipeline::{Build, CallbackKind, Component};
use cascade_core::protocol::job;

/// The results of builds, by hand; in the workflow their jobs say them.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BuildArgs {
    /// Results of builds, by hand: `app:success,site:failure`
    #[arg(long, value_name = "RESULTS")]
    build_results: Option<String>,
}

/// The results of the jobs before a deployment.
pub(crate) struct Built {
    pub(crate) validate: Outcome,
    pub(crate) builds: Results,
    pub(crate) collected: Collected,
}

impl BuildArgs {
    /// Returns what was built.
    pub(crate) fn collect(&self, session: &Session, plan: &Plan) -> Result<Built, Failure> {
        let component = &session.component;
        let (validate, builds) = match &self.build_results {
            Some(text) => (Outcome::Success, needs::by_hand(text)?),
            None => (validated(component)?, builds(component)?),
        };
        let collected = collect(component, plan, validate, &builds, &session.stamp());
        Ok(Built {
            validate,
            builds,
            collected,
        })
    }
}

fn validated(component: &Component) -> Result<Outcome, Failure> {
    match &component.validate {
        Some(callback) => Ok(needs::attempts(job::VALIDATE, callback.retries)?.result),
        None => Ok(Outcome::Skipped),
    }
}

fn builds(component: &Component) -> Result<Results, Failure> {
    let ended = |build: &Build| {
        let callback = &build.callback;
        let id = job::callback(CallbackKind::Build, callback.name.as_str());
        Ok((
            callback.name.to_string(),
            needs::attempts(&id, callback.retries)?,
        ))
    };
    let builds = component.builds.iter();
    let mut results = builds.map(ended).collect::<Result<_, Failure>>()?;
    require_outputs(component, &mut results);
    Ok(results)
}
