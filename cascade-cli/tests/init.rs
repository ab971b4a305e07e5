//! `init`: what it scaffolds verifies.

mod common;

use common::Sandbox;
use insta::assert_snapshot;

#[test]
fn every_topology_verifies() {
    let cases: [&[&str]; 6] = [
        &[],
        &["--topology", "library"],
        &["--topology", "single"],
        &["--topology", "ladder", "--envs", "dev,uat,prod"],
        &["--envs", "live"],
        &["--name", "shop", "--envs", "dev,prod"],
    ];
    for case in cases {
        let sandbox = Sandbox::empty();
        sandbox.write(".git/HEAD", "");
        let run = sandbox.run(&[&["init"], case].concat());
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
    let run = sandbox.run(&["init", "--name", "shop", "--dir", "new/shop"]);
    assert_snapshot!(run);
    assert_snapshot!("manifest", sandbox.read("new/shop/.github/manifest.yaml"));
}

#[test]
fn only_into_an_empty_folder() {
    let sandbox = Sandbox::empty();
    sandbox.write("README.md", "mine");
    let run = sandbox.run(&["init"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(
        run.stderr,
        "error: [ROOT] is not empty\n  \
         help: write into it with `--force`, or name another one with `--dir`\n"
    );
    assert_eq!(sandbox.run(&["init", "--dry-run", "--force"]).code, 0);
    assert_eq!(sandbox.files(), ["README.md"]);
    assert_eq!(sandbox.run(&["init", "--force"]).code, 0);
    assert_eq!(sandbox.read("README.md"), "mine");
    assert_eq!(sandbox.run(&["verify"]).code, 0);
}

#[test]
fn requests_that_contradict_themselves() {
    let sandbox = Sandbox::empty();
    let refused = |args: &[&str], stderr: &str| {
        let run = sandbox.run(&[&["init"], args].concat());
        assert_eq!((run.code, run.stderr.as_str()), (2, stderr), "{args:?}");
        assert_eq!(sandbox.files(), [""; 0]);
    };
    refused(
        &["--topology", "library", "--envs", "dev"],
        "error: a library has no environments, and `--envs` names 1\n  \
         help: change `--envs`, or leave `--topology` out\n",
    );
    refused(
        &["--topology", "ladder", "--envs", "dev"],
        "error: a ladder has at least two environments, and `--envs` names 1\n  \
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
}

#[test]
fn a_pipeline_crate() {
    let sandbox = Sandbox::empty();
    let args = ["init", "--rust", "--name", "shop", "--dir", "shop"];
    let git = ["--cascade-git", "https://example.com/cascade.git"];
    let run = sandbox.run(&[&args[..], &git].concat());
    assert_snapshot!(run);
    assert_snapshot!("cargo", sandbox.read("shop/Cargo.toml"));
    assert_snapshot!("main", sandbox.read("shop/src/main.rs"));
}

#[test]
fn a_pipeline_crate_without_a_place_depends_on_the_sources_of_the_program() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["init", "--rust", "--name", "1st"]);
    assert_eq!(run.code, 0, "{run}");
    let line = format!(
        "cascade-cli = {{ path = {:?} }}",
        env!("CARGO_MANIFEST_DIR")
    );
    assert!(run.stdout.contains(&line), "{run}");
    let cargo = sandbox.read("Cargo.toml");
    assert!(cargo.contains(&line), "{cargo}");
    assert!(cargo.contains("name = \"pipeline-1st\""), "{cargo}");
}

#[test]
fn a_relative_path_to_cascade_stays_relative() {
    let sandbox = Sandbox::empty();
    sandbox.write("cascade/cascade-cli/Cargo.toml", "name = \"cascade-cli\"\n");
    sandbox.write("shop/.git/HEAD", "");
    let run = sandbox.run_in("shop", &["init", "--rust", "--cascade-path", "../cascade"]);
    assert_eq!(run.code, 0, "{run}");
    let cargo = sandbox.read("shop/Cargo.toml");
    assert!(
        cargo.contains("{ path = \"../cascade/cascade-cli\" }"),
        "{cargo}"
    );

    let run = sandbox.run(&["init", "--rust", "--dir", "new", "--cascade-path", "shop"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            2,
            "error: `--cascade-path`: there is no package `cascade-cli` in shop\n  \
             help: name the folder of cascade's sources\n"
        )
    );
    assert_eq!(sandbox.run(&["init", "--cascade-path", "cascade"]).code, 2);
}
