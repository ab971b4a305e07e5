//! `init` in repositories of every kind: what was there is byte for byte the same, and what is
//! written verifies.

use crate::kinds::refused::REFUSED;
use crate::kinds::{KINDS, Kind};
use crate::support::origin::COMMIT;
use crate::support::tree::{Contents, HERE, commit, contents, git, write};
use crate::support::{Run, Sandbox};
use std::process::Command;

#[test]
fn what_was_there_stays_and_what_is_written_verifies() {
    for kind in KINDS {
        let sandbox = Sandbox::empty();
        let folder = (kind.make)(&sandbox);
        let top = if folder == "tree" { "tree" } else { HERE };
        let args = [&["init", "--codeowners", "@acme/ops"][..], &COMMIT].concat();
        let before = contents(&sandbox);
        let run = init_tells_the_truth(kind, &sandbox, folder, &args);
        let after = contents(&sandbox);
        only_what_was_told_is_new(kind, top, &run, (&before, &after));
        let name = kind.name;
        let manifest = sandbox.read(&format!("{top}/.github/manifest.yaml"));
        let trunk = format!("    trunk_branch: {}\n", kind.trunk);
        assert!(manifest.contains(&trunk), "{name}: {manifest}");
        assert!(!manifest.contains("preinstalled"), "{name}");

        if sandbox.exists(&format!("{top}/.git")) {
            sandbox.git_in(top, &["add", "--all"]);
        }
        lints_and_verifies(name, &sandbox, folder);
        for again in [&args[..], &[&args[..], &["--force"]].concat()] {
            let run = sandbox.run_in(folder, again);
            assert_eq!(run.code, 2, "{name}: {run}");
            assert!(
                run.stderr
                    .contains("has a pipeline already: `.github/manifest.yaml`"),
                "{name}: {run}"
            );
            assert_eq!(
                contents(&sandbox),
                after,
                "{name}: a second run changes nothing"
            );
        }
        if sandbox.exists(&format!("{top}/.git")) {
            line_breaks_are_kept(&sandbox, top, name);
        }
    }
}

/// A dry run writes nothing and tells what the run does; the run.
fn init_tells_the_truth(kind: &Kind, sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    let name = kind.name;
    let before = contents(sandbox);
    let dry = sandbox.run_in(folder, &[args, &["--dry-run"]].concat());
    assert_eq!((dry.code, dry.stderr.as_str()), (0, ""), "{name}: {dry}");
    assert_eq!(
        contents(sandbox),
        before,
        "{name}: a dry run writes nothing"
    );

    let run = sandbox.run_in(folder, args);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}: {run}");
    assert_eq!(
        dry.stdout,
        as_dry(&run.stdout),
        "{name}: the dry run tells the truth"
    );
    run
}

fn only_what_was_told_is_new(
    kind: &Kind,
    top: &str,
    run: &Run,
    (before, after): (&Contents, &Contents),
) {
    let name = kind.name;
    for (path, bytes) in before {
        assert_eq!(after.get(path), Some(bytes), "{name}: {path}");
    }
    let new: Vec<&String> = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .collect();
    let told: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("created  "))
        .collect();
    let shown: Vec<String> = told.iter().map(|path| format!("{top}/{path}")).collect();
    assert_eq!(new, shown.iter().collect::<Vec<_>>(), "{name}");
    for text in kind.says {
        assert!(run.stdout.contains(text), "{name}: {text}\n{run}");
    }
    for path in kind.writes {
        assert!(told.contains(path), "{name}: {path}\n{run}");
    }
}

fn lints_and_verifies(name: &str, sandbox: &Sandbox, folder: &str) {
    let lint = sandbox.run_in(folder, &["lint"]);
    assert_eq!(
        lint.stdout, ".github/manifest.yaml: no findings\n",
        "{name}: {lint}"
    );
    assert_eq!((lint.code, lint.stderr.as_str()), (0, ""), "{name}: {lint}");
    let verify = sandbox.run_in(folder, &["verify"]);
    assert_eq!(
        (verify.code, verify.stderr.as_str()),
        (0, ""),
        "{name}: {verify}"
    );
}

/// Checked out by a git that likes other line breaks, the generated files still verify.
fn line_breaks_are_kept(sandbox: &Sandbox, top: &str, name: &str) {
    sandbox.git_in(top, &["add", "--all", "--force"]);
    sandbox.git_in(
        top,
        &[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "Add a pipeline",
        ],
    );
    let source = sandbox.path(top);
    let options = [
        "-c",
        "core.autocrlf=true",
        "clone",
        "--quiet",
        source.to_str().unwrap(),
        "../windows",
    ];
    sandbox.git_in(top, &options);
    let verify = sandbox.run_in("windows", &["verify"]);
    assert_eq!(verify.code, 0, "{name}: {verify}");
}

