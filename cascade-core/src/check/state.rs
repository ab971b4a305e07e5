//! Rules of the branch that keeps the state.

use crate::finding::{Finding, rules};
use crate::manifest::Config;
use crate::manifest::draft::Reader;

/// Folders of branches that hotfixes use: `env/<environment>` and `hotfix/<environment>/<commit>`.
const HOTFIXES: [&str; 2] = ["env", "hotfix"];

const HELP: &str = "use a branch that has no other purpose, such as `cascade-state`";

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let Some(block) = &config.state else { return };
    let Some(branch) = block.branch.get() else {
        return;
    };
    let name = branch.as_str();
    let taken = taken(config);
    let clash = taken
        .iter()
        .find_map(|(what, other)| clash(name, what, other));
    let message = clash.or_else(|| folder(name)).or_else(|| unusable(name));
    if let Some(message) = message {
        let at = block.at.key("branch");
        reader.report(Finding::new(&rules::STATE_BRANCH, at, message).help(HELP));
    }
}

/// The branches that the pipeline uses, each with the key that names it.
fn taken(config: &Config) -> Vec<(String, String)> {
    let mut taken = Vec::new();
    if let Some(trunk) = config.trunk_branch.get() {
        taken.push(("trunk_branch".to_owned(), trunk.to_string()));
    }
    if let Some(integration) = &config.integration {
        taken.push((
            "mirror_branch".to_owned(),
            integration.mirror_branch.get().to_string(),
        ));
        taken.push((
            "integration_branch".to_owned(),
            integration.integration_branch.get().to_string(),
        ));
    }
    for deploy in &config.deploys {
        let Some(target) = &deploy.deploy_target else {
            continue;
        };
        if let (None, Some(branch)) = (&target.repo, &target.branch) {
            taken.push((target.at.key("branch").to_string(), branch.to_string()));
        }
    }
    taken
}

/// The problem with two branches that are one, or of which one would be a folder of the other: git
/// stores branches as paths ("git-update-ref"), so `main` and `main/state` exclude each other.
fn clash(name: &str, what: &str, other: &str) -> Option<String> {
    if name == other {
        return Some(format!("`state.branch` and `{what}` are both `{name}`"));
    }
    let (outer, inner) = if is_in(name, other) {
        (other, name)
    } else if is_in(other, name) {
        (name, other)
    } else {
        return None;
    };
    Some(format!(
        "`state.branch` and `{what}` exclude each other: git cannot have `{inner}` beside `{outer}`"
    ))
}

fn is_in(name: &str, folder: &str) -> bool {
    name.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn folder(name: &str) -> Option<String> {
    let folder = HOTFIXES
        .into_iter()
        .find(|folder| name == *folder || is_in(name, folder))?;
    Some(format!(
        "`state.branch` is `{name}`, and hotfixes use the branches below `{folder}/`"
    ))
}

/// The problem with a name that git takes for something else, or that GitHub refuses: 40 hexadecimal
/// digits, or a name below `refs/` (GitHub's documentation, "Dealing with special characters in
/// branch and tag names").
fn unusable(name: &str) -> Option<String> {
    let is_commit = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_commit {
        return Some(format!("`{name}` looks like a commit, not like a branch"));
    }
    let is_special = name == "HEAD" || name == "@" || is_in(name, "refs");
    is_special.then(|| format!("`{name}` cannot be the name of a branch"))
}
