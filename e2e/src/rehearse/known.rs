//! The things that GitHub knows of the repository, as `cascade rehearse` asked it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use super::source::environments;
use crate::scenario::{Environment, Release, Secret};

/// The document that `cascade rehearse` writes; nothing where GitHub was not asked.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Known {
    pub(super) repository: Option<String>,
    pub(super) releases: Option<Vec<Found>>,
    pub(super) environments: Option<BTreeMap<String, Environment>>,
    secrets: Option<BTreeSet<String>>,
    variables: Option<BTreeSet<String>>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

/// A release.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Found {
    #[serde(flatten)]
    pub(super) release: Release,
    pub(super) target: String,
}

impl Known {
    /// Reads the document, if there is one.
    pub(super) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let text =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| file.display().to_string())
    }

    /// Takes away the secrets and variables that the repository does not have, and says so.
    pub(super) fn keep(
        &self,
        secrets: &mut BTreeMap<String, Secret>,
        variables: &mut BTreeMap<String, String>,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(known) = &self.secrets {
            notes.extend(keep(secrets, known, "secret"));
        }
        if let Some(known) = &self.variables {
            notes.extend(keep(variables, known, "variable"));
        }
        notes
    }
}

/// Names are compared without case (GitHub, "Using secrets in GitHub Actions").
fn keep<T>(wanted: &mut BTreeMap<String, T>, known: &BTreeSet<String>, kind: &str) -> Vec<String> {
    let has = |name: &String| known.iter().any(|one| one.eq_ignore_ascii_case(name));
    let missing: Vec<String> = wanted.keys().filter(|name| !has(name)).cloned().collect();
    wanted.retain(|name, _| has(name));
    missing
        .into_iter()
        .map(|name| format!("the {kind} `{name}` is not set: workflows read an empty text"))
        .collect()
}

/// The environments as the pipeline says that they are set up.
pub(super) fn declared(config: &Value) -> BTreeMap<String, Environment> {
    let named = environments(config).filter_map(|one| {
        let name = one["gha_environment"].as_str().or(one["name"].as_str())?;
        let reviewers = one["required_reviewers"].as_array().into_iter().flatten();
        let reviewers = reviewers.filter_map(Value::as_str).map(str::to_owned);
        let environment = Environment {
            reviewers: reviewers.collect(),
            wait_timer: one["wait_timer"].as_u64().unwrap_or_default(),
            ..Environment::default()
        };
        Some((name.to_owned(), environment))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_repository_lacks_is_taken_away_and_said() {
        let known = Known {
            secrets: Some(["KEY".to_owned()].into()),
            ..Known::default()
        };
        let secret = || Secret::Text("x".to_owned());
        let mut secrets =
            BTreeMap::from([("key".to_owned(), secret()), ("OTHER".to_owned(), secret())]);
        let mut variables = BTreeMap::from([("V".to_owned(), String::new())]);
        let notes = known.keep(&mut secrets, &mut variables);
        assert_eq!(secrets.into_keys().collect::<Vec<_>>(), ["key"]);
        assert_eq!(variables.len(), 1, "nobody asked for variables");
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("`OTHER`"), "{notes:?}");
    }

    #[test]
    fn environments_wait_as_the_pipeline_says() {
        let config = json!({ "environments": ["dev", {
            "name": "prod", "gha_environment": "production", "wait_timer": 5, "required_reviewers": ["hubot"],
        }] });
        let declared = declared(&config);
        assert_eq!(declared.len(), 1);
        assert_eq!(declared["production"].wait_timer, 5);
        assert_eq!(declared["production"].reviewers, ["hubot"]);
    }
}
