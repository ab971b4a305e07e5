//! Setting environments through GitHub's API.
//!
//! Source: GitHub's REST API, "Create or update an environment" and "Deployment branch policies".

use crate::cli::error::Failure;
use crate::cli::runner;
use crate::github::{Answer, GitHub};
use cascade_core::manifest::BranchPolicy;
use cascade_core::pipeline::Environment;
use serde_json::{Value, json};

/// Brings the environments that GitHub must know about in step with the pipeline.
pub(super) fn apply(environments: &[&Environment]) -> Result<(), Failure> {
    let runner = runner::Runner::read();
    let github = GitHub::new(&runner, runner.token.as_ref())?.ok_or_else(|| {
        Failure::new("`--apply` needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            .help("the token must be able to administer the repository")
    })?;
    for environment in environments {
        if let Some(name) = environment.gate() {
            set(&github, name, environment)?;
        }
    }
    Ok(())
}

/// Sets one environment.
pub(in crate::author) fn set(
    github: &GitHub,
    name: &str,
    environment: &Environment,
) -> Result<(), Failure> {
    let reviewers: Result<Vec<Value>, Failure> = environment
        .reviewers
        .iter()
        .map(|each| reviewer(github, each))
        .collect();
    let policy = match environment.branch_policy {
        BranchPolicy::All => Value::Null,
        policy => json!({
            "protected_branches": policy == BranchPolicy::Protected,
            "custom_branch_policies": policy == BranchPolicy::Custom,
        }),
    };
    let body = json!({
        "wait_timer": environment.wait_timer,
        "reviewers": reviewers?,
        "deployment_branch_policy": policy,
    });
    github.put_environment(name, &body)?;
    match environment.branch_policy {
        BranchPolicy::Custom => patterns(github, name, environment),
        BranchPolicy::Protected | BranchPolicy::All => Ok(()),
    }
}

/// A user, or a team: `team` of the repository's owner, or `organisation/team`.
fn reviewer(github: &GitHub, name: &str) -> Result<Value, Failure> {
    let bare = name.trim_start_matches('@');
    let (organization, team) = bare.split_once('/').unwrap_or((github.owner(), bare));
    if !bare.contains('/')
        && let Some(id) = id(github.user(bare)?)?
    {
        return Ok(json!({ "type": "User", "id": id }));
    }
    if let Some(id) = id(github.team(organization, team)?)? {
        return Ok(json!({ "type": "Team", "id": id }));
    }
    Err(Failure::new(format!(
        "the reviewer `{name}` is no user and no team of GitHub's"
    ))
    .help("write a login, or `organisation/team`"))
}

/// The number of who was asked for; `None` if there is nobody of that name.
fn id(answer: Answer) -> Result<Option<u64>, Failure> {
    match answer.status {
        404 => Ok(None),
        _ => answer.accepted()?.number("id").map(Some),
    }
}

fn patterns(github: &GitHub, name: &str, environment: &Environment) -> Result<(), Failure> {
    let there = github.branch_policies(name)?;
    let branches = environment
        .branch_patterns
        .iter()
        .map(|pattern| ("branch", pattern));
    let tags = environment
        .tag_patterns
        .iter()
        .map(|pattern| ("tag", pattern));
    let wanted: Vec<(&str, &String)> = branches.chain(tags).collect();
    let is = |policy: &Value, (kind, name): &(&str, &String)| {
        policy["name"] == name.as_str() && policy["type"].as_str().unwrap_or("branch") == *kind
    };
    for policy in there
        .iter()
        .filter(|policy| !wanted.iter().any(|each| is(policy, each)))
    {
        github.delete_branch_policy(name, policy["id"].as_u64().unwrap_or_default())?;
    }
    for each in wanted
        .iter()
        .filter(|each| !there.iter().any(|policy| is(policy, each)))
    {
        let body = json!({ "name": each.1, "type": each.0 });
        github.create_branch_policy(name, &body)?;
    }
    Ok(())
}
