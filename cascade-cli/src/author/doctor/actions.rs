//! GitHub Actions: switched on, and allowed to run what the files use.
//!
//! Source: GitHub's REST API, "Permissions for GitHub Actions".

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::github::Setting;
use cascade_core::manifest::PinMode;
use cascade_core::pipeline::Credential;
use serde_json::{Value, json};

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    let github = &patient.host.github;
    let answer = github.actions()?;
    if !answer.is_success() {
        let unknown =
            Diagnosis::not_allowed("Actions", answer.status, "the settings (Administration)");
        return Ok(vec![unknown]);
    }
    let permissions = answer.body;
    let mut found = vec![switched_on(&permissions)];
    found.push(allowed(patient, &permissions)?);
    if permissions["sha_pinning_required"] == true
        && patient.pipeline.settings().pin_mode == PinMode::Tag
    {
        found.push(Diagnosis::wrong(
            "pinned actions",
            "the repository runs actions that are pinned to commits only, and `pin_mode` is `tag`",
            Fix::ByHand("write `pin_mode: sha` and generate the files again".to_owned()),
        ));
    }
    found.extend(pull_requests(patient)?);
    Ok(found)
}

fn switched_on(permissions: &Value) -> Diagnosis {
    const SUBJECT: &str = "Actions";
    if permissions["enabled"] == true {
        return Diagnosis::good(SUBJECT, "switched on");
    }
    let mut body = json!({ "enabled": true });
    if let Some(allowed) = permissions
        .get("allowed_actions")
        .filter(|each| each.is_string())
    {
        body["allowed_actions"] = allowed.clone();
    }
    let fix = Fix::Setting {
        does: "switches them on".to_owned(),
        setting: Setting::Actions(body),
    };
    Diagnosis::wrong(SUBJECT, "switched off: no workflow runs", fix)
}

fn allowed(patient: &Patient<'_>, permissions: &Value) -> Result<Diagnosis, Failure> {
    const SUBJECT: &str = "allowed actions";
    let needed = &patient.needs.actions;
    match permissions["allowed_actions"].as_str() {
        Some("local_only") => {
            let patterns: Vec<String> = needed.iter().map(|action| pattern(action)).collect();
            let fix = Fix::ByHand(format!(
                "allow selected actions in the repository's settings (Actions, General), with these patterns: {}",
                patterns.join(", ")
            ));
            let said = "only actions of the owner may run, and the files use GitHub's";
            Ok(Diagnosis::wrong(SUBJECT, said, fix))
        }
        Some("selected") => selected(patient),
        _ => Ok(Diagnosis::good(SUBJECT, "all")),
    }
}