/// Returns what a dry run would have printed.
fn as_dry(report: &str) -> String {
    let report = report.replace("\ncreated  ", "\nwould create  ");
    let count = report
        .lines()
        .find_map(|line| line.strip_suffix(" written"))
        .unwrap();
    report.replace(
        &format!("{count} written\n"),
        &format!("{count} would be written; nothing was (dry run)\n"),
    )
}

#[test]
fn nothing_is_written_where_it_cannot_be_right() {
    for kind in REFUSED {
        for more in [&[][..], &["--force"], &["--dry-run"], &["--rust"]] {
            let sandbox = Sandbox::empty();
            (kind.make)(&sandbox);
            let before = contents(&sandbox);
            let args = [&["init"][..], &COMMIT, more].concat();
            let run = sandbox.run_in(HERE, &args);
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (2, ""),
                "{}: {run}",
                kind.name
            );
            assert!(run.stderr.contains(kind.says), "{}: {run}", kind.name);
            assert_eq!(contents(&sandbox), before, "{} {more:?}", kind.name);
        }
    }
}

#[test]
fn only_generated_files_are_replaced_by_force() {
    let sandbox = Sandbox::empty();
    let old = "# Generated by cascade 0.0.1; do not edit.\non: push\n";
    write(&sandbox, ".github/workflows/promote.yaml", old);
    write(
        &sandbox,
        ".github/workflows/build.yaml",
        "on: schedule\njobs: {}\n",
    );
    commit(&sandbox);
    let args = [&["init"][..], &COMMIT].concat();
    let before = contents(&sandbox);
    let run = sandbox.run_in(HERE, &args);
    assert_eq!(run.code, 2, "{run}");
    assert!(
        run.stderr
            .contains("generated for another pipeline:\n  .github/workflows/promote.yaml\n"),
        "{run}"
    );
    assert_eq!(contents(&sandbox), before);
    let run = sandbox.run_in(HERE, &[&args[..], &["--force"]].concat());
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout
            .contains("replaced  .github/workflows/promote.yaml\n"),
        "{run}"
    );
    assert_eq!(
        sandbox.read("repo/.github/workflows/build.yaml"),
        "on: schedule\njobs: {}\n"
    );
    assert_eq!(sandbox.run_in(HERE, &["verify"]).code, 0);
}

/// The crate of a pipeline in Rust is no member of the workspace above it, and that one still works.
#[test]
fn a_crate_stays_out_of_the_workspace_around_it() {
    for members in [
        "[\"*\"]\nexclude = [\".git\", \".github\"]",
        "[\"app\"]",
        "[\"app*\"]",
    ] {
        let sandbox = Sandbox::empty();
        write(
            &sandbox,
            "Cargo.toml",
            &format!("[workspace]\nmembers = {members}\nresolver = \"3\"\n"),
        );
        write(
            &sandbox,
            "app/Cargo.toml",
            "[package]\nname = \"app\"\nedition = \"2024\"\n",
        );
        write(&sandbox, "app/src/main.rs", "fn main() {}\n");
        write(&sandbox, ".gitignore", "Cargo.lock\ntarget\n");
        commit(&sandbox);
        let run = sandbox.run_in(HERE, &[&["init", "--rust"][..], &COMMIT].concat());
        assert_eq!(run.code, 0, "{run}");
        let metadata = |path: &str| metadata(&sandbox, path);
        assert!(
            !metadata("repo/Cargo.toml").contains("repo-pipeline"),
            "{members}"
        );
        let own = metadata("repo/.github/pipeline/Cargo.toml");
        assert!(
            own.contains("\"name\":\"repo-pipeline\"") && !own.contains("\"name\":\"app\""),
            "{own}"
        );

        for folder in [HERE, "repo/.github/pipeline/src"] {
            assert_eq!(sandbox.run_in(folder, &["verify"]).code, 0, "{folder}");
            assert_eq!(sandbox.run_in(folder, &["lint"]).code, 0, "{folder}");
        }
        write(&sandbox, ".github/pipeline/Cargo.lock", "version = 4\n");
        git(&sandbox, &["add", "--all"]);
        let files = git(&sandbox, &["ls-files"]);
        assert!(
            files.contains(".github/pipeline/Cargo.lock"),
            "runs need it: {files}"
        );
    }
}

/// Returns Cargo's metadata of a package in the sandbox.
fn metadata(sandbox: &Sandbox, path: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version=1",
            "--manifest-path",
        ])
        .arg(sandbox.path(path))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{path}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_workspace_that_takes_every_folder_is_explained() {
    let sandbox = Sandbox::empty();
    write(
        &sandbox,
        "Cargo.toml",
        "[workspace]\nmembers = [\"*\"]\nexclude = [\".git\"]\n",
    );
    commit(&sandbox);
    let run = sandbox.run_in(HERE, &[&["init"][..], &COMMIT].concat());
    let text = "Add to `Cargo.toml`:\n    exclude = [\".git\", \".github\"] #";
    assert!(run.stdout.contains(text), "{run}");
}
