//! GitHub's Deployments API: what was deployed where, on the repository's page.

use super::session::Session;
use crate::error::Failure;
use cascade_core::lifecycle::Stage;
use serde_json::{Value, json};

/// Tells GitHub how a deployment to an environment ended, if the pipeline wants that.
///
/// The state is recorded already: a failure here is worth a note, and no more.
pub(crate) fn tell(session: &Session, stage: &Stage, succeeded: bool) -> Option<Failure> {
    let block = session.lane.deployments.as_ref()?;
    if block.enabled != Some(true) || stage.deploys.is_empty() {
        return None;
    }
    let keeps_prior = block.keep_prior_active == Some(true);
    report(session, stage, succeeded, keeps_prior).err()
}

fn report(
    session: &Session,
    stage: &Stage,
    succeeded: bool,
    keeps_prior: bool,
) -> Result<(), Failure> {
    let Some(github) = session.github()? else {
        return Ok(());
    };
    let named = session.lane.environments.iter();
    let environment = named
        .into_iter()
        .find(|each| each.name.as_str() == stage.environment);
    let name = environment
        .and_then(|each| each.gate())
        .unwrap_or(&stage.environment);
    let path = github.path("/deployments");
    let body = json!({
        "ref": stage.sha,
        "environment": name,
        "description": stage.version,
        "auto_merge": false,
        "required_contexts": [],
    });
    let made = github.create(&path, &body)?.accepted("POST", &path)?;
    let path = github.path(&format!("/deployments/{}/statuses", made.number("id")?));
    let url = environment
        .and_then(|each| each.url.as_ref())
        .map(|url| url.as_str());
    let body = json!({
        "state": if succeeded { "success" } else { "failure" },
        "log_url": session.environment.run_url,
        "environment_url": url,
        "auto_inactive": !keeps_prior,
    });
    github
        .create(&path, &without_nulls(body))?
        .accepted("POST", &path)
        .map(|_| ())
}

fn without_nulls(body: Value) -> Value {
    match body {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect(),
        ),
        other => other,
    }
}
