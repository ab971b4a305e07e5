//! GitHub's environments: they exist, and wait for whom the pipeline says.
//!
//! Source: GitHub's REST API, "Deployment environments". A job that names an environment which is
//! not there makes it, without any protection.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use super::names::missing;
use crate::author::environments::{distinct, set};
use crate::cli::error::Failure;
use crate::github::Listing;
use cascade_core::manifest::BranchPolicy;
use cascade_core::pipeline::Environment;
use serde_json::Value;

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let mut found = Vec::new();
    for environment in distinct(patient.pipeline) {
        if let Some(name) = environment.gate() {
            found.push(examine_one(patient, name, environment)?);
            found.extend(contents(patient, name, environment)?);
        }
    }
    Ok(found)
}

/// Sets the environment as the pipeline says.
pub(super) fn mend(patient: &Patient<'_>, name: &str) -> Result<(), Failure> {
    let mut all = distinct(patient.pipeline).into_iter();
    match all.find(|environment| environment.gate() == Some(name)) {
        Some(environment) => set(&patient.host.github, name, environment),
        None => Ok(()),
    }
}

fn examine_one(
    patient: &Patient<'_>,
    name: &str,
    environment: &Environment,
) -> Result<Diagnosis, Failure> {
    let subject = format!("environment `{name}`");
    let github = &patient.host.github;
    let answer = github.environment(name)?;
    let fix = Fix::Environment(name.to_owned());
    Ok(match answer.status {
        404 => Diagnosis::wrong(
            subject,
            "it does not exist: the first run would make it, and wait for nobody",
            fix,
        ),
        _ if !answer.is_success() => {
            Diagnosis::not_allowed(subject, answer.status, "the environments (Environments)")
        }
        _ => match differences(&answer.body, environment) {
            differences if differences.is_empty() => {
                Diagnosis::good(subject, "as the pipeline says")
            }
            differences => Diagnosis::wrong(subject, differences.join(", "), fix),
        },
    })
}

fn differences(found: &Value, environment: &Environment) -> Vec<String> {
    let rules = found["protection_rules"].as_array();
    let rule = |kind: &str| {
        rules
            .into_iter()
            .flatten()
            .find(|rule| rule["type"] == kind)
    };
    let mut differences = Vec::new();
    let wait = rule("wait_timer").and_then(|rule| rule["wait_timer"].as_i64());
    let wanted = environment.wait_timer;
    if wait.unwrap_or_default() != wanted {
        let wait = wait.unwrap_or_default();
        differences.push(format!(
            "it waits {wait} minutes, and the pipeline says {wanted}"
        ));
    }
    let reviewers = rule("required_reviewers").and_then(|rule| rule["reviewers"].as_array());
    let names: Vec<String> = reviewers
        .into_iter()
        .flatten()
        .filter_map(|each| {
            let reviewer = &each["reviewer"];
            let name = reviewer.get("login").or_else(|| reviewer.get("slug"))?;
            Some(name.as_str()?.to_lowercase())
        })
        .collect();
    let last = |name: &str| {
        name.rsplit('/')
            .next()
            .unwrap_or(name)
            .trim_start_matches('@')
            .to_lowercase()
    };
    for reviewer in &environment.reviewers {
        if !names.contains(&last(reviewer)) {
            differences.push(format!("`{reviewer}` does not review"));
        }
    }
    let policy = &found["deployment_branch_policy"];
    let policy = match (
        policy["protected_branches"] == true,
        policy["custom_branch_policies"] == true,
    ) {
        (true, _) => BranchPolicy::Protected,
        (_, true) => BranchPolicy::Custom,
        _ => BranchPolicy::All,
    };
    if policy != environment.branch_policy {
        differences.push("other branches may deploy than the pipeline says".to_owned());
    }
    differences
}

/// Secrets and variables that the pipeline names for the environment.
fn contents(
    patient: &Patient<'_>,
    name: &str,
    environment: &Environment,
) -> Result<Vec<Diagnosis>, Failure> {
    let github = &patient.host.github;
    let mut found = Vec::new();
    let kinds = [
        ("secret", "secrets", &environment.secrets),
        ("variable", "variables", &environment.variables),
    ];
    for (word, field, names) in kinds {
        let wanted: Vec<String> = names.iter().map(ToString::to_string).collect();
        if wanted.is_empty() {
            continue;
        }
        let there = github.names_of_environment(name, field)?;
        // An environment that is not there yet has none.
        let there = match there {
            Listing::Refused(404) => Listing::Items(Vec::new()),
            other => other,
        };
        let help = format!("gh {word} set NAME --env {name}");
        found.push(missing(
            format!("{field} of the environment `{name}`"),
            &wanted,
            &[there],
            &help,
        ));
    }
    Ok(found)
}
