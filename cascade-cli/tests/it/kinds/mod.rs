//! Repositories of every kind, and what `init` does there.

pub(crate) mod refused;

use crate::support::Sandbox;
use crate::support::tree::{HERE, commit, git, link, write};
use std::fs;

/// A kind of repository.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// Makes it in a folder, and returns the folder that `init` runs in.
    pub(crate) make: fn(&Sandbox) -> &'static str,
    /// The trunk of the pipeline.
    pub(crate) trunk: &'static str,
    /// Texts that the report has.
    pub(crate) says: &'static [&'static str],
    /// Files that are written, among others.
    pub(crate) writes: &'static [&'static str],
}

pub(crate) const CALLABLE_BUILD: &str = "\
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

pub(crate) const PUSHED: &str = "name: CI\r\non:\r\n  push:\r\n    branches: [main]\r\njobs:\r\n  t:\r\n    runs-on: ubuntu-latest\r\n    steps: [{ run: npm run build }]\r\n";

pub(crate) const KINDS: &[Kind] = &[
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
                "on: { workflow_call: { inputs: { environment: { type: string }, cluster: { type: string, required: true } } } }\njobs: { d: { runs-on: x, permissions: {}, steps: [{ run: make }] } }\n",
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
        name: "a deploy workflow that knows one place only",
        make: |sandbox| {
            write(
                sandbox,
                ".github/workflows/deploy.yaml",
                "on: workflow_call\njobs: { d: { runs-on: x, permissions: {}, steps: [{ run: make }] } }\n",
            );
            commit(sandbox);
            HERE
        },
        trunk: "main",
        says: &["it has no input `environment`"],
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
