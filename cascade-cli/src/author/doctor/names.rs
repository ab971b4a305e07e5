//! Secrets and variables that the generated files read.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::github::Listing;

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let github = &patient.host.github;
    let mut found = Vec::new();
    let kinds = [
        ("secret", "secrets", &patient.needs.secrets),
        ("variable", "variables", &patient.needs.variables),
    ];
    for (word, field, names) in kinds {
        if names.is_empty() {
            continue;
        }
        let wanted: Vec<String> = names.iter().cloned().collect();
        let own = github.names(field)?;
        // A repository of a person has none of an organization.
        let shared = match github.shared_names(field)? {
            Listing::Refused(_) => Listing::Items(Vec::new()),
            listed @ Listing::Items(_) => listed,
        };
        let help = format!("gh {word} set NAME");
        found.push(missing(field, &wanted, &[own, shared], &help));
    }
    Ok(found)
}

/// Compares names with those that GitHub has.
pub(super) fn missing(
    subject: impl Into<String>,
    wanted: &[String],
    listed: &[Listing],
    help: &str,
) -> Diagnosis {
    let subject = subject.into();
    let mut there = Vec::new();
    for each in listed {
        match each {
            Listing::Items(items) => {
                let names = items.iter().filter_map(|item| item["name"].as_str());
                there.extend(names.map(str::to_uppercase));
            }
            Listing::Refused(status) => {
                return Diagnosis::not_allowed(subject, *status, "the names (Secrets, Variables)");
            }
        }
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|name| !there.contains(&name.to_uppercase()))
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return Diagnosis::good(subject, wanted.join(", "));
    }
    let said = format!("missing: {}", missing.join(", "));
    Diagnosis::wrong(subject, said, Fix::ByHand(help.to_owned()))
}
