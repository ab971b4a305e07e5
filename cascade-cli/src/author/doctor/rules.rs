//! Rules that would refuse what cascade writes: the state, and tags.
//!
//! Sources: GitHub's REST API, "Rules" and "Protected branches"; GitHub, "Available rules for
//! rulesets".

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::author::branch_protection;
use crate::cli::error::Failure;
use serde_json::Value;

/// Rules that a push without a bypass breaks.
const IN_THE_WAY: [(&str, &str); 6] = [
    ("pull_request", "changes come by pull request"),
    ("required_status_checks", "checks must have passed"),
    ("required_signatures", "commits must be signed"),
    ("required_deployments", "deployments must have succeeded"),
    ("merge_queue", "changes come by the merge queue"),
    ("update", "only some may push"),
];

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let settings = &patient.pipeline.settings();
    let (branch, own) = match &settings.state_branch {
        Some(branch) => (branch.as_str(), true),
        None => (settings.trunk.as_str(), false),
    };
    let mut found = vec![state(patient, branch, own)?];
    if own {
        found.extend(kept(patient, branch)?);
    }
    found.push(tags(patient)?);
    Ok(found)
}

/// Sets the rules of the branch that keeps the state.
pub(super) fn mend(patient: &Patient<'_>, branch: &str) -> Result<(), Failure> {
    branch_protection::keep_state(&patient.host.github, branch)
}

fn state(patient: &Patient<'_>, branch: &str, own: bool) -> Result<Diagnosis, Failure> {
    let subject = format!("writing state to `{branch}`");
    let github = &patient.host.github;
    let rules = match github.rules_of(branch)? {
        answer if answer.is_success() => answer.list()?,
        answer => {
            return Ok(Diagnosis::not_allowed(
                subject,
                answer.status,
                "the rules (Metadata)",
            ));
        }
    };
    let missing = patient.git.tip(branch)?.is_none();
    let mut refusals = Vec::new();
    for rule in &rules {
        let kind = rule["type"].as_str().unwrap_or_default();
        let meaning = IN_THE_WAY.iter().find(|(name, _)| *name == kind);
        let meaning = meaning.map(|(_, meaning)| *meaning);
        let creation = (kind == "creation" && missing).then_some("nobody makes such a branch");
        // GitHub signs the commits that its API makes, which is how state is written then.
        let signed = kind == "required_signatures";
        if let Some(meaning) = meaning.or(creation).filter(|_| !signed)
            && !is_bypassed(patient, rule)?
        {
            refusals.push(meaning.to_owned());
        }
    }
    refusals.extend(classic(patient, branch)?);
    if refusals.is_empty() {
        return Ok(Diagnosis::good(subject, "no rule is in the way"));
    }
    refusals.sort_unstable();
    refusals.dedup();
    let fix = match own {
        true => format!("take `{branch}` out of these rules in the repository's settings (Rules, or Branches)"),
        false => "keep the state on a branch of its own: `cascade state move cascade-state`; or let the owner of `state_token` bypass the rules (`cascade branch-protection`)".to_owned(),
    };
    let said = format!("refused: {}", refusals.join(", "));
    Ok(Diagnosis::wrong(subject, said, Fix::ByHand(fix)))
}

/// Returns true if somebody bypasses a rule, unless GITHUB_TOKEN writes, which is never on the list.
fn is_bypassed(patient: &Patient<'_>, rule: &Value) -> Result<bool, Failure> {
    if patient.pipeline.settings().state_token.is_github() {
        return Ok(false);
    }
    let Some(id) = rule["ruleset_id"].as_u64() else {
        return Ok(false);
    };
    let github = &patient.host.github;
    let answer = github.ruleset(id)?;
    let actors = answer.body["bypass_actors"].as_array();
    Ok(actors.is_some_and(|actors| !actors.is_empty()))
}

