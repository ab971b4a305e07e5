//! Deployments and the protection of branches.

use super::{done, plain};
use crate::support::client::Host;
use serde_json::json;

#[test]
fn deployments_are_recorded() {
    let host = plain();
    let checkout = host.checkout();
    let events = host.server.events();
    let new = json!({"ref": "main", "environment": "prod", "payload": {"version": "v1"}, "required_contexts": []});
    let deploy = || {
        host.shop("POST", "/deployments")
            .json(&new)
            .expect(201)
            .json["id"]
            .to_string()
    };
    let (first, second) = (deploy(), deploy());
    host.shop("POST", "/deployments")
        .json(&json!({"ref": "none"}))
        .expect(422);
    let say = |id: &str, state: &str| {
        let body =
            json!({"state": state, "log_url": "http://localhost/log", "description": "said"});
        host.shop("POST", &format!("/deployments/{id}/statuses"))
            .json(&body)
    };
    say(&first, "in_progress").expect(201);
    say(&first, "success").expect(201);
    say(&second, "success").expect(201);
    say(&second, "excellent").expect(422);
    let statuses = host
        .shop("GET", &format!("/deployments/{first}/statuses"))
        .expect(200);
    assert_eq!(statuses.json[0]["state"], "inactive");
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    let listed = host
        .shop("GET", &format!("/deployments?environment=prod&sha={head}"))
        .expect(200);
    assert_eq!(listed.json[0]["id"].to_string(), second);
    host.shop("GET", &format!("/deployments/{first}"))
        .expect(200);
    host.shop("GET", "/deployments/1").expect(404);
    host.shop("GET", "/environments/prod").expect(200);
    host.shop("GET", "/environments/none").expect(404);
    host.shop("PUT", "/environments/none")
        .json(&json!({}))
        .expect(200);
    assert!(
        events
            .try_iter()
            .any(|event| event.name == "deployment_status")
    );
    a_branch_is_protected(&host);
}

fn a_branch_is_protected(host: &Host) {
    let protection = json!({
        "required_status_checks": null, "enforce_admins": true,
        "required_pull_request_reviews": null, "restrictions": null,
    });
    host.shop("GET", "/branches/main/protection").expect(404);
    host.shop("PUT", "/branches/main/protection")
        .json(&json!({}))
        .expect(422);
    host.shop("PUT", "/branches/main/protection")
        .json(&protection)
        .expect(200);
    host.shop("GET", "/branches/main/protection").expect(200);
}
