//! Rules of the branch that keeps the state.

use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::Config;
use crate::manifest::draft::Reader;
use crate::message;

/// Folders of branches that hotfixes use: `env/<environment>` and `hotfix/<environment>/<commit>`.
const HOTFIXES: [&str; 2] = ["env", "hotfix"];

/// A branch that the pipeline uses, and where it says so.
struct Taken<'a> {
    key: Message,
    at: KeyPath,
    branch: &'a str,
}

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let Some(block) = &config.state else { return };
    let Some(branch) = block.branch.get() else {
        return;
    };
    let name = branch.as_str();
    let at = block.at.key("branch");
    let report = |message| {
        let help = message!(
            "use a branch that has no other purpose, such as {}",
            value = "cascade-state"
        );
        Finding::new(&rules::STATE_BRANCH, at, message).help(help)
    };
    let taken = taken(config);
    let mut clashes = taken.iter();
    let clash = clashes.find_map(|taken| Some((clash(name, taken)?, taken)));
    if let Some((message, taken)) = clash {
        reader.report(report(message).related(taken.at.clone(), "the other branch"));
    } else if let Some(message) = folder(name).or_else(|| unusable(name)) {
        reader.report(report(message));
    }
}

/// The branches that the pipeline uses.
fn taken(config: &Config) -> Vec<Taken<'_>> {
    let mut taken = Vec::new();
    let of = |at: &KeyPath, key: &str, branch| Taken {
        key: Message::key(key),
        at: at.key(key),
        branch,
    };
    if let Some(trunk) = config.trunk_branch.get() {
        taken.push(of(&config.at, "trunk_branch", trunk.as_str()));
    }
    if let Some(integration) = &config.integration {
        let (at, mirror) = (&integration.at, integration.mirror_branch.get());
        taken.push(of(at, "mirror_branch", mirror.as_str()));
        let branch = integration.integration_branch.get();
        taken.push(of(at, "integration_branch", branch.as_str()));
    }
    for deploy in &config.deploys {
        let Some(target) = &deploy.deploy_target else {
            continue;
        };
        if let (None, Some(branch)) = (&target.repo, &target.branch) {
            let at = target.at.key("branch");
            taken.push(Taken {
                key: Message::place(&at),
                at,
                branch: branch.as_str(),
            });
        }
    }
    taken
}

/// The problem with two branches that are one, or of which one would be a folder of the other: git
/// stores branches as paths ("git-update-ref"), so `main` and `main/state` exclude each other.
fn clash(name: &str, taken: &Taken<'_>) -> Option<Message> {
    let other = taken.branch;
    if name == other {
        return Some(message!(
            "{} and {} are both {}",
            key = "state.branch",
            part = taken.key.clone(),
            value = name
        ));
    }
    let (outer, inner) = if is_in(name, other) {
        (other, name)
    } else if is_in(other, name) {
        (name, other)
    } else {
        return None;
    };
    Some(message!(
        "{} and {} exclude each other: git cannot have {} beside {}",
        key = "state.branch",
        part = taken.key.clone(),
        value = inner,
        value = outer
    ))
}

fn is_in(name: &str, folder: &str) -> bool {
    name.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn folder(name: &str) -> Option<Message> {
    let folder = HOTFIXES
        .into_iter()
        .find(|folder| name == *folder || is_in(name, folder))?;
    Some(message!(
        "{} is {}, and hotfixes use the branches below {}",
        key = "state.branch",
        value = name,
        value = format_args!("{folder}/")
    ))
}

/// The problem with a name that git takes for something else, or that GitHub refuses: 40 hexadecimal
/// digits, or a name below `refs/` (GitHub's documentation, "Dealing with special characters in
/// branch and tag names").
fn unusable(name: &str) -> Option<Message> {
    let is_commit = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_commit {
        return Some(message!(
            "{} looks like a commit, not like a branch",
            value = name
        ));
    }
    let is_special = name == "HEAD" || name == "@" || is_in(name, "refs");
    is_special.then(|| message!("{} cannot be the name of a branch", value = name))
}
