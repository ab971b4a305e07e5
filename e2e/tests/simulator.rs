//! The GitHub host answers as GitHub's own description says, and refuses what GitHub refuses.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "github/client.rs"]
mod client;
#[path = "github/openapi.rs"]
mod openapi;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::{APP, Host, PERSON, READER, WORKFLOW, host};
use e2e::github::{Fault, Harm, Job, NewRepository, Permissions, Run, Scope, Token};
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
fn what_a_token_may_not_read_is_refused() {
    let host = host(NewRepository::private);
    let asked = [
        ("/tags", Scope::Contents),
        ("/issues", Scope::Issues),
        ("/labels", Scope::PullRequests),
        ("/pulls", Scope::PullRequests),
        ("/actions/runs", Scope::Actions),
        ("/deployments", Scope::Deployments),
    ];
    for (path, scope) in asked {
        let reads = Permissions::none().read(scope);
        for (permissions, status) in [(Permissions::none(), 403), (reads.clone(), 200)] {
            let token = Token::workflow("job").may("acme/shop", permissions);
            host.server.register(token);
            let reply = host.shop("GET", path).token("job").expect(status);
            let said = (status == 403).then_some("Resource not accessible by integration");
            assert_eq!(reply.text("message"), said.unwrap_or_default(), "{path}");
        }
        let elsewhere = Token::workflow("job").may("acme/other", reads);
        host.server.register(elsewhere);
        host.shop("GET", path).token("job").expect(404);
    }
    // Everybody reads what is public, but no settings.
    let public = plain();
    let protection = "/branches/main/protection";
    public
        .server
        .register(Token::workflow("job").may("acme/shop", Permissions::none()));
    public.shop("GET", "/tags").token("job").expect(200);
    public.shop("GET", protection).token("job").expect(403);
}

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
fn an_old_name_leads_to_the_repository() {
    let host = plain();
    let checkout = host.checkout();
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    let number = host.shop("GET", "").expect(200).json["id"].to_string();
    let store = host.server.rename("acme/shop", "acme/store").unwrap();
    let pointed = host.shop("GET", "/tags?per_page=1").unjudged().expect(301);
    let there = format!(
        "{}/repositories/{number}/tags?per_page=1",
        host.server.api_url()
    );
    assert_eq!(pointed.header("location"), there);
    let body = json!({"ref": "refs/tags/v1", "sha": head});
    let made = host.shop("POST", "/git/refs").json(&body).unjudged();
    let made = made.expect(307).text("url");
    assert!(store.tags().unwrap().is_empty());
    host.at(&made).method("POST").json(&body).expect(201);
    assert_eq!(store.tags().unwrap()["v1"], head);
    let found = host.at(&there).expect(200);
    assert_eq!(found.json[0]["name"], "v1");
    let shown = host.at(&format!("{}/repositories/{number}", host.server.api_url()));
    assert_eq!(shown.expect(200).text("full_name"), "acme/store");
    commit(&checkout, "a", "1");
    done(&checkout, &["push", "--quiet", "app", "main"]);
    let folder = host.folder.path();
    done(folder, &["clone", "--quiet", &host.remote(READER), "copy"]);
    host.server
        .create(&NewRepository::new("acme/shop"))
        .unwrap();
    let taken = host.shop("GET", "").expect(200);
    assert_ne!(taken.json["id"].to_string(), number);
}

