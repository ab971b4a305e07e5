//! Branches, their protection, rulesets.

use serde_json::{Value, json};

use super::commit;
use super::exchange::{Answer, Refusal, Reply};
use super::page;
use super::repository::Scene;

/// `GET branches`.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let branches = scene.git().refs("refs/heads/")?;
    page::list(scene.site, scene.request, branches, |(name, sha)| {
        let name = name.trim_start_matches("refs/heads/");
        json!({
            "name": name,
            "commit": {"sha": sha, "url": scene.url(&format!("/commits/{sha}"))},
            "protected": protected(scene, name),
        })
    })
}

/// `GET branches/{branch}`.
pub(super) fn get(scene: &Scene<'_>, name: &str) -> Answer {
    let Some(sha) = scene.git().branch(name) else {
        return Err(Refusal::new(404, "Branch not found"));
    };
    let commit = scene.git().read(&sha)?;
    let url = scene.url(&format!("/branches/{}", page::encode(name)));
    Ok(Reply::ok(json!({
        "name": name,
        "commit": commit::json(scene.site, scene.repository, &commit),
        "_links": {
            "self": url,
            "html": scene.repository.html(scene.site, &format!("/tree/{name}")),
        },
        "protected": protected(scene, name),
        "protection": {"enabled": protected(scene, name)},
        "protection_url": format!("{url}/protection"),
    })))
}

fn protected(scene: &Scene<'_>, name: &str) -> bool {
    let rules = &scene.repository.rules;
    scene.repository.protection.contains_key(name) || rules.iter().any(|rule| rule.branch == name)
}

/// `GET branches/{branch}/protection`.
pub(super) fn protection(scene: &Scene<'_>, name: &str) -> Answer {
    scene.must_write(super::Scope::Administration)?;
    let found = scene.repository.protection.get(name);
    let found = found.ok_or_else(|| Refusal::new(404, "Branch not protected"))?;
    Ok(Reply::ok(found.clone()))
}

/// `PUT branches/{branch}/protection`: kept, and shown again; it refuses nothing.
pub(super) fn protect(scene: &mut Scene<'_>, name: &str) -> Answer {
    if scene.git().branch(name).is_none() {
        return Err(Refusal::new(404, "Branch not found"));
    }
    let wanted: Value = scene.request.body()?;
    for field in [
        "required_status_checks",
        "enforce_admins",
        "required_pull_request_reviews",
        "restrictions",
    ] {
        if wanted.get(field).is_none() {
            return Err(Refusal::unprocessable(format!(
                "Invalid request.\n\n\"{field}\" wasn't supplied."
            )));
        }
    }
    let url = scene.url(&format!("/branches/{}/protection", page::encode(name)));
    let mut kept = json!({
        "url": url,
        "enforce_admins": {
            "url": format!("{url}/enforce_admins"),
            "enabled": wanted["enforce_admins"].as_bool().unwrap_or(false),
        },
    });
    for field in [
        "allow_force_pushes",
        "allow_deletions",
        "required_linear_history",
    ] {
        let enabled = wanted[field].as_bool().unwrap_or(false);
        kept[field] = json!({"enabled": enabled});
    }
    scene
        .repository
        .protection
        .insert(name.to_owned(), kept.clone());
    Ok(Reply::ok(kept))
}
