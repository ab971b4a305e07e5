//! Events about deployments and releases, as CloudEvents 1.0.
//!
//! Sources: "CloudEvents - Version 1.0.2" (the attributes `id`, `source`, `specversion`, `type`,
//! `subject`, `time`, `datacontenttype`; `source` and `id` together name one event) and "HTTP
//! Protocol Binding for CloudEvents" (the structured mode).

use crate::lifecycle::outcome::{Outcome, Results};
use crate::lifecycle::release::Release;
use crate::lifecycle::{Operation, Stamp, Step};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The media type of a body in the structured mode.
pub const MEDIA_TYPE: &str = "application/cloudevents+json; charset=utf-8";
/// The header with the signature of a body.
pub const SIGNATURE: &str = "X-Cascade-Signature-256";

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    time: String,
    datacontenttype: &'static str,
    data: Value,
}

/// The run that something happened in.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The page of the repository.
    pub repository: &'a str,
    /// The component, if the repository has several.
    pub component: Option<&'a str>,
    /// The page of the run.
    pub run: Option<&'a str>,
    /// The attempt of the run.
    pub attempt: u64,
    /// The time, and the person who started it.
    pub stamp: &'a Stamp,
}

/// A deployment that ended.
#[derive(Debug, Clone, Copy)]
pub struct Deployment<'a> {
    /// The operation that deployed.
    pub operation: Operation,
    /// The version that was deployed.
    pub step: &'a Step,
    /// The result of each deploy.
    pub results: &'a Results,
    /// True if the environment holds it now.
    pub advanced: bool,
}

impl<'a> Deployment<'a> {
    /// Returns the end of an operation's step.
    #[must_use]
    pub const fn new(
        (operation, step): (Operation, &'a Step),
        results: &'a Results,
        advanced: bool,
    ) -> Self {
        Self {
            operation,
            step,
            results,
            advanced,
        }
    }
}

impl Event {
    /// Returns the event of a deployment that ended.
    #[must_use]
    pub fn deployment(origin: Origin<'_>, ended: Deployment<'_>) -> Self {
        let Deployment {
            operation, step, ..
        } = ended;
        let what = match operation {
            Operation::Rollback => "rollback",
            Operation::Hotfix => "hotfix",
            Operation::Orchestrate | Operation::Promote | Operation::Restore => "deployment",
        };
        let failed = ended.results.values().any(|each| each.result.is_bad());
        let succeeded = match operation {
            Operation::Restore => !failed,
            _ => ended.advanced,
        };
        let new = (Some(step.version.clone()), Some(step.sha.clone()));
        let old = (step.base.version.clone(), step.base.sha.clone());
        // A restore brings back what the step replaced.
        let (now, before) = match operation {
            Operation::Restore => (old, new),
            _ => (new, old),
        };
        let outcome = if succeeded { "succeeded" } else { "failed" };
        let data = json!({
            "operation": operation.to_string(),
            "environment": step.environment,
            "version": now.0,
            "sha": now.1,
            "previous_version": before.0,
            "previous_sha": before.1,
            "deploys": deploys(step, ended.results),
        });
        let place = (operation.to_string(), step.environment.as_str());
        origin.event(&format!("{what}.{outcome}"), (&place.0, place.1), data)
    }

    /// Returns the event of a release that was published.
    #[must_use]
    pub fn release(origin: Origin<'_>, release: &Release) -> Self {
        let data = json!({
            "version": release.version,
            "candidate": release.candidate,
            "sha": release.sha,
            "previous_version": release.base.version,
            "previous_sha": release.base.sha,
        });
        let place = ("release", release.version.as_str());
        origin.event("release.published", place, data)
    }

