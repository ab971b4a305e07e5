//! Repositories in which `init` cannot be right.

use crate::support::Sandbox;
use crate::support::tree::{HERE, commit, git, link, write};
use std::fs;

pub(crate) struct Refused {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&Sandbox),
    pub(crate) says: &'static str,
}

pub(crate) const REFUSED: &[Refused] = &[
    Refused {
        name: "a pipeline",
        make: |sandbox| {
            write(sandbox, ".github/manifest.yaml", "ci: # mine\n");
            commit(sandbox);
        },
        says: "has a pipeline already: `.github/manifest.yaml`\n  help: change it, then `cascade lint` checks it",
    },
    Refused {
        name: "a pipeline of the Go tool",
        make: |sandbox| {
            let text = "ci:\n  config:\n    trunk_branch: main\n    cli_version: latest\n";
            write(sandbox, ".github/manifest.yaml", text);
            commit(sandbox);
        },
        says: "has a pipeline already: `.github/manifest.yaml`\n  help: if the Go tool of the same name wrote it, `cascade migrate` takes it over",
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
