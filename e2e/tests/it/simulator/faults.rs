//! Answers that are wrong, faults and the clock.

use super::{plain, put};
use crate::support::openapi;
use e2e::github::{Fault, FaultKind};
use serde_json::{Value, json};
use std::time::{Duration, Instant, UNIX_EPOCH};

#[test]
fn a_wrong_answer_is_found_out() {
    let path = "/repos/acme/shop/git/ref/heads/main";
    let right = json!({
        "ref": "refs/heads/main", "node_id": "x", "url": "http://localhost",
        "object": {"type": "commit", "sha": "0".repeat(40), "url": "http://localhost"},
    });
    let judge =
        |status, body: &Value| openapi::judge("GET", path, status, body.to_string().as_bytes());
    judge(200, &right).unwrap();
    let mut short = right.clone();
    short["object"]["sha"] = json!("abc");
    assert!(judge(200, &short).unwrap_err().contains("/object/sha"));
    let mut missing = right.clone();
    missing.as_object_mut().unwrap().remove("ref");
    assert!(judge(200, &missing).unwrap_err().contains("ref"));
    assert!(judge(202, &right).is_err());
    assert!(openapi::judge("GET", "/repos/acme/shop/wishes", 200, b"[]").is_err());
}

#[test]
fn faults_strike() {
    let host = plain();
    host.checkout();
    let get = || host.shop("GET", "/tags");
    let pause = Duration::from_secs(7);
    host.server.inject(
        Fault::new(
            "/repos/*/tags",
            FaultKind::TooManyRequests { retry_after: pause },
        )
        .after(1),
    );
    get().expect(200);
    assert_eq!(get().expect(429).header("retry-after"), "7");
    get().expect(200);
    host.server.inject(Fault::new(
        "/repos/*/tags",
        FaultKind::SecondaryRateLimit { retry_after: pause },
    ));
    assert!(
        get()
            .expect(403)
            .text("message")
            .contains("secondary rate limit")
    );
    host.server
        .inject(Fault::new("/repos/*", FaultKind::BadGateway).times(2));
    get().unjudged().expect(502);
    get().unjudged().expect(502);
    host.server
        .inject(Fault::new("/repos/*", FaultKind::Dropped).method("PUT"));
    let write = || host.shop("PUT", "/contents/a").json(&put("a", None));
    write().send().unwrap_err();
    assert_eq!(host.shop.file("main", "a").unwrap(), None);
    host.server
        .inject(Fault::new("/repos/*", FaultKind::DroppedAfter).method("PUT"));
    write().send().unwrap_err();
    assert_eq!(host.shop.file("main", "a").unwrap(), Some(b"a".to_vec()));
    host.server.inject(Fault::new(
        "/repos/*",
        FaultKind::Slow(Duration::from_millis(200)),
    ));
    let before = Instant::now();
    get().expect(200);
    assert!(before.elapsed() >= Duration::from_millis(200));
    let log = host.server.requests();
    let statuses: Vec<_> = log
        .iter()
        .filter(|one| one.method == "PUT")
        .map(|one| one.status)
        .collect();
    assert_eq!(statuses, [0, 0]);
    assert_eq!(log.last().unwrap().login, "deployer[bot]");
}

#[test]
fn every_time_comes_from_the_clock() {
    let host = plain();
    host.checkout();
    let clock = host.server.clock();
    clock.set(UNIX_EPOCH + Duration::from_secs(1_767_225_600));
    let made = host
        .shop("PUT", "/contents/a")
        .json(&put("a", None))
        .expect(201);
    assert_eq!(
        made.json["commit"]["committer"]["date"],
        "2026-01-01T00:00:00Z"
    );
    clock.advance(Duration::from_secs(6 * 3_600));
    let issue = host
        .shop("POST", "/issues")
        .json(&json!({"title": "late"}))
        .expect(201);
    assert_eq!(issue.text("created_at"), "2026-01-01T06:00:00Z");
}
