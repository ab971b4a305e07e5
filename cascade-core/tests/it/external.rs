//! The files that other repositories call for, and what their jobs may hold.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::generate::{File, generate};
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;
use std::collections::BTreeSet;

const BEGIN: &str = "\
trunk_branch: main
environments: [dev, prod]
cli: { source: preinstalled }
state_token: STATE_TOKEN
release_token: RELEASE_TOKEN
deploys:
  - name: web
    workflow: .github/workflows/deploy.yaml
external:
";

/// The files of a pipeline with these entries.
fn files(entries: &str) -> Vec<File> {
    files_of(&format!("{BEGIN}{entries}"))
}

fn files_of(config: &str) -> Vec<File> {
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!("ci:\n  config:\n{}", lines.collect::<String>());
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let findings = format!("{:#?}", checked.findings);
    generate(&checked.pipeline.expect(&findings), "1.2.3").unwrap()
}

fn text(files: &[File], name: &str) -> String {
    let found = files.iter().find(|file| file.path.ends_with(name));
    found.unwrap_or_else(|| panic!("no {name}")).text.clone()
}

const UPDATE: &str = "on_update: { deploy: { workflow: .github/workflows/update.yaml } }, secrets: { KEY: MODELS_KEY }";

/// Entries of every kind: each cadence, each source, public, private, with a credential of its own.
fn every_kind() -> String {
    let mut entries = String::new();
    for (cadence, update) in [("next-run", ""), ("poll", UPDATE)] {
        for source in ["tag", "commit"] {
            for (access, keys) in [
                ("open", ""),
                ("private", "private: true"),
                ("own", "read_token: OTHER_READER"),
            ] {
                let name = format!("{cadence}-{source}-{access}");
                entries.push_str(&format!(
                    "  - {{ mode: pull, repo: acme/{name}, name: {name}, source: {source}, cadence: {cadence}, {keys}, deploys: [{{ name: {name}, {update} }}] }}\n",
                ));
            }
        }
    }
    entries
        .replace(", , ", ", ")
        .replace(",  }", " }")
        .replace(", }", " }")
}

/// The jobs of a file, by id.
fn jobs(text: &str) -> Vec<(String, Value)> {
    let workflow: Value = serde_yaml::from_str(text).unwrap();
    let jobs = workflow["jobs"].as_mapping().unwrap().clone();
    jobs.into_iter()
        .map(|(id, job)| (id.as_str().unwrap().to_owned(), job))
        .collect()
}

/// The secrets that a job names.
fn secrets(job: &Value) -> BTreeSet<String> {
    let text = serde_yaml::to_string(job).unwrap();
    let named = text.split("secrets.").skip(1);
    let name = |rest: &str| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    named.map(name).collect()
}

#[test]
fn a_job_that_resolves_names_no_secret_but_the_read_credential_of_its_entries() {
    let files = files(&every_kind());
    let mut seen = 0;
    for name in ["/orchestrate.yaml", "/cascade-poll.yaml"] {
        for (id, job) in jobs(&text(&files, name)) {
            let readers = BTreeSet::from([
                "CASCADE_EXTERNAL_READ_TOKEN".to_owned(),
                "OTHER_READER".to_owned(),
            ]);
            let Some(credential) = id.strip_prefix("resolve") else {
                let shared: Vec<_> = secrets(&job).intersection(&readers).cloned().collect();
                assert!(shared.is_empty(), "{name} {id} names {shared:?}");
                continue;
            };
            seen += 1;
            let own = credential
                .trim_start_matches('-')
                .replace('-', "_")
                .to_uppercase();
            let expected: BTreeSet<String> = (!own.is_empty()).then_some(own).into_iter().collect();
            assert_eq!(secrets(&job), expected, "{name} {id}");
            let permissions = serde_yaml::to_string(&job["permissions"]).unwrap();
            assert_eq!(permissions.trim(), "contents: read", "{name} {id}");
        }
    }
    assert_eq!(seen, 6, "three credentials in each of two files");
}

#[test]
fn the_job_that_records_holds_the_state_token() {
    let poll = text(&files(&every_kind()), "/cascade-poll.yaml");
    let jobs = jobs(&poll);
    let (_, record) = jobs.iter().find(|(id, _)| id == "record").unwrap();
    assert_eq!(secrets(record), BTreeSet::from(["STATE_TOKEN".to_owned()]));
}

#[test]
fn a_pull_has_no_matrix_and_checks_no_foreign_code_out() {
    for name in ["/orchestrate.yaml", "/cascade-poll.yaml"] {
        let text = text(&files(&every_kind()), name);
        assert!(!text.contains("matrix:"), "{name}");
        assert!(!text.contains("repository:"), "{name}");
    }
}

