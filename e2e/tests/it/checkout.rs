//! The stand-in for `actions/checkout` leaves behind what the action does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{self, git, write};

/// Variables of the action's script, with their values.
type Inputs<'a> = &'a [(&'a str, &'a str)];

/// A host with `acme/app`: branches `main` and `main-old`, tags `main`, `v1` (annotated) and `v2`.
struct Host {
    folder: tempfile::TempDir,
    /// The commits of `main`, the oldest first.
    commits: Vec<String>,
}

impl Host {
    fn new() -> Self {
        let folder = e2e::scratch::folder().unwrap();
        let work = folder.path().join("work");
        write(&work, "a", "0");
        write(&work, ".github/manifest.yaml", "ci: {}");
        write(&work, "deep/large", "not wanted");
        support::commit(&work);
        for text in ["1", "2"] {
            write(&work, "a", text);
            git(&work, &["commit", "--quiet", "--all", "--message", text]);
        }
        let log = git(&work, &["log", "--format=%H", "--reverse"]);
        let commits: Vec<String> = log.lines().map(str::to_owned).collect();
        git(&work, &["branch", "main-old", &commits[0]]);
        git(&work, &["tag", "main", &commits[0]]);
        git(
            &work,
            &["tag", "--annotate", "--message=v1", "v1", &commits[1]],
        );
        git(&work, &["tag", "v2", &commits[2]]);
        let bare = folder.path().join("acme/app");
        std::fs::create_dir_all(&bare).unwrap();
        git(
            &bare,
            &["clone", "--quiet", "--bare", work.to_str().unwrap(), "."],
        );
        git(&bare, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        git(&bare, &["config", "uploadpack.allowFilter", "true"]);
        std::fs::create_dir(folder.path().join("workspace")).unwrap();
        Self { folder, commits }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the action for a push of this commit to `main`.
    fn run(&self, sha: &str, inputs: Inputs<'_>) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("stand-in/checkout/checkout");
        let workspace = self.path("workspace");
        let mut command = Command::new(script);
        command
            .current_dir(&workspace)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env(
                "GITHUB_SERVER_URL",
                format!("file://{}", self.folder.path().display()),
            )
            .env("GITHUB_REPOSITORY", "acme/app")
            .env("GITHUB_WORKSPACE", &workspace)
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("RUNNER_TEMP", self.folder.path())
            .envs([("REPOSITORY", "acme/app"), ("TOKEN", "secret"), ("REF", "")])
            .envs([("FOLDER", ""), ("CLEAN", "true"), ("DEPTH", "1")])
            .envs([("TAGS", "false"), ("PERSIST", "true")])
            .envs([("FILTER", ""), ("SPARSE", ""), ("CONE", "true")])
            .envs([("EVENT_REF", "refs/heads/main"), ("EVENT_SHA", sha)])
            .envs(inputs.iter().copied());
        command.output().unwrap()
    }

    fn checked_out(&self, sha: &str, inputs: Inputs<'_>) {
        let output = self.run(sha, inputs);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{inputs:?}: {said}");
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(&self.path("workspace"), arguments)
    }

    /// The refs with their commits, as numbers.
    fn refs(&self) -> Vec<String> {
        let listed = self.git(&["for-each-ref", "--format=%(refname)"]);
        let number = |name: &str| {
            let sha = self.git(&["rev-parse", &format!("{name}^{{commit}}")]);
            let at = self.commits.iter().position(|commit| *commit == sha);
            format!("{name} {}", at.unwrap())
        };
        listed.lines().map(number).collect()
    }
}

#[test]
fn without_a_ref_the_commit_of_the_event_becomes_the_branch() {
    let host = Host::new();
    for depth in ["1", "0"] {
        host.checked_out(&host.commits[1], &[("DEPTH", depth)]);
        let refs = host.refs();
        for there in ["refs/heads/main 1", "refs/remotes/origin/main 1"] {
            assert!(refs.contains(&there.to_owned()), "{depth}: {refs:?}");
        }
        assert_eq!(refs.len(), if depth == "1" { 2 } else { 6 }, "{refs:?}");
    }
}

#[test]
fn what_is_asked_for_is_fetched_and_checked_out() {
    let host = Host::new();
    let old = host.commits[0].clone();
    let all = [
        "refs/remotes/origin/main 2",
        "refs/remotes/origin/main-old 0",
        "refs/tags/main 0",
        "refs/tags/v1 1",
        "refs/tags/v2 2",
    ];
    let with = |more: &[&'static str]| [more, &all[..]].concat();
    let cases: [(Inputs<'_>, usize, Vec<&str>); 8] = [
        (
            &[("REF", "refs/heads/main")],
            2,
            vec!["refs/heads/main 2", all[0]],
        ),
        (
            &[("REF", "main")],
            2,
            vec!["refs/heads/main 2", all[0], all[1], all[2]],
        ),
        (&[("REF", "v1")], 1, vec![all[3]]),
        (&[("REF", "refs/tags/v2")], 2, vec![all[4]]),
        (&[("REF", &old)], 0, vec![]),
        (
            &[("REF", &old), ("TAGS", "true")],
            0,
            vec![all[2], all[3], all[4]],
        ),
        (&[("REF", &old), ("DEPTH", "0")], 0, with(&[])),
        (
            &[("REF", "refs/heads/main"), ("DEPTH", "0")],
            2,
            with(&["refs/heads/main 2"]),
        ),
    ];
    for (inputs, head, refs) in cases {
        // Each begins with an empty workspace, as a job does.
        std::fs::remove_dir_all(host.path("workspace")).unwrap();
        std::fs::create_dir(host.path("workspace")).unwrap();
        host.checked_out(&host.commits[1], inputs);
        assert_eq!(
            host.git(&["rev-parse", "HEAD"]),
            host.commits[head],
            "{inputs:?}"
        );
        assert_eq!(host.refs(), refs, "{inputs:?}");
        let shallow = host.git(&["rev-parse", "--is-shallow-repository"]);
        let whole = inputs.contains(&("DEPTH", "0"));
        assert_eq!(shallow, (!whole).to_string(), "{inputs:?}");
    }
}

#[test]
fn credentials_stay_only_where_they_are_wanted() {
    let host = Host::new();
    let included = |host: &Host| {
        host.git(&["config", "--list", "--includes"])
            .contains("extraheader")
    };
    host.checked_out(&host.commits[2], &[("PERSIST", "false")]);
    assert!(!included(&host));
    host.checked_out(&host.commits[2], &[]);
    assert!(included(&host));
}

#[test]
fn a_checkout_has_its_folder_and_is_cleaned() {
    let host = Host::new();
    host.checked_out(&host.commits[2], &[("FOLDER", "below/here")]);
    let there = host.path("workspace/below/here");
    assert_eq!(std::fs::read_to_string(there.join("a")).unwrap(), "2");
    write(&there, "left", "over");
    write(&there, "a", "changed");
    host.checked_out(&host.commits[1], &[("FOLDER", "below/here")]);
    assert_eq!(std::fs::read_to_string(there.join("a")).unwrap(), "1");
    assert!(!there.join("left").exists());
    let outside = host.run(&host.commits[1], &[("FOLDER", "../elsewhere")]);
    assert!(String::from_utf8_lossy(&outside.stdout).contains("is not under"));
}

#[test]
fn what_is_not_there_is_refused() {
    let host = Host::new();
    let moved = [("EVENT_REF", "refs/tags/v2")];
    let refused = host.run(&host.commits[1], &moved);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stdout);
    assert!(
        said.contains("does not point to the expected commit"),
        "{said}"
    );
    for absent in ["nothing", "refs/heads/nothing", &"1".repeat(40)] {
        assert!(
            !host
                .run(&host.commits[1], &[("REF", absent)])
                .status
                .success()
        );
    }
}

#[test]
fn a_sparse_checkout_fetches_no_file_before_it_is_wanted() {
    let host = Host::new();
    let head = host.commits[2].clone();
    let there = |path: &str| host.path("workspace").join(path).is_file();
    let missing = || {
        let listed = host.git(&["rev-list", "--objects", "--all", "--missing=print"]);
        listed.lines().filter(|line| line.starts_with('?')).count()
    };
    for depth in ["1", "0"] {
        host.checked_out(&head, &[("DEPTH", depth), ("SPARSE", ".github\n")]);
        let files = ["a", ".github/manifest.yaml", "deep/large"].map(there);
        assert_eq!(files, [true, true, false], "{depth}");
        // The large file, and with the history what `a` was before.
        assert_eq!(missing(), if depth == "1" { 1 } else { 3 }, "{depth}");
    }
    host.checked_out(&head, &[("REF", "refs/heads/main")]);
    assert!(there("deep/large"), "a sparse checkout of before ends");
    host.checked_out(&head, &[("SPARSE", "/deep/"), ("CONE", "false")]);
    assert_eq!(["a", "deep/large"].map(there), [false, true]);
}