#[test]
fn an_old_name_of_what_is_hidden_leads_nowhere() {
    let host = host(NewRepository::private);
    host.server.rename("acme/shop", "acme/store").unwrap();
    host.shop("GET", "").unjudged().expect(301);
    host.shop("GET", "").anonymous().expect(404);
    host.server.rename("acme/shop", "acme/other").unwrap_err();
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
    let create = |reference: &str| ("create".to_owned(), reference.to_owned());
    let main = "refs/heads/main";
    assert_eq!(next(), [create(main), push(main)]);
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
    assert_eq!(next(), [create("refs/tags/v1"), push("refs/tags/v1")]);
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

#[test]
fn dispatches_start_workflows_whoever_asks() {
    let host = plain();
    let checkout = host.checkout();
    let events = host.server.events();
    let dispatch = |file: &str, body: &Value| {
        let path = format!("/actions/workflows/{file}/dispatches");
        host.shop("POST", &path).token(WORKFLOW).json(body)
    };
    let given = json!({"ref": "main", "inputs": {"environment": "prod"}});
    dispatch("deploy.yaml", &given).expect(204);
    let event = events.try_recv().unwrap();
    assert_eq!(
        event.workflow.as_deref(),
        Some(".github/workflows/deploy.yaml")
    );
    assert_eq!(
        event.payload["inputs"],
        json!({"environment": "prod", "percent": "100"})
    );
    assert_eq!(event.sha, done(&checkout, &["rev-parse", "HEAD"]));
    dispatch("none.yaml", &given).expect(404);
    dispatch("deploy.yaml", &json!({"ref": "nowhere"})).expect(422);
    let missing = dispatch("deploy.yaml", &json!({"ref": "main"})).expect(422);
    assert!(
        missing
            .text("message")
            .contains("'environment' not provided")
    );
    let odd = json!({"ref": "main", "inputs": {"environment": "x", "odd": "y"}});
    assert!(
        dispatch("deploy.yaml", &odd)
            .expect(422)
            .text("message")
            .contains("Unexpected inputs")
    );
    commit(
        &checkout,
        ".github/workflows/push.yaml",
        "on: [push]\njobs: {}\n",
    );
    done(&checkout, &["push", "--quiet", "person", "main"]);
    dispatch("push.yaml", &json!({"ref": "main"})).expect(422);
    assert_eq!(events.try_recv().unwrap().name, "push");

    let send = |body: &Value| host.shop("POST", "/dispatches").token(WORKFLOW).json(body);
    let payload =
        json!({"event_type": "rollback-requested", "client_payload": {"environment": "prod"}});
    send(&payload).expect(204);
    let event = events.try_recv().unwrap();
    assert_eq!(event.action.as_deref(), Some("rollback-requested"));
    assert_eq!(event.payload["client_payload"]["environment"], "prod");
    let many: serde_json::Map<_, _> = (0..11)
        .map(|number| (number.to_string(), json!(1)))
        .collect();
    send(&json!({"event_type": "x", "client_payload": many})).expect(422);
    host.shop("POST", "/dispatches")
        .token(READER)
        .json(&payload)
        .expect(403);
    assert!(events.try_recv().is_err());
}

#[test]
fn runs_are_listed_cancelled_and_started_again() {
    let host = plain();
    let checkout = host.checkout();
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    let workflow = ".github/workflows/deploy.yaml";
    let times = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
    let mut over =
        Run::started(1, workflow, "push", &head, times[0]).completed("failure", times[1]);
    over.jobs = vec![Job {
        name: "setup".to_owned(),
        status: "completed".to_owned(),
        conclusion: Some("failure".to_owned()),
        started_at: times[0].to_owned(),
        completed_at: Some(times[1].to_owned()),
    }];
    host.shop.register_run(over).unwrap();
    host.shop
        .register_run(Run::started(
            2,
            workflow,
            "workflow_dispatch",
            &head,
            times[1],
        ))
        .unwrap();
    let ids = |path: &str| {
        let list = host.shop("GET", path).expect(200);
        let runs = list.json["workflow_runs"].as_array().unwrap().clone();
        runs.iter()
            .map(|run| run["id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("/actions/runs"), [2, 1]);
    assert_eq!(ids("/actions/runs?status=failure"), [1]);
    assert_eq!(ids("/actions/runs?status=in_progress&branch=main"), [2]);
    assert_eq!(ids("/actions/runs?created=%3E%3D2026-01-02"), [2]);
    assert_eq!(
        ids("/actions/runs?created=2026-01-01..2026-01-01T12:00:00Z"),
        [1]
    );
    assert_eq!(ids("/actions/workflows/deploy.yaml/runs?event=push"), [1]);
    assert!(ids("/actions/workflows/other.yaml/runs").is_empty());
    host.shop("GET", "/actions/runs/1").expect(200);
    host.shop("GET", "/actions/runs/3").expect(404);
    let jobs = host.shop("GET", "/actions/runs/1/jobs").expect(200);
    assert_eq!(jobs.json["jobs"][0]["conclusion"], "failure");
    host.shop("POST", "/actions/runs/1/cancel").expect(409);
    host.shop("POST", "/actions/runs/2/cancel").expect(202);
    assert!(host.shop.runs().unwrap()[1].cancel_requested);

    let again = |id: u64| {
        let path = format!("/actions/runs/{id}/rerun-failed-jobs");
        host.shop("POST", &path)
    };
    again(1).token(READER).expect(403);
    again(2).expect(403);
    again(3).expect(404);
    again(1).expect(201);
    again(1).expect(403);
    let run = host.shop("GET", "/actions/runs/1").expect(200);
    assert_eq!(
        (&run.json["status"], &run.json["run_attempt"]),
        (&json!("queued"), &json!(2))
    );
    let well = Run::started(4, workflow, "push", &head, times[0]).completed("success", times[1]);
    host.shop.register_run(well).unwrap();
    again(4).expect(403);
}

#[test]
fn issues_live() {
    let host = plain();
    host.checkout();
    let events = host.server.events();
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
    let labels = host.shop("GET", "/labels").expect(200);
    assert_eq!(labels.json.as_array().unwrap().len(), 5);
    host.shop("DELETE", "/labels/one").expect(204);
    assert!(host.shop.issues().unwrap()[1].labels.is_empty());
}

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
            pull("opened", "refs/pull/1/head"),
            pull("closed", main),
            push
        ]
    );
    host.shop("GET", "/issues/1").expect(200);
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
