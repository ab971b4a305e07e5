//! `init`: what it scaffolds verifies, and its report tells what to do next. Repositories of all
//! kinds are in `init_kinds`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Sandbox;
use common::api::Api;
use common::origin::COMMIT;
use insta::assert_snapshot;

fn init(sandbox: &Sandbox, args: &[&str]) -> common::Run {
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
fn several_environments() {
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
fn requests_that_contradict_themselves() {
    let sandbox = Sandbox::empty();
    let refused = |args: &[&str], stderr: &str| {
        let run = init(&sandbox, args);
        assert_eq!((run.code, run.stderr.as_str()), (2, stderr), "{args:?}");
        assert_eq!(sandbox.files(), [""; 0]);
    };
    refused(
        &["--topology", "library", "--envs", "dev"],
        "error: a library has no environments, and `--envs` names 1\n  \
         help: change `--envs`, or leave `--topology` out\n",
    );
    refused(
        &["--topology", "promotion", "--envs", "dev"],
        "error: `promotion` needs at least two environments, and `--envs` names 1\n  \
         help: change `--envs`, or leave `--topology` out\n",
    );
    refused(
        &["--name", "a b"],
        "error: `--name`: `a b` is not a name\n  \
         help: use up to 100 letters, digits, `_` and `-`; names become job ids and variables\n",
    );
    refused(
        &["--envs", "dev,release"],
        "error: `environments[1].name`: `release` cannot be the name of an environment\n  \
         help: state and the modes of a promotion use `release`, `prerelease`, `components` and `a-to-b`\n",
    );
    refused(
        &["--codeowners", "acme/ops"],
        "error: `--codeowners`: `acme/ops` is not an owner\n  \
         help: write `@user`, `@organization/team` or an address\n",
    );
    refused(
        &["--trunk", "a..b"],
        "error: `--trunk`: `a..b` is not a branch name\n  \
         help: git refuses spaces, `..`, `~^:?*[\\`, a leading `-` or `.`, and a trailing `/` or `.lock`\n",
    );
    refused(
        &["--trunk", "cascade-state"],
        "error: `state.branch`: `state.branch` and `trunk_branch` are both `cascade-state`\n  \
         help: use a branch that has no other purpose, such as `cascade-state`\n",
    );
    refused(
        &["--config", "x.yaml"],
        "error: `init` writes `.github/manifest.yaml`, with the pipeline under the key `ci`\n  \
         help: leave `--config`, `--manifest-key` and their variables out; `--dir` names a folder\n",
    );
    refused(
        &["--callback", "build=x.yaml"],
        "error: `--callback`: there is no workflow `x.yaml`\n  \
         help: name a file below `.github/workflows`\n",
    );
    refused(
        &["--callback", "x.yaml"],
        "error: `--callback`: `x.yaml` names no role\n  \
         help: write `ROLE=FILE`, such as `build=.github/workflows/ci.yaml`; the roles are validate, \
         build, deploy and publish\n",
    );
}

#[test]
fn runs_must_get_cascade_from_somewhere() {
    let sandbox = Sandbox::empty();
    let refused = |args: &[&str], text: &str| {
        let run = sandbox.run(&[&["init"], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?} {run}");
        assert!(run.stderr.contains(text), "{args:?} {run}");
        assert_eq!(sandbox.files(), [""; 0], "{args:?}");
    };
    let example = "such as `--cascade-git https://github.com/OWNER/cascade --cascade-rev COMMIT`";
    refused(&[], example);
    refused(&["--rust"], example);
    refused(&["--rust", "--preinstalled"], example);
    refused(
        &["--cascade-git", "https://git.example/a/b"],
        "--cascade-rev <SHA>",
    );
    let commit = ["--cascade-rev", COMMIT[3]];
    let git = |url| [&["--cascade-git", url][..], &commit].concat();
    refused(&git("https://u:secret@git.example/a/b"), "`--cascade-git`");
    let option = ["--cascade-git=--upload-pack=x", commit[0], commit[1]];
    refused(
        &option,
        "`--cascade-git`: `--upload-pack=x` is not an address",
    );
    let branch = [
        "--cascade-git",
        "https://git.example/a/b",
        "--cascade-rev",
        "main",
    ];
    refused(
        &branch,
        "`--cascade-rev`: `main` is not the full hash of a commit",
    );
    refused(&["--cascade-release", "acme/cascade"], "names no version");
    refused(
        &["--cascade-path", "."],
        "there is no package `cascade-cli` in .",
    );
}

/// A program that Cargo installed from a repository needs no flag.
#[test]
fn a_program_that_knows_its_commit_writes_it_down() {
    let sandbox = Sandbox::empty();
    let package = format!(
        "cascade-cli {} (git+{}?rev={rev}#{rev})",
        env!("CARGO_PKG_VERSION"),
        COMMIT[1],
        rev = COMMIT[3]
    );
    let record = serde_json::json!({ "installs": { package: { "bins": ["cascade"] } } });
    sandbox.write("cargo/.crates2.json", record.to_string());
    std::fs::create_dir(sandbox.path("cargo/bin")).unwrap();
    let program = sandbox.path("cargo/bin/cascade");
    std::fs::copy(env!("CARGO_BIN_EXE_cascade"), &program).unwrap();
    for (kind, path, text) in [
        (
            "--yes",
            ".github/manifest.yaml",
            format!("      rev: {}\n", COMMIT[3]),
        ),
        (
            "--rust",
            ".github/pipeline/Cargo.toml",
            format!("rev = \"{}\" }}\n", COMMIT[3]),
        ),
    ] {
        let folder = sandbox.path(kind);
        std::fs::create_dir(&folder).unwrap();
        let output = std::process::Command::new(&program)
            .args(["init", kind])
            .current_dir(&folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{kind}: {said}");
        let written = sandbox.read(&format!("{kind}/{path}"));
        assert!(written.contains(&text), "{kind}: {written}");
        assert!(written.contains(COMMIT[1]), "{kind}: {written}");
    }
}

#[test]
fn runners_have_cascade_only_if_somebody_says_so() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["init", "--preinstalled"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout.contains("Install cascade on your runners"),
        "{run}"
    );
    let manifest = sandbox.read(".github/manifest.yaml");
    assert!(
        manifest.contains("    cli:\n      source: preinstalled\n    runs_on: self-hosted\n"),
        "{manifest}"
    );
    let check = sandbox.read(".github/workflows/cascade-check.yaml");
    assert!(check.contains("    runs-on: self-hosted\n"), "{check}");
    for command in ["lint", "verify"] {
        let run = sandbox.run(&[command]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command}: {run}");
    }
}

/// A release is pinned by the checksums of its archives; one that is not there writes nothing.
#[test]
fn a_release_is_pinned() {
    let api = Api::start(|request| match request {
        "GET /repos/acme/cascade/releases/tags/v0.1.0" => (
            200,
            r#"{"assets": [{"id": 7, "name": "SHA256SUMS"}]}"#.to_owned(),
        ),
        "GET /repos/acme/cascade/releases/assets/7" => {
            let sum = "ab".repeat(32);
            (
                200,
                format!("{sum}  cascade-x86_64-unknown-linux-musl.tar.gz\n"),
            )
        }
        _ => (404, r#"{"message": "Not Found"}"#.to_owned()),
    });
    let sandbox = Sandbox::empty().variable("GITHUB_API_URL", &api.address);
    let missing = sandbox.run(&["init", "--cascade-release", "acme/cascade@v0.2.0"]);
    assert_eq!(
        (missing.code, missing.stdout.as_str()),
        (2, ""),
        "{missing}"
    );
    assert!(
        missing
            .stderr
            .contains("acme/cascade has no release v0.2.0"),
        "{missing}"
    );
    assert_eq!(sandbox.files(), [""; 0]);

    let run = sandbox.run(&["init", "--cascade-release", "acme/cascade@v0.1.0"]);
    assert_eq!(run.code, 0, "{run}");
    let manifest = sandbox.read(".github/manifest.yaml");
    let cli = "    cli:\n      source: release\n      repository: acme/cascade\n      version: \"0.1.0\"\n      \
               checksums:\n        x86_64-unknown-linux-musl: abab";
    assert!(manifest.contains(cli), "{manifest}");
    for command in ["lint", "verify"] {
        let run = sandbox.run(&[command]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command}: {run}");
    }
}

#[test]
fn a_crate_takes_cascade_from_where_it_is_said() {
    let dependency = |args: &[&str]| {
        let sandbox = Sandbox::empty();
        for folder in ["cascade", "repo/tools/cascade"] {
            let cargo = format!("{folder}/cascade-cli/Cargo.toml");
            sandbox.write(&cargo, "name = \"cascade-cli\"\n");
        }
        std::fs::create_dir(sandbox.path("repo/.git")).unwrap();
        let run = sandbox.run_in("repo", &[&["init", "--rust"], args].concat());
        assert_eq!(run.code, 0, "{run}");
        let cargo = sandbox.read("repo/.github/pipeline/Cargo.toml");
        let line = cargo
            .lines()
            .find(|line| line.starts_with("cascade-cli = "));
        let root = sandbox.path("").canonicalize().unwrap();
        let line = line.unwrap().replace(root.to_str().unwrap(), "[ROOT]");
        (line, run.stdout)
    };
    let (line, _) = dependency(&COMMIT);
    let expected = format!(
        "cascade-cli = {{ git = \"https://git.example/acme/cascade\", rev = \"{}\" }}",
        COMMIT[3]
    );
    assert_eq!(line, expected);
    let ssh = [
        "--cascade-git",
        "git@git.example:acme/cascade.git",
        COMMIT[2],
        COMMIT[3],
    ];
    let (line, _) = dependency(&ssh);
    assert!(
        line.contains("\"ssh://git@git.example/acme/cascade.git\""),
        "{line}"
    );
    let (line, _) = dependency(&["--cascade-release", "acme/cascade@v0.1.0"]);
    assert_eq!(
        line,
        "cascade-cli = { git = \"https://github.com/acme/cascade\", tag = \"v0.1.0\" }"
    );
    let only_here = "which is on this machine only";
    let (line, report) = dependency(&["--cascade-path", "tools/cascade"]);
    assert_eq!(
        line,
        "cascade-cli = { path = \"../../tools/cascade/cascade-cli\" }"
    );
    assert!(!report.contains(only_here), "{report}");
    let (line, report) = dependency(&["--cascade-path", "../cascade"]);
    assert_eq!(
        line,
        "cascade-cli = { path = \"[ROOT]/cascade/cascade-cli\" }"
    );
    assert!(report.contains(only_here), "{report}");
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

#[test]
fn the_check_reads_a_private_cascade_too() {
    let used = |secret: &[&str]| {
        let sandbox = Sandbox::empty();
        let run = init(&sandbox, secret);
        assert_eq!(run.code, 0, "{run}");
        let check = sandbox.read(".github/workflows/cascade-check.yaml");
        let (_, after) = check
            .split_once("uses: ./.github/actions/setup-cascade\n")
            .unwrap();
        let (step, _) = after.split_once("      - name: Check the rules\n").unwrap();
        step.to_owned()
    };
    assert_eq!(used(&[]), "");
    assert_eq!(
        used(&["--cascade-token", "CASCADE_READ"]),
        "        with:\n          token: ${{ secrets.CASCADE_READ }}\n"
    );
    assert_eq!(
        used(&["--cascade-token", "GITHUB_TOKEN"]),
        "        with:\n          token: ${{ github.token }}\n"
    );
}

#[test]
fn a_token_is_not_taken_for_the_name_of_a_secret() {
    for token in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"] {
        let token = format!("{token}{}", "a1".repeat(18));
        let sandbox = Sandbox::empty();
        let run = init(&sandbox, &["--cascade-token", &token]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("never the secret itself"), "{run}");
        assert_eq!(sandbox.files(), Vec::<String>::new());
    }
    let named = init(&Sandbox::empty(), &["--cascade-token", "ghp_cascade"]);
    assert_eq!(named.code, 0, "{named}");
}
