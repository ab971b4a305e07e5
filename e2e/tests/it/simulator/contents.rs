//! Files, commits and refs through the API.

use super::{done, plain, put};
use crate::support::client;
use crate::support::client::READER;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

#[test]
fn a_large_file_is_read_as_a_blob() {
    let host = plain();
    host.checkout();
    for (size, encoding) in [(1024 * 1024, "base64"), (1024 * 1024 + 1, "none")] {
        let text = "x".repeat(size);
        let path = format!("/contents/{size}");
        let body = json!({"message": "chore: a file", "content": STANDARD.encode(&text)});
        host.shop("PUT", &path).json(&body).expect(201);
        let found = host.shop("GET", &path).expect(200);
        assert_eq!(found.text("encoding"), encoding);
        assert_eq!(found.text("content").is_empty(), encoding == "none");
        let blob = host.shop("GET", &format!("/git/blobs/{}", found.text("sha")));
        let blob = blob.expect(200).text("content");
        let content: String = blob.split_whitespace().collect();
        assert_eq!(STANDARD.decode(content).unwrap(), text.as_bytes());
    }
    host.shop("GET", "/git/blobs/main").expect(404);
}

#[test]
fn a_branch_begins_with_a_commit_that_has_no_parent() {
    let host = plain();
    let file =
        json!({ "path": "state.yaml", "mode": "100644", "type": "blob", "content": "a: 1\n" });
    let tree = host
        .shop("POST", "/git/trees")
        .json(&json!({ "tree": [file] }))
        .expect(201);
    let made = |message: &str| {
        let body = json!({ "message": message, "tree": tree.text("sha"), "parents": [] });
        host.shop("POST", "/git/commits").json(&body).expect(201)
    };
    let (first, second) = (made("first"), made("second"));
    assert_eq!(first.json["parents"], json!([]));
    let point = |commit: &client::Reply| {
        let body = json!({ "ref": "refs/heads/cascade-state", "sha": commit.text("sha") });
        host.shop("POST", "/git/refs").json(&body)
    };
    point(&first).expect(201);
    let late = point(&second).expect(422);
    assert_eq!(late.text("message"), "Reference already exists");
    let content = host.shop.file("cascade-state", "state.yaml").unwrap();
    assert_eq!(content.as_deref(), Some(&b"a: 1\n"[..]));
    let nothing = json!({ "message": "x", "tree": "0000000000000000000000000000000000000000" });
    host.shop("POST", "/git/commits").json(&nothing).expect(422);
    host.shop("POST", "/git/trees")
        .json(&json!({ "tree": [] }))
        .expect(422);
    host.shop("POST", "/git/trees")
        .token(READER)
        .json(&json!({ "tree": [file] }))
        .expect(403);
}

#[test]
fn contents_are_written_by_whoever_comes_first() {
    let host = plain();
    let checkout = host.checkout();
    let made = host
        .shop("PUT", "/contents/ci/state.yaml")
        .json(&put("a: 1\n", None))
        .expect(201);
    assert_eq!(made.json["commit"]["verification"]["verified"], true);
    let sha = made.json["content"]["sha"].as_str().unwrap();
    host.shop("PUT", "/contents/ci/state.yaml")
        .json(&put("a: 2\n", None))
        .expect(422);
    let race = |content: &'static str| {
        let call = host
            .shop("PUT", "/contents/ci/state.yaml")
            .json(&put(content, Some(sha)));
        move || call.send().unwrap().status
    };
    let writers = [race("a: 2\n"), race("a: 3\n")].map(std::thread::spawn);
    let mut statuses = writers.map(|writer| writer.join().unwrap());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let read = host
        .shop("GET", "/contents/ci/state.yaml?ref=main")
        .expect(200);
    let content: String = read.text("content").split_whitespace().collect();
    let content = STANDARD.decode(content).unwrap();
    assert_eq!(
        host.shop.file("main", "ci/state.yaml").unwrap().unwrap(),
        content
    );
    host.shop("GET", "/contents/ci").expect(200);
    host.shop("GET", "/contents/nothing").expect(404);
    let mut authored = put("x", None);
    authored["author"] = json!({"name": "ada", "email": "ada@localhost"});
    let made = host.shop("PUT", "/contents/x").json(&authored).expect(201);
    assert_eq!(made.json["commit"]["verification"]["verified"], false);
    host.shop("PUT", "/contents/y")
        .token(READER)
        .json(&put("y", None))
        .expect(403);
    host.shop("PUT", "/contents/y")
        .anonymous()
        .json(&put("y", None))
        .expect(401);
    done(
        &checkout,
        &["pull", "--quiet", "--ff-only", "person", "main"],
    );
}

