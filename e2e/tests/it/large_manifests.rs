//! Producers that report at the same moment, and hostile producers: many processes on one trunk, as
//! the generated workflows start them.

use crate::support::git;
use crate::support::host::{Host, succeeded};
use serde_json::{Value, json};

const SATELLITES: usize = 8;

#[test]
fn producers_that_report_at_the_same_moment_all_land() {
    let names: Vec<String> = (0..SATELLITES).map(|at| format!("net-{at}")).collect();
    let entry =
        |name: &String| format!("      - {{ repo: acme/{name}, deploys: [{{ name: {name} }}] }}\n");
    for transport in ["git", "api"] {
        let consumer = Host::with_external(&names.iter().map(entry).collect::<String>());
        let started: Vec<_> = names
            .iter()
            .map(|name| {
                let clone = consumer.clone_as(name);
                let report = json!({
                    "source_repo": format!("acme/{name}"), "deploy_name": name,
                    "environment": "dev", "sha": "a".repeat(40), "version": format!("v1.0.0-{name}"),
                    "artifacts": "{}",
                });
                let mut command = consumer.verb(&clone, &["external", "update", "--commit-push"]);
                command
                    .env("DISPATCH", report.to_string())
                    .env("CASCADE_STATE_TRANSPORT", transport);
                (clone, command)
            })
            .map(|(_, mut command)| command.spawn().unwrap())
            .collect();
        for child in started {
            succeeded(&child.wait_with_output().unwrap());
        }
        let held = consumer.state()["dev"]["external"].clone();
        for name in &names {
            assert_eq!(
                held[name]["version"],
                format!("v1.0.0-{name}"),
                "{transport}"
            );
        }
        let commits = git(
            &consumer.repository.folder(),
            &["rev-list", "--count", "main"],
        );
        assert_eq!(
            commits,
            (SATELLITES + 1).to_string(),
            "{transport}: one commit each"
        );
    }
}

#[test]
fn a_manifest_above_a_megabyte_is_written_through_either_transport() {
    let filler = format!("# {}\n", "x".repeat(100)).repeat(4_000);
    for transport in ["git", "api"] {
        let manifest = format!(
            "{filler}ci:\n{filler}  config:\n{filler}    trunk_branch: main\n    environments: [dev]\n    external:\n      - {{ repo: acme/net, deploys: [{{ name: net }}] }}\n"
        );
        assert!(manifest.len() > 1024 * 1024);
        let consumer = Host::new(&manifest);
        let report = json!({
            "source_repo": "acme/net", "deploy_name": "net", "environment": "dev",
            "sha": "a".repeat(40), "version": "v1.0.0", "artifacts": "{}",
        });
        let clone = consumer.clone_as("clone");
        let mut command = consumer.verb(&clone, &["external", "update", "--commit-push"]);
        command
            .env("DISPATCH", report.to_string())
            .env("CASCADE_STATE_TRANSPORT", transport);
        succeeded(&command.output().unwrap());
        assert!(consumer.manifest().starts_with(&filler), "{transport}");
        let slot = &consumer.state()["dev"]["external"]["net"];
        assert_eq!(slot["version"], "v1.0.0", "{transport}");
    }
}

#[test]
fn names_of_tags_are_data() {
    let entry = "      - { mode: pull, repo: acme/producer, version: ^1 }\n";
    let consumer = Host::with_external(entry);
    let (producer, commit) = consumer.producer("acme/producer", &[]);
    let bare = producer.folder();
    // As hostile as git lets a name be.
    let mut names = vec![
        "v1.0.0".to_owned(),
        "v1.0.1;rm${IFS}-rf".to_owned(),
        "v1.0.2$(touch${IFS}pwned)".to_owned(),
        "v1.0.3`id`".to_owned(),
        "v1.0.4\"}]".to_owned(),
        "v1.0.5'||true".to_owned(),
        "v99999999999999999999.0.0".to_owned(),
    ];
    names.push(format!("v1.9.0-{}", "x".repeat(240)));
    names.extend((0..3_000).map(|at| format!("v0.{at}.0")));
    names.sort_unstable();
    let packed: String = names
        .iter()
        .map(|name| format!("{commit} refs/tags/{name}\n"))
        .collect();
    let header = "# pack-refs with: peeled fully-peeled sorted\n";
    std::fs::write(bare.join("packed-refs"), format!("{header}{packed}")).unwrap();
    let clone = consumer.clone_as("one");
    let mut command = consumer.verb(&clone, &["external", "resolve", "--json"]);
    let output = command.output().unwrap();
    succeeded(&output);
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = json!({ "version": "v1.0.0", "sha": commit });
    assert_eq!(answers["models"], Value::Null);
    assert_eq!(answers["producer"]["found"], found, "{answers}");
    assert!(!clone.join("pwned").exists());
}

#[test]
fn what_did_not_change_is_asked_for_with_one_small_request() {
    let entry = "      - { mode: pull, repo: acme/producer }\n";
    let twice =
        format!("{entry}      - {{ mode: pull, repo: acme/producer, name: old, version: <2 }}\n");
    let consumer = Host::with_external(&twice);
    let (producer, commit) = consumer.producer("acme/producer", &["v1.4.0", "v2.0.0"]);
    let clone = consumer.clone_as("one");
    let resolve = || {
        let before = consumer.server.requests().len();
        let arguments = ["external", "resolve", "--json", "--cache", "cache"];
        let output = consumer.verb(&clone, &arguments).output().unwrap();
        succeeded(&output);
        let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
        let requests = consumer.server.requests().split_off(before);
        let statuses: Vec<u16> = requests.iter().map(|request| request.status).collect();
        (answers, statuses)
    };
    let (first, statuses) = resolve();
    assert_eq!(first["producer"]["found"]["version"], "v2.0.0");
    assert_eq!(first["old"]["found"]["version"], "v1.4.0");
    assert_eq!(
        statuses,
        [200],
        "two entries of one producer are one question"
    );
    let (again, statuses) = resolve();
    assert_eq!((again, statuses), (first, vec![304]));
    git(&producer.folder(), &["tag", "v2.1.0", &commit]);
    let (new, statuses) = resolve();
    assert_eq!(new["producer"]["found"]["version"], "v2.1.0");
    assert_eq!(statuses, [200]);
}
