//! Where runs get cascade.

use super::init;
use crate::support::Sandbox;
use crate::support::api::Api;
use crate::support::origin::COMMIT;

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
