//! Rules of environments and their promotion order.

use crate::finding::message::Setting;
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{BranchPolicy, Config, Name, Role};
use crate::message;
use std::collections::HashMap;

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
        let message = message!("no environment is named {}", name = name);
        let help = suggest::among(name, names, "environments are");
        reader.report(Finding::new(&rules::UNKNOWN_ENVIRONMENT, at.clone(), message).help(help));
    }
    known
}

fn is_named(name: Option<&Name>, wanted: &str) -> bool {
    name.is_some_and(|name| name.as_str() == wanted)
}

fn names(config: &Config, reader: &mut Reader) {
    let mut seen: HashMap<&str, KeyPath> = HashMap::new();
    let mut variables: HashMap<String, (&Name, KeyPath)> = HashMap::new();
    for environment in &config.environments {
        let Some(name) = environment.name.get() else {
            continue;
        };
        let at = environment.at.key("name");
        let comparable = name.as_str().to_lowercase();
        if RESERVED.contains(&comparable.as_str()) || comparable.contains("-to-") {
            reader.report(reserved(name, at));
            continue;
        }
        if let Some(first) = seen.get(name.as_str()) {
            let message = message!("two environments are named {}", name = name);
            reader.report(
                Finding::new(&rules::DUPLICATE_ENVIRONMENT, at, message)
                    .help("name each environment once, in promotion order")
                    .related(first.clone(), "the first of this name"),
            );
            continue;
        }
        seen.insert(name.as_str(), at.clone());
        let variable = name.variable();
        let held = (name, at.clone());
        if let Some((other, first)) = variables.insert(variable.to_lowercase(), held) {
            let message = message!(
                "{} and {} would both become {} in variables and identifiers",
                name = other,
                name = name,
                value = variable
            );
            reader.report(
                Finding::new(&rules::COLLIDING_NAMES, at, message)
                    .help("rename one")
                    .related(first, "the other name"),
            );
        }
    }
}

fn reserved(name: &Name, at: KeyPath) -> Finding {
    let message = message!("{} cannot be the name of an environment", name = name);
    let help = message!(
        "state and the modes of a promotion use {}, {}, {} and {}",
        value = "release",
        value = "prerelease",
        value = "components",
        value = "a-to-b"
    );
    Finding::new(&rules::RESERVED_NAME, at, message).help(help)
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
                    message!("a second environment has the role {}", value = role),
                );
                let first = config.environments[holders[0]].at.key("role");
                reader.report(
                    finding
                        .help("one environment has a role")
                        .related(first, "the first with this role"),
                );
            } else if role == Role::Release && *index == 0 && count > 1 {
                let message = "the first environment cannot be the release";
                reader.report(Finding::new(&rules::INVALID_ROLE, at, message).help(
                    "candidates are deployed there: give the role to an environment above it",
                ));
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
        let message = message!(
            "{} belong to {}",
            key = named,
            setting = Setting::word("branch_policy", "custom")
        );
        reader.report(
            Finding::new(&rules::BRANCH_POLICY, at.key(named).as_key(), message).help(message!(
                "write {}",
                setting = Setting::word("branch_policy", "custom")
            )),
        );
    }
    if !some && policy == Some(BranchPolicy::Custom) {
        let finding = Finding::new(
            &rules::BRANCH_POLICY,
            at.key("branch_policy"),
            message!("{} without patterns lets nothing deploy", value = "custom"),
        );
        reader.report(finding.help(message!(
            "add {} or {}",
            key = "branch_patterns",
            key = "tag_patterns"
        )));
    }
}

fn reviewers(at: &KeyPath, count: usize, reader: &mut Reader) {
    if count > MAX_REVIEWERS {
        let message = message!(
            "GitHub takes {} reviewers, found {}",
            text = MAX_REVIEWERS,
            text = count
        );
        let at = at.key("required_reviewers").as_key();
        reader.report(Finding::new(&rules::TOO_MANY_REVIEWERS, at, message).help("name a team"));
    }
}
