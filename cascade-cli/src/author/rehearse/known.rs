//! The things that GitHub knows of the repository and git does not.

use crate::author::environments::distinct;
use crate::author::host::Host;
use crate::cli::error::Failure;
use crate::github::Listing;
use cascade_core::pipeline::Pipeline;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The things that GitHub knows; nothing where it was not asked, or the token may not see it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Known {
    /// `owner/name`.
    repository: Option<String>,
    releases: Option<Vec<Value>>,
    /// By the name of the environment.
    environments: Option<BTreeMap<String, Environment>>,
    /// Names of secrets.
    secrets: Option<Vec<String>>,
    /// Names of variables.
    variables: Option<Vec<String>>,
    /// Remarks for the person who rehearses.
    pub(super) notes: Vec<String>,
}

/// The people and times that a job waits for.
#[derive(Debug, Serialize)]
struct Environment {
    reviewers: Vec<String>,
    /// Minutes.
    wait_timer: u64,
}

impl Known {
    /// Nothing, for a reason.
    pub(super) fn nothing(why: &str) -> Self {
        Self {
            notes: vec![format!(
                "GitHub was not asked for releases, reviewers and names of secrets: {why}"
            )],
            ..Self::default()
        }
    }

    /// Asks GitHub, with requests that only read.
    pub(super) fn ask(host: &Host, pipeline: &Pipeline) -> Result<Self, Failure> {
        let github = &host.github;
        let mut known = Self {
            repository: Some(host.name.clone()),
            releases: Some(github.releases()?.iter().map(release).collect()),
            ..Self::default()
        };
        known.secrets = known.names(host, "secrets")?;
        known.variables = known.names(host, "variables")?;
        let mut environments = BTreeMap::new();
        for environment in distinct(pipeline) {
            let Some(name) = environment.gate() else {
                continue;
            };
            let answer = github.environment(name)?;
            match answer.status {
                404 => {}
                _ if answer.is_success() => {
                    environments.insert(name.to_owned(), Environment::read(&answer.body));
                }
                status => known.unseen("environments", status),
            }
        }
        known.environments = Some(environments);
        Ok(known)
    }

    /// The names of secrets or variables: the repository's and those that its organization shares.
    fn names(&mut self, host: &Host, field: &str) -> Result<Option<Vec<String>>, Failure> {
        let mut names = Vec::new();
        for listing in [host.github.names(field)?, host.github.shared_names(field)?] {
            match listing {
                Listing::Items(items) => {
                    let found = items.iter().filter_map(|item| item["name"].as_str());
                    names.extend(found.map(str::to_owned));
                }
                // A repository of a person has no organization.
                Listing::Refused(404) => {}
                Listing::Refused(status) => {
                    self.unseen(field, status);
                    return Ok(None);
                }
            }
        }
        Ok(Some(names))
    }

    fn unseen(&mut self, what: &str, status: u16) {
        let note = format!("the token may not see the {what} (HTTP {status})");
        self.notes.push(note);
    }
}

impl Environment {
    fn read(found: &Value) -> Self {
        let rules = found["protection_rules"].as_array();
        let rules = || rules.into_iter().flatten();
        let reviewers = rules().filter_map(|rule| rule["reviewers"].as_array());
        let name = |reviewer: &Value| {
            let who = &reviewer["reviewer"];
            let name = who["login"].as_str().or_else(|| who["slug"].as_str());
            name.map(str::to_owned)
        };
        Self {
            reviewers: reviewers.flatten().filter_map(name).collect(),
            wait_timer: rules().filter_map(|rule| rule["wait_timer"].as_u64()).sum(),
        }
    }
}

/// The fields of a release that the next one depends on.
fn release(found: &Value) -> Value {
    json!({
        "tag": found["tag_name"], "name": found["name"], "body": found["body"],
        "draft": found["draft"], "prerelease": found["prerelease"],
        "target": found["target_commitish"],
    })
}
