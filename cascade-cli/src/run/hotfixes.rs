//! The hotfixes that GitHub and git know.

use super::session::Session;
use crate::cli::error::Failure;
use crate::git::Pushed;
use crate::github::refusal::{Move, explained};
use crate::github::{GitHub, Pulls};
use cascade_core::lifecycle::Step;
use cascade_core::lifecycle::hotfix::{
    CONFLICT, LABEL, Note, Progress, Pull, base_branch, environment_of, is_hotfix,
};
use cascade_core::pipeline::Component;
use cascade_core::state::State;
use indexmap::IndexMap;
use serde_json::Value;

/// Returns the file of the workflow that a merge is handed over to.
pub(crate) fn workflow(component: &Component) -> String {
    component.file("cascade-hotfix")
}

/// Hotfixes that are open, into any environment of the component.
pub(crate) fn open(component: &Component, github: &GitHub) -> Result<Vec<Pull>, Failure> {
    listed(component, github, ("open", None))
}

/// Hotfixes into one environment, whatever became of them.
fn into(component: &Component, github: &GitHub, environment: &str) -> Result<Vec<Pull>, Failure> {
    let base = base_branch(component.name(), environment);
    listed(component, github, ("all", Some(&base)))
}

/// Hotfixes into every environment above the first.
pub(crate) fn all(session: &Session, github: &GitHub) -> Result<Vec<Pull>, Failure> {
    let mut found = Vec::new();
    let component = &session.component;
    for environment in component.environments.iter().skip(1) {
        found.extend(into(component, github, environment.name.as_str())?);
    }
    Ok(found)
}

fn listed(
    component: &Component,
    github: &GitHub,
    (state, base): (&'static str, Option<&str>),
) -> Result<Vec<Pull>, Failure> {
    let head = None;
    let pulls = github.pulls(Pulls { state, head, base })?;
    let pulls = pulls.iter();
    Ok(pulls
        .filter_map(|pull| read(component.name(), github, pull))
        .collect())
}

/// A pull request, if it is one of the component's hotfixes, from this repository.
pub(crate) fn read(component: Option<&str>, github: &GitHub, pull: &Value) -> Option<Pull> {
    let labels = pull["labels"].as_array()?;
    let has = |label: &str| labels.iter().any(|each| each["name"] == label);
    if !has(LABEL) && !has(CONFLICT) {
        return None;
    }
    let from = pull["head"]["repo"]["full_name"].as_str()?;
    if !from.eq_ignore_ascii_case(github.repository()) {
        return None;
    }
    let merged = pull["merged_at"].is_string() || pull["merged"] == true;
    let progress = match (pull["state"].as_str()?, &pull["merge_commit_sha"]) {
        ("open", _) => Progress::Open,
        (_, Value::String(sha)) if merged => Progress::Merged(sha.clone()),
        _ => Progress::Closed,
    };
    Some(Pull {
        number: pull["number"].as_u64()?,
        environment: environment_of(component, pull["base"]["ref"].as_str()?)?.to_owned(),
        head: pull["head"]["ref"].as_str()?.to_owned(),
        head_sha: pull["head"]["sha"].as_str().unwrap_or_default().to_owned(),
        author: pull["user"]["login"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        conflict: has(CONFLICT),
        progress,
        note: Note::read(pull["body"].as_str().unwrap_or_default()),
    })
}

/// Returns the commits of the environments' branches, by environment.
pub(crate) fn branches(session: &Session) -> Result<IndexMap<String, String>, Failure> {
    let component = session.component.name();
    let listed = session.git.remote_branches(&base_branch(component, ""))?;
    let branch =
        |(name, sha): (String, String)| Some((environment_of(component, &name)?.to_owned(), sha));
    Ok(listed.into_iter().filter_map(branch).collect())
}

/// Deletes the branches of environments that promotions brought back to trunk, and says which stay.
///
/// The state is recorded already, and a branch that is left over harms nothing.
pub(crate) fn forget(
    session: &Session,
    steps: &[Step],
    state: &State,
) -> Result<Vec<Failure>, Failure> {
    let rejoined = |step: &&Step| is_hotfix(&step.base) && step.landed(state);
    let mut left = Vec::new();
    for step in steps.iter().filter(rejoined) {
        let branch = base_branch(session.component.name(), &step.environment);
        let Some(tip) = branches(session)?.shift_remove(&step.environment) else {
            continue;
        };
        // Whoever moved it meanwhile needs it.
        if step.base.sha.as_ref() != Some(&tip) {
            continue;
        }
        if let Pushed::Refused(why) = session.git.move_branch(&branch, Some(&tip), None)? {
            let failure = Failure::new(format!("`{branch}` could not be deleted"));
            let failure = explained(
                failure,
                &why,
                Move {
                    what: "branch",
                    token: "`state_token_app`",
                },
            );
            left.push(failure.or_help("`cascade status consistency --fix` deletes it, too"));
        }
    }
    Ok(left)
}

/// Returns true if GITHUB_TOKEN could make a ref there: it cannot where workflow files differ from
/// the trunk's.
pub(crate) fn same_workflows(session: &Session, commit: &str) -> Result<bool, Failure> {
    let workflows = |commit: &str| session.git.tree(commit, ".github/workflows");
    Ok(workflows(commit)? == workflows(&session.trunk_head()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::runner::Runner;
    use serde_json::json;

    fn read_with(change: impl FnOnce(&mut Value)) -> Option<Pull> {
        let environment = Runner {
            api_url: "http://localhost:1".to_owned(),
            ..Runner::default()
        };
        let github = GitHub::reading(&environment, "acme/app", None).unwrap();
        let mut pull = json!({
            "number": 7, "state": "open", "merge_commit_sha": "m", "user": { "login": "ada" },
            "labels": [{ "name": LABEL }],
            "head": { "ref": "hotfix/prod/1", "sha": "h", "repo": { "full_name": "Acme/App" } },
            "base": { "ref": "env/prod" },
        });
        change(&mut pull);
        read(None, &github, &pull)
    }

    #[test]
    fn a_hotfix_is_read_with_its_environment() {
        let pull = read_with(|_| {}).unwrap();
        assert_eq!((pull.number, pull.environment.as_str()), (7, "prod"));
        assert_eq!((pull.author.as_str(), pull.head_sha.as_str()), ("ada", "h"));
        assert!(!pull.conflict);
        let conflict = read_with(|pull| pull["labels"][0]["name"] = json!(CONFLICT));
        assert!(conflict.unwrap().conflict);
    }

    #[test]
    fn other_pull_requests_are_no_hotfixes() {
        assert_eq!(read_with(|pull| pull["labels"] = json!([])), None);
        assert_eq!(read_with(|pull| pull["base"]["ref"] = json!("main")), None);
        let fork = read_with(|pull| pull["head"]["repo"]["full_name"] = json!("bob/app"));
        assert_eq!(fork, None);
        // The fork is gone.
        assert_eq!(read_with(|pull| pull["head"]["repo"] = Value::Null), None);
    }

    #[test]
    fn only_what_was_merged_has_a_merge() {
        let progress = |change: fn(&mut Value)| read_with(change).unwrap().progress;
        assert_eq!(progress(|_| {}), Progress::Open);
        assert_eq!(
            progress(|pull| pull["state"] = json!("closed")),
            Progress::Closed
        );
        let merged = progress(|pull| {
            pull["state"] = json!("closed");
            pull["merged_at"] = json!("2026-01-01T00:00:00Z");
        });
        assert_eq!(merged, Progress::Merged("m".to_owned()));
    }
}
