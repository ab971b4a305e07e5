//! Pull requests.

use super::{commit, done, plain};
use crate::support::client::Host;
use e2e::github::{Event, NewRepository, Permissions, Token};
use serde_json::json;
use std::sync::mpsc::Receiver;

#[test]
fn pull_requests_are_merged_for_real() {
    let host = plain();
    let checkout = host.checkout();
    done(&checkout, &["switch", "--quiet", "--create", "fix"]);
    let fix = commit(&checkout, "fix", "1");
    done(&checkout, &["push", "--quiet", "run", "fix"]);
    let events = host.server.events();
    let new = json!({"title": "a fix", "head": "fix", "base": "main", "body": "text"});
    let made = host.shop("POST", "/pulls").json(&new).expect(201);
    assert_eq!(made.json["mergeable"], true);
    host.shop("POST", "/pulls").json(&new).expect(422);
    host.shop("POST", "/pulls")
        .json(&json!({"title": "x", "head": "none", "base": "main"}))
        .expect(422);
    host.shop("POST", "/pulls")
        .json(&json!({"title": "x", "head": "main", "base": "fix"}))
        .expect(422);
    host.shop("GET", "/pulls?head=acme:fix&base=main")
        .expect(200);
    host.shop("PATCH", "/pulls/1")
        .json(&json!({"title": "a better fix"}))
        .expect(200);
    host.shop("POST", "/issues/1/labels")
        .json(&json!({"labels": ["cascade-hotfix"]}))
        .expect(200);
    host.shop("GET", "/pulls/1/files").expect(200);
    it_is_reviewed(&host, &fix);
    host.shop("PUT", "/pulls/1/merge")
        .json(&json!({"sha": "1".repeat(40)}))
        .expect(409);
    let merged = host.shop("PUT", "/pulls/1/merge").expect(200).text("sha");
    host.shop("PUT", "/pulls/1/merge").expect(405);
    assert_eq!(host.shop.branches().unwrap()["main"], merged);
    done(&checkout, &["fetch", "--quiet", "person"]);
    assert_eq!(done(&checkout, &["rev-parse", &format!("{merged}^2")]), fix);
    let got = host.shop("GET", "/pulls/1").expect(200);
    assert_eq!(got.json["merged"], true);
    assert_eq!(got.json["labels"][0]["name"], "cascade-hotfix");
    the_merge_was_announced(&events);
    host.shop("GET", "/issues/1").expect(200);
}

fn the_merge_was_announced(events: &Receiver<Event>) {
    let seen: Vec<_> = events
        .try_iter()
        .map(|one| (one.name, one.action, one.reference))
        .collect();
    let pull = |action: &str, reference: &str| {
        (
            "pull_request".to_owned(),
            Some(action.to_owned()),
            reference.to_owned(),
        )
    };
    let main = "refs/heads/main";
    let push = ("push".to_owned(), None, main.to_owned());
    assert_eq!(
        seen,
        [
            pull("opened", "refs/pull/1/merge"),
            pull("closed", main),
            push
        ]
    );
}

fn it_is_reviewed(host: &Host, fix: &str) {
    host.shop("POST", "/pulls/1/reviews")
        .json(&json!({"event": "APPROVE"}))
        .expect(422);
    host.shop("POST", "/pulls/1/reviews")
        .json(&json!({"event": "COMMENT", "body": "why?"}))
        .expect(200);
    let reviews = host.shop("GET", "/pulls/1/reviews").expect(200);
    assert_eq!(reviews.json[0]["commit_id"], fix);
    let moved = host
        .shop("GET", "/activity?ref=refs%2Fheads%2Ffix")
        .expect(200);
    assert_eq!(moved.json[0]["activity_type"], "branch_creation");
    assert_eq!(moved.json[0]["after"], fix);
}

#[test]
fn pull_requests_conflict_follow_and_close() {
    let host = plain();
    let checkout = host.checkout();
    done(&checkout, &["switch", "--quiet", "--create", "fix"]);
    commit(&checkout, "README.md", "theirs\n");
    done(&checkout, &["push", "--quiet", "person", "fix"]);
    done(&checkout, &["switch", "--quiet", "main"]);
    commit(&checkout, "README.md", "ours\n");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    let new = json!({"title": "a fix", "head": "fix", "base": "main"});
    let made = host.shop("POST", "/pulls").json(&new).expect(201);
    assert_eq!(made.text("mergeable_state"), "dirty");
    host.shop("PUT", "/pulls/1/merge").expect(405);
    done(&checkout, &["merge", "--quiet", "--strategy=ours", "fix"]);
    done(&checkout, &["push", "--quiet", "person", "main"]);
    assert!(host.shop.pulls().unwrap()[0].1.merged.is_some());
    done(&checkout, &["switch", "--quiet", "--create", "next"]);
    commit(&checkout, "next", "1");
    done(&checkout, &["push", "--quiet", "person", "next"]);
    host.shop("POST", "/pulls")
        .json(&json!({"title": "b", "head": "next", "base": "main"}))
        .expect(201);
    let head = commit(&checkout, "next", "2");
    done(&checkout, &["push", "--quiet", "person", "next"]);
    assert_eq!(host.shop.pulls().unwrap()[1].1.head_sha, head);
    let squashed = host
        .shop("PUT", "/pulls/2/merge")
        .json(&json!({"merge_method": "squash"}))
        .expect(200);
    done(&checkout, &["fetch", "--quiet", "person"]);
    let parents = done(
        &checkout,
        &["log", "-1", "--format=%P", &squashed.text("sha")],
    );
    assert_eq!(parents.split(' ').count(), 1);
    let head = commit(&checkout, "next", "3");
    done(&checkout, &["push", "--quiet", "person", "next:third"]);
    host.shop("POST", "/pulls")
        .json(&json!({"title": "c", "head": "third", "base": "main"}))
        .expect(201);
    done(&checkout, &["push", "--quiet", "person", ":third"]);
    let (issue, pull) = host.shop.pulls().unwrap().pop().unwrap();
    assert_eq!(
        (issue.open, pull.merged, pull.head_sha),
        (false, None, head)
    );
}

#[test]
fn a_fork_pulls_from_its_upstream() {
    let host = plain();
    let checkout = host.checkout();
    let fork = NewRepository::new("kernel/shop").fork_of("acme/shop");
    let fork = host.server.create(&fork).unwrap();
    host.server
        .register(Token::app("sync", "sync").may("kernel/shop", Permissions::write_all()));
    assert_eq!(fork.branches().unwrap(), host.shop.branches().unwrap());
    let kernel = |method: &str, path: &str| {
        let path = format!("/repos/kernel/shop{path}");
        host.call(method, &path).token("sync")
    };
    let new = json!({"title": "sync", "head": "acme:main", "base": "main"});
    kernel("POST", "/pulls").json(&new).expect(422);
    commit(&checkout, "up", "1");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    let made = kernel("POST", "/pulls").json(&new).expect(201);
    assert_eq!(made.json["head"]["repo"]["full_name"], "acme/shop");
    let head = commit(&checkout, "up", "2");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    assert_eq!(
        kernel("GET", "/pulls/1").expect(200).json["head"]["sha"],
        json!(head)
    );
    let compared = kernel("GET", "/compare/main...acme:main").expect(200);
    assert_eq!(compared.json["ahead_by"], 2);
    kernel("PUT", "/pulls/1/merge").expect(200);
    assert_eq!(fork.file("main", "up").unwrap().unwrap(), b"2");
}
