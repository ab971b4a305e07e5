//! Where cascade goes that is pointed to another address, and what it takes along.

use crate::support::canned::{Asked, Canned, Said, listed};
use crate::support::host::{Host, PRODUCER, TOKEN, error, found, succeeded};
use crate::support::{self, git, write};
use e2e::github::{Asset, Event, Logged, Permissions, Release, RepositoryHandle, Token};
use serde_json::json;
use std::process::Command;

const REPORTER: &str = "reporter-token";
const RECEIVER: &str = "\
on:
  workflow_dispatch:
    inputs: { source_repo: {}, deploy_name: {}, environment: {}, sha: {}, version: {}, artifacts: {} }
";

fn notify(host: &Host) -> Command {
    let sha = "a".repeat(40);
    let mut command = host.verb(
        &host.clone_as("reporter"),
        &[
            "notify",
            "--repo",
            "acme/consumer",
            "--deploy-name",
            "app",
            "--environment",
            "dev",
        ],
    );
    command
        .args(["--sha", &sha, "--version", "v1.0.0"])
        .env("PRIMARY_REPO_TOKEN", REPORTER);
    command
}

/// The requests of a repository's API, and their answers.
fn asked(requests: &[Logged]) -> Vec<(&str, u16)> {
    let api = requests.iter().filter(|one| one.path.starts_with("/repo"));
    api.map(|one| (one.method.as_str(), one.status)).collect()
}

#[test]
fn a_renamed_center_is_found() {
    let host = Host::with_external(PRODUCER);
    let (_, commit) = host.producer("acme/producer", &["v1.0.0", "v1.1.0", "v2.0.0"]);
    host.server.rename("acme/producer", "acme/core").unwrap();
    let mut command = host.resolve();
    let wanted = json!({ "version": "v1.1.0", "sha": commit });
    for answers in [[301, 200], [301, 304]] {
        host.server.clear_requests();
        assert_eq!(found(&command.output().unwrap()), wanted);
        let statuses = host.server.requests();
        let statuses: Vec<u16> = statuses.iter().map(|one| one.status).collect();
        assert_eq!(statuses, answers);
    }
}

#[test]
fn a_renamed_private_center_is_shown_the_credential_again() {
    let host = Host::with_external(&PRODUCER.replace("pull,", "pull, private: true,"));
    let (producer, commit) = host.producer("acme/producer", &["v1.0.0"]);
    producer.hide().unwrap();
    let reader = Token::personal("reader-token", "ada");
    host.server
        .register(reader.may("acme/producer", Permissions::read_all()));
    host.server.rename("acme/producer", "acme/core").unwrap();
    let mut command = host.resolve();
    let output = command.env("READ_TOKEN", "reader-token").output().unwrap();
    assert_eq!(
        found(&output),
        json!({ "version": "v1.0.0", "sha": commit })
    );
}

#[test]
fn a_renamed_center_is_read_page_by_page() {
    let producer = Canned::start(|asked| {
        let tags = format!(
            "http://{}/repositories/7/git/matching-refs/tags/v",
            asked.host
        );
        match asked.what.as_str() {
            "GET /repositories/7/git/matching-refs/tags/v" => {
                let next = format!("<{tags}?page=2>; rel=\"next\"");
                Said::json(&listed("v1.0.0")).header("link", next)
            }
            "GET /repositories/7/git/matching-refs/tags/v?page=2" => Said::json(&listed("v1.2.0")),
            _ => Said::pointer(301, tags),
        }
    });
    let host = Host::with_external(PRODUCER);
    let mut command = host.resolve();
    let output = command.env("GITHUB_API_URL", producer.url()).output();
    let wanted = json!({ "version": "v1.2.0", "sha": "c".repeat(40) });
    assert_eq!(found(&output.unwrap()), wanted);
    assert_eq!(producer.asked().len(), 3);
}

#[test]
fn a_renamed_primary_is_told_once() {
    let host = Host::with_external(PRODUCER);
    let (consumer, _) = host.producer("acme/consumer", &[]);
    receive(&host, &consumer);
    let reporter = Token::personal(REPORTER, "ada");
    host.server
        .register(reporter.may("acme/consumer", Permissions::write_all()));
    host.server.rename("acme/consumer", "acme/fleet").unwrap();
    let events = host.server.events();
    host.server.clear_requests();
    succeeded(&notify(&host).output().unwrap());
    let told: Vec<Event> = events.try_iter().collect();
    let [event] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(event.name, "workflow_dispatch");
    assert_eq!(event.repository, "acme/fleet");
    assert_eq!(event.payload["inputs"]["version"], "v1.0.0");
    let requests = host.server.requests();
    let expected = [("GET", 301), ("GET", 200), ("POST", 307), ("POST", 204)];
    assert_eq!(asked(&requests), expected);
}

/// Puts the workflow that receives reports on the trunk.
fn receive(host: &Host, consumer: &RepositoryHandle) {
    let folder = host.folder().join("receiver");
    write(&folder, ".github/workflows/external-update.yaml", RECEIVER);
    support::commit(&folder);
    let bare = consumer.folder();
    git(
        &folder,
        &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
    );
}

