//! Rulesets: those that the API makes, and those that stand for what a test set up.
//!
//! Sources: GitHub's REST API, "Rules"; GitHub, "Available rules for rulesets".

use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::page;
use super::repository::{Repository, Scene};
use super::user;

/// A ruleset that was made.
#[derive(Debug, Clone)]
pub(super) struct Ruleset {
    pub(super) id: u64,
    body: Value,
}

/// Returns true if a ruleset holds for a ref, named in full.
fn covers(ruleset: &Value, name: &str) -> bool {
    let include = ruleset["conditions"]["ref_name"]["include"].as_array();
    let mut include = include.into_iter().flatten();
    let active = ruleset["enforcement"] == "active";
    active && include.any(|pattern| pattern == "~ALL" || pattern == name)
}

fn rules(ruleset: &Value) -> impl Iterator<Item = &Value> {
    ruleset["rules"].as_array().into_iter().flatten()
}

/// Returns the branches whose history these rulesets keep: no rewriting, no deletion.
pub(super) fn kept(repository: &Repository) -> Vec<String> {
    let branches = repository.git.refs("refs/heads/").unwrap_or_default();
    let keeps = |name: &str| {
        let mut rulesets = repository.rulesets.iter().map(|ruleset| &ruleset.body);
        rulesets
            .any(|body| covers(body, name) && rules(body).any(|rule| rule["type"] == "deletion"))
    };
    branches
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| keeps(name))
        .collect()
}

/// Every ruleset in full.
fn all(scene: &Scene<'_>) -> Vec<Value> {
    let repository = &scene.repository;
    let made = repository.rulesets.iter().map(|ruleset| {
        let mut body = ruleset.body.clone();
        body["id"] = ruleset.id.into();
        body
    });
    let mut all: Vec<Value> = made.chain(set_up(repository)).collect();
    for ruleset in &mut all {
        let id = ruleset["id"].clone();
        ruleset["source_type"] = "Repository".into();
        ruleset["source"] = repository.name.as_str().into();
        ruleset["node_id"] = format!("RRS_{id}").into();
        ruleset["_links"] = json!({ "self": { "href": scene.url(&format!("/rulesets/{id}")) } });
        ruleset["created_at"] = repository.created_at.as_str().into();
        ruleset["updated_at"] = repository.created_at.as_str().into();
    }
    all
}

/// A ruleset with one rule, as the host itself sets it up.
struct SetUp<'a> {
    id: usize,
    name: String,
    target: &'a str,
    pattern: String,
    rule: &'a str,
    bypass: &'a [String],
}

impl SetUp<'_> {
    fn json(&self) -> Value {
        let actor = |login: &String| json!({ "actor_id": user::number(login), "actor_type": "User", "bypass_mode": "always" });
        let bypass: Vec<Value> = self.bypass.iter().map(actor).collect();
        json!({
            "id": self.id, "name": self.name, "target": self.target, "enforcement": "active",
            "conditions": { "ref_name": { "include": [self.pattern], "exclude": [] } },
            "rules": [{ "type": self.rule }], "bypass_actors": bypass,
        })
    }
}

/// The rulesets that nobody made through the API.
fn set_up(repository: &Repository) -> Vec<Value> {
    let protected = repository.rules.iter().enumerate().map(|(at, rule)| SetUp {
        id: at + 1,
        name: format!("protect {}", rule.branch),
        target: "branch",
        pattern: format!("refs/heads/{}", rule.branch),
        rule: "pull_request",
        bypass: &rule.bypass,
    });
    let signed = repository.signed_branches.iter().enumerate();
    let signed = signed.map(|(at, branch)| SetUp {
        id: at + 100,
        name: format!("sign {branch}"),
        target: "branch",
        pattern: format!("refs/heads/{branch}"),
        rule: "required_signatures",
        bypass: &[],
    });
    let tags = repository.tag_makers.as_ref().map(|makers| SetUp {
        id: 200,
        name: "tags".to_owned(),
        target: "tag",
        pattern: "~ALL".to_owned(),
        rule: "creation",
        bypass: makers,
    });
    let all = protected.chain(signed).chain(tags);
    all.map(|each| each.json()).collect()
}

/// `rulesets` and what is below it.
pub(super) fn answer(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => list(scene),
        ("GET", [id]) => {
            let found = all(scene)
                .into_iter()
                .find(|each| each["id"].as_u64() == id.parse().ok());
            found.map(Reply::ok).ok_or_else(Refusal::not_found)
        }
        ("POST", []) => {
            let id = scene.site.id();
            put(scene, id, 201)
        }
        ("PUT", [id]) => {
            let id = id.parse().map_err(|_| Refusal::not_found())?;
            let known = scene.repository.rulesets.iter().any(|each| each.id == id);
            match known {
                true => put(scene, id, 200),
                false => Err(Refusal::not_found()),
            }
        }
        _ => Err(Refusal::not_found()),
    }
}

/// The list leaves out what a ruleset says.
fn list(scene: &Scene<'_>) -> Answer {
    let target = scene.request.query("targets").map(str::to_owned);
    let rulesets: Vec<Value> = all(scene)
        .into_iter()
        .filter(|each| {
            target
                .as_deref()
                .is_none_or(|target| each["target"] == target)
        })
        .collect();
    page::list(scene.site, scene.request, rulesets, |mut each| {
        if let Some(fields) = each.as_object_mut() {
            fields.retain(|name, _| {
                !matches!(name.as_str(), "rules" | "conditions" | "bypass_actors")
            });
        }
        each
    })
}

fn put(scene: &mut Scene<'_>, id: u64, status: u16) -> Answer {
    scene.must_write(super::Scope::Administration)?;
    let body: Value = scene.request.body()?;
    if body["name"].as_str().is_none() || body["enforcement"].as_str().is_none() {
        return Err(Refusal::unprocessable(
            "Invalid request.\n\n\"name\" or \"enforcement\" wasn't supplied.",
        ));
    }
    let rulesets = &mut scene.repository.rulesets;
    rulesets.retain(|each| each.id != id);
    rulesets.push(Ruleset { id, body });
    let found = all(scene).into_iter().find(|each| each["id"] == id);
    let mut reply = Reply::ok(found.unwrap_or_default());
    reply.status = status;
    Ok(reply)
}

/// `GET rules/branches/{branch}`: the rules that hold for it, whoever bypasses them.
pub(super) fn of_branch(scene: &Scene<'_>, branch: &str) -> Answer {
    let name = format!("refs/heads/{branch}");
    let mut found = Vec::new();
    for ruleset in all(scene) {
        if ruleset["target"] != "branch" || !covers(&ruleset, &name) {
            continue;
        }
        for rule in rules(&ruleset) {
            let mut rule = rule.clone();
            rule["ruleset_source_type"] = "Repository".into();
            rule["ruleset_source"] = scene.repository.name.as_str().into();
            rule["ruleset_id"] = ruleset["id"].clone();
            found.push(rule);
        }
    }
    page::list(scene.site, scene.request, found, |rule| rule)
}
