//! GitHub's Deployments API: what was deployed where, on the repository's page.
//!
//! The state is what counts: a failure here is worth a note, and no more.

use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::run::session::Session;
use cascade_core::lifecycle::{Operation, Step};
use cascade_core::pipeline::Environment;
use serde_json::{Value, json};

/// A deployment that GitHub is told of.
pub(crate) struct Deployment<'a> {
    session: &'a Session,
    github: GitHub,
    step: &'a Step,
    /// True if the step is restored to what it held before.
    restores: bool,
}

impl<'a> Deployment<'a> {
    /// Returns the deployment of a step; `None` if the pipeline does not want records, or nothing
    /// is deployed.
    pub(crate) fn of(
        session: &'a Session,
        step: &'a Step,
        operation: Operation,
    ) -> Result<Option<Self>, Failure> {
        let wanted = session.component.deployments.is_some();
        if !wanted || session.dry_run || step.deploys.is_empty() {
            return Ok(None);
        }
        let deployment = |github| Self {
            session,
            github,
            step,
            restores: operation == Operation::Restore,
        };
        Ok(session.github()?.map(deployment))
    }

    /// Tells GitHub that the deployment has begun; returns GitHub's number for it.
    pub(crate) fn begin(&self) -> Result<Option<u64>, Failure> {
        let Some((sha, version)) = self.target() else {
            return Ok(None);
        };
        let body = json!({
            "ref": sha,
            "task": self.task(),
            "environment": self.place(),
            "description": version,
            "auto_merge": false,
            "required_contexts": [],
        });
        let made = self.github.create_deployment(&without_nulls(body))?;
        let id = made.body["id"].as_u64();
        if let Some(id) = id {
            self.say(id, "in_progress")?;
        }
        Ok(id)
    }

    /// Tells GitHub how the deployment ended: the one of that number, or a further one.
    pub(crate) fn end(&self, begun: Option<u64>, succeeded: bool) -> Result<(), Failure> {
        let id = match begun {
            Some(id) => Some(id),
            None => self.begin()?,
        };
        let Some(id) = id else {
            return Ok(());
        };
        self.say(id, if succeeded { "success" } else { "failure" })?;
        match self.task().filter(|_| succeeded && !self.keeps_prior()) {
            Some(task) => self.replace(id, &task),
            None => Ok(()),
        }
    }

    /// Says of the component's deployment before that it is not active any more.
    ///
    /// GitHub would say so of every deployment to the environment, those of other components
    /// included (REST reference, "Create a deployment status", `auto_inactive`).
    fn replace(&self, id: u64, task: &str) -> Result<(), Failure> {
        let before = self.github.newest_deployments(self.place(), task)?;
        let before = before.iter().filter_map(|each| each["id"].as_u64());
        for id in before.filter(|each| *each < id) {
            match self.github.deployment_state(id)?.as_deref() {
                Some("success") => self.say(id, "inactive")?,
                Some("inactive") => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns the task that tells a component's deployments from the others' of an environment.
    fn task(&self) -> Option<String> {
        let name = self.session.component.name()?;
        Some(format!("deploy:{name}"))
    }

    /// Returns GitHub's environment.
    fn place(&self) -> &str {
        let gate = self.environment().and_then(Environment::gate);
        gate.unwrap_or(&self.step.environment)
    }

    fn keeps_prior(&self) -> bool {
        let block = self.session.component.deployments.as_ref();
        block.is_some_and(|block| block.keep_prior_active)
    }

    /// The commit and version that are deployed.
    fn target(&self) -> Option<(&str, &str)> {
        let base = &self.step.base;
        match self.restores {
            true => Some((base.sha.as_deref()?, base.version.as_deref()?)),
            false => Some((&self.step.sha, &self.step.version)),
        }
    }

    fn say(&self, id: u64, state: &str) -> Result<(), Failure> {
        let url = self.environment().and_then(|each| each.url.as_ref());
        let body = json!({
            "state": state,
            "log_url": self.session.environment.run_url,
            "environment_url": url.map(|url| url.as_str()),
            "auto_inactive": !self.keeps_prior() && self.task().is_none(),
        });
        self.github
            .create_deployment_status(id, &without_nulls(body))
    }

    fn environment(&self) -> Option<&Environment> {
        let mut environments = self.session.component.environments.iter();
        environments.find(|each| each.name.as_str() == self.step.environment)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_that_are_null_are_not_sent() {
        let body = json!({ "state": "success", "log_url": null, "payload": { "a": null } });
        let sent = json!({ "state": "success", "payload": { "a": null } });
        assert_eq!(without_nulls(body), sent);
    }
}
