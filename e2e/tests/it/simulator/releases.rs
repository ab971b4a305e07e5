//! Releases and their files.

use super::{done, plain, refused};
use crate::support::client::{APP, Host, READER, host};
use e2e::github::NewRepository;
use serde_json::json;

#[test]
fn a_draft_becomes_a_release() {
    let host = plain();
    host.checkout();
    let draft = json!({"tag_name": "v1.0.0", "draft": true, "name": "one", "body": "notes"});
    let made = host.shop("POST", "/releases").json(&draft).expect(201);
    host.shop("POST", "/releases").json(&draft).expect(201);
    host.shop("GET", "/releases/tags/v1.0.0").expect(404);
    host.shop("GET", "/releases/latest").expect(404);
    assert!(host.shop.tags().unwrap().is_empty());
    let count = |token| {
        let seen = host.shop("GET", "/releases").token(token).expect(200);
        seen.json.as_array().unwrap().len()
    };
    assert_eq!([count(APP), count(READER)], [2, 0]);
    let id = made.json["id"].to_string();
    host.shop("GET", &format!("/releases/{id}"))
        .token(READER)
        .expect(404);
    let uploads = format!("/releases/{id}/assets?name=app.txt");
    let address = made.text("upload_url");
    assert!(address.starts_with(&host.server.url()) && address.contains("/api/uploads/"));
    let send = || {
        let call = host.shop("POST", &uploads).upload();
        call.bytes(b"bytes".to_vec(), "text/plain")
    };
    let asset = send().expect(201).json["id"].to_string();
    send().expect(422);
    host.shop("GET", &format!("/releases/{id}/assets"))
        .expect(200);
    host.shop("GET", &format!("/releases/assets/{asset}"))
        .expect(200);
    assert_eq!(fetched(&host, &asset), b"bytes");
    let publish = json!({"draft": false});
    host.shop("PATCH", &format!("/releases/{id}"))
        .json(&publish)
        .expect(200);
    assert!(host.shop.tags().unwrap().contains_key("v1.0.0"));
    host.shop("GET", "/releases/tags/v1.0.0").expect(200);
    host.shop("GET", &format!("/releases/{id}"))
        .token(READER)
        .expect(200);
    assert_eq!(
        host.shop("GET", "/releases/latest").expect(200).json["id"].to_string(),
        id
    );
    a_second_one_is_refused(&host);
    host.shop("DELETE", "/git/refs/tags/v1.0.0").expect(204);
    assert!(
        host.shop
            .releases()
            .unwrap()
            .iter()
            .all(|release| release.draft)
    );
    host.shop("DELETE", &format!("/releases/assets/{asset}"))
        .expect(204);
    host.shop("DELETE", &format!("/releases/{id}")).expect(204);
    host.shop("DELETE", &format!("/releases/{id}")).expect(404);
}

fn a_second_one_is_refused(host: &Host) {
    let again = json!({"tag_name": "v1.0.0"});
    let refused = host.shop("POST", "/releases").json(&again).expect(422);
    assert_eq!(refused.json["errors"][0]["code"], "already_exists");
    let nowhere = json!({"tag_name": "v2.0.0", "target_commitish": "nowhere"});
    host.shop("POST", "/releases").json(&nowhere).expect(422);
}

/// The content of a release file, as a client fetches it that lets its token go.
fn fetched(host: &Host, asset: &str) -> Vec<u8> {
    let pointed = host.shop("GET", &format!("/releases/assets/{asset}"));
    let pointed = pointed
        .header("accept", "application/octet-stream")
        .expect(302);
    let there = pointed.header("location");
    assert!(there.starts_with("http://localhost:"), "{there}");
    let with_token = host.at(there).expect(400);
    assert!(String::from_utf8_lossy(&with_token.bytes).contains("Only one auth mechanism"));
    let (unsigned, _) = there.split_once('?').unwrap();
    host.at(unsigned).anonymous().expect(403);
    host.at(&there.replace("localhost", "127.0.0.1"))
        .anonymous()
        .expect(403);
    host.at(there).anonymous().expect(200).bytes
}

#[test]
fn an_immutable_release_stays() {
    let host = host(NewRepository::immutable_releases);
    let checkout = host.checkout();
    let made = json!({"tag_name": "v1.0.0"});
    let made = host.shop("POST", "/releases").json(&made).expect(201);
    let id = made.json["id"].to_string();
    let late = host
        .shop("POST", &format!("/releases/{id}/assets?name=late"))
        .upload();
    late.bytes(b"x".to_vec(), "text/plain").expect(422);
    host.shop("DELETE", "/git/refs/tags/v1.0.0").expect(422);
    let said = refused(&checkout, &["push", "app", ":refs/tags/v1.0.0"]);
    assert!(said.contains("immutable"), "{said}");
    let moved = json!({"tag_name": "v1.0.1"});
    host.shop("PATCH", &format!("/releases/{id}"))
        .json(&moved)
        .expect(422);
    host.shop("DELETE", &format!("/releases/{id}")).expect(204);
    done(&checkout, &["push", "--quiet", "app", ":refs/tags/v1.0.0"]);
    let said = refused(&checkout, &["push", "app", "HEAD:refs/tags/v1.0.0"]);
    assert!(said.contains("immutable"), "{said}");
    host.shop("POST", "/releases")
        .json(&json!({"tag_name": "v1.0.0"}))
        .expect(422);
}