fn selected(patient: &Patient<'_>) -> Result<Diagnosis, Failure> {
    const SUBJECT: &str = "allowed actions";
    let github = &patient.host.github;
    let answer = github.selected_actions()?;
    if !answer.is_success() {
        let permission = "the settings (Administration)";
        return Ok(Diagnosis::not_allowed(SUBJECT, answer.status, permission));
    }
    let policy = &answer.body;
    let needed = &patient.needs.actions;
    let missing: Vec<&String> = needed
        .iter()
        .filter(|action| !is_allowed(policy, action))
        .collect();
    if missing.is_empty() {
        return Ok(Diagnosis::good(
            SUBJECT,
            "selected ones, those of the files among them",
        ));
    }
    let names: Vec<String> = missing
        .iter()
        .map(|action| format!("`{}`", bare(action)))
        .collect();
    let mut patterns: Vec<Value> = policy["patterns_allowed"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    patterns.extend(missing.iter().map(|action| Value::from(pattern(action))));
    patterns.dedup();
    let mut body = json!({ "patterns_allowed": patterns });
    for field in ["github_owned_allowed", "verified_allowed"] {
        body[field] = policy[field].clone();
    }
    let fix = Fix::Setting {
        does: format!("allows {}", names.join(", ")),
        setting: Setting::SelectedActions(body),
    };
    let said = format!(
        "the files use actions that are not allowed: {}",
        names.join(", ")
    );
    Ok(Diagnosis::wrong(SUBJECT, said, fix))
}

fn bare(action: &str) -> &str {
    action.split('@').next().unwrap_or(action)
}

fn pattern(action: &str) -> String {
    format!("{}@*", bare(action))
}

fn is_allowed(policy: &Value, action: &str) -> bool {
    let owner = action.split('/').next().unwrap_or_default();
    if policy["github_owned_allowed"] == true && matches!(owner, "actions" | "github") {
        return true;
    }
    let patterns = policy["patterns_allowed"].as_array().into_iter().flatten();
    let patterns: Vec<&str> = patterns.filter_map(Value::as_str).collect();
    let matched = |pattern: &str| matches(pattern, action);
    let blocked = patterns
        .iter()
        .filter_map(|pattern| pattern.strip_prefix('!'));
    patterns.iter().any(|pattern| matched(pattern)) && !blocked.into_iter().any(matched)
}

/// A pattern of actions: `*` stands for any text.
fn matches(pattern: &str, action: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = action.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The token that GitHub gives each run opens pull requests only where the repository lets it.
fn pull_requests(patient: &Patient<'_>) -> Result<Option<Diagnosis>, Failure> {
    const SUBJECT: &str = "pull requests by Actions";
    if !opens_with_own_token(patient) {
        return Ok(None);
    }
    let github = &patient.host.github;
    let answer = github.workflow_token()?;
    if !answer.is_success() {
        let permission = "the settings (Administration)";
        return Ok(Some(Diagnosis::not_allowed(
            SUBJECT,
            answer.status,
            permission,
        )));
    }
    let policy = answer.body;
    Ok(Some(
        match policy["can_approve_pull_request_reviews"] == true {
            true => Diagnosis::good(SUBJECT, "allowed"),
            false => Diagnosis::wrong(
                SUBJECT,
                "not allowed, and GITHUB_TOKEN opens the pull requests of hotfixes or of the integration",
                Fix::Setting {
                    does: "allows it".to_owned(),
                    setting: Setting::WorkflowToken(json!({
                        "default_workflow_permissions": policy["default_workflow_permissions"],
                        "can_approve_pull_request_reviews": true,
                    })),
                },
            ),
        },
    ))
}

fn opens_with_own_token(patient: &Patient<'_>) -> bool {
    let settings = patient.pipeline.settings();
    let hotfixes = patient
        .pipeline
        .components()
        .iter()
        .any(|component| component.environments.len() > 1);
    let integrates = settings.integration.as_ref();
    (hotfixes && settings.state_token.is_github())
        || integrates.is_some_and(|integration| Credential::is_github(&integration.token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_settings() {
        for (pattern, fits) in [
            ("actions/checkout@*", true),
            ("actions/*", true),
            ("*/checkout@*", true),
            ("actions/checkout@abc", true),
            ("actions/checkout", false),
            ("acme/*", false),
            ("actions/cache@*", false),
        ] {
            assert_eq!(matches(pattern, "actions/checkout@abc"), fits, "{pattern}");
        }
        let policy = json!({ "github_owned_allowed": false, "patterns_allowed": ["actions/*", "!actions/checkout@*"] });
        assert!(is_allowed(&policy, "actions/cache@v1"));
        assert!(!is_allowed(&policy, "actions/checkout@v1"));
    }

    #[test]
    fn switching_actions_on_leaves_what_is_allowed_as_it_is() {
        let diagnosis = switched_on(&json!({ "enabled": false, "allowed_actions": "selected" }));
        let Fix::Setting { setting, .. } = &diagnosis.fix else {
            panic!("no setting");
        };
        let body = json!({ "enabled": true, "allowed_actions": "selected" });
        assert_eq!(*setting, Setting::Actions(body));
        assert!(matches!(
            switched_on(&json!({ "enabled": true })).fix,
            Fix::None
        ));
    }
}
