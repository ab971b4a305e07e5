//! Flattened workflows mean in act what the originals mean on GitHub.

use crate::support;
use std::collections::BTreeMap;

use e2e::act::{Act, Run};
use e2e::flatten::flatten;
use e2e::tools::Tools;

const FLAT: &str = ".github/workflows/flat.yaml";

const CALLEE: &str = r#"
on:
  workflow_call:
    inputs:
      word: { type: string, required: true }
      fail: { type: boolean, default: false }
      run: { type: boolean, default: true }
    outputs:
      said: { value: "${{ jobs.say.outputs.said }}" }
jobs:
  say:
    runs-on: ubuntu-latest
    outputs: { said: "${{ steps.say.outputs.said }}" }
    steps:
      - id: say
        run: printf 'said=%s\n' "$WORD" >> "$GITHUB_OUTPUT"
        env: { WORD: "${{ inputs.word }}!" }
      - if: inputs.fail
        run: exit 1
  after:
    needs: say
    if: inputs.run
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  last:
    needs: after
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
"#;

const MIDDLE: &str = r#"
on:
  workflow_call:
    inputs: { word: { type: string, required: true } }
    outputs: { said: { value: "${{ jobs.inner.outputs.said }}" } }
jobs:
  inner:
    uses: ./.github/workflows/callee.yaml
    with: { word: "<${{ inputs.word }}>" }
"#;

fn run(caller: &str) -> (Run, BTreeMap<String, String>) {
    let files = BTreeMap::from([
        ("callee.yaml", CALLEE),
        ("middle.yaml", MIDDLE),
        ("caller.yaml", caller),
    ]);
    let read = |path: &str| Ok(files[path.rsplit('/').next().unwrap()].to_owned());
    let flat = flatten(".github/workflows/caller.yaml", &read).unwrap();
    let folder = e2e::scratch::folder().unwrap();
    let text = flat.text().unwrap();
    support::write(folder.path(), FLAT, &text);
    support::commit(folder.path());
    let tools = Tools::install().unwrap();
    let _place = support::machine::one_core();
    let run = Act::new(tools.act(), folder.path(), "push")
        .workflow(FLAT)
        .run()
        .unwrap();
    assert!(!run.jobs.is_empty(), "{}{}\n{text}", run.log, run.stderr);
    let result = |id: &str| run.result(id).unwrap_or("skipped").to_owned();
    let results = flat
        .jobs
        .iter()
        .map(|(id, path)| (path.clone(), result(id)));
    let results = results.collect();
    (run, results)
}

fn assert_results(results: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (path, result) in expected {
        assert_eq!(results[*path], *result, "{path} of {results:#?}");
    }
}

