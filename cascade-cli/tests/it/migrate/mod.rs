//! `migrate` in repositories of every kind: what is not the manifest stays byte for byte as it was,
//! what comes out lints, and the report names what is not in it.

mod kinds;
mod pages;
mod removal;

use crate::support::origin::COMMIT;
use crate::support::tree::HERE;
use crate::support::tree::{commit, contents, git, write};
use crate::support::{DEPLOY, Run, Sandbox};

const MANIFEST: &str = "repo/.github/manifest.yaml";

fn repository(files: &[(&str, &str)], tags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::empty();
    write(&sandbox, "README.md", "mine\n");
    for (path, text) in files {
        write(&sandbox, path, text);
    }
    commit(&sandbox);
    for tag in tags {
        git(&sandbox, &["tag", tag]);
    }
    sandbox
}

fn migrate(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_in(HERE, &[&["migrate"][..], &COMMIT, args].concat())
}

#[test]
fn a_manifest_elsewhere_is_migrated_with_its_key() {
    let text = crate::migrated::GO_NEW.replace("ci:\n", "delivery:\n");
    let sandbox = repository(
        &[
            ("deploy/pipeline.yaml", &text),
            (".github/workflows/deploy.yaml", DEPLOY),
        ],
        &[],
    );
    let args = ["--config", "deploy/pipeline.yaml", "--key", "delivery"];
    let run = migrate(&sandbox, &args);
    assert_eq!(run.code, 0, "{run}");
    let after = sandbox.read("repo/deploy/pipeline.yaml");
    assert!(
        after.contains("    cli:\n      source: git\n") && !after.contains("cli_version"),
        "{after}"
    );
}

/// Files go to the top of the repository, from wherever it is asked.
#[test]
fn a_folder_below_is_as_good_as_the_top() {
    let sandbox = repository(&[(".releaserc", "{}"), ("src/a", "")], &[]);
    let run = sandbox.run_in("repo/src", &[&["migrate"][..], &COMMIT].concat());
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.exists(MANIFEST) && !sandbox.exists("repo/src/.github"));
}

#[test]
fn line_breaks_of_a_manifest_stay() {
    let text = crate::migrated::GO_NEW.replace('\n', "\r\n");
    let sandbox = repository(
        &[
            (".github/manifest.yaml", &text),
            (".github/workflows/deploy.yaml", DEPLOY),
        ],
        &[],
    );
    git(&sandbox, &["config", "core.autocrlf", "false"]);
    let run = migrate(&sandbox, &[]);
    assert_eq!(run.code, 0, "{run}");
    let after = sandbox.read(MANIFEST);
    assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
}

#[test]
fn a_program_that_does_not_know_its_origin_asks_for_flags() {
    let sandbox = repository(
        &[
            (".github/manifest.yaml", crate::migrated::GO_NEW),
            (".github/workflows/deploy.yaml", DEPLOY),
        ],
        &[],
    );
    let before = contents(&sandbox);
    let run = sandbox.run_in(HERE, &["migrate"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("how do runs get cascade?"), "{run}");
    assert_eq!(contents(&sandbox), before);
}
