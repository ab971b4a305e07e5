//! The environment of a job: whom it waits for, and what it gives.
//!
//! Source: GitHub, "Managing environments for deployment": a job that names an environment begins
//! when every protection rule let it in, and has the environment's secrets and variables only then;
//! a job that somebody rejects, or whose branch may not deploy there, fails.

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::Running;
use super::contexts::Contexts;
use super::graph::Placed;

/// A job in front of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance<'a> {
    /// The name of the environment.
    pub environment: &'a str,
    /// The path of the job.
    pub path: &'a str,
}

/// The answer of an environment.
#[derive(Debug, Clone, Default)]
pub struct Admission {
    /// The reason for which the job may not run; nothing if it may.
    pub refused: Option<String>,
    /// Secrets of the environment, by name.
    pub secrets: Vec<(String, String)>,
    /// Variables of the environment, by name.
    pub vars: Vec<(String, String)>,
}

/// Asks an environment to let a job in; it waits for people and timers.
pub type Admit<'a> = dyn Fn(&Entrance<'_>) -> anyhow::Result<Admission> + Sync + 'a;

/// The name of the environment that a job names; empty if it names none after all.
fn name(written: &Value, contexts: &Contexts) -> anyhow::Result<String> {
    let Value::Object(fields) = written else {
        return contexts.text(written);
    };
    let known = ["name", "url", "deployment"];
    if let Some(other) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        bail!("`environment.{other}` is outside of what the engine knows");
    }
    contexts.text(
        fields
            .get("name")
            .context("`environment.name` is missing")?,
    )
}

impl Running<'_> {
    /// Waits in front of the job's environment; `None` if it may not run.
    pub(super) fn enter(
        &self,
        placed: &Placed<'_>,
        mut contexts: Contexts,
    ) -> anyhow::Result<Option<Contexts>> {
        let Some(written) = &placed.job.environment else {
            return Ok(Some(contexts));
        };
        let environment = name(written, &contexts)?;
        if environment.is_empty() {
            return Ok(Some(contexts));
        }
        let path = placed.path();
        let admission = (self.admit)(&Entrance {
            environment: &environment,
            path: &path,
        })?;
        if let Some(reason) = admission.refused {
            self.record.line(&path, &format!("Error: {reason}"));
            return Ok(None);
        }
        for (name, value) in admission.secrets {
            self.record.mask(&value);
            contexts.put("secrets", &name, json!(value));
        }
        for (name, value) in admission.vars {
            contexts.put("vars", &name, json!(value));
        }
        Ok(Some(contexts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_a_name_or_a_mapping() {
        let contexts =
            Contexts::new(serde_json::Map::new()).with("inputs", json!({ "to": "prod" }));
        let read = |written: Value| name(&written, &contexts);
        assert_eq!(read(json!("${{ inputs.to }}")).unwrap(), "prod");
        let mapping = json!({ "name": "prod", "deployment": false, "url": "https://x" });
        assert_eq!(read(mapping).unwrap(), "prod");
        for wrong in [
            json!({ "url": "https://x" }),
            json!({ "name": "prod", "reviewers": [] }),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
