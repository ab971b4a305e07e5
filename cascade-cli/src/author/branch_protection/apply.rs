//! Setting rulesets through GitHub's API.
//!
//! Source: GitHub's REST API, "Rules". Names are not unique there, so a ruleset is looked for first.

use super::ruleset::{self, Actor, Ruleset};
use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::run::Workspace;
use serde_json::Value;

/// Sets the rulesets; returns what to know besides.
pub(super) fn apply(
    workspace: &Workspace,
    rulesets: &[Ruleset],
    actors: &[Actor],
) -> Result<Vec<String>, Failure> {
    let github = workspace.github()?.ok_or_else(|| {
        Failure::new("`--apply` needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            .help("the token must be able to administer the repository")
    })?;
    let actors = actors.iter().map(|actor| numbered(&github, actor));
    let actors = actors.collect::<Result<Vec<Value>, Failure>>()?;
    set(&github, rulesets, &actors)?;
    match workspace.settings.state_branch {
        // Nothing of cascade's has to get past it.
        Some(_) => Ok(Vec::new()),
        None => classic(&github, workspace.settings.trunk.as_str()),
    }
}

/// Keeps everybody from rewriting or deleting the branch that keeps the state.
pub(crate) fn keep_state(github: &GitHub, branch: &str) -> Result<(), Failure> {
    set(github, &ruleset::of_state(branch, false), &[])
}

/// Makes rulesets, or replaces those of the same names.
fn set(github: &GitHub, rulesets: &[Ruleset], actors: &[Value]) -> Result<(), Failure> {
    let there = github.rulesets()?;
    for ruleset in rulesets {
        let same = there.iter().find(|each| each["name"] == ruleset.name);
        let id = same.and_then(|same| same["id"].as_u64());
        github.put_ruleset(id, &ruleset.body(actors))?;
    }
    Ok(())
}

/// The actor with its number.
fn numbered(github: &GitHub, actor: &Actor) -> Result<Value, Failure> {
    let found = match actor {
        Actor::App(slug) => github.app(slug)?,
        Actor::User(login) => github.user(login)?,
        Actor::DeployKey => return Ok(actor.numbered(None)),
    };
    let id = found.accepted()?.number("id")?;
    Ok(actor.numbered(Some(id)))
}

/// A classic protection holds beside rulesets, and its checks let nobody by.
fn classic(github: &GitHub, trunk: &str) -> Result<Vec<String>, Failure> {
    let answer = github.branch_protection(trunk)?;
    if answer.status == 404 {
        return Ok(Vec::new());
    }
    answer.accepted()?;
    Ok(vec![format!(
        "`{trunk}` has a classic protection, too, which still holds: remove it in the repository's settings (Branches), or its required checks keep cascade from writing state"
    )])
}