#[test]
fn pulling_in_runs() {
    for source in ["tag", "commit"] {
        let entry = format!("  - {{ mode: pull, repo: acme/models, source: {source} }}\n");
        let files = files(&entry);
        insta::assert_snapshot!(
            format!("next_run_{source}"),
            text(&files, "/orchestrate.yaml")
        );
        assert!(files.iter().all(|file| !file.path.contains("poll")));
    }
}

#[test]
fn pulling_on_schedules() {
    for source in ["tag", "commit"] {
        let entry = format!(
            "  - {{ mode: pull, repo: acme/models, source: {source}, cadence: poll, private: true, deploys: [{{ name: models, {UPDATE} }}] }}\n  - {{ mode: pull, repo: acme/data, source: {source}, cadence: poll, schedule: \"5 1 * * *\" }}\n"
        );
        let files = files(&entry);
        insta::assert_snapshot!(format!("poll_{source}"), text(&files, "/cascade-poll.yaml"));
        let plain = plain_orchestrate();
        assert_eq!(
            text(&files, "/orchestrate.yaml"),
            plain,
            "a poll changes no run"
        );
    }
}

fn plain_orchestrate() -> String {
    let files = files("  []\n");
    text(&files, "/orchestrate.yaml")
}

const RECEIVED: &str = "  - { repo: acme/cdk, deploys: [{ name: cdk-infra }, { name: net }] }\n";

#[test]
fn receiving() {
    insta::assert_snapshot!("receiver", text(&files(RECEIVED), "/external-update.yaml"));
    let updating = RECEIVED.replace("name: net", &format!("name: net, {UPDATE}"));
    insta::assert_snapshot!(
        "receiver_that_deploys",
        text(&files(&updating), "/external-update.yaml")
    );
}

#[test]
fn a_receiver_that_only_records_is_the_same_whoever_reports() {
    let one = text(&files(RECEIVED), "/external-update.yaml");
    let many = format!("{RECEIVED}  - {{ repo: acme/log, deploys: [{{ name: log }}] }}\n");
    assert_eq!(one, text(&files(&many), "/external-update.yaml"));
    let promoted = RECEIVED.replace(
        "name: net",
        "name: net, workflow: .github/workflows/net.yaml",
    );
    assert_eq!(one, text(&files(&promoted), "/external-update.yaml"));
}

#[test]
fn an_arrival_waits_for_the_gate_of_its_environment() {
    let pull = |environment: &str| {
        format!(
            "  - {{ mode: pull, repo: acme/models, cadence: poll, environment: {environment}, deploys: [{{ name: models, {UPDATE} }}] }}\n"
        )
    };
    let gated = BEGIN.replace(
        "[dev, prod]",
        "[dev, { name: prod, gha_environment: production, required_reviewers: [octocat] }]",
    );
    let into = |environment: &str, file: &str| {
        let pushed = RECEIVED.replace("name: net", &format!("name: net, {UPDATE}"));
        text(
            &files_of(&format!("{gated}{pushed}{}", pull(environment))),
            file,
        )
    };
    let ids = |text: &str| -> Vec<String> { jobs(text).into_iter().map(|(id, _)| id).collect() };
    let prod = into("prod", "/cascade-poll.yaml");
    assert!(ids(&prod).contains(&"gate_models".to_owned()), "{prod}");
    let gate = "    environment:\n      name: production\n      deployment: false\n";
    assert!(prod.contains(gate), "{prod}");
    assert!(
        prod.contains("needs.gate_models.result == 'success'"),
        "{prod}"
    );
    assert!(prod.contains("group: cascade-env-prod\n"), "{prod}");
    let dev = into("dev", "/cascade-poll.yaml");
    assert!(!ids(&dev).contains(&"gate_models".to_owned()), "{dev}");
    let reported = into("dev", "/external-update.yaml");
    let wanted = r#"fromJSON('{"dev":"","prod":"production"}')[inputs.environment || 'dev']"#;
    assert!(reported.contains(wanted), "{reported}");
    assert!(ids(&reported).contains(&"gate_net".to_owned()));
}

#[test]
fn what_a_promotion_deploys_stands_in_the_one_deploy_path() {
    let promoted = RECEIVED.replace(
        "name: net",
        "name: net, workflow: .github/workflows/net.yaml",
    );
    let deploy = text(&files(&promoted), "/cascade-deploy.yaml");
    let ids: Vec<String> = jobs(&deploy).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["gate", "deploy-web", "deploy-net", "record"]);
    let plain = text(&files("  []\n"), "/cascade-deploy.yaml");
    assert_eq!(plain, text(&files(RECEIVED), "/cascade-deploy.yaml"));
}
