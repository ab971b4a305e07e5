//! Comments, and the runs of pull requests that lead to them.

use super::{commit, done, plain};
use e2e::github::{Permissions, Scope, Token};
use serde_json::json;

#[test]
fn a_comment_is_changed_by_whoever_may_write_pull_requests() {
    let host = plain();
    let token = |name: &str, may: Permissions| {
        host.server
            .register(Token::workflow(name).may("acme/shop", may));
    };
    token("writes", Permissions::none().write(Scope::PullRequests));
    token("reads", Permissions::none().read(Scope::PullRequests));
    host.shop("POST", "/issues")
        .json(&json!({"title": "a"}))
        .expect(201);
    let made = host
        .shop("POST", "/issues/1/comments")
        .token("writes")
        .json(&json!({"body": "one"}))
        .expect(201);
    assert_eq!(made.json["user"]["login"], "github-actions[bot]");
    let path = format!("/issues/comments/{}", made.json["id"]);
    let change = |token: &str, body: &str| {
        host.shop("PATCH", &path)
            .token(token)
            .json(&json!({ "body": body }))
    };
    change("reads", "two").expect(403);
    change("writes", "").expect(422);
    change("writes", &"x".repeat(65_537)).expect(422);
    change("writes", "two").expect(200);
    host.shop("PATCH", "/issues/comments/1000000")
        .json(&json!({"body": "x"}))
        .expect(404);
    let all = host.shop("GET", "/issues/1/comments").expect(200);
    assert_eq!(all.json[0]["body"], "two");
}

/// Source: GitHub, "Events that trigger workflows", `pull_request`.
#[test]
fn a_pull_request_runs_on_the_merge_with_its_base_unless_both_conflict() {
    let host = plain();
    let checkout = host.checkout();
    done(&checkout, &["switch", "--quiet", "--create", "fix"]);
    let head = commit(&checkout, "fix", "1");
    done(&checkout, &["push", "--quiet", "person", "fix"]);
    done(&checkout, &["switch", "--quiet", "main"]);
    let base = commit(&checkout, "main", "1");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    let events = host.server.events();
    let new = json!({"title": "a fix", "head": "fix", "base": "main"});
    host.shop("POST", "/pulls").json(&new).expect(201);
    let event = events.try_iter().next().unwrap();
    assert_eq!(event.reference, "refs/pull/1/merge");
    done(
        &checkout,
        &["fetch", "--quiet", "person", "refs/pull/1/merge"],
    );
    let parents = done(&checkout, &["log", "-1", "--format=%P", &event.sha]);
    assert_eq!(parents, format!("{base} {head}"));
    commit(&checkout, "fix", "2");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    done(&checkout, &["switch", "--quiet", "fix"]);
    commit(&checkout, "fix", "3");
    events.try_iter().for_each(drop);
    done(&checkout, &["push", "--quiet", "person", "fix"]);
    let names: Vec<String> = events.try_iter().map(|event| event.name).collect();
    assert_eq!(names, ["push"], "no run of a conflict");
}
