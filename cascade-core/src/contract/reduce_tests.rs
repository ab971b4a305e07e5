use super::super::{Contract, ContractError};
use super::*;
use proptest::prelude::*;
use std::path::Path;

const HEAD: &str = "on:\n  workflow_call:\n    inputs:\n      a: {type: string}\n";

fn lines_left(text: &str) -> Option<usize> {
    let reduced = read_reduced(text.as_bytes())?;
    let written = |line: &&str| !line.is_empty();
    Some(reduced.text().lines().filter(written).count())
}

fn agree(text: &str) {
    let full = Contract::parse(text.as_bytes());
    let declared = Contract::declared(text.as_bytes());
    match full {
        Ok(_) => assert_eq!(declared, full, "{text}"),
        Err(ContractError::Malformed { .. }) => {}
        Err(_) => assert_eq!(declared, full, "{text}"),
    }
}

#[test]
fn steps_are_left_out() {
    for steps in [
        "    steps:\n      - run: |\n          steps:\n          uses: x\n      - uses: y\n",
        "    steps:\n    - run: echo\n    # a comment\n\n    - name: x\n      uses: y\n",
        "    steps:\n# at the margin\n      - uses: a\n",
        "    steps:\n    -\n      uses: a\n",
    ] {
        let text = format!("{HEAD}jobs:\n  a:\n{steps}    permissions: {{contents: read}}\n");
        assert_eq!(lines_left(&text), Some(8), "{text}");
        agree(&text);
    }
}

#[test]
fn odd_texts_are_read_whole() {
    for jobs in [
        "jobs: {a: {steps: []}}\n",
        "jobs:\n  a: {\n    steps:\n      [],\n    permissions: {}}\n",
        "jobs:\n  a: &a\n    steps:\n      - uses: x\n  b: *a\n",
        "jobs:\n  a:\n    steps: [{uses: x}]\n",
        "jobs:\n  a:\n    'steps':\n      - uses: x\n",
        "jobs:\n  a:\n    steps:\r\n      - uses: x\n",
        "jobs:\n  a:\n    env:\n      steps:\n        uses: x\n    uses: y\n",
        "jobs:\n  a:\n    name: |\n      x\n      steps:\n        y\n    uses: y\n",
        "jobs:\n  a:\n    steps:\n      - uses: x\n---\non: push\n",
        "jobs:\n  a:\n    steps:\n      - uses: x\n  a:\n    uses: y\n",
        "jobs:\n  steps:\n    uses: y\n",
    ] {
        let text = format!("{HEAD}{jobs}");
        assert_eq!(lines_left(&text), None, "{text}");
        agree(&text);
    }
}

#[test]
fn mistakes_keep_their_place() {
    let steps = "    steps:\n      - run: x\n      - run: y\n";
    let text = format!("{HEAD}jobs:\n  a:\n{steps}    permissions: all\n");
    let error = Contract::declared(text.as_bytes()).unwrap_err();
    assert_eq!(Err(error), Contract::parse(text.as_bytes()));
}

#[test]
fn workflows_of_the_examples_agree() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut reduced = 0;
    for example in examples.read_dir().unwrap() {
        let workflows = example.unwrap().path().join(".github/workflows");
        for file in workflows.read_dir().into_iter().flatten() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            reduced += usize::from(read_reduced(text.as_bytes()).is_some());
            agree(&text);
        }
    }
    assert!(reduced > 10, "{reduced}");
}

/// Lines that may or may not make a workflow together.
fn line() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "steps:",
        "- uses: x",
        "uses: y",
        "permissions: {contents: write}",
        "permissions:",
        "contents: read",
        "- run: |",
        "run: >-",
        "# steps:",
        "",
        "- \"a",
        "b\"",
        "name: 'a",
        "c'",
        "- {a: b,",
        "c: d}",
        "a:",
        "b:",
        "env: {",
        "}",
        "-",
        "- - x",
        "steps: []",
        "jobs:",
        "text: plain",
        "? x",
        "!!str steps:",
        "secrets: inherit",
    ]);
    (0_usize..5, text).prop_map(|(depth, text)| format!("{}{text}\n", "  ".repeat(depth)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_lines_agree(lines in prop::collection::vec(line(), 0..9), deep in any::<bool>()) {
        let start = if deep { "  a:\n    steps:\n      - uses: x\n" } else { "  a:\n" };
        agree(&format!("{HEAD}jobs:\n{start}{}", lines.concat()));
    }
}
