//! The rulesets that a pipeline needs.
//!
//! Source: GitHub's REST API, "Create a repository ruleset", and its description of rules in
//! OpenAPI. Patterns are `fnmatch` with `FNM_PATHNAME`: `*` stays within one folder.

use serde_json::{Value, json};
use std::fmt;

/// Rules for some branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruleset {
    /// Its name, by which it is found again.
    pub(super) name: &'static str,
    /// The refs that it is for.
    pub(super) pattern: String,
    /// The rules that hold for them.
    pub(super) rules: Vec<Rule>,
    /// The named actors bypass it; otherwise nobody does.
    pub(super) is_bypassed: bool,
}

/// The branches of a pipeline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branches<'a> {
    /// The trunk.
    pub(super) trunk: &'a str,
    /// The branch that keeps the state, if the manifest on the trunk does not.
    pub(super) state: Option<&'a str>,
    /// The pattern of the branches that hotfixes go to, if there are any.
    pub(super) hotfixes: Option<&'static str>,
}

/// A rule that holds for a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    /// Changes come by pull requests, whose last push somebody else approved.
    PullRequest,
    /// These checks must pass.
    Checks(Vec<String>),
    /// Nobody makes such a branch.
    Creation,
    /// Nobody pushes to it.
    Update,
    /// Nobody rewrites its history.
    NonFastForward,
    /// Nobody deletes it.
    Deletion,
}

/// An actor that bypasses the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Actor {
    /// An App, by its slug.
    App(String),
    /// An account, by its login.
    User(String),
    /// The repository's deploy keys that can write.
    DeployKey,
}

/// Returns the rulesets of a pipeline.
///
/// With the state on a branch of its own, nobody needs to bypass the trunk's. That branch's history
/// is safe from everybody; who may push to it can be limited to named actors, which bypass the rule
/// against pushes alone.
pub(super) fn all(branches: Branches<'_>, checks: &[String], names_actors: bool) -> Vec<Ruleset> {
    let mut trunk = Ruleset {
        name: "cascade: trunk",
        pattern: format!("refs/heads/{}", branches.trunk),
        rules: vec![Rule::PullRequest, Rule::NonFastForward, Rule::Deletion],
        is_bypassed: branches.state.is_none(),
    };
    if !checks.is_empty() {
        trunk.rules.insert(1, Rule::Checks(checks.to_vec()));
    }
    let mut all = vec![trunk];
    if let Some(state) = branches.state {
        all.extend(of_state(state, names_actors));
    }
    if let Some(pattern) = branches.hotfixes {
        all.push(Ruleset {
            name: "cascade: environments",
            pattern: pattern.to_owned(),
            rules: vec![Rule::PullRequest, Rule::NonFastForward, Rule::Deletion],
            is_bypassed: true,
        });
        all.push(Ruleset {
            name: "cascade: hotfixes",
            pattern: "refs/heads/hotfix/**/*".to_owned(),
            rules: vec![Rule::Creation, Rule::NonFastForward],
            is_bypassed: true,
        });
    }
    all
}

/// Returns the rulesets of the branch that keeps the state.
pub(super) fn of_state(branch: &str, names_actors: bool) -> Vec<Ruleset> {
    let pattern = format!("refs/heads/{branch}");
    let mut all = vec![Ruleset {
        name: "cascade: state",
        pattern: pattern.clone(),
        rules: vec![Rule::NonFastForward, Rule::Deletion],
        is_bypassed: false,
    }];
    if names_actors {
        all.push(Ruleset {
            name: "cascade: state writers",
            pattern,
            rules: vec![Rule::Creation, Rule::Update],
            is_bypassed: true,
        });
    }
    all
}

impl Ruleset {
    /// Returns the body of the request that makes it.
    pub(super) fn body(&self, actors: &[Value]) -> Value {
        let rules: Vec<Value> = self.rules.iter().map(Rule::json).collect();
        let actors = if self.is_bypassed { actors } else { &[] };
        json!({
            "name": self.name,
            "target": "branch",
            "enforcement": "active",
            "conditions": { "ref_name": { "include": [self.pattern], "exclude": [] } },
            "rules": rules,
            "bypass_actors": actors,
        })
    }
}

