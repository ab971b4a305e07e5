//! Names that GitHub cannot tell apart, because it reads them without case.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::{Finding, Severity};
use cascade_core::manifest::yaml::Manifest;

const DEPLOY: &str = "name: web, workflow: .github/workflows/d.yaml, permissions: {}";

fn errors(lines: &str) -> Vec<Finding> {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let mut text =
        "ci:\n  config:\n    schema_version: 1\n    runs_on: self-hosted\n    trunk_branch: main\n    cli: { source: preinstalled }\n"
            .to_owned();
    if !lines.contains("    environments:") {
        text.push_str("    environments: [dev, prod]\n");
    }
    text.push_str(&lines);
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let findings = check(manifest.config(), &Contracts::unavailable()).findings;
    let errors = findings.into_iter();
    errors
        .filter(|finding| finding.rule.severity == Severity::Error)
        .collect()
}

fn deploy(more: &str) -> String {
    format!("deploys:\n  - {{ {DEPLOY}, {more} }}")
}

fn external(first: &str, second: &str) -> String {
    let pull = |name: &str| {
        format!("  - {{ mode: pull, repo: acme/{name}, name: {name}, version: ^1 }}\n")
    };
    format!("external:\n{}{}", pull(first), pull(second))
}

#[test]
fn names_that_differ_in_case_only_are_twins() {
    for (lines, code, at) in [
        ("environments: [prod, Prod]".to_owned(), "C202", "environments[1].name"),
        ("environments: [eu-west, EU_WEST]".to_owned(), "C202", "environments[1].name"),
        ("environments: [dev, Release]".to_owned(), "C103", "environments[1].name"),
        ("environments: [dev, dev-TO-prod]".to_owned(), "C103", "environments[1].name"),
        ("dispatch_inputs: { level: { type: string }, Level: { type: string } }".to_owned(), "C202", "dispatch_inputs.Level"),
        ("dispatch_inputs: { DRY_RUN: { type: string } }".to_owned(), "C103", "dispatch_inputs.DRY_RUN"),
        ("dispatch_inputs: { Environment: { type: string } }".to_owned(), "C103", "dispatch_inputs.Environment"),
        (deploy("secrets: { TOKEN: A, token: B }"), "C202", "deploys[0].secrets.token"),
        (deploy("inputs: { tag: a, Tag: b }"), "C202", "deploys[0].inputs.Tag"),
        (deploy("env_inputs: { dev: { tag: a, TAG: b } }"), "C202", "deploys[0].env_inputs.dev.TAG"),
        (deploy("state_tags: [tag, Tag]"), "C202", "deploys[0].state_tags[1]"),
        (
            "builds:\n  - { name: app, workflow: .github/workflows/b.yaml, permissions: {}, matrix: { dimensions: { os: [a], OS: [b] } } }".to_owned(),
            "C202",
            "builds[0].matrix.dimensions.OS",
        ),
        (
            "validate: { workflow: .github/workflows/v.yaml, permissions: {}, secrets: { A: X, a: X } }".to_owned(),
            "C202",
            "validate.secrets.a",
        ),
        (external("models", "Models"), "C503", "external[1].name"),
        (external("web-app", "Web_App"), "C503", "external[1].name"),
        (
            "components:\n  api: { path: api, tag_grammar: { prefix: api-v } }\n  API: { path: other, tag_grammar: { prefix: other-v } }".to_owned(),
            "C202",
            "components.API",
        ),
    ] {
        let found = errors(&lines);
        let found: Vec<(&str, String)> = found
            .iter()
            .map(|finding| (finding.rule.code, finding.at.to_string()))
            .collect();
        assert_eq!(found, [(code, at.to_owned())], "{lines}");
    }
}

#[test]
fn names_that_differ_in_more_are_no_twins() {
    for lines in [
        "environments: [prod, prod2]".to_owned(),
        "dispatch_inputs: { level: { type: string }, levels: { type: string } }".to_owned(),
        deploy("secrets: { A_B: X, A-B: X }").replace("A-B", "AB"),
        deploy("inputs: { a_b: x, ab: y }"),
        deploy("env_inputs: { dev: { tag: a }, prod: { TAG: b } }"),
    ] {
        assert_eq!(errors(&lines).len(), 0, "{lines}");
    }
}
