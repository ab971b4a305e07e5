//! The default branch, which schedules and signals of GitHub start runs on.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::github::Setting;

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    const SUBJECT: &str = "default branch";
    let github = &patient.host.github;
    let answer = github.described()?;
    if answer.status == 404 {
        let failure = Failure::new(format!("GitHub shows no repository {}", patient.host.name));
        return Err(failure
            .cause(answer.message())
            .help("push the repository first; the token must be able to read it"));
    }
    let answer = answer.accepted()?;
    let (found, trunk) = (
        answer.text("default_branch")?,
        &patient.pipeline.settings().trunk,
    );
    if found == trunk.as_str() {
        return Ok(vec![Diagnosis::good(
            SUBJECT,
            format!("`{trunk}` is the trunk"),
        )]);
    }
    let said = format!(
        "it is `{found}`, and the trunk is `{trunk}`: GitHub reads workflows that a schedule, a signal or a person starts from the default branch"
    );
    let fix = match patient.git.tip(trunk.as_str())? {
        Some(_) => Fix::Setting {
            does: format!("makes `{trunk}` the default branch"),
            setting: Setting::DefaultBranch(trunk.as_str().to_owned()),
        },
        None => Fix::ByHand(format!(
            "there is no branch `{trunk}` on GitHub: push it, or write `trunk_branch: {found}`"
        )),
    };
    Ok(vec![Diagnosis::wrong(SUBJECT, said, fix)])
}