#[test]
fn the_files_of_a_candidate_come_through_the_store() {
    let host = Host::with_external(PRODUCER);
    host.repository
        .set_ref("refs/tags/v0.1.0-rc.0", Some(&host.head))
        .unwrap();
    host.repository.put_release(candidate(&host.head)).unwrap();
    // Who still goes by the old name clones, changes and deletes, too.
    let app = host.server.rename("acme/app", "acme/application").unwrap();
    let url = host.repository.clone_url();
    git(host.folder(), &["clone", "--quiet", &url, "publisher"]);
    let clone = host.folder().join("publisher");
    host.server.clear_requests();
    let publish = |action: &str, version: &str| {
        let arguments = ["manage-release", "--action", action, "--version", version];
        succeeded(&host.verb(&clone, &arguments).output().unwrap());
    };
    publish("publish", "v0.1.0-rc.0");
    let releases = app.releases().unwrap();
    let published = releases.iter().find(|release| release.tag == "v0.1.0");
    let [file] = published.unwrap().assets.as_slice() else {
        panic!("{releases:?}");
    };
    assert_eq!(
        (file.name.as_str(), file.bytes.as_slice()),
        ("app.tar", &b"\0bytes"[..])
    );
    let requests = host.server.requests();
    let stored = requests
        .iter()
        .find(|one| one.path.starts_with("/objects/"));
    assert_eq!(stored.unwrap().status, 200);
    publish("delete", "v0.1.0-rc.0");
    let tags = app
        .releases()
        .unwrap()
        .into_iter()
        .map(|release| release.tag);
    assert_eq!(tags.collect::<Vec<_>>(), ["v0.1.0"]);
}

fn candidate(commit: &str) -> Release {
    let now = "2024-01-01T00:00:00Z".to_owned();
    let file = Asset {
        id: 8,
        name: "app.tar".to_owned(),
        label: None,
        content_type: "application/x-tar".to_owned(),
        bytes: b"\0bytes".to_vec(),
        uploader: "ada".to_owned(),
        created_at: now.clone(),
    };
    Release {
        id: 7,
        tag: "v0.1.0-rc.0".to_owned(),
        name: None,
        body: None,
        draft: false,
        prerelease: true,
        latest: false,
        target: commit.to_owned(),
        author: "ada".to_owned(),
        created_at: now.clone(),
        published_at: Some(now),
        assets: vec![file],
    }
}

/// A consumer that is read, and answers every change with this.
fn consumer(change: impl Fn(&Asked) -> Said + Send + 'static) -> Canned {
    Canned::start(move |asked| match asked.what.starts_with("GET ") {
        true => Said::json(&json!({ "default_branch": "main" })),
        false => change(asked),
    })
}

fn refused(consumer: &Canned) -> String {
    let host = Host::with_external(PRODUCER);
    let mut command = notify(&host);
    let output = command.env("GITHUB_API_URL", consumer.url()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", error(&output));
    error(&output)
}

#[test]
fn a_change_is_sent_to_no_other_host() {
    let consumer = consumer(|asked| {
        let there = asked.host.replace("127.0.0.1", "localhost");
        Said::pointer(307, format!("http://{there}/elsewhere?secret=1"))
    });
    let said = refused(&consumer);
    let port = consumer.port;
    let why = format!("HTTP 307 points to `http://localhost:{port}/elsewhere`, on another host");
    assert!(said.contains(&why), "{said}");
    assert!(said.contains("use its present name"), "{said}");
    assert!(!said.contains("secret"), "{said}");
    let hosts: Vec<_> = consumer.asked().into_iter().map(|one| one.host).collect();
    assert_eq!(
        hosts,
        [format!("127.0.0.1:{port}"), format!("127.0.0.1:{port}")]
    );
}

#[test]
fn a_change_is_sent_again_only_when_asked_to() {
    let consumer = consumer(|_| Said::pointer(302, "/elsewhere"));
    let said = refused(&consumer);
    assert!(
        said.contains("which does not ask to send the change again"),
        "{said}"
    );
    assert_eq!(consumer.asked().len(), 2);
}

#[test]
fn the_credential_stays_with_its_host() {
    let producer = Canned::start(|asked| match asked.host.starts_with("localhost") {
        true => Said::json(&listed("v1.0.0")),
        false => {
            let there = asked.host.replace("127.0.0.1", "localhost");
            Said::pointer(302, format!("http://{there}/elsewhere"))
        }
    });
    let host = Host::with_external(&PRODUCER.replace("pull,", "pull, private: true,"));
    let mut command = host.resolve();
    command.env("GITHUB_API_URL", producer.url());
    found(&command.env("READ_TOKEN", TOKEN).output().unwrap());
    let shown = producer.asked().into_iter().map(|one| one.authorization);
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [Some(format!("Bearer {TOKEN}")), None]
    );
}

#[test]
fn who_is_pointed_around_gives_up() {
    let round = Canned::start(|asked| Said::pointer(301, format!("http://{}/round", asked.host)));
    let host = Host::with_external(PRODUCER);
    let mut command = host.resolve();
    let output = command.env("GITHUB_API_URL", round.url()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("pointed on more than 5 times"), "{said}");
    assert_eq!(round.asked().len(), 6);
    let said = refused(&consumer(|asked| {
        Said::pointer(307, format!("http://{}/round", asked.host))
    }));
    assert!(said.contains("pointed on more than 5 times"), "{said}");
}
