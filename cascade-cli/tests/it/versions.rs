//! `next-version`, `generate-changelog`, `detect-changes` in real repositories.

use crate::support::{MANIFEST, Sandbox};
use serde_json::{Value, json};

fn json(sandbox: &Sandbox, args: &[&str]) -> Value {
    let run = sandbox.run(args);
    assert_eq!(run.code, 0, "{run}");
    serde_json::from_str(&run.stdout).unwrap()
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.commit("feat: begin");
    sandbox
}

#[test]
fn a_first_version() {
    let sandbox = repository();
    let run = sandbox.run(&["next-version"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "v0.1.0-rc.0\n"),
        "{run}"
    );
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        json(&sandbox, &["next-version", "--json"]),
        json!({
            "version": "v0.1.0-rc.0", "sha": head, "base": null, "base_sha": null,
            "bump": "minor", "commits": 1,
        })
    );
}

#[test]
fn a_version_after_a_release() {
    let sandbox = repository();
    sandbox.git(&["tag", "--annotate", "--message", "x", "v1.4.0"]);
    let released = sandbox.git(&["rev-parse", "HEAD"]);
    let fix = sandbox.change("a", "fix: a");
    sandbox.git(&["tag", "v1.4.1-rc.0"]);
    sandbox.git(&["tag", "unrelated-9.9.9"]);
    sandbox.change("b", "feat!: b");
    let next = json(&sandbox, &["next-version", "--json"]);
    assert_eq!(
        (
            &next["version"],
            &next["base"],
            &next["base_sha"],
            &next["bump"],
            &next["commits"]
        ),
        (
            &json!("v2.0.0-rc.0"),
            &json!("v1.4.0"),
            &json!(released),
            &json!("major"),
            &json!(2)
        )
    );
    let next = json(&sandbox, &["next-version", "--json", "--sha", &fix]);
    assert_eq!(
        (&next["version"], &next["sha"]),
        (&json!("v1.4.1-rc.1"), &json!(fix))
    );
}

#[test]
fn writes_of_state_are_no_changes() {
    let sandbox = repository();
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    let state = format!("{MANIFEST}  state:\n    dev: {{ sha: {head}, version: v0.1.0-rc.0 }}\n");
    sandbox.write(".github/manifest.yaml", state);
    sandbox.commit("chore(cascade): orchestrate dev v0.1.0-rc.0 [skip ci]");
    let next = json(&sandbox, &["next-version", "--json"]);
    assert_eq!(
        (&next["version"], &next["sha"]),
        (&json!("v0.1.0-rc.1"), &json!(head))
    );
}

