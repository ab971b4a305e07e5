//! Git over HTTP, pages of lists, old names.

use super::{commit, done, plain, refused};
use crate::support::client::{APP, READER, host};
use e2e::github::NewRepository;
use serde_json::json;

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