    /// Returns its type.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns what it is about: an environment, or a version.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl Origin<'_> {
    /// An event has the same id if its command runs twice in one attempt, so that receivers can drop
    /// the second.
    fn event(&self, kind: &str, (what, subject): (&str, &str), mut data: Value) -> Event {
        let run = self.run.and_then(|run| run.rsplit('/').next());
        let run = run.unwrap_or(&self.stamp.at);
        let component = self
            .component
            .map_or_else(String::new, |name| format!("{name}/"));
        if let Value::Object(data) = &mut data {
            data.insert("actor".to_owned(), self.stamp.by.clone().into());
            data.insert("component".to_owned(), self.component.into());
            data.insert("run".to_owned(), self.run.into());
            data.retain(|_, value| !value.is_null());
        }
        Event {
            specversion: "1.0",
            id: format!("{run}-{}-{what}-{component}{subject}", self.attempt),
            source: self.repository.to_owned(),
            kind: format!("cascade.{kind}"),
            subject: format!("{component}{subject}"),
            time: self.stamp.at.clone(),
            datacontenttype: "application/json",
            data,
        }
    }
}

fn deploys(step: &Step, results: &Results) -> Value {
    let deploys = step.deploys.iter().map(|(name, planned)| {
        let ended = results.get(name);
        let result = ended.map_or(Outcome::Skipped, |each| each.result);
        let attempts = ended.map_or(0, |each| each.attempts);
        let deploy = json!({
            "version": planned.version,
            "sha": planned.sha,
            "result": result,
            "attempts": attempts,
        });
        (name.clone(), deploy)
    });
    Value::Object(deploys.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Planned;
    use crate::lifecycle::outcome::Attempted;

    fn stamp() -> Stamp {
        Stamp {
            at: "2026-01-01T00:00:00Z".to_owned(),
            by: "octocat".to_owned(),
        }
    }

    fn ended(operation: Operation, result: Outcome, advanced: bool) -> Value {
        let stamp = stamp();
        let origin = Origin {
            repository: "https://github.com/acme/shop",
            component: Some("api"),
            run: Some("https://github.com/acme/shop/actions/runs/7"),
            attempt: 2,
            stamp: &stamp,
        };
        let mut step = Step {
            environment: "prod".to_owned(),
            version: "v1.2.0".to_owned(),
            sha: "abc".to_owned(),
            ..Step::default()
        };
        let planned = Planned::new("abc", "v1.2.0", None);
        step.deploys.insert("web".to_owned(), planned);
        let results = Results::from([("web".to_owned(), Attempted::once(result))]);
        let event = Event::deployment(
            origin,
            Deployment {
                operation,
                step: &step,
                results: &results,
                advanced,
            },
        );
        serde_json::to_value(event).unwrap()
    }

    #[test]
    fn a_deployment_is_an_event_with_the_attributes_of_the_specification() {
        let event = ended(Operation::Promote, Outcome::Success, true);
        let expected = json!({
            "specversion": "1.0",
            "id": "7-2-promote-api/prod",
            "source": "https://github.com/acme/shop",
            "type": "cascade.deployment.succeeded",
            "subject": "api/prod",
            "time": "2026-01-01T00:00:00Z",
            "datacontenttype": "application/json",
            "data": {
                "operation": "promote", "environment": "prod", "version": "v1.2.0", "sha": "abc",
                "deploys": { "web": { "version": "v1.2.0", "sha": "abc", "result": "success", "attempts": 1 } },
                "actor": "octocat", "component": "api",
                "run": "https://github.com/acme/shop/actions/runs/7",
            },
        });
        assert_eq!(event, expected);
    }

    #[test]
    fn the_type_says_what_ended_and_how() {
        for (operation, result, advanced, kind) in [
            (
                Operation::Orchestrate,
                Outcome::Failure,
                false,
                "cascade.deployment.failed",
            ),
            (
                Operation::Rollback,
                Outcome::Success,
                true,
                "cascade.rollback.succeeded",
            ),
            (
                Operation::Hotfix,
                Outcome::Failure,
                false,
                "cascade.hotfix.failed",
            ),
            (
                Operation::Restore,
                Outcome::Success,
                false,
                "cascade.deployment.succeeded",
            ),
            (
                Operation::Restore,
                Outcome::Cancelled,
                false,
                "cascade.deployment.failed",
            ),
        ] {
            assert_eq!(ended(operation, result, advanced)["type"], kind);
        }
    }
}
