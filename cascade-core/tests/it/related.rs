//! Findings about two places name both, and say what they say in parts.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::message::Part;
use cascade_core::finding::{Finding, Message, rules};
use cascade_core::manifest::yaml::Manifest;

/// Returns the findings of a pipeline that has these lines more than it needs.
fn findings(lines: &str) -> Vec<Finding> {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let given = |key: &str| lines.contains(&format!("    {key}:"));
    let mut text = "ci:\n  config:\n    schema_version: 1\n    runs_on: self-hosted\n".to_owned();
    for (key, value) in [
        ("trunk_branch", "main"),
        ("cli", "{ source: preinstalled }"),
        ("environments", "[dev, prod]"),
    ] {
        if !given(key) {
            text.push_str(&format!("    {key}: {value}\n"));
        }
    }
    text.push_str(&lines);
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    check(manifest.config(), &Contracts::unavailable()).findings
}

const DEPLOY: &str = "workflow: .github/workflows/d.yaml";
const CALLBACKS: &str =
    "promote_callback: .github/workflows/p.yaml, rollback_callback: .github/workflows/r.yaml";

/// A manifest's lines, the rule that they break, where, and the other places.
type Case = (String, &'static str, &'static str, &'static [&'static str]);

fn deploys(first: &str, second: &str) -> String {
    format!("deploys:\n  - {{ {DEPLOY}, {first} }}\n  - {{ {DEPLOY}, {second} }}")
}

fn canary(block: &str) -> String {
    let block = format!("{{ {CALLBACKS}, {block} }}");
    format!("deploys:\n  - {{ {DEPLOY}, name: web, strategy: canary, canary: {block} }}")
}

fn environments() -> Vec<Case> {
    let roles = "{ name: a, role: prerelease }, { name: b, role: prerelease }, c";
    vec![
        (
            "environments: [dev, prod, dev]".to_owned(),
            "C104",
            "environments[2].name",
            &["environments[0].name"],
        ),
        (
            "environments: [eu-west, eu_west]".to_owned(),
            "C202",
            "environments[1].name",
            &["environments[0].name"],
        ),
        (
            format!("environments: [{roles}]"),
            "C105",
            "environments[1].role",
            &["environments[0].role"],
        ),
        (
            "environments: [{ name: a, wait_timer: 5 }]\nenvironment_config: { a: { wait_timer: 6 } }"
                .to_owned(),
            "C013",
            "environment_config.a.wait_timer",
            &["environments[0].wait_timer"],
        ),
    ]
}

fn callbacks() -> Vec<Case> {
    vec![
        (
            deploys("name: web", "name: web"),
            "C201",
            "deploys[1].name",
            &["deploys[0].name"],
        ),
        (
            deploys("name: web-app", "name: web_app"),
            "C202",
            "deploys[1].name",
            &["deploys[0].name"],
        ),
        (
            deploys("name: web, retries: 1", "name: web-retry-1"),
            "C202",
            "deploys[1].name",
            &["deploys[0].name"],
        ),
        (
            deploys(
                "name: a, depends_on: [b]",
                "name: b, optional_depends_on: [a]",
            ),
            "C204",
            "deploys[0].depends_on[0]",
            &["deploys[1].optional_depends_on[0]"],
        ),
        (
            deploys(
                "name: a",
                "name: b, depends_on: [a], optional_depends_on: [a]",
            ),
            "C206",
            "deploys[1].optional_depends_on[0]",
            &["deploys[1].depends_on[0]"],
        ),
        (
            canary("percent: 5, steps: [10, 50]"),
            "C404",
            "deploys[0].canary.percent",
            &["deploys[0].canary.steps"],
        ),
        (
            canary("steps: [50, 10]"),
            "C404",
            "deploys[0].canary.steps[1]",
            &["deploys[0].canary.steps[0]"],
        ),
    ]
}