impl Rule {
    fn json(&self) -> Value {
        match self {
            Self::PullRequest => json!({
                "type": "pull_request",
                "parameters": {
                    "required_approving_review_count": 1,
                    "dismiss_stale_reviews_on_push": true,
                    "require_last_push_approval": true,
                    "require_code_owner_review": false,
                    "required_review_thread_resolution": false,
                },
            }),
            Self::Checks(names) => {
                let checks: Vec<Value> = names
                    .iter()
                    .map(|name| json!({ "context": name }))
                    .collect();
                json!({
                    "type": "required_status_checks",
                    "parameters": {
                        "required_status_checks": checks,
                        "strict_required_status_checks_policy": false,
                    },
                })
            }
            Self::Creation => json!({ "type": "creation" }),
            Self::Update => json!({
                "type": "update",
                "parameters": { "update_allows_fetch_and_merge": false },
            }),
            Self::NonFastForward => json!({ "type": "non_fast_forward" }),
            Self::Deletion => json!({ "type": "deletion" }),
        }
    }
}

impl Actor {
    /// Returns the actor as it is told without asking GitHub: by its name, where GitHub wants its
    /// number.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::App(slug) => {
                json!({ "actor_type": "Integration", "slug": slug, "bypass_mode": "always" })
            }
            Self::User(login) => {
                json!({ "actor_type": "User", "login": login, "bypass_mode": "always" })
            }
            Self::DeployKey => self.numbered(None),
        }
    }

    /// Returns the actor as GitHub takes it.
    pub(super) fn numbered(&self, id: Option<u64>) -> Value {
        let kind = match self {
            Self::App(_) => "Integration",
            Self::User(_) => "User",
            Self::DeployKey => "DeployKey",
        };
        json!({ "actor_type": kind, "actor_id": id, "bypass_mode": "always" })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PullRequest => {
                f.write_str("pull requests, whose last push somebody else approved")
            }
            Self::Checks(names) => write!(f, "these checks must pass: {}", names.join(", ")),
            Self::Creation => f.write_str("nobody makes such a branch"),
            Self::Update => f.write_str("nobody pushes to it"),
            Self::NonFastForward => f.write_str("no force pushes"),
            Self::Deletion => f.write_str("no deletion"),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(slug) => write!(f, "the App {slug}"),
            Self::User(login) => write!(f, "{login}"),
            Self::DeployKey => f.write_str("deploy keys that can write"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: Branches<'_> = Branches {
        trunk: "main",
        state: None,
        hotfixes: None,
    };

    fn patterns(rulesets: &[Ruleset]) -> Vec<&str> {
        rulesets.iter().map(|each| each.pattern.as_str()).collect()
    }

    #[test]
    fn the_trunk_is_bypassed_only_while_it_keeps_the_state() {
        let trunk = &all(MAIN, &[], false)[0];
        assert!(trunk.is_bypassed);
        assert_eq!(
            trunk.rules,
            [Rule::PullRequest, Rule::NonFastForward, Rule::Deletion]
        );
        let apart = Branches {
            state: Some("cascade-state"),
            ..MAIN
        };
        let apart = all(apart, &[], false);
        assert!(!apart[0].is_bypassed);
        assert_eq!(
            patterns(&apart),
            ["refs/heads/main", "refs/heads/cascade-state"]
        );
    }

    #[test]
    fn checks_are_required_of_the_trunk_alone() {
        let hotfixes = Branches {
            hotfixes: Some("refs/heads/env/*"),
            ..MAIN
        };
        let rulesets = all(hotfixes, &["test".to_owned()], false);
        let checks = Rule::Checks(vec!["test".to_owned()]);
        assert_eq!(rulesets[0].rules[1], checks);
        assert!(
            rulesets[1..]
                .iter()
                .all(|each| !each.rules.contains(&checks))
        );
        let expected = [
            "refs/heads/main",
            "refs/heads/env/*",
            "refs/heads/hotfix/**/*",
        ];
        assert_eq!(patterns(&rulesets), expected);
    }

    #[test]
    fn who_writes_the_state_is_limited_only_if_somebody_is_named() {
        let kept = &of_state("s", false);
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].is_bypassed && kept[0].rules.contains(&Rule::Deletion));
        let limited = &of_state("s", true)[1];
        assert!(limited.is_bypassed);
        assert_eq!(limited.rules, [Rule::Creation, Rule::Update]);
    }
}
