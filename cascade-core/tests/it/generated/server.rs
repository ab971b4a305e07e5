//! Files for GitHub Enterprise Server.

use super::{SMALL, files, text};
use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::generate::File;
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;

const SERVER: &str = "platform: { ghes: \"3.20\" }\nruns_on: [self-hosted, linux]\n";
const OTHER_RUNNERS: &str = "runs_on: [self-hosted, linux]\n";
const APPROVED: &str = "environment_config:\n  prod: { gha_environment: production }\n";

/// The codes of what is found, with the messages.
fn found(config: &str, source: &MemorySource) -> Vec<(&'static str, String)> {
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!(
        "ci:\n  config:\n    schema_version: 1\n{}",
        lines.collect::<String>()
    );
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let findings = check(manifest.config(), &Contracts::new(source)).findings;
    let found = findings.into_iter();
    // Nothing here is about cascade on the runner.
    let found = found.filter(|finding| finding.rule.code != "C109");
    found
        .map(|finding| (finding.rule.code, finding.message.to_string()))
        .collect()
}

/// Everything but lines with the keys that a server does not know, and how `environment` is
/// written without them.
fn known(file: &File) -> Value {
    let text = file
        .text
        .replace("      queue: max\n", "")
        .replace("  queue: max\n", "");
    let text = text.replace("        deployment: false\n", "");
    serde_yaml::from_str(&text).unwrap()
}

/// The same with `environment: {name: x}` as `environment: x`.
fn plain(mut value: Value) -> Value {
    let jobs = value.get_mut("jobs").and_then(Value::as_mapping_mut);
    for (_, job) in jobs.into_iter().flatten() {
        let Some(environment) = job.get_mut("environment") else {
            continue;
        };
        if let Some(name) = environment.get("name").cloned() {
            *environment = name;
        }
    }
    value
}

#[test]
fn a_server_gets_the_same_files_without_what_it_does_not_know() {
    let pipeline = format!("{SMALL}{APPROVED}");
    let cloud = files(&format!("{pipeline}{OTHER_RUNNERS}"));
    let server = files(&format!("{pipeline}{SERVER}"));
    let has = |files: &[File], key: &str| files.iter().any(|file| file.text.contains(key));
    for key in ["queue: max", "deployment: false"] {
        assert!(has(&cloud, key) && !has(&server, key), "{key}");
    }
    assert_eq!(cloud.len(), server.len());
    for (cloud, server) in cloud.iter().zip(&server) {
        assert_eq!(cloud.path, server.path);
        assert_eq!(plain(known(cloud)), plain(known(server)), "{}", cloud.path);
    }
    assert!(text(&server, "promote.yaml").contains("environment: production\n"));
}

#[test]
fn what_is_lost_is_told() {
    let found = found(
        &format!("{SMALL}{APPROVED}platform: {{ ghes: 3.20 }}\n"),
        &callbacks(0),
    );
    let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["C122"; 3], "{found:?}");
    for (key, (_, message)) in ["queue: max", "deployment: false", "ubuntu-latest"]
        .iter()
        .zip(&found)
    {
        assert!(message.contains(key), "{message}");
    }
}

#[test]
fn a_board_hands_on_artifacts_and_pages_are_refused() {
    const PINS: &str =
        "action_pins: { actions/upload-artifact: v3, actions/download-artifact: v3 }\n";
    for (board, pins, refused) in [
        ("enabled: true", "", true),
        ("enabled: true", PINS, false),
        ("enabled: true, pages: true", PINS, true),
        ("enabled: false, pages: true", "", false),
    ] {
        let config = format!("{SMALL}{SERVER}{pins}board: {{ {board} }}\n");
        let found = found(&config, &callbacks(0));
        let is_refused = found.iter().any(|(code, _)| *code == "C123");
        assert_eq!(is_refused, refused, "{config}: {found:?}");
    }
}

#[test]
fn comments_are_refused_and_summaries_are_not() {
    for check in ["drift_check", "pr_preview"] {
        for (setting, codes) in [
            ("", ["C122", "C123"].as_slice()),
            (", comment: false", &["C122"]),
        ] {
            let config = format!("{SMALL}{SERVER}{check}: {{ enabled: true{setting} }}\n");
            let found = found(&config, &callbacks(0));
            let found: Vec<_> = found.iter().map(|(code, _)| *code).collect();
            assert_eq!(found, codes, "{config}");
        }
    }
    let config = format!("{SMALL}{SERVER}state_token: PUSH\nreconcile: {{ enabled: true }}\n");
    let found = found(&config, &callbacks(0));
    assert!(found.iter().any(|(code, _)| *code == "C123"), "{found:?}");
}

#[test]
fn a_version_is_one_of_a_server_that_github_keeps() {
    for wrong in ["3.14", "4.1", "3", "3.", "latest", "3.x"] {
        let config = format!("{SMALL}platform: {{ ghes: \"{wrong}\" }}\n");
        let found = found(&config, &callbacks(0));
        assert_eq!(found[0].0, "C032", "{wrong}: {found:?}");
    }
}

/// The deploy's callback, which calls so many others, one below the other.
fn callbacks(below: usize) -> MemorySource {
    let file = |at: usize| match at {
        0 => ".github/workflows/deploy.yaml".to_owned(),
        at => format!(".github/workflows/below-{at}.yaml"),
    };
    let text = |at: usize| {
        let job = match at == below {
            true => "runs-on: linux\n    steps: [{ run: 'true' }]".to_owned(),
            false => format!("uses: ./{}", file(at + 1)),
        };
        format!("on:\n  workflow_call:\njobs:\n  a:\n    {job}\n")
    };
    (0..=below).map(|at| (file(at), text(at))).collect()
}

#[test]
fn a_server_nests_workflows_less_deeply() {
    for (below, fits) in [(1, true), (2, false)] {
        let found = found(&format!("{SMALL}{SERVER}"), &callbacks(below));
        let refused = found.iter().any(|(code, _)| *code == "C211");
        assert_ne!(refused, fits, "{below}: {found:?}");
    }
    assert!(found(&format!("{SMALL}{OTHER_RUNNERS}"), &callbacks(7)).is_empty());
}
