//! How the jobs of a run ended, from the workflow or from flags.

use crate::cli::error::Failure;
use crate::run::needs;
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::lifecycle::require_outputs;
use cascade_core::pipeline::{CallbackKind, Component};
use cascade_core::protocol::job;

/// How the validation ended.
pub(super) fn validate(component: &Component) -> Result<Outcome, Failure> {
    match &component.validate {
        Some(callback) => Ok(needs::attempts("validate", callback.retries)?.result),
        None => Ok(Outcome::Skipped),
    }
}

/// How the builds ended.
pub(super) fn builds(component: &Component, by_hand: Option<&str>) -> Result<Results, Failure> {
    if let Some(text) = by_hand {
        return needs::by_hand(text);
    }
    let build = |build: &cascade_core::pipeline::Build| {
        let callback = &build.callback;
        let id = job::callback(CallbackKind::Build, callback.name.as_str());
        Ok((
            callback.name.to_string(),
            needs::attempts(&id, callback.retries)?,
        ))
    };
    let mut results = component
        .builds
        .iter()
        .map(build)
        .collect::<Result<_, Failure>>()?;
    require_outputs(component, &mut results);
    Ok(results)
}
