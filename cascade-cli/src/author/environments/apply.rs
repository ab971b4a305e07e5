//! Setting environments through GitHub's API.
//!
//! Source: GitHub's REST API, "Create or update an environment" and "Deployment branch policies".

use crate::cli::error::Failure;
use crate::cli::runner;
use crate::github::GitHub;
use crate::uri::encoded_segment;
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
    let owner = runner
        .repository
        .as_deref()
        .and_then(|name| name.split('/').next());
    for environment in environments {
        if let Some(name) = environment.gate() {
            set(&github, owner.unwrap_or_default(), name, environment)?;
        }
    }
    Ok(())
}

/// Sets one environment.
pub(in crate::author) fn set(
    github: &GitHub,
    owner: &str,
    name: &str,
    environment: &Environment,
) -> Result<(), Failure> {
    let reviewers: Result<Vec<Value>, Failure> = environment
        .reviewers
        .iter()
        .map(|each| reviewer(github, owner, each))
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
    let path = github.path(&format!("/environments/{}", encoded_segment(name)));
    github.change("PUT", &path, &body)?.accepted("PUT", &path)?;
    match environment.branch_policy {
        BranchPolicy::Custom => patterns(github, &path, environment),
        BranchPolicy::Protected | BranchPolicy::All => Ok(()),
    }
}

/// A user, or a team: `team` of the repository's owner, or `organisation/team`.
fn reviewer(github: &GitHub, owner: &str, name: &str) -> Result<Value, Failure> {
    let team = |organisation: &str, team: &str| format!("/orgs/{organisation}/teams/{team}");
    let places = match name.trim_start_matches('@').split_once('/') {
        Some((organisation, name)) => vec![("Team", team(organisation, name))],
        None => vec![
            ("User", format!("/users/{name}")),
            ("Team", team(owner, name)),
        ],
    };
    for (kind, path) in places {
        let answer = github.get(&path)?;
        if answer.status != 404 {
            let answer = answer.accepted("GET", &path)?;
            return Ok(json!({ "type": kind, "id": answer.number("id")? }));
        }
    }
    Err(Failure::new(format!(
        "the reviewer `{name}` is no user and no team of GitHub's"
    ))
    .help("write a login, or `organisation/team`"))
}

fn patterns(github: &GitHub, path: &str, environment: &Environment) -> Result<(), Failure> {
    let path = format!("{path}/deployment-branch-policies");
    let there = github
        .get(&format!("{path}?per_page=100"))?
        .accepted("GET", &path)?;
    let there = there.items("branch_policies")?.to_vec();
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
        github.delete(&format!("{path}/{}", policy["id"]))?;
    }
    for each in wanted
        .iter()
        .filter(|each| !there.iter().any(|policy| is(policy, each)))
    {
        let body = json!({ "name": each.1, "type": each.0 });
        github.create(&path, &body)?.accepted("POST", &path)?;
    }
    Ok(())
}
