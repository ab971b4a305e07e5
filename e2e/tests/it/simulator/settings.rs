//! Settings, rulesets and who is shown.

use super::{done, plain, refused};
use crate::support::client::{PERSON, WORKFLOW};
use e2e::github::{NewRepository, Permissions, Scope, Token};
use serde_json::json;

#[test]
fn settings_are_seen_and_set() {
    let host = plain();
    host.checkout();
    host.shop("GET", "/actions/permissions").expect(200);
    let selected = "/actions/permissions/selected-actions";
    host.shop("GET", selected).unjudged().expect(409);
    let allowed = json!({ "enabled": true, "allowed_actions": "selected" });
    host.shop("PUT", "/actions/permissions")
        .json(&allowed)
        .expect(204);
    let patterns = json!({ "github_owned_allowed": false, "patterns_allowed": ["acme/*"] });
    host.shop("PUT", selected).json(&patterns).expect(204);
    let policy = host.shop("GET", selected).expect(200).json;
    assert_eq!(policy["patterns_allowed"], json!(["acme/*"]));
    let workflow = "/actions/permissions/workflow";
    host.shop("GET", workflow).expect(200);
    let may = json!({ "can_approve_pull_request_reviews": true });
    host.shop("PUT", workflow).json(&may).expect(204);
    for field in ["secrets", "variables"] {
        let path = format!("/actions/{field}");
        host.shop("GET", &path).expect(200);
        host.shop("GET", &format!("/actions/organization-{field}"))
            .expect(200);
        let public = host.shop("GET", &path).anonymous().unjudged();
        assert_ne!(public.send().unwrap().status, 200, "{field}");
        host.shop("GET", &format!("/environments/none/{field}"))
            .unjudged()
            .expect(404);
    }
    host.call("GET", "/users/octocat").unjudged().expect(200);
    let reviewer = host.call("GET", "/users/octocat").unjudged().expect(200);
    let wanted = json!({
        "wait_timer": 5,
        "reviewers": [{ "type": "User", "id": reviewer.json["id"] }],
        "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true },
    });
    host.shop("PUT", "/environments/prod")
        .json(&wanted)
        .expect(200);
    let found = host.shop("GET", "/environments/prod").expect(200).json;
    assert_eq!(found["protection_rules"].as_array().unwrap().len(), 3);
    let both = json!({ "deployment_branch_policy": { "protected_branches": true, "custom_branch_policies": true } });
    host.shop("PUT", "/environments/prod")
        .json(&both)
        .expect(422);
    let patterns = "/environments/prod/deployment-branch-policies";
    let pattern = json!({ "name": "main" });
    host.shop("POST", patterns).json(&pattern).expect(200);
    host.shop("GET", patterns).expect(200);
    let gone = json!({ "default_branch": "gone" });
    host.shop("PATCH", "").json(&gone).expect(422);
    let there = json!({ "default_branch": "main" });
    host.shop("PATCH", "").json(&there).expect(200);
    host.shop("GET", "/immutable-releases")
        .unjudged()
        .expect(404);
}

#[test]
fn rulesets_hold() {
    let host = plain();
    let folder = host.checkout();
    let ruleset = json!({
        "name": "keep", "target": "branch", "enforcement": "active",
        "conditions": { "ref_name": { "include": ["refs/heads/main"], "exclude": [] } },
        "rules": [{ "type": "non_fast_forward" }, { "type": "deletion" }],
    });
    let made = host.shop("POST", "/rulesets").json(&ruleset).expect(201);
    let id = made.json["id"].to_string();
    host.shop("PUT", &format!("/rulesets/{id}"))
        .json(&ruleset)
        .expect(200);
    host.shop("GET", &format!("/rulesets/{id}")).expect(200);
    host.shop("GET", "/rulesets?targets=branch").expect(200);
    let rules = host.shop("GET", "/rules/branches/main").expect(200);
    assert_eq!(rules.json.as_array().unwrap().len(), 2);
    let remote = host.remote(PERSON);
    done(&folder, &["commit", "--quiet", "--allow-empty", "-m", "b"]);
    done(&folder, &["push", "--quiet", &remote, "HEAD:main"]);
    done(&folder, &["reset", "--quiet", "--hard", "HEAD~1"]);
    let forced = refused(&folder, &["push", "--force", &remote, "HEAD:main"]);
    assert!(
        forced.contains("Cannot force-push to this branch"),
        "{forced}"
    );
    let gone = refused(&folder, &["push", &remote, ":main"]);
    assert!(gone.contains("Cannot delete this branch"), "{gone}");
}

#[test]
fn accounts_and_repositories_are_shown() {
    let host = plain();
    host.call("GET", "/user").token(PERSON).expect(200);
    host.call("GET", "/user").token(WORKFLOW).expect(403);
    host.call("GET", "/user").token("nobody").expect(401);
    host.call("GET", "/rate_limit").expect(200);
    host.shop("GET", "").expect(200);
    host.call("GET", "/repos/acme/none").expect(404);
    let secret = NewRepository::new("acme/secret")
        .private()
        .description("hidden");
    host.server.create(&secret).unwrap();
    host.call("GET", "/repos/acme/secret").expect(404);
    let some = Permissions::none().read(Scope::Issues);
    host.server
        .register(Token::app("some", "some").may("acme/secret", some));
    host.call("GET", "/repos/acme/secret")
        .token("some")
        .expect(200);
    host.call("GET", "/repos/acme/secret/tags")
        .token("some")
        .expect(403);
}
