use super::*;
use crate::manifest::Access;
use std::cell::Cell;

const FULL: &str = "\
name: Build
on:
  push: {branches: [main]}
  workflow_call:
    inputs:
      sha: {type: string, required: true, description: The commit}
      dry_run:
        type: boolean
        default: false
      percent: {type: number, required: true, default: 10}
    outputs:
      tag: {description: The tag, value: \"${{ jobs.build.outputs.tag }}\"}
    secrets:
      TOKEN: {required: true}
      OTHER:
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-latest
    permissions: {contents: write, packages: none}
    outputs: {tag: x}
  nested:
    uses: ./.github/workflows/inner.yaml
  again:
    uses: ./.github/workflows/inner.yaml
    permissions: {id-token: write}
";

fn parse(text: &str) -> Contract {
    Contract::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn reads_everything() {
    let contract = parse(FULL);
    assert_eq!(
        contract.inputs.keys().collect::<Vec<_>>(),
        ["sha", "dry_run", "percent"]
    );
    assert!(contract.inputs["sha"].must_be_given());
    assert!(!contract.inputs["percent"].must_be_given());
    assert_eq!(contract.inputs["dry_run"].kind, InputType::Boolean);
    assert_eq!(
        contract.inputs["dry_run"].default,
        Some(Scalar::Bool(false))
    );
    assert_eq!(
        contract.inputs["sha"].description.as_deref(),
        Some("The commit")
    );
    assert_eq!(
        contract.outputs["tag"].description.as_deref(),
        Some("The tag")
    );
    assert!(contract.secrets["TOKEN"].required);
    assert!(!contract.secrets["OTHER"].required);
    assert_eq!(contract.nested, ["./.github/workflows/inner.yaml"]);
    assert_eq!(contract.permissions.set.access("contents"), Access::Write);
    assert_eq!(contract.permissions.set.access("packages"), Access::None);
    assert_eq!(contract.permissions.set.access("id-token"), Access::Write);
    assert!(!contract.permissions.undeclared);
}

#[test]
fn every_way_to_be_callable() {
    for on in [
        "on: workflow_call",
        "on: [push, workflow_call]",
        "on:\n  workflow_call:",
        "on: {workflow_call: {}}",
        "'on': {workflow_call: {inputs: }}",
    ] {
        assert_eq!(parse(on), Contract::default(), "{on}");
    }
    for on in [
        "",
        "on: push",
        "on: [push]",
        "on: {push: }",
        "jobs: {}",
        "on:",
    ] {
        assert_eq!(
            Contract::parse(on.as_bytes()),
            Err(ContractError::NotCallable),
            "{on}"
        );
    }
}

#[test]
fn permissions_of_jobs() {
    let of = |text: &str| parse(&format!("on: workflow_call\n{text}")).permissions;
    let all = of("jobs: {a: {permissions: read-all}, b: {permissions: {contents: write}}}");
    assert_eq!(
        (all.set.access("actions"), all.set.access("contents")),
        (Access::Read, Access::Write)
    );
    assert_eq!(
        of("permissions: write-all\njobs: {a: {}}")
            .set
            .access("checks"),
        Access::Write
    );
    assert!(of("jobs: {a: {permissions: {}}, b: {}}").undeclared);
    assert!(!of("permissions: {}\njobs: {a: {}}").undeclared);
}

#[test]
fn mistakes_have_a_place() {
    let error = |text: &str| Contract::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error("on:\n  workflow_call:\n    inputs:\n      a: {type: choice}\n"),
        "line 4, column 17: an input of `workflow_call` is a string, boolean or number"
    );
    assert_eq!(
        error("on: workflow_call\njobs: [a]\n"),
        "line 2, column 7: `jobs` takes a mapping"
    );
    assert!(error("a: [\n").starts_with("line "));
    assert_eq!(
        error("a: 1\na: 2\n"),
        "line 2, column 1: `a` occurs twice in this mapping"
    );
    for text in [
        "- a",
        "on: {workflow_call: 1}",
        "on: {workflow_call: {inputs: {a: {}}}}",
        "on: {workflow_call: {inputs: {a: }}}",
        "on: {workflow_call: {inputs: {a: {type: string, required: yes}}}}",
        "on: workflow_call\njobs: {a: {permissions: all}}",
        "on: workflow_call\njobs: {a: {permissions: {contents: admin}}}",
    ] {
        let outcome = Contract::parse(text.as_bytes());
        assert!(
            matches!(outcome, Err(ContractError::Malformed { .. })),
            "{text}: {outcome:?}"
        );
    }
}

struct Counting(MemorySource, Cell<usize>);

impl WorkflowSource for Counting {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.1.set(self.1.get() + 1);
        if path == "locked" {
            return Err("permission denied".to_owned());
        }
        self.0.read(path)
    }

    fn list(&self) -> Vec<String> {
        self.0.list()
    }
}

