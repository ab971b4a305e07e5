//! Issues and their labels.

use super::plain;
use crate::support::client::{Host, READER};
use serde_json::json;

#[test]
fn issues_live() {
    let host = plain();
    host.checkout();
    let events = host.server.events();
    labels_are_made_and_changed(&host);
    let issue =
        json!({"title": "sync", "body": "steps", "labels": ["upstream-sync", "human-required"]});
    let number = host.shop("POST", "/issues").json(&issue).expect(201).json["number"].clone();
    assert_eq!(number, 1);
    assert_eq!(events.try_recv().unwrap().action.as_deref(), Some("opened"));
    host.shop("POST", "/issues")
        .json(&json!({"title": "other"}))
        .expect(201);
    host.shop("POST", "/issues")
        .token(READER)
        .json(&issue)
        .expect(403);
    let whole = json!({"labels": ["upstream-sync", "cascade-active"]});
    host.shop("PATCH", "/issues/1").json(&whole).expect(200);
    host.shop("POST", "/issues/1/labels")
        .json(&json!({"labels": ["extra"]}))
        .expect(200);
    host.shop("GET", "/issues/1/labels").expect(200);
    host.shop("DELETE", "/issues/1/labels/extra").expect(200);
    host.shop("DELETE", "/issues/1/labels/extra").expect(404);
    host.shop("PUT", "/issues/2/labels")
        .json(&json!({"labels": ["one"]}))
        .expect(200);
    let listed = host
        .shop("GET", "/issues?labels=upstream-sync,cascade-active")
        .expect(200);
    assert_eq!(listed.json.as_array().unwrap().len(), 1);
    host.shop("POST", "/issues/1/comments")
        .json(&json!({"body": "hm"}))
        .expect(201);
    host.shop("GET", "/issues/1/comments").expect(200);
    let close = json!({"state": "closed", "state_reason": "completed"});
    host.shop("PATCH", "/issues/1").json(&close).expect(200);
    assert_eq!(
        host.shop("GET", "/issues?state=closed").expect(200).json[0]["number"],
        1
    );
    host.shop("GET", "/issues/1").expect(200);
    host.shop("GET", "/issues/9").expect(404);
    the_timeline_has_every_change(&host);
    let labels = host.shop("GET", "/labels").expect(200);
    assert_eq!(labels.json.as_array().unwrap().len(), 5);
    host.shop("DELETE", "/labels/one").expect(204);
    assert!(host.shop.issues().unwrap()[1].labels.is_empty());
}

fn the_timeline_has_every_change(host: &Host) {
    let timeline = host
        .shop("GET", "/issues/1/timeline?per_page=100")
        .expect(200);
    let happened: Vec<_> = timeline
        .json
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        happened,
        [
            "labeled",
            "labeled",
            "unlabeled",
            "labeled",
            "labeled",
            "unlabeled",
            "commented",
            "closed"
        ]
    );
}

fn labels_are_made_and_changed(host: &Host) {
    let label =
        json!({"name": "human-required", "color": "d93f0b", "description": "a person acts"});
    host.shop("POST", "/labels").json(&label).expect(201);
    host.shop("POST", "/labels").json(&label).expect(422);
    host.shop("PATCH", "/labels/human-required")
        .json(&json!({"color": "ff0000"}))
        .expect(200);
    host.shop("PATCH", "/labels/human-required")
        .json(&json!({"color": "red"}))
        .expect(422);
    host.shop("GET", "/labels/Human-Required").expect(200);
    host.shop("GET", "/labels/none").expect(404);
}
