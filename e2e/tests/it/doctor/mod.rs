//! `cascade doctor` against a host in which something is wrong: it is named, its fix works, and a
//! second look finds nothing.

mod cases;
mod patient;

use crate::support::git;
use crate::support::host::Host;
use e2e::github::{Permissions, Token};
use patient::{Patient, Run, WRITER};
use std::path::Path;
use std::process::Command;

#[test]
fn a_fresh_repository_is_set_up() {
    let patient = Patient::new().with_names();
    let before = patient.doctor(&[]);
    assert_eq!(before.code, Some(1), "{before:?}");
    let wrong = before.subjects("wrong");
    assert_eq!(
        wrong,
        [
            "pull requests by Actions",
            "history of `cascade-state`",
            "environment `production`",
            "secrets of the environment `production`",
            "variables of the environment `production`",
            "label `upstream-sync`",
            "label `human-required`",
            "label `cascade-active`",
            "label `cascade-blocked`",
            "label `cascade-failed`",
            "label `production-ready`",
            "label `cascade-escalated`",
            "label `cascade-trigger-failed`",
            "label `high-priority`",
        ],
        "{before:?}"
    );
    let dry = patient.doctor(&["--fix", "--dry-run"]);
    assert_eq!((dry.code, dry.fixed.len()), (Some(1), 0), "{dry:?}");
    let fixed = patient.doctor(&["--fix"]);
    assert_eq!(fixed.code, Some(0), "{fixed:?}");
    assert_eq!(fixed.fixed.len(), 12, "{fixed:?}");
    let again = patient.doctor(&[]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(again.subjects("ok").len(), again.items.len(), "{again:?}");
}

#[test]
fn what_any_component_needs_is_looked_for() {
    const COMPONENTS: &str = "    components:
      api: { path: api, tag_grammar: { prefix: api-v } }
      web:
        path: web
        tag_grammar: { prefix: web-v }
        environments: [{ name: dev, gha_environment: staging }, prod]
        deploys:
          - name: page
            workflow: .github/workflows/deploy-web.yaml
            permissions: {}
            secrets: { KEY: PAGE_KEY }
            inputs: { target: blue }
    integration:";
    let patient = Patient::healthy();
    patient.edit("    integration:", COMPONENTS);
    let found = patient.doctor(&[]);
    assert_eq!(found.code, Some(1), "{found:?}");
    let wrong = found.subjects("wrong");
    assert_eq!(wrong, ["environment `staging`", "secrets"], "{found:?}");
    assert!(found.said("secrets").contains("PAGE_KEY"), "{found:?}");
}

#[test]
fn what_a_token_may_not_see_is_not_called_wrong() {
    let patient = Patient::healthy();
    let blind = Token::personal(WRITER, "ada").may(
        "acme/shop",
        Permissions::none().read(e2e::github::Scope::Contents),
    );
    patient.server.register(blind);
    let found = patient.doctor_with(WRITER, &[]);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.subjects("unknown").contains(&"Actions"), "{found:?}");
    assert!(found.said("secrets").contains("HTTP 403"), "{found:?}");
}

#[test]
fn without_a_token_or_a_remote_it_says_what_to_do() {
    let host = Host::new("ci: { config: { trunk_branch: main } }\n");
    let clone = host.clone_as("clone");
    let run = |change: fn(&mut Command)| {
        let mut command = host.verb(&clone, &["doctor"]);
        command
            .env_remove("GITHUB_TOKEN")
            .env_remove("GH_TOKEN")
            .env("PATH", path_without("gh"));
        change(&mut command);
        Run::of(&command.output().unwrap())
    };
    let without = run(|_| {});
    assert_eq!(without.code, Some(2));
    assert!(
        without.error.contains("log in with `gh auth login"),
        "{without:?}"
    );
    git(&clone, &["remote", "remove", "origin"]);
    let lost = run(|command| {
        command
            .env("GITHUB_TOKEN", "x")
            .env_remove("GITHUB_REPOSITORY");
    });
    assert_eq!(lost.code, Some(2));
    assert!(lost.error.contains("has no remote `origin`"), "{lost:?}");
}

fn path_without(program: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let folders = path
        .split(':')
        .filter(|folder| !Path::new(folder).join(program).exists());
    folders.collect::<Vec<_>>().join(":")
}
