use super::*;

fn workflow(on: &str) -> Existing {
    let text = format!(
        "name: CI\n{on}\njobs:\n  all:\n    runs-on: ubuntu-latest\n    steps: [{{ run: npm run build }}]\n"
    );
    Existing::read(text.as_bytes()).unwrap()
}

#[test]
fn four_lines_below_a_block() {
    let existing = workflow("on:\n    push:\n        branches: [main]\n    pull_request:\n");
    assert_eq!(existing.events, ["push", "pull_request"]);
    assert!(existing.contract.is_none());
    let insertion = existing.insertion();
    assert_eq!((insertion.line, insertion.replaced), (2, None));
    assert_eq!(
        insertion.lines,
        [
            "    workflow_call:",
            "      inputs:",
            "        sha:",
            "          type: string"
        ]
    );
}

#[test]
fn a_line_is_replaced() {
    for on in [
        "on: [push, pull_request]",
        "on:\n  - push\n  - pull_request",
    ] {
        let insertion = workflow(on).insertion();
        assert!(insertion.replaced.is_some(), "{on}");
        let lines = insertion.lines.join("\n");
        assert!(
            lines.starts_with("on:\n  push:\n  pull_request:\n  workflow_call:\n    inputs:\n"),
            "{lines}"
        );
    }
}

/// The text with the lines in place is a callback that takes the commit.
#[test]
fn what_is_printed_makes_it_callable() {
    for on in [
        "on: push",
        "on: [push]",
        "on:\n  - push\n  - pull_request # both",
        "on: [\n  push,\n]",
        "on: {\n  push: {} }",
        "on:\n  push:",
        "on:\n      push:\n        branches: [a]",
        "'on':\n  push: {}",
    ] {
        let text =
            format!("name: CI\n{on}\njobs: {{ a: {{ runs-on: x, steps: [{{ run: make }}] }} }}\n");
        let insertion = Existing::read(text.as_bytes()).unwrap().insertion();
        let mut lines: Vec<&str> = text.lines().collect();
        let at = insertion.line;
        let range = insertion.replaced.map_or(at..at, |last| at - 1..last);
        lines.splice(range, insertion.lines.iter().map(String::as_str));
        let contract = Contract::parse(lines.join("\n").as_bytes()).unwrap();
        assert_eq!(contract.inputs.len(), 1, "{on}");
        assert!(!contract.inputs["sha"].must_be_given(), "{on}");
    }
}

#[test]
fn parts_by_name_then_by_what_is_done() {
    let cases = [
        ("validate", Some(Role::Validate)),
        ("ci", Some(Role::Validate)),
        ("ci-build", Some(Role::Build)),
        ("deploy-web", Some(Role::Deploy)),
        ("Release", Some(Role::Publish)),
        ("latest", None),
        ("nightly", None),
    ];
    for (name, role) in cases {
        assert_eq!(Role::of_name(name), role, "{name}");
    }
    let mut existing = workflow("on: push");
    assert!(existing.builds && !existing.checks);
    existing.name = None;
    assert_eq!(existing.role("nightly"), Some(Role::Build));
    existing.builds = false;
    assert_eq!(existing.role("nightly"), None);
}

#[test]
fn names_without_the_word() {
    assert_eq!(Role::Deploy.rest_of("deploy-web_app"), "web-app");
    assert_eq!(Role::Build.rest_of("build"), "");
}

#[test]
fn what_cannot_be_read() {
    for text in [
        "",
        "- a\n",
        "a: [",
        "jobs: {}\n",
        "on: { workflow_call: { inputs: 1 } }\n",
    ] {
        assert!(Existing::read(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn jobs_have_lines_parts_and_environments() {
    let text = "\
on:
  push:
    branches: [main]
    tags: ['v*']
jobs:
  unit:
    runs-on: ubuntu-latest
    steps:
      - run: |
          npm test

  image:
    needs: unit
    runs-on: ubuntu-latest
    steps: [{ uses: docker/build-push-action@v6 }]
  ship:
    needs: [image, unit]
    environment: { name: staging, url: 'https://example.com' }
    runs-on: ubuntu-latest
    steps:
      - run: ./ship
  # a comment
  packages:
    if: ${{ needs.please.outputs.release_created }}
    uses: ./.github/workflows/packages.yaml
";
    let existing = Existing::read(text.as_bytes()).unwrap();
    let jobs: Vec<_> = existing
        .jobs
        .iter()
        .map(|job| (job.id.as_str(), job.line, job.last, job.role))
        .collect();
    assert_eq!(
        jobs,
        [
            ("unit", 6, 10, Some(Role::Validate)),
            ("image", 12, 15, Some(Role::Build)),
            ("ship", 16, 21, Some(Role::Deploy)),
            ("packages", 23, 25, Some(Role::Publish)),
        ]
    );
    assert_eq!(existing.jobs[2].needs, ["image", "unit"]);
    assert_eq!(existing.jobs[2].environment.as_deref(), Some("staging"));
    assert_eq!(
        existing.jobs[3].calls.as_deref(),
        Some("./.github/workflows/packages.yaml")
    );
    let released = existing.released.unwrap();
    assert_eq!((released.event, released.line), ("push.tags", 4));
}

#[test]
fn checking_out_checks_nothing() {
    let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ uses: actions/checkout@v4 }, { run: ./ship }]\n";
    let existing = Existing::read(text.as_bytes()).unwrap();
    assert!(!existing.checks && !existing.builds);
    assert_eq!(existing.jobs[0].role, None);
    let text = text.replace(
        "{ run: ./ship }",
        "{ run: npm test }, { if: a.release_created, run: b }",
    );
    let existing = Existing::read(text.as_bytes()).unwrap();
    assert_eq!(existing.jobs[0].does, [Role::Validate, Role::Publish]);
}
