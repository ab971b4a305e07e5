//! What tokens may do.

use super::{commit, done, plain, put, refused};
use crate::support::client::{WORKFLOW, host};
use e2e::github::{NewRepository, Permissions, Scope, Token};
use serde_json::json;

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