#[test]
fn a_commit_that_there_is_not() {
    let run = repository().run(&["next-version", "--sha", "nowhere"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            2,
            "error: `--sha nowhere` names no commit of this repository\n  help: name a commit, tag \
             or branch that is here; `git fetch` gets what is missing\n"
        )
    );
    let run = Sandbox::new(MANIFEST).run(&["next-version"]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn a_changelog() {
    let sandbox = repository();
    sandbox.git(&["tag", "v0.1.0"]);
    let fix = sandbox.change("a", "fix(api): mend\n\nbody");
    let feature = sandbox.change("b", "feat: add");
    let (fix, feature) = (&fix[..7], &feature[..7]);
    let expected =
        format!("### Features\n\n- add ({feature})\n\n### Fixes\n\n- **api:** mend ({fix})\n\n");
    assert_eq!(sandbox.run(&["generate-changelog"]).stdout, expected);
    assert_eq!(
        sandbox
            .run(&["generate-changelog", "--from", "v0.1.0"])
            .stdout,
        expected
    );
    let run = sandbox.run(&[
        "generate-changelog",
        "--version",
        "v0.2.0",
        "--contributors",
    ]);
    assert_eq!(
        run.stdout,
        format!("## v0.2.0\n\n{expected}### Contributors\n\noctocat\n")
    );
    let run = sandbox.run(&["generate-changelog", "--to", "v0.1.0"]);
    assert_eq!(run.stdout, "No changes.\n");
    assert_eq!(sandbox.run(&["generate-changelog", "--from", "v9"]).code, 2);
    let log = json(&sandbox, &["generate-changelog", "--json", "--sha", fix]);
    assert_eq!(
        log["changes"],
        json!([{ "kind": "Fixes", "scope": "api", "text": "mend", "sha": fix }])
    );
}

/// Two builds, a deploy that follows one, and a deploy of its own.
const CALLBACKS: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, prod]
    builds:
      - { name: app, workflow: .github/workflows/build.yaml, triggers: [app/**], permissions: {} }
      - { name: site, workflow: .github/workflows/build.yaml, triggers: [site/**], permissions: {} }
    deploys:
      - { name: web, workflow: .github/workflows/deploy.yaml, depends_on: [app], permissions: {} }
      - { name: docs, workflow: .github/workflows/deploy.yaml, triggers: [docs/**], permissions: {} }
";

const BUILD: &str = "\
on: { workflow_call: {} }
jobs:
  build:
    runs-on: ubuntu-latest
    permissions: {}
    steps: [{ run: 'true' }]
";

fn changed(document: &Value) -> Vec<(&str, &str)> {
    let rows = document["callbacks"].as_array().unwrap().iter();
    let rows = rows.filter(|row| row["changed"] == true);
    rows.map(|row| {
        (
            row["name"].as_str().unwrap(),
            row["reason"].as_str().unwrap(),
        )
    })
    .collect()
}

#[test]
fn changes_between_two_commits() {
    let sandbox = Sandbox::new(CALLBACKS);
    sandbox.write(".github/workflows/build.yaml", BUILD);
    let base = sandbox.commit("feat: begin");
    sandbox.change("app/main", "fix: a");
    let head = sandbox.change("app/lib", "fix: b");
    sandbox.change("docs/page", "docs: c");
    let arguments = [
        "detect-changes",
        "--json",
        "--base-sha",
        &base,
        "--head-sha",
        &head,
    ];
    let document = json(&sandbox, &arguments);
    assert_eq!(
        changed(&document),
        [
            ("app", "`app/lib` and 1 more changed"),
            ("web", "build `app` is newer")
        ]
    );
    assert_eq!(
        (&document["base_sha"], &document["head_sha"]),
        (&json!(base), &json!(head))
    );
    let text = sandbox.run(&["detect-changes", "--base-sha", &head]).stdout;
    assert_eq!(
        text,
        "KIND    NAME  CHANGED  REASON\n\
         build   app   no       -\n\
         build   site  no       -\n\
         deploy  web   no       -\n\
         deploy  docs  yes      `docs/page` changed\n"
    );
}

#[test]
fn changes_since_what_is_recorded_for_each() {
    let sandbox = Sandbox::new(CALLBACKS);
    sandbox.write(".github/workflows/build.yaml", BUILD);
    let old = sandbox.commit("feat: begin");
    let new = sandbox.change("app/main", "fix: a");
    let state = format!(
        "{CALLBACKS}  state:\n    dev:\n      sha: {new}\n      version: v0.1.0-rc.0\n      builds:\n        \
         app: {{ sha: {new} }}\n      deploys:\n        web: {{ sha: {old} }}\n        docs: {{ sha: {old} }}\n"
    );
    sandbox.write(".github/manifest.yaml", state);
    sandbox.commit("chore: state");
    let document = json(&sandbox, &["detect-changes", "--json"]);
    assert_eq!(
        changed(&document),
        [
            ("site", "it has not run before"),
            ("web", "build `app` is newer")
        ]
    );
    let output = sandbox.path("output");
    let sandbox = sandbox.variable("GITHUB_OUTPUT", output.to_str().unwrap());
    assert_eq!(sandbox.run(&["detect-changes", "--gha-output"]).code, 0);
    let written = sandbox.read("output");
    assert!(
        written.contains("\n[\"site\"]\n") && written.contains("\n[\"web\"]\n"),
        "{written}"
    );
}
