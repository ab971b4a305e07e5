//! The GitHub host answers as GitHub's own description says, and refuses what GitHub refuses.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "github/client.rs"]
mod client;
#[path = "github/openapi.rs"]
mod openapi;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::{APP, Host, PERSON, READER, WORKFLOW, host};
use e2e::github::{Fault, Harm, NewRepository, Permissions, Scope, Token};
use serde_json::{Value, json};

fn plain() -> Host {
    host(|shop| shop)
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(["-c", "user.name=ada", "-c", "user.email=ada@localhost"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder);
    command.output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = git(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = git(folder, arguments);
    assert!(!output.status.success(), "git {arguments:?} should fail");
    String::from_utf8(output.stderr).unwrap()
}

impl Host {
    /// An address with a token in it.
    fn remote(&self, token: &str) -> String {
        let url = self.shop.clone_url();
        url.replace("http://", &format!("http://x-access-token:{token}@"))
    }

    /// A checkout whose first commit, with a workflow, is pushed by a person.
    fn checkout(&self) -> PathBuf {
        let folder = self.folder.path().join("checkout");
        std::fs::create_dir_all(&folder).unwrap();
        done(&folder, &["init", "--quiet"]);
        done(&folder, &["remote", "add", "person", &self.remote(PERSON)]);
        done(&folder, &["remote", "add", "app", &self.remote(APP)]);
        done(&folder, &["remote", "add", "run", &self.remote(WORKFLOW)]);
        done(&folder, &["remote", "add", "reader", &self.remote(READER)]);
        commit(&folder, ".github/workflows/deploy.yaml", DEPLOY);
        commit(&folder, "README.md", "hello\n");
        done(&folder, &["push", "--quiet", "person", "main"]);
        folder
    }
}

const DEPLOY: &str = "\
name: Deploy
on:
  workflow_dispatch:
    inputs:
      environment: { type: string, required: true }
      percent: { type: number, default: 100 }
  push: {}
jobs: {}
";

fn commit(folder: &Path, file: &str, content: &str) -> String {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    done(folder, &["add", "--all"]);
    done(
        folder,
        &["commit", "--quiet", "--message", &format!("feat: {file}")],
    );
    done(folder, &["rev-parse", "HEAD"])
}

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
fn repositories_are_cloned_and_pushed_with_tokens() {
    let host = plain();
    let checkout = host.checkout();
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    assert_eq!(host.shop.branches().unwrap()["main"], head);
    let folder = host.folder.path();
    done(folder, &["clone", "--quiet", &host.remote(READER), "copy"]);
    done(
        folder,
        &[
            "clone",
            "--quiet",
            "--depth=1",
            &host.shop.clone_url(),
            "shallow",
        ],
    );
    commit(&checkout, "a", "1");
    assert!(refused(&checkout, &["push", "reader", "main"]).contains("403"));
    assert!(
        refused(&checkout, &["push", &host.remote("nobody"), "main"]).contains("uthentication")
    );
    host.server
        .create(&NewRepository::new("acme/secret").private())
        .unwrap();
    let secret = host.remote(APP).replace("shop", "secret");
    assert!(refused(folder, &["clone", &secret, "no"]).contains("not found"));
    done(&checkout, &["push", "--quiet", "app", "main"]);
}

#[test]
fn large_pushes_and_many_refs_pass() {
    let host = plain();
    let checkout = host.checkout();
    let noise: String = (0..400_000u64)
        .map(|number| format!("{}\n", number.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
        .collect();
    commit(&checkout, "noise", &noise);
    for number in 0..50 {
        done(&checkout, &["tag", &format!("t{number}")]);
    }
    done(&checkout, &["push", "--quiet", "--tags", "app", "main"]);
    assert_eq!(host.shop.tags().unwrap().len(), 50);
    done(
        host.folder.path(),
        &["clone", "--quiet", &host.shop.clone_url(), "copy"],
    );
    let copied = std::fs::read_to_string(host.folder.path().join("copy/noise")).unwrap();
    assert!(copied == noise);
}

#[test]
fn a_run_never_moves_a_ref_to_other_workflow_files() {
    let host = plain();
    let checkout = host.checkout();
    let old = done(&checkout, &["rev-parse", "HEAD"]);
    let same = commit(&checkout, "a", "1");
    done(&checkout, &["push", "--quiet", "run", "main"]);
    let other = commit(&checkout, ".github/workflows/deploy.yaml", "on: push\n");
    let said = refused(&checkout, &["push", "run", "HEAD:refs/heads/env/prod"]);
    assert!(said.contains("refusing to allow a GitHub App"), "{said}");
    done(&checkout, &["push", "--quiet", "person", "main"]);
    for (path, body) in [
        ("/git/refs", json!({"ref": "refs/tags/v1", "sha": old})),
        (
            "/git/refs",
            json!({"ref": "refs/heads/env/prod", "sha": same}),
        ),
        (
            "/releases",
            json!({"tag_name": "v1", "target_commitish": same}),
        ),
    ] {
        let reply = host
            .shop("POST", path)
            .token(WORKFLOW)
            .json(&body)
            .expect(403);
        assert!(
            reply
                .text("message")
                .contains("without `workflows` permission")
        );
    }
    assert_eq!(host.shop.releases().unwrap(), []);
    let body = json!({"ref": "refs/tags/v1", "sha": other});
    host.shop("POST", "/git/refs")
        .token(WORKFLOW)
        .json(&body)
        .expect(201);
    let body = json!({"ref": "refs/tags/v0", "sha": old});
    host.shop("POST", "/git/refs").json(&body).expect(201);
}

#[test]
fn a_protected_branch_moves_for_the_bypass_list_only() {
    let host = plain();
    let checkout = host.checkout();
    host.shop.protect("main", &["deployer[bot]"]).unwrap();
    commit(&checkout, "a", "1");
    let said = refused(&checkout, &["push", "person", "main"]);
    assert!(said.contains("GH013"), "{said}");
    let body = put("b", None);
    let refused = host
        .shop("PUT", "/contents/b")
        .token(WORKFLOW)
        .json(&body)
        .expect(409);
    assert!(refused.text("message").contains("rule violations"));
    done(&checkout, &["push", "--quiet", "app", "main"]);
    host.shop("PUT", "/contents/b").json(&body).expect(201);
    host.shop("GET", "/rulesets").expect(200);
}

fn put(content: &str, sha: Option<&str>) -> Value {
    let mut body =
        json!({"message": "chore: write [skip ci]", "content": STANDARD.encode(content)});
    if let Some(sha) = sha {
        body["sha"] = json!(sha);
    }
    body
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
fn lists_come_in_pages() {
    let host = plain();
    let checkout = host.checkout();
    for number in 0..35 {
        done(&checkout, &["tag", &format!("t{number:02}")]);
    }
    done(&checkout, &["push", "--quiet", "--tags", "person"]);
    let first = host.shop("GET", "/tags").expect(200);
    assert_eq!(first.json.as_array().unwrap().len(), 30);
    let link = first.header("link");
    let next = link.split(';').next().unwrap().trim_matches(['<', '>']);
    let path = next.strip_prefix(&host.server.api_url()).unwrap();
    let second = host.call("GET", path).expect(200);
    assert_eq!(second.json.as_array().unwrap().len(), 5);
    assert!(second.header("link").contains("rel=\"prev\""));
    let all = host.shop("GET", "/tags?per_page=500").expect(200);
    assert_eq!(all.header("link"), "");
    assert_eq!(all.json.as_array().unwrap().len(), 35);
}

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
    let upload = made.text("upload_url");
    let upload = upload.split('{').next().unwrap().to_owned();
    let send = || {
        let call = host.shop("POST", "").at(upload.clone(), "?name=app.txt");
        call.bytes(b"bytes".to_vec(), "text/plain")
    };
    let asset = send().expect(201).json["id"].to_string();
    send().expect(422);
    host.shop("GET", &format!("/releases/{id}/assets"))
        .expect(200);
    host.shop("GET", &format!("/releases/assets/{asset}"))
        .expect(200);
    let raw = host.shop("GET", &format!("/releases/assets/{asset}"));
    let raw = raw
        .header("accept", "application/octet-stream")
        .unjudged()
        .expect(200);
    assert_eq!(raw.bytes, b"bytes");
    let publish = json!({"draft": false});
    host.shop("PATCH", &format!("/releases/{id}"))
        .json(&publish)
        .expect(200);
    assert!(host.shop.tags().unwrap().contains_key("v1.0.0"));
    host.shop("GET", "/releases/tags/v1.0.0").expect(200);
    assert_eq!(
        host.shop("GET", "/releases/latest").expect(200).json["id"].to_string(),
        id
    );
    let again = json!({"tag_name": "v1.0.0"});
    let refused = host.shop("POST", "/releases").json(&again).expect(422);
    assert_eq!(refused.json["errors"][0]["code"], "already_exists");
    let nowhere = json!({"tag_name": "v2.0.0", "target_commitish": "nowhere"});
    host.shop("POST", "/releases").json(&nowhere).expect(422);
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

#[test]
fn an_immutable_release_stays() {
    let host = host(NewRepository::immutable_releases);
    let checkout = host.checkout();
    let made = json!({"tag_name": "v1.0.0"});
    let made = host.shop("POST", "/releases").json(&made).expect(201);
    let id = made.json["id"].to_string();
    let upload = made.text("upload_url");
    let upload = upload.split('{').next().unwrap().to_owned();
    let late = host.shop("POST", "").at(upload, "?name=late");
    late.bytes(b"x".to_vec(), "text/plain").expect(422);
    host.shop("DELETE", "/git/refs/tags/v1.0.0").expect(422);
    let said = refused(&checkout, &["push", "app", ":refs/tags/v1.0.0"]);
    assert!(said.contains("immutable"), "{said}");
    let moved = json!({"tag_name": "v1.0.1"});
    host.shop("PATCH", &format!("/releases/{id}"))
        .json(&moved)
        .expect(422);
    host.shop("DELETE", &format!("/releases/{id}")).expect(204);
    host.shop("POST", "/releases")
        .json(&json!({"tag_name": "v1.0.0"}))
        .expect(422);
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
            Harm::TooManyRequests { retry_after: pause },
        )
        .after(1),
    );
    get().expect(200);
    assert_eq!(get().expect(429).header("retry-after"), "7");
    get().expect(200);
    host.server.inject(Fault::new(
        "/repos/*/tags",
        Harm::SecondaryRateLimit { retry_after: pause },
    ));
    assert!(
        get()
            .expect(403)
            .text("message")
            .contains("secondary rate limit")
    );
    host.server
        .inject(Fault::new("/repos/*", Harm::BadGateway).times(2));
    get().unjudged().expect(502);
    get().unjudged().expect(502);
    host.server
        .inject(Fault::new("/repos/*", Harm::Dropped).method("PUT"));
    let write = || host.shop("PUT", "/contents/a").json(&put("a", None));
    write().send().unwrap_err();
    assert_eq!(host.shop.file("main", "a").unwrap(), None);
    host.server
        .inject(Fault::new("/repos/*", Harm::DroppedAfter).method("PUT"));
    write().send().unwrap_err();
    assert_eq!(host.shop.file("main", "a").unwrap(), Some(b"a".to_vec()));
    host.server.inject(Fault::new(
        "/repos/*",
        Harm::Slow(Duration::from_millis(200)),
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
fn events_start_what_github_would_start() {
    let host = plain();
    let events = host.server.events();
    let checkout = host.checkout();
    let next = || {
        events
            .try_iter()
            .map(|event| (event.name, event.reference))
            .collect::<Vec<_>>()
    };
    let push = |reference: &str| ("push".to_owned(), reference.to_owned());
    assert_eq!(next(), [push("refs/heads/main")]);
    commit(&checkout, "a", "1");
    done(&checkout, &["push", "--quiet", "run", "main"]);
    host.shop("PUT", "/contents/b")
        .json(&put("b", None))
        .expect(201);
    assert_eq!(next(), []);
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    host.shop("POST", "/git/refs")
        .json(&json!({"ref": "refs/tags/v1", "sha": head}))
        .expect(201);
    assert_eq!(next(), [push("refs/tags/v1")]);
    host.shop("POST", "/releases")
        .json(&json!({"tag_name": "v1"}))
        .expect(201);
    let release = |name: &str| (name.to_owned(), "refs/tags/v1".to_owned());
    assert_eq!(next(), [release("release"), release("release")]);
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
