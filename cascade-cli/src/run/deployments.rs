//! GitHub's Deployments API: what was deployed where, on the repository's page.
//!
//! The state is what counts: a failure here is worth a note, and no more.

use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::run::session::Session;
use cascade_core::lifecycle::outcome::Results;
use cascade_core::lifecycle::{Operation, Step};
use cascade_core::manifest::Url;
use cascade_core::pipeline::Environment;
use serde_json::{Value, json};

/// The output of a callback that says where its deployment can be seen.
const URL: &str = "environment_url";

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
            self.say(id, "in_progress", None)?;
        }
        Ok(id)
    }

    /// Tells GitHub how the deployment ended: the one of that number, or a further one; `url` is where
    /// it can be seen, if a callback put that out.
    pub(crate) fn end(
        &self,
        begun: Option<u64>,
        succeeded: bool,
        url: Option<&str>,
    ) -> Result<(), Failure> {
        let id = match begun {
            Some(id) => Some(id),
            None => self.begin()?,
        };
        let Some(id) = id else {
            return Ok(());
        };
        self.say(id, if succeeded { "success" } else { "failure" }, url)?;
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
                Some("success") => self.say(id, "inactive", None)?,
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

    fn say(&self, id: u64, state: &str, url: Option<&str>) -> Result<(), Failure> {
        let configured = self.environment().and_then(|each| each.url.as_ref());
        let url = url.or(configured.map(Url::as_str));
        let body = json!({
            "state": state,
            "log_url": self.session.environment.run_url,
            "environment_url": url,
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

/// Returns the address that a deploy put out as `environment_url`: the first one that is an address.
pub(crate) fn url(results: &Results) -> Option<String> {
    let urls = results.values().filter_map(|each| each.outputs.get(URL));
    let url = urls.map(|url| url.trim()).find(|url| is_url(url));
    url.map(str::to_owned)
}

fn is_url(text: &str) -> bool {
    const LONGEST: usize = 2_000;
    text.len() <= LONGEST && text.parse::<Url>().is_ok() && !text.contains(char::is_control)
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
    use cascade_core::lifecycle::outcome::Attempted;
    use serde_json::json;

    #[test]
    fn only_an_address_is_where_a_deployment_can_be_seen() {
        let results = |urls: &[&str]| {
            let attempted = |url: &&str| Attempted {
                outputs: [(URL.to_owned(), (*url).to_owned())].into(),
                ..Attempted::default()
            };
            let each = urls.iter().enumerate();
            each.map(|(at, url)| (at.to_string(), attempted(url)))
                .collect::<Results>()
        };
        let good = "https://pr-7.example.com/a?b=c";
        assert_eq!(
            url(&results(&["", "javascript:alert(1)", good])).as_deref(),
            Some(good)
        );
        assert_eq!(
            url(&results(&[
                "https://a b",
                &format!("https://{}", "x".repeat(2_000))
            ])),
            None
        );
    }

    #[test]
    fn fields_that_are_null_are_not_sent() {
        let body = json!({ "state": "success", "log_url": null, "payload": { "a": null } });
        let sent = json!({ "state": "success", "payload": { "a": null } });
        assert_eq!(without_nulls(body), sent);
    }
}
