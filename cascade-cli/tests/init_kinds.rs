//! `init` in repositories of every kind: what was there is byte for byte the same, and what is
//! written verifies.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Sandbox;
use common::origin::COMMIT;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A kind of repository.
struct Kind {
    name: &'static str,
    /// Makes it in a folder, and returns the folder that `init` runs in.
    make: fn(&Sandbox) -> &'static str,
    /// The trunk of the pipeline.
    trunk: &'static str,
    /// Texts that the report has.
    says: &'static [&'static str],
    /// Files that are written, among others.
    writes: &'static [&'static str],
}

/// The folder of the repository, below that of the test.
const HERE: &str = "repo";

const CALLABLE_BUILD: &str = "\
name: Build
on:
  workflow_call:
    inputs:
      sha: { type: string, required: true }
    outputs:
      image_tag: { value: \"${{ jobs.b.outputs.tag }}\" }
jobs:
  b:
    runs-on: ubuntu-latest
    permissions: { contents: read, packages: write }
    outputs: { tag: x }
    steps: [{ run: make }]
";

const PUSHED: &str = "name: CI\r\non:\r\n  push:\r\n    branches: [main]\r\njobs:\r\n  t:\r\n    runs-on: ubuntu-latest\r\n    steps: [{ run: npm run build }]\r\n";

const KINDS: &[Kind] = &[
    Kind {
        name: "an empty folder",
        make: |sandbox| {
            fs::create_dir(sandbox.path(HERE)).unwrap();
            HERE
        },
        trunk: "main",
        says: &["  1. Make it a repository: git init --initial-branch=main\n"],
        writes: &[
            ".gitattributes",
            ".github/manifest.schema.json",
            ".github/workflows/cascade-check.yaml",
        ],
    },
    Kind {
        name: "a repository without a commit, on master",
        make: |sandbox| {
            git(sandbox, &["init", "--quiet", "--initial-branch=master"]);
            HERE
        },
        trunk: "master",
        says: &["the branch that is checked out"],
        writes: &[".github/workflows/build.yaml"],
    },
    Kind {
        name: "a Node.js application with workflows of its own",
        make: |sandbox| {
            write(
                sandbox,
                "package.json",
                "{\"scripts\": {\"test\": \"jest\", \"build\": \"tsc\"}}\n",
            );
            write(sandbox, "package-lock.json", "{}");
            write(sandbox, ".github/workflows/build.yml", CALLABLE_BUILD);
            write(sandbox, ".github/workflows/ci.yaml", PUSHED);
            write(
                sandbox,
                ".github/workflows/validate.yaml",
                "on: push\njobs: { t: { runs-on: x, steps: [{ run: make test }] } }\n",
            );
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &[
            "calls  .github/workflows/build.yml (yours, as the build callback)",
            "add these four lines below line 2, `on:`",
            "kept  .github/workflows/validate.yaml (the sample is `.github/workflows/cascade-validate.yaml`)",
            "languages     Node.js",
        ],
        writes: &[
            ".github/workflows/cascade-validate.yaml",
            ".github/workflows/deploy.yaml",
        ],
    },
    Kind {
        name: "a Python application whose deploy workflow needs more than cascade knows",
        make: |sandbox| {
            write(sandbox, "requirements.txt", "flask\n");
            write(
                sandbox,
                ".github/workflows/deploy.yaml",
                "on: { workflow_call: { inputs: { cluster: { type: string, required: true } } } }\njobs: { d: { runs-on: x, permissions: {}, steps: [{ run: make }] } }\n",
            );
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &[
            "is not called as the deploy callback: `deploy.yaml` requires input `cluster`",
            "Python",
        ],
        writes: &[".github/workflows/deploy-repo.yaml"],
    },
    Kind {
        name: "a Rust workspace",
        make: |sandbox| {
            write(
                sandbox,
                "Cargo.toml",
                "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n",
            );
            write(sandbox, "build.yaml", "mine");
            write(sandbox, "src/main.rs", "fn main() {}\n");
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["languages     Rust"],
        writes: &[".github/workflows/build.yaml"],
    },
    Kind {
        name: "a subfolder",
        make: |sandbox| {
            write(sandbox, "services/api/go.mod", "module api\n");
            commit(sandbox);
            "repo/services/api"
        },
        trunk: "main",
        says: &[
            "files go to the top of the repository",
            "Go in services/api",
        ],
        writes: &[],
    },
    Kind {
        name: "a branch beside the default branch of the remote",
        make: |sandbox| {
            write(sandbox, "README.md", "x");
            commit(sandbox);
            git(
                sandbox,
                &["update-ref", "refs/remotes/origin/develop", "HEAD"],
            );
            git(
                sandbox,
                &["remote", "add", "origin", "https://git.example/a/b"],
            );
            git(
                sandbox,
                &[
                    "symbolic-ref",
                    "refs/remotes/origin/HEAD",
                    "refs/remotes/origin/develop",
                ],
            );
            git(sandbox, &["checkout", "--quiet", "-b", "feature"]);
            HERE
        },
        trunk: "develop",
        says: &["the default branch of `origin`"],
        writes: &[],
    },
    Kind {
        name: "a worktree",
        make: |sandbox| {
            write(sandbox, "README.md", "x");
            commit(sandbox);
            git(
                sandbox,
                &["worktree", "add", "--quiet", "../tree", "-b", "topic"],
            );
            "tree"
        },
        trunk: "topic",
        says: &[],
        writes: &[],
    },
    Kind {
        name: "a detached HEAD with one branch",
        make: |sandbox| {
            write(sandbox, "README.md", "x");
            commit(sandbox);
            git(sandbox, &["checkout", "--quiet", "--detach"]);
            HERE
        },
        trunk: "main",
        says: &["the only branch"],
        writes: &[],
    },
    Kind {
        name: "attributes and owners of its own",
        make: |sandbox| {
            write(sandbox, ".gitattributes", "* text=auto\r\n");
            write(sandbox, "docs/CODEOWNERS", "* @me\n");
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["Add to `docs/CODEOWNERS`:\n    /.github/manifest.yaml @acme/ops\n"],
        writes: &[".github/.gitattributes"],
    },
    Kind {
        name: "attributes that keep line breaks",
        make: |sandbox| {
            write(sandbox, ".gitattributes", "* text=auto eol=lf\n");
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["kept  .gitattributes (keeps the line breaks of generated files already)"],
        writes: &[".github/CODEOWNERS"],
    },
    Kind {
        name: "links that lead out of the repository",
        make: |sandbox| {
            sandbox.write("outside/secret.yaml", "theirs");
            fs::create_dir_all(sandbox.path("repo/.github/workflows")).unwrap();
            link(
                "../../../outside/secret.yaml",
                &sandbox.path("repo/.github/workflows/build.yaml"),
            );
            link(
                "../../nowhere",
                &sandbox.path("repo/.github/manifest.schema.json"),
            );
            link(
                "../outside/secret.yaml",
                &sandbox.path("repo/.gitattributes"),
            );
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["is a symbolic link out of `.github/workflows`"],
        writes: &[
            ".github/workflows/cascade-build.yaml",
            ".github/manifest.schema-2.json",
            ".github/.gitattributes",
        ],
    },
    Kind {
        name: "an action in the place of cascade's, and names that are taken",
        make: |sandbox| {
            write(
                sandbox,
                ".github/actions/setup-cascade/action.yml",
                "name: Mine\n",
            );
            write(
                sandbox,
                ".github/workflows/Cascade-Check.yml",
                "on: push\njobs: {}\n",
            );
            write(sandbox, ".github/workflows/broken.yaml", "a: [");
            for name in ["build", "cascade-build", "build-repo"] {
                write(
                    sandbox,
                    &format!(".github/workflows/{name}.yaml"),
                    "on: schedule\njobs: {}\n",
                );
            }
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["`.github/workflows/broken.yaml` cannot be read"],
        writes: &[
            ".github/actions/setup-cascade-2/action.yaml",
            ".github/workflows/cascade-check-2.yaml",
            ".github/workflows/cascade-build-2.yaml",
        ],
    },
    Kind {
        name: "a monorepo with callbacks for each part",
        make: |sandbox| {
            write(
                sandbox,
                "web/package.json",
                "{\"scripts\": {\"test\": \"vitest\"}}",
            );
            write(sandbox, "services/api/pom.xml", "<project/>");
            write(sandbox, "api/node_modules/x/package.json", "{}");
            for name in ["build-api", "build-web"] {
                let text = CALLABLE_BUILD.replace("image_tag", &name.replace('-', "_"));
                write(sandbox, &format!(".github/workflows/{name}.yaml"), &text);
            }
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["Java (Maven) in services/api, Node.js in web"],
        writes: &[".github/workflows/deploy.yaml"],
    },
    Kind {
        name: "a repository that ignores what is written",
        make: |sandbox| {
            write(sandbox, ".gitignore", "*.json\n");
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["git add --force .github/manifest.schema.json"],
        writes: &[],
    },
];

#[test]
fn what_was_there_stays_and_what_is_written_verifies() {
    for kind in KINDS {
        let sandbox = Sandbox::empty();
        let folder = (kind.make)(&sandbox);
        let before = contents(&sandbox);
        let name = kind.name;
        let args = [&["init", "--codeowners", "@acme/ops"][..], &COMMIT].concat();

        let dry = sandbox.run_in(folder, &[&args[..], &["--dry-run"]].concat());
        assert_eq!((dry.code, dry.stderr.as_str()), (0, ""), "{name}: {dry}");
        assert_eq!(
            contents(&sandbox),
            before,
            "{name}: a dry run writes nothing"
        );

        let run = sandbox.run_in(folder, &args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}: {run}");
        assert_eq!(
            dry.stdout,
            as_dry(&run.stdout),
            "{name}: the dry run tells the truth"
        );
        let after = contents(&sandbox);
        for (path, bytes) in &before {
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
        let top = if folder == "tree" { "tree" } else { HERE };
        let shown: Vec<String> = told.iter().map(|path| format!("{top}/{path}")).collect();
        assert_eq!(new, shown.iter().collect::<Vec<_>>(), "{name}");
        for text in kind.says {
            assert!(run.stdout.contains(text), "{name}: {text}\n{run}");
        }
        for path in kind.writes {
            assert!(told.contains(path), "{name}: {path}\n{run}");
        }
        let manifest = sandbox.read(&format!("{top}/.github/manifest.yaml"));
        let trunk = format!("    trunk_branch: {}\n", kind.trunk);
        assert!(manifest.contains(&trunk), "{name}: {manifest}");
        assert!(!manifest.contains("preinstalled"), "{name}");

        if sandbox.exists(&format!("{top}/.git")) {
            git_in(&sandbox, top, &["add", "--all"]);
        }
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

/// Checked out by a git that likes other line breaks, the generated files still verify.
fn line_breaks_are_kept(sandbox: &Sandbox, top: &str, name: &str) {
    git_in(sandbox, top, &["add", "--all", "--force"]);
    git_in(
        sandbox,
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
    git_in(sandbox, top, &options);
    let verify = sandbox.run_in("windows", &["verify"]);
    assert_eq!(verify.code, 0, "{name}: {verify}");
}

/// What a dry run would have printed.
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

struct Refused {
    name: &'static str,
    make: fn(&Sandbox),
    says: &'static str,
}

const REFUSED: &[Refused] = &[
    Refused {
        name: "a pipeline",
        make: |sandbox| {
            write(sandbox, ".github/manifest.yaml", "ci: # mine\n");
            commit(sandbox);
        },
        says: "has a pipeline already: `.github/manifest.yaml`\n  help: change it, then `cascade lint` checks it",
    },
    Refused {
        name: "a file in the place of the folder",
        make: |sandbox| {
            write(sandbox, ".github", "a file");
            commit(sandbox);
        },
        says: "`.github` is not a folder",
    },
    Refused {
        name: "a folder that leads out of the repository",
        make: |sandbox| {
            fs::create_dir_all(sandbox.path("outside/workflows")).unwrap();
            fs::create_dir(sandbox.path(HERE)).unwrap();
            link("../outside", &sandbox.path("repo/.github"));
            commit(sandbox);
        },
        says: "`.github` is a symbolic link",
    },
    Refused {
        name: "workflows that lead out of the repository",
        make: |sandbox| {
            fs::create_dir(sandbox.path("outside")).unwrap();
            fs::create_dir_all(sandbox.path("repo/.github")).unwrap();
            link("../../outside", &sandbox.path("repo/.github/workflows"));
            commit(sandbox);
        },
        says: "`.github/workflows` is a symbolic link",
    },
    Refused {
        name: "a bare repository",
        make: |sandbox| {
            git(sandbox, &["init", "--quiet", "--bare"]);
        },
        says: "a bare repository",
    },
    Refused {
        name: "a detached HEAD with several branches",
        make: |sandbox| {
            write(sandbox, "README.md", "x");
            commit(sandbox);
            git(sandbox, &["branch", "next"]);
            git(sandbox, &["checkout", "--quiet", "--detach"]);
        },
        says: "has several: main, next\n  help: name the one that releases flow from with `--trunk`",
    },
    Refused {
        name: "a workflow of a generated name",
        make: |sandbox| {
            write(sandbox, ".github/workflows/promote.yaml", "on: push\n");
            commit(sandbox);
        },
        says: "did not write those that are there:\n  .github/workflows/promote.yaml\n",
    },
    Refused {
        name: "a crate in the place of the pipeline's",
        make: |sandbox| {
            write(sandbox, ".github/pipeline/README.md", "mine");
            commit(sandbox);
        },
        says: "`.github/pipeline` is there already",
    },
];

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
        let metadata = |path: &str| {
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
            assert!(output.status.success(), "{members}: {said}");
            String::from_utf8(output.stdout).unwrap()
        };
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

/// Every file with its bytes, links as what they say; git's own files are not looked at.
fn contents(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let root = sandbox.path("");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap().file_type();
            let shown = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if kind.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(shown, target.to_str().unwrap().as_bytes().to_vec());
            } else if kind.is_file() {
                found.insert(shown, fs::read(&path).unwrap());
            } else if !path.ends_with(".git") && !shown.starts_with("windows") {
                folders.push(path);
            }
        }
    }
    found
}

fn write(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.write(&format!("{HERE}/{path}"), text);
}

fn commit(sandbox: &Sandbox) {
    git(sandbox, &["init", "--quiet", "--initial-branch=main"]);
    git(sandbox, &["add", "--all"]);
    git(sandbox, &["commit", "--quiet", "--message", "Begin"]);
}

fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    fs::create_dir_all(sandbox.path(HERE)).unwrap();
    git_in(sandbox, HERE, args)
}

fn git_in(sandbox: &Sandbox, folder: &str, args: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=octocat",
            "-c",
            "user.email=octocat@example.com",
        ])
        .args(args)
        .current_dir(sandbox.path(folder))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn link(target: &str, path: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}
