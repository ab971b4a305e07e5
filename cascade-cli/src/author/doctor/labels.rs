//! Labels that the upkeep of a fork puts on its pull requests and issues.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::github::Setting;

/// The colour of new labels.
const COLOR: &str = "ededed";

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let Some(integration) = &patient.pipeline.settings().integration else {
        return Ok(Vec::new());
    };
    let github = &patient.host.github;
    let there = github.labels()?;
    let is_there = |name: &str| {
        there.iter().any(|label| {
            let found = label["name"].as_str().unwrap_or_default();
            found.eq_ignore_ascii_case(name)
        })
    };
    let wanted = integration.labels.all().into_iter();
    let missing = wanted.filter(|name| !is_there(name));
    let mut found: Vec<Diagnosis> = missing
        .map(|name| {
            let fix = Fix::Setting {
                does: "makes it".to_owned(),
                setting: Setting::Label {
                    name: name.to_owned(),
                    color: COLOR,
                },
            };
            Diagnosis::wrong(format!("label `{name}`"), "it does not exist", fix)
        })
        .collect();
    if found.is_empty() {
        found.push(Diagnosis::good("labels", "all there"));
    }
    Ok(found)
}