#[test]
fn a_failed_call_is_a_failed_job_that_others_may_survive() {
    let (run, results) = run(r#"
on: push
jobs:
  setup:
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  call:
    needs: setup
    uses: ./.github/workflows/callee.yaml
    with: { word: first, fail: true }
  call-retry-1:
    needs: [setup, call]
    if: "!cancelled() && needs.call.result == 'failure'"
    uses: ./.github/workflows/callee.yaml
    with: { word: second }
  strict:
    needs: call
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  on-failure:
    needs: call
    if: failure() && needs.call.outputs.said == 'first!'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  after-retry:
    needs: call-retry-1
    if: always() && needs.call-retry-1.result == 'success'
    runs-on: ubuntu-latest
    steps:
      - run: echo "$ALL" >> "$GITHUB_STEP_SUMMARY"
        env: { ALL: "${{ toJSON(needs.call-retry-1) }}" }
"#);
    assert!(!run.succeeded());
    assert_results(
        &results,
        &[
            ("call", "failure"),
            ("call/say", "failure"),
            ("call/after", "skipped"),
            ("call-retry-1", "success"),
            ("call-retry-1/last", "success"),
            ("strict", "skipped"),
            ("on-failure", "success"),
            ("after-retry", "success"),
        ],
    );
    assert!(run.summaries.concat().contains("second!"), "{}", run.log);
}

#[test]
fn what_is_skipped_within_a_call_is_no_matter_for_those_who_need_the_call() {
    let (_, results) = run(r#"
on: push
jobs:
  call:
    uses: ./.github/workflows/callee.yaml
    with: { word: a, run: false }
  strict:
    needs: call
    if: needs.call.outputs.said == 'a!'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  never:
    needs: strict
    if: needs.strict.result == 'failure'
    uses: ./.github/workflows/callee.yaml
    with: { word: b }
  below:
    needs: never
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  far:
    needs: below
    uses: ./.github/workflows/callee.yaml
    with: { word: c }
  anyway:
    needs: never
    if: "!cancelled() && needs.never.result == 'skipped'"
    uses: ./.github/workflows/callee.yaml
    with: { word: d }
"#);
    assert_results(
        &results,
        &[
            ("call", "success"),
            ("call/after", "skipped"),
            ("call/last", "skipped"),
            ("strict", "success"),
            ("never", "skipped"),
            ("never/say", "skipped"),
            ("below", "skipped"),
            ("far", "skipped"),
            ("far/say", "skipped"),
            ("anyway", "success"),
            ("anyway/last", "success"),
        ],
    );
}

#[test]
fn values_travel_through_two_calls_and_a_matrix() {
    let (run, results) = run(r#"
on: push
env: { MARK: "m" }
jobs:
  words:
    runs-on: ubuntu-latest
    outputs: { list: "${{ steps.list.outputs.list }}" }
    steps: [{ id: list, run: "echo 'list=[{\"w\":\"x\"},{\"w\":\"y\"}]' >> \"$GITHUB_OUTPUT\"" }]
  nested:
    needs: words
    uses: ./.github/workflows/middle.yaml
    with: { word: "it's ${{ fromJSON(needs.words.outputs.list)[0].w }}" }
  legs:
    needs: words
    strategy: { matrix: { of: "${{ fromJSON(needs.words.outputs.list) }}" } }
    uses: ./.github/workflows/callee.yaml
    with: { word: "${{ matrix.of.w }}", fail: "${{ matrix.of.w == 'y' }}" }
  none:
    needs: words
    if: needs.words.outputs.missing != ''
    strategy: { matrix: { of: "${{ fromJSON(needs.words.outputs.missing) }}" } }
    uses: ./.github/workflows/callee.yaml
    with: { word: "${{ matrix.of.w }}" }
  tell:
    needs: [nested, none]
    if: always() && needs.none.outputs.said == ''
    runs-on: ubuntu-latest
    steps:
      - run: echo "$SAID $MARK" >> "$GITHUB_STEP_SUMMARY"
        env: { SAID: "${{ needs.nested.outputs.said }}" }
"#);
    assert_results(
        &results,
        &[
            ("nested", "success"),
            ("nested/inner/last", "success"),
            ("legs", "failure"),
            ("none", "skipped"),
            ("tell", "success"),
        ],
    );
    assert!(
        run.summaries.concat().contains("<it's x>! m"),
        "{}",
        run.log
    );
}

/// The flat workflow of a caller whose callee has these permissions, in its file and in a job.
fn permitted(caller: &str, callee: &str, job: &str) -> anyhow::Result<e2e::flatten::Flattened> {
    let callee = format!(
        "on: workflow_call\n{callee}\njobs:\n  say:\n    {job}\n    runs-on: ubuntu-latest\n    steps: [{{ run: echo, env: {{ A: '${{{{ github.token }}}}', B: '${{{{ secrets.GITHUB_TOKEN }}}}' }} }}, {{ uses: actions/checkout@v7 }}]\n"
    );
    let caller = format!(
        "on: push\npermissions: {{}}\njobs:\n  call:\n    {caller}\n    uses: ./.github/workflows/callee.yaml\n"
    );
    let read = |path: &str| {
        let called = path.ends_with("callee.yaml");
        Ok(if called {
            callee.clone()
        } else {
            caller.clone()
        })
    };
    flatten("caller.yaml", &read)
}

#[test]
fn a_called_job_has_the_permissions_of_its_call_or_fewer() {
    let both = "permissions: { contents: write, issues: read }";
    let less = "permissions: { contents: read }";
    let none = "permissions: {}";
    for (caller, callee, job, expected) in [
        (both, "", "", "contents: write\nissues: read\n"),
        (both, less, "", "contents: read\n"),
        (both, none, "", "{}\n"),
        (both, none, less, "contents: read\n"),
        ("", "", "", "{}\n"),
    ] {
        let flat = permitted(caller, callee, job).unwrap();
        let found = &flat.workflow["jobs"]["call__say"]["permissions"];
        assert_eq!(
            serde_yaml::to_string(found).unwrap(),
            expected,
            "{caller} {callee} {job}"
        );
        assert_eq!(flat.permissions().unwrap().len(), 2);
    }
    for (caller, callee) in [("", less), (less, both), (both, "permissions: write-all")] {
        let error = format!("{:#}", permitted(caller, callee, "").unwrap_err());
        assert!(error.contains("but is only allowed"), "{error}");
    }
}

#[test]
fn every_job_has_a_token_of_its_own() {
    let mut flat = permitted("permissions: { contents: read }", "", "").unwrap();
    flat.give_tokens(&|job| format!("token-of-{job}")).unwrap();
    let steps = &flat.workflow["jobs"]["call__say"]["steps"];
    for name in ["A", "B"] {
        assert_eq!(steps[0]["env"][name], "${{ 'token-of-call__say' }}");
    }
    assert_eq!(steps[1]["with"]["token"], "token-of-call__say");
}
