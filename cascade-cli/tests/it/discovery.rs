//! Finding the manifest and its repository, and what is said when that fails.

use crate::support::{DEPLOY, MANIFEST, Sandbox};

fn refused(sandbox: &Sandbox, folder: &str, args: &[&str], stderr: &str) {
    let run = sandbox.run_in(folder, args);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", stderr));
}

#[test]
fn upwards_from_the_working_directory() {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.write("a/b/file", "");
    for folder in ["a/b", "a", ".github", ".github/workflows"] {
        let run = sandbox.run_in(folder, &["lint"]);
        assert_eq!(run.code, 0, "{folder}: {run}");
    }
}

#[test]
fn not_beyond_the_repository() {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.write("vendored/.git/HEAD", "");
    let message = "error: there is no `.github/manifest.yaml` in [ROOT]/vendored or a folder above\n  \
         help: `cascade init` writes one, `--config` names one that is elsewhere\n";
    refused(&sandbox, "vendored", &["verify"], message);
}

#[test]
fn a_named_manifest() {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "delivery/pipeline.yaml",
        MANIFEST.replace("ci:", "release:"),
    );
    sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
    let args = ["lint", "-c", "delivery/pipeline.yaml", "--key", "release"];
    let message = "error: [ROOT]/delivery/pipeline.yaml belongs to no repository\n  \
         help: a manifest is in a folder `.github` of its repository, or somewhere in a git repository\n";
    refused(&sandbox, "", &args, message);
    sandbox.write(".git/HEAD", "");
    let run = sandbox.run(&args);
    assert_eq!(run.stdout, "delivery/pipeline.yaml: no findings\n", "{run}");
    let args = |command| [command, "-c", "delivery/pipeline.yaml", "--key", "release"];
    assert_eq!(sandbox.run(&args("generate")).code, 0);
    assert_eq!(sandbox.run(&args("verify")).code, 0);
}

#[test]
fn files_that_are_none() {
    let sandbox = Sandbox::empty();
    refused(
        &sandbox,
        "",
        &["lint", "-c", "x/y.yaml"],
        "error: there is no folder [ROOT]/x\n  help: check `--config` and the working directory\n",
    );
    sandbox.write(".github/x", "");
    refused(
        &sandbox,
        "",
        &["lint", "-c", ".github/y.yaml"],
        "error: there is no file [ROOT]/.github/y.yaml\n  \
         help: `cascade init` writes a manifest, `--config` names another one\n",
    );
    sandbox.write(".github/manifest.yaml/x", "");
    refused(
        &sandbox,
        "",
        &["lint"],
        "error: [ROOT]/.github/manifest.yaml is not a file\n  \
         help: `--config` names the manifest itself\n",
    );
}

#[cfg(unix)]
#[test]
fn links() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::empty();
    sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
    symlink("gone.yaml", sandbox.path(".github/manifest.yaml")).unwrap();
    refused(
        &sandbox,
        "",
        &["generate"],
        "error: [ROOT]/.github/manifest.yaml is a symbolic link to nothing\n  \
         help: restore what it leads to, or replace the link with the manifest\n",
    );
    sandbox.write(".github/gone.yaml", MANIFEST);
    assert_eq!(sandbox.run(&["lint"]).code, 0);

    let outside = Sandbox::empty();
    outside.write("deploy.yaml", DEPLOY);
    let workflow = sandbox.path(".github/workflows/deploy.yaml");
    std::fs::remove_file(&workflow).unwrap();
    symlink(outside.path("deploy.yaml"), &workflow).unwrap();
    let run = sandbox.run(&["lint"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stdout
            .contains("it is a symbolic link out of `.github/workflows`"),
        "{run}"
    );
    std::fs::remove_file(&workflow).unwrap();
    symlink("nowhere.yaml", &workflow).unwrap();
    let run = sandbox.run(&["lint"]);
    assert!(
        run.stdout.contains("it is a symbolic link to nothing"),
        "{run}"
    );
}