/// Returns what a protection of the older kind refuses.
fn classic(patient: &Patient<'_>, branch: &str) -> Result<Vec<String>, Failure> {
    let github = &patient.host.github;
    let answer = github.branch_protection(branch)?;
    if !answer.is_success() {
        return Ok(Vec::new());
    }
    let parts = [
        (
            "required_pull_request_reviews",
            "changes come by pull request",
        ),
        ("required_status_checks", "checks must have passed"),
        ("restrictions", "only some may push"),
    ];
    let set =
        |(field, _): &(&str, &str)| answer.body.get(*field).is_some_and(|part| !part.is_null());
    Ok(parts
        .into_iter()
        .filter(set)
        .map(|(_, meaning)| format!("{meaning} (classic protection)"))
        .collect())
}

/// The history of the state is what rollbacks go back to.
fn kept(patient: &Patient<'_>, branch: &str) -> Result<Option<Diagnosis>, Failure> {
    let subject = format!("history of `{branch}`");
    let github = &patient.host.github;
    let answer = github.rules_of(branch)?;
    if !answer.is_success() {
        return Ok(None);
    }
    let rules = answer.list()?;
    let has = |kind: &str| rules.iter().any(|rule| rule["type"] == kind);
    Ok(Some(match has("non_fast_forward") && has("deletion") {
        true => Diagnosis::good(subject, "nobody can rewrite or delete it"),
        false => Diagnosis::wrong(
            subject,
            "whoever may push can rewrite or delete what every environment holds",
            Fix::StateRules(branch.to_owned()),
        ),
    }))
}

fn tags(patient: &Patient<'_>) -> Result<Diagnosis, Failure> {
    const SUBJECT: &str = "making tags";
    let github = &patient.host.github;
    let answer = github.rulesets_for_tags()?;
    if !answer.is_success() {
        return Ok(Diagnosis::not_allowed(
            SUBJECT,
            answer.status,
            "the rules (Metadata)",
        ));
    }
    for ruleset in answer.list()? {
        if ruleset["target"] != "tag" || ruleset["enforcement"] != "active" {
            continue;
        }
        let answer = github.ruleset(ruleset["id"].as_u64().unwrap_or_default())?;
        let whole = &answer.body;
        let kinds = whole["rules"].as_array().into_iter().flatten();
        let refuses = kinds
            .filter_map(|rule| rule["type"].as_str())
            .any(|kind| matches!(kind, "creation" | "update" | "required_signatures"));
        let owned = !patient.pipeline.settings().release_token().is_github();
        let bypassed = whole["bypass_actors"]
            .as_array()
            .is_some_and(|actors| !actors.is_empty());
        if refuses && covers(patient, whole) && !(owned && bypassed) {
            let name = ruleset["name"].as_str().unwrap_or_default();
            let fix = "let an account or App that `release_token` or `release_token_app` names bypass it, or take the tags of releases out of it";
            return Ok(Diagnosis::wrong(
                SUBJECT,
                format!("the ruleset `{name}` refuses them"),
                Fix::ByHand(fix.to_owned()),
            ));
        }
    }
    Ok(Diagnosis::good(SUBJECT, "no rule is in the way"))
}

/// Returns true if a ruleset holds for tags of this pipeline's releases.
fn covers(patient: &Patient<'_>, ruleset: &Value) -> bool {
    let patterns = ruleset["conditions"]["ref_name"]["include"].as_array();
    let mut patterns = patterns.into_iter().flatten().filter_map(Value::as_str);
    let components = &patient.pipeline.components();
    patterns.any(|pattern| {
        let start = pattern.strip_prefix("refs/tags/").unwrap_or(pattern);
        let start = start.split(['*', '?', '[']).next().unwrap_or_default();
        let meets = |prefix: &str| prefix.starts_with(start) || start.starts_with(prefix);
        pattern == "~ALL"
            || components
                .iter()
                .any(|component| meets(&component.tag_grammar.prefix))
    })
}