fn repository() -> Vec<Case> {
    vec![
        (
            "tag_prefix: v\ntag_grammar: { prefix: w }".to_owned(),
            "C013",
            "tag_prefix",
            &["tag_grammar.prefix"],
        ),
        (
            "release_token: A\nrelease_token_app: { app_id: B, private_key: C }".to_owned(),
            "C114",
            "release_token_app",
            &["release_token"],
        ),
        (
            "state: { branch: main }".to_owned(),
            "C902",
            "state.branch",
            &["trunk_branch"],
        ),
        (
            "integration: { upstream: a/b, mirror_branch: main }".to_owned(),
            "C701",
            "integration.mirror_branch",
            &["trunk_branch"],
        ),
        (
            "integration: { upstream: a/b, integration_branch: fork_upstream }".to_owned(),
            "C701",
            "integration.integration_branch",
            &[],
        ),
        (
            "integration: { upstream: a/b, labels: { human: same, failed: SAME } }".to_owned(),
            "C702",
            "integration.labels.failed",
            &["integration.labels.human"],
        ),
    ]
}

fn sections() -> Vec<Case> {
    let component = |name: &str, path: &str, prefix: &str| {
        format!("{name}: {{ path: {path}, tag_grammar: {{ prefix: {prefix} }} }}")
    };
    let components = |one: String, other: String| format!("components:\n  {one}\n  {other}");
    let entry = |repo: &str, name: &str| format!("{{ mode: pull, repo: {repo}, name: {name} }}");
    vec![
        (
            format!(
                "external: [{}, {}]",
                entry("a/b", "x-y"),
                entry("c/d", "x_y")
            ),
            "C503",
            "external[1].name",
            &["external[0].name"],
        ),
        (
            components(component("a", "x", "v"), component("b", "y", "v")),
            "C802",
            "components.b.tag_grammar.prefix",
            &["components.a.tag_grammar.prefix"],
        ),
        (
            components(component("a", "x", "v"), component("b", "x/", "w")),
            "C803",
            "components.b.path",
            &["components.a.path"],
        ),
    ]
}

fn cases() -> Vec<Case> {
    [environments(), callbacks(), repository(), sections()].concat()
}

#[test]
fn a_finding_about_two_places_names_both() {
    for (lines, code, at, related) in cases() {
        let all = findings(&lines);
        let [found] = all.as_slice() else {
            panic!("{lines}\n{all:#?}");
        };
        assert_eq!(
            (found.rule.code, found.at.to_string()),
            (code, at.into()),
            "{lines}"
        );
        let places: Vec<String> = found.related.iter().map(|it| it.at.to_string()).collect();
        assert_eq!(places, related, "{lines}");
        assert!(
            found
                .related
                .iter()
                .all(|it| !it.message.to_string().is_empty())
        );
    }
}

#[test]
fn every_other_edge_of_a_cycle_is_related() {
    let deploy =
        |name: &str, on: &str| format!("  - {{ {DEPLOY}, name: {name}, depends_on: [{on}] }}\n");
    let lines = ["a", "b", "c"].iter().zip(["b", "c", "a"]);
    let lines: String = lines.map(|(name, on)| deploy(name, on)).collect();
    let found = findings(&format!("deploys:\n{lines}"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        found[0].message.to_string(),
        "dependency cycle: a -> b -> c -> a"
    );
    let places: Vec<String> = found[0]
        .related
        .iter()
        .map(|it| it.at.to_string())
        .collect();
    assert_eq!(
        places,
        ["deploys[1].depends_on[0]", "deploys[2].depends_on[0]"]
    );
}

#[test]
fn words_hold_no_code() {
    let mut messages = 0_usize;
    for (lines, ..) in cases() {
        for finding in findings(&lines) {
            let related = finding.related.iter().map(|related| &related.message);
            for message in [&finding.message]
                .into_iter()
                .chain(&finding.help)
                .chain(related)
            {
                assert!(!has_code(message), "{message:?}");
                messages += 1;
            }
        }
    }
    assert!(messages > 40, "{messages}");
}

fn has_code(message: &Message) -> bool {
    let is_code = |part: &Part| matches!(part, Part::Text(words) if words.contains('`'));
    message.parts().iter().any(is_code)
}

#[test]
fn a_finding_displays_what_it_knows() {
    let found = findings("environments: [dev, prod, dev]");
    let expected = "\
error[C104]: environments[2].name: two environments are named `dev`
  note: environments[0].name: the first of this name
  help: name each environment once, in promotion order";
    assert_eq!(found[0].to_string(), expected);
    let error: &dyn std::error::Error = &found[0];
    assert!(error.source().is_none());
    assert_eq!(found[0].rule, &rules::DUPLICATE_ENVIRONMENT);
}
