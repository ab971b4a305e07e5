//! `init`: what it scaffolds verifies, and its report tells what to do next. Repositories of all
//! kinds are in `init_kinds`.

mod origin;
mod refusals;

use crate::support::origin::COMMIT;
use crate::support::{Run, Sandbox};
use insta::assert_snapshot;

fn init(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run(&[&["init"], args, &COMMIT].concat())
}

#[test]
fn every_topology_verifies() {
    let cases: [&[&str]; 8] = [
        &[],
        &["--topology", "library"],
        &["--topology", "single"],
        &["--topology", "promotion", "--envs", "dev,uat,prod"],
        &["--envs", "live"],
        &["--name", "shop", "--envs", "dev,prod"],
        &["--name", "package", "--trunk", "release/1"],
        &["--name", "1st", "--rust"],
    ];
    for case in cases {
        let sandbox = Sandbox::empty();
        let run = init(&sandbox, case);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{case:?} {run}");
        let lint = sandbox.run(&["lint"]);
        assert_eq!(
            lint.stdout, ".github/manifest.yaml: no findings\n",
            "{case:?}"
        );
        let verify = sandbox.run(&["verify"]);
        assert_eq!(
            (verify.code, verify.stderr.as_str()),
            (0, ""),
            "{case:?} {verify}"
        );
    }
}

#[test]
fn a_ladder() {
    let sandbox = Sandbox::empty();
    let run = init(&sandbox, &["--name", "shop", "--dir", "new/shop"]);
    assert_snapshot!(run);
    assert_snapshot!("manifest", sandbox.read("new/shop/.github/manifest.yaml"));
    assert_snapshot!(
        "check",
        sandbox.read("new/shop/.github/workflows/cascade-check.yaml")
    );
}

#[test]
fn a_pipeline_crate() {
    let sandbox = Sandbox::empty();
    let run = init(&sandbox, &["--rust", "--name", "shop", "--dir", "shop"]);
    assert_snapshot!(run);
    assert_snapshot!("cargo", sandbox.read("shop/.github/pipeline/Cargo.toml"));
    assert_snapshot!("main", sandbox.read("shop/.github/pipeline/src/main.rs"));
}

#[test]
fn the_report_is_data_too() {
    let sandbox = Sandbox::empty();
    let run = init(&sandbox, &["--json", "--name", "shop"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["dry_run"], false);
    assert_eq!(report["trunk_branch"], "main");
    let files: Vec<String> = serde_json::from_value(report["files"].clone()).unwrap();
    assert_eq!(files, sandbox.files());
    assert_eq!(
        report["callbacks"][2]["workflow"],
        ".github/workflows/deploy.yaml"
    );
    let next = report["next"].as_array().unwrap();
    assert!(next.len() > 4, "{next:?}");
}

#[test]
fn workflows_are_called_when_they_are_named() {
    let sandbox = Sandbox::empty();
    let callable = |inputs: &str, jobs: &str| {
        format!(
            "on: {{ workflow_call: {{ {inputs} }} }}\njobs: {{ j: {{ runs-on: x, permissions: {{}}, steps: [{{ run: make }}]{jobs} }} }}\n"
        )
    };
    sandbox.write(".github/workflows/make.yaml", callable("", ""));
    let secrets = "secrets: { KEY: { required: true } }, inputs: { dry_run: { type: boolean } }";
    sandbox.write(".github/workflows/ship.yml", callable(secrets, ""));
    sandbox.write(".github/workflows/nightly.yaml", "on: schedule\njobs: {}\n");
    let named = [
        "--callback",
        "build=make.yaml",
        "--callback",
        "deploy=./.github/workflows/ship.yml",
    ];
    let run = init(&sandbox, &named);
    assert_eq!(run.code, 0, "{run}");
    let manifest = sandbox.read(".github/manifest.yaml");
    assert!(
        manifest.contains("- name: make\n        workflow: .github/workflows/make.yaml\n"),
        "{manifest}"
    );
    let deploy = "- name: ship\n        workflow: .github/workflows/ship.yml\n        permissions: {}\n        \
                  secrets:\n          KEY: KEY\n";
    assert!(manifest.contains(deploy), "{manifest}");
    assert!(manifest.contains("supports_dry_run: true\n"), "{manifest}");
    assert!(
        run.stdout
            .contains("which the repository on GitHub must have: KEY"),
        "{run}"
    );
    assert_eq!(sandbox.run(&["lint"]).code, 0);

    let sandbox = Sandbox::empty();
    sandbox.write(".github/workflows/build.yaml", callable("", ""));
    sandbox.write(".github/workflows/push.yaml", "on:\n  push:\njobs: {}\n");
    let run = init(&sandbox, &["--callback", "build=push.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("cannot be called: it has no `workflow_call`"),
        "{run}"
    );
    let run = init(&sandbox, &["--samples"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!run.stdout.contains("calls  "), "{run}");
    assert!(sandbox.exists(".github/workflows/cascade-build.yaml"));
}

/// Samples, the check of pull requests and generated files take the same version of an action.
#[test]
fn actions_are_pinned_alike() {
    let mut pins = Vec::new();
    for kind in ["library", "promotion"] {
        let sandbox = Sandbox::empty();
        assert_eq!(init(&sandbox, &["--topology", kind]).code, 0);
        for path in sandbox.files() {
            let text = sandbox.read(&path);
            let lines = text.lines().map(str::trim);
            let uses = lines.filter(|line| line.contains("uses: actions/checkout@"));
            pins.extend(uses.map(|line| line.trim_start_matches("- ").to_owned()));
        }
    }
    assert!(pins.len() > 10, "{pins:?}");
    pins.sort();
    pins.dedup();
    assert_eq!(pins.len(), 1, "{pins:?}");
}
