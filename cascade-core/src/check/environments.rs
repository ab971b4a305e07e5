//! Rules of environments and their promotion order.

use crate::finding::{Finding, rules, suggest};
use crate::manifest::draft::{KeyPath, Reader};
use crate::manifest::{BranchPolicy, Config, Name, Role};
use std::collections::{HashMap, HashSet};

/// Names that state or the modes of a promotion use.
const RESERVED: &[&str] = &["release", "prerelease", "components"];
/// Reviewers of an environment that GitHub takes.
///
/// Source: GitHub's REST API, environments, `reviewers`.
const MAX_REVIEWERS: usize = 6;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    names(config, reader);
    roles(config, reader);
    for environment in &config.environments {
        policy(
            &environment.at,
            environment.branch_policy,
            &environment.branch_patterns,
            &environment.tag_patterns,
            reader,
        );
        reviewers(
            &environment.at,
            environment.required_reviewers.len(),
            reader,
        );
    }
}

/// Reports a name that no environment has.
pub(super) fn known(config: &Config, name: &str, at: &KeyPath, reader: &mut Reader) -> bool {
    let known = config
        .environments
        .iter()
        .any(|environment| is_named(environment.name.get(), name));
    if !known {
        let names: Vec<&str> = config
            .environments
            .iter()
            .filter_map(|each| each.name.get())
            .map(Name::as_str)
            .collect();
        let message = format!("no environment is named `{name}`");
        let help = suggest::among(name, names, "environments are");
        reader.report(Finding::new(&rules::UNKNOWN_ENVIRONMENT, at.clone(), message).help(help));
    }
    known
}

fn is_named(name: Option<&Name>, wanted: &str) -> bool {
    name.is_some_and(|name| name.as_str() == wanted)
}

fn names(config: &Config, reader: &mut Reader) {
    let mut seen = HashSet::new();
    let mut variables: HashMap<String, &Name> = HashMap::new();
    for environment in &config.environments {
        let Some(name) = environment.name.get() else {
            continue;
        };
        let at = environment.at.key("name");
        if RESERVED.contains(&name.as_str()) || name.as_str().contains("-to-") {
            let message = format!("`{name}` cannot be the name of an environment");
            let help = "state and the modes of a promotion use `release`, `prerelease`, `components` and `a-to-b`";
            reader.report(Finding::new(&rules::RESERVED_NAME, at, message).help(help));
        } else if !seen.insert(name.as_str()) {
            let message = format!("two environments are named `{name}`");
            reader.report(
                Finding::new(&rules::DUPLICATE_ENVIRONMENT, at, message)
                    .help("name each environment once, in promotion order"),
            );
        } else if let Some(other) = variables.insert(name.variable(), name) {
            let message = format!(
                "`{other}` and `{name}` would both become `{}` in variables and identifiers",
                name.variable()
            );
            reader.report(Finding::new(&rules::COLLIDING_NAMES, at, message).help("rename one"));
        }
    }
}

fn roles(config: &Config, reader: &mut Reader) {
    let count = config.environments.len();
    for (role, places) in [(Role::Prerelease, 2), (Role::Release, 1)] {
        let holders: Vec<usize> = (0..count)
            .filter(|index| config.environments[*index].role == Some(role))
            .collect();
        for (nth, index) in holders.iter().enumerate() {
            let at = config.environments[*index].at.key("role");
            if nth > 0 {
                let finding = Finding::new(
                    &rules::INVALID_ROLE,
                    at,
                    format!("a second environment has the role `{role}`"),
                );
                reader.report(finding.help("one environment has a role"));
            } else if role == Role::Release && index + 1 != count {
                let message = "an environment follows the one with the role `release`";
                reader.report(
                    Finding::new(&rules::INVALID_ROLE, at, message)
                        .help("releases reach the last environment last"),
                );
            } else if role == Role::Prerelease && index + places > count {
                let message = "the last environment cannot be the prerelease";
                reader.report(
                    Finding::new(&rules::INVALID_ROLE, at, message)
                        .help("give the role to an environment below the last"),
                );
            }
        }
    }
}

fn policy(
    at: &KeyPath,
    policy: Option<BranchPolicy>,
    branches: &[String],
    tags: &[String],
    reader: &mut Reader,
) {
    let named = if branches.is_empty() {
        "tag_patterns"
    } else {
        "branch_patterns"
    };
    let some = !branches.is_empty() || !tags.is_empty();
    if some && policy != Some(BranchPolicy::Custom) {
        let message = format!("`{named}` belong to `branch_policy: custom`");
        reader.report(
            Finding::new(&rules::BRANCH_POLICY, at.key(named).as_key(), message)
                .help("write `branch_policy: custom`"),
        );
    }
    if !some && policy == Some(BranchPolicy::Custom) {
        let finding = Finding::new(
            &rules::BRANCH_POLICY,
            at.key("branch_policy"),
            "`custom` without patterns lets nothing deploy",
        );
        reader.report(finding.help("add `branch_patterns` or `tag_patterns`"));
    }
}

fn reviewers(at: &KeyPath, count: usize, reader: &mut Reader) {
    if count > MAX_REVIEWERS {
        let message = format!("GitHub takes {MAX_REVIEWERS} reviewers, found {count}");
        let at = at.key("required_reviewers").as_key();
        reader.report(Finding::new(&rules::TOO_MANY_REVIEWERS, at, message).help("name a team"));
    }
}
