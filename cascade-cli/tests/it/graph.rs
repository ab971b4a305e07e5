//! `graph`.

use crate::support::{DEPLOY, MANIFEST, Sandbox};
use insta::assert_snapshot;

const SHOP: &str = r#"ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    pin_mode: tag
    environments:
      - dev
      - name: uat
        gha_environment: "uat <gate>"
        required_reviewers: [octocat, acme/ops]
      - { name: prod, wait_timer: 30 }
    extra_triggers:
      schedule: [{ cron: "0 3 * * 1" }]
      repository_dispatch: { types: [content-changed] }
    validate: { workflow: .github/workflows/check.yaml, permissions: {} }
    builds:
      - name: app
        workflow: .github/workflows/check.yaml
        permissions: {}
        matrix: { dimensions: { os: [linux, mac], arch: [x, y] } }
      - { name: assets, workflow: acme/ci/.github/workflows/assets.yaml@v2, permissions: {} }
    deploys:
      - name: db
        workflow: .github/workflows/deploy.yaml
        permissions: {}
      - name: web
        workflow: .github/workflows/deploy.yaml
        permissions: {}
        depends_on: [app, db]
        optional_depends_on: [assets]
    publish: { workflow: .github/workflows/check.yaml, permissions: {} }
    external:
      - repo: acme/api
        deploys: [{ name: api, workflow: acme/api/.github/workflows/deploy.yaml@main }]
      - { repo: acme/models, mode: pull, version: ^2, cadence: poll }
"#;
const CHECK: &str =
    "on: workflow_call\njobs: { a: { permissions: {}, runs-on: x, steps: [{ run: x }] } }\n";

fn shop() -> Sandbox {
    let sandbox = Sandbox::new(SHOP);
    sandbox.write(".github/workflows/check.yaml", CHECK);
    sandbox
}

#[test]
fn jobs() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "jobs"]));
}

#[test]
fn stages() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "stages"]));
}

#[test]
fn environments() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "env"]));
}

#[test]
fn repositories() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "cross-repo"]));
}

#[test]
fn graphviz() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "jobs", "--format", "dot"]));
}

#[test]
fn components_are_groups() {
    let manifest = format!(
        "{MANIFEST}    components:\n      api: {{ path: api, tag_grammar: {{ prefix: api/v }} }}\n      web: {{ path: web, tag_grammar: {{ prefix: web/v }} }}\n"
    );
    let sandbox = Sandbox::new(&manifest);
    assert_snapshot!(sandbox.run(&["graph", "--granularity", "env"]));
    let one = sandbox.run(&["graph", "--component", "web"]);
    assert!(
        one.stdout.contains("web") && !one.stdout.contains("api"),
        "{one}"
    );
    let none = sandbox.run(&["graph", "--component", "wbe"]);
    assert_eq!(none.code, 2);
    assert_eq!(
        none.stderr,
        "error: there is no component `wbe`\n  help: did you mean `web`? the components are api, web\n"
    );
}

#[test]
fn pictures_are_left_to_others() {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
    for format in ["svg", "html"] {
        let run = sandbox.run(&["graph", "--format", format]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert_eq!(
            run.stderr,
            "error: this version of cascade draws no pictures itself\n  \
             help: `--format mermaid` is drawn by GitHub, `--format dot` by Graphviz\n"
        );
    }
}