#[test]
fn refs_are_made_moved_and_removed() {
    let host = plain();
    let checkout = host.checkout();
    let first = done(&checkout, &["rev-parse", "HEAD~1"]);
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    let make = |name: &str, sha: &str| {
        let body = json!({"ref": name, "sha": sha});
        host.shop("POST", "/git/refs").json(&body)
    };
    make("refs/heads/env/prod", &first).expect(201);
    make("refs/heads/env/prod", &first).expect(422);
    make("env/prod", &first).expect(422);
    make("refs/heads/x", &"1".repeat(40)).expect(422);
    host.shop("GET", "/git/ref/heads/env/prod").expect(200);
    host.shop("GET", "/git/ref/heads/env").expect(404);
    let found = host.shop("GET", "/git/matching-refs/heads/env").expect(200);
    assert_eq!(found.json.as_array().unwrap().len(), 1);
    let move_to = |sha: &str, force: bool| {
        let body = json!({"sha": sha, "force": force});
        host.shop("PATCH", "/git/refs/heads/env/prod").json(&body)
    };
    move_to(&head, false).expect(200);
    move_to(&first, false).expect(422);
    move_to(&first, true).expect(200);
    host.shop("GET", "/branches").expect(200);
    host.shop("GET", "/branches/env%2Fprod").expect(200);
    host.shop("GET", "/branches/none").expect(404);
    host.shop("DELETE", "/git/refs/heads/env/prod").expect(204);
    host.shop("DELETE", "/git/refs/heads/env/prod").expect(422);
    let tag = json!({"tag": "v1", "message": "one", "object": head, "type": "commit"});
    let tag = host
        .shop("POST", "/git/tags")
        .json(&tag)
        .expect(201)
        .text("sha");
    make("refs/tags/v1", &tag).expect(201);
    host.shop("GET", &format!("/git/tags/{tag}")).expect(200);
    let tags = host.shop("GET", "/tags").expect(200);
    assert_eq!(tags.json[0]["commit"]["sha"], json!(head));
    let same = host
        .shop("GET", "/tags")
        .header("if-none-match", tags.header("etag"))
        .expect(304);
    assert_eq!(same.bytes, b"");
    host.shop("GET", &format!("/git/commits/{head}"))
        .expect(200);
    host.shop("GET", &format!("/git/commits/{}", "1".repeat(40)))
        .expect(404);
    host.shop("GET", "/commits/v1").expect(200);
    host.shop("GET", "/commits/none").expect(422);
    host.shop("GET", "/commits?sha=main").expect(200);
    let compared = host
        .shop("GET", &format!("/compare/{first}...main"))
        .expect(200);
    assert_eq!(compared.text("status"), "ahead");
    assert_eq!(compared.json["files"][0]["filename"], "README.md");
}

#[test]
fn writers_of_different_files_all_land() {
    let host = plain();
    let checkout = host.checkout();
    let calls = (0..8).map(|number| {
        let call = host
            .shop("PUT", &format!("/contents/f{number}"))
            .json(&put("x", None));
        std::thread::spawn(move || call.send().unwrap().status)
    });
    let writers: Vec<_> = calls.collect();
    let statuses: Vec<_> = writers
        .into_iter()
        .map(|writer| writer.join().unwrap())
        .collect();
    assert_eq!(statuses, [201; 8]);
    done(
        &checkout,
        &["pull", "--quiet", "--ff-only", "person", "main"],
    );
    assert_eq!(done(&checkout, &["rev-list", "--count", "HEAD"]), "10");
}