#[test]
fn files_are_read_once() {
    let files = MemorySource::new().with(".github/workflows/build.yaml", FULL);
    let source = Counting(files, Cell::new(0));
    let contracts = Contracts::new(&source);
    let first = contracts.get(".github/workflows/build.yaml");
    let second = contracts.get("./.github/workflows/build.yaml");
    assert!(matches!(
        (first, second),
        (Lookup::Known(_), Lookup::Known(_))
    ));
    assert_eq!(source.1.get(), 1);
    assert!(matches!(contracts.get("x"), Lookup::Missing));
    let Lookup::Broken(error) = contracts.get("locked") else {
        panic!("a file that cannot be read is broken");
    };
    assert_eq!(
        error,
        ContractError::Unreadable("permission denied".to_owned())
    );
    assert_eq!(
        contracts.asked(),
        [".github/workflows/build.yaml", "locked"]
    );
}

#[test]
fn an_output_may_come_from_a_called_workflow() {
    let text = "\
on:
  workflow_call:
    outputs: { tag: { value: \"${{ jobs.inner.outputs.anything }}\" } }
jobs:
  inner: { uses: ./.github/workflows/inner.yaml }
";
    assert!(parse(text).outputs.contains_key("tag"));
}

#[test]
fn what_github_refuses_is_told_at_its_place() {
    let error = |text: &str| Contract::parse(text.as_bytes()).unwrap_err().to_string();
    for (text, wanted) in [
        (
            "on: workflow_call\njobs:\n  a: &a { runs-on: x }\n  b: { <<: *a }\n",
            "line 4, column 8: GitHub does not know the merge key `<<`: write the keys out",
        ),
        (
            "on: workflow_call\nsteps: []\n",
            "line 2, column 1: a workflow has no key `steps`: it has name, run-name, on, permissions, env, defaults, concurrency, jobs",
        ),
        (
            "on: workflow_call\njobs: { a: { env: { A: 1, a: 2 } } }\n",
            "line 2, column 27: `A` and `a` are one key to GitHub, which ignores case",
        ),
        (
            "on: workflow_call\njobs: { a: { steps: [] } }\n",
            "line 2, column 21: the job `a` has no steps",
        ),
        (
            "on: { workflow_call: { outputs: { t: { value: \"${{ jobs.b.outputs.t }}\" } } } }\njobs: { a: {} }\n",
            "line 1, column 47: the value of `t`: there is no job `b`",
        ),
        (
            "on: workflow_call\nconcurrency: { cancel-in-progress: true }\n",
            "line 2, column 14: `concurrency` takes a group, or a mapping with one",
        ),
    ] {
        assert_eq!(error(text), wanted);
    }
}

#[test]
fn secrets_that_a_nested_call_of_another_repository_inherits_are_known() {
    let text = "\
on: workflow_call
jobs:
  here: { uses: ./.github/workflows/inner.yaml, secrets: inherit }
  there: { uses: acme/x/.github/workflows/y.yaml@v1, secrets: inherit }
  named: { uses: acme/x/.github/workflows/z.yaml@v1, secrets: { A: b } }
";
    let inherited = parse(text).inherited_by;
    assert_eq!(inherited, ["acme/x/.github/workflows/y.yaml@v1"]);
}
