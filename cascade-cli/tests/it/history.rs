//! Facts of a history come from git: merges, cascade's own commits, reverts, encodings, hashes.

use crate::support::{MANIFEST, Sandbox};

fn released() -> Sandbox {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.commit("feat: begin");
    sandbox.git(&["tag", "v1.4.0"]);
    sandbox
}

fn changelog(sandbox: &Sandbox) -> String {
    let run = sandbox.run(&["generate-changelog"]);
    assert_eq!(run.code, 0, "{run}");
    run.stdout
}

fn with_state(version: &str) -> String {
    format!("{MANIFEST}  state:\n    dev: {{ version: {version} }}\n")
}

type Files<'a> = &'a [(&'a str, String)];

#[test]
fn a_write_of_state_is_known_by_what_it_changes() {
    const SUBJECT: &str = "chore(cascade): orchestrate dev v1.4.1-rc.0 [skip ci]";
    // What is changed, and whether it is a write of state.
    let manifest = ".github/manifest.yaml";
    let other_config = MANIFEST.replace("[dev, prod]", "[dev]");
    let cases: [(&str, Files, &str, bool); 6] = [
        (
            "state",
            &[(manifest, with_state("v1.4.1-rc.0"))],
            SUBJECT,
            true,
        ),
        (
            "other words",
            &[(manifest, with_state("v1.4.1-rc.0"))],
            "state moved",
            true,
        ),
        ("a file", &[("src/a", "1".to_owned())], SUBJECT, false),
        ("config", &[(manifest, other_config)], SUBJECT, false),
        ("nothing", &[], SUBJECT, false),
        (
            "state and a file",
            &[
                (manifest, with_state("v1.4.1-rc.0")),
                ("src/a", "1".to_owned()),
            ],
            SUBJECT,
            false,
        ),
    ];
    for (name, files, subject, is_write) in cases {
        let sandbox = released();
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox.commit(subject);
        let told = changelog(&sandbox);
        assert_eq!(told == "No changes.\n", is_write, "{name}: {told}");
    }
}

#[test]
fn a_merge_is_known_by_its_parents() {
    for (message, is_told) in [
        ("Merge branch 'side'", false),
        ("side kommt dazu", false),
        ("feat: the whole of side", true),
        ("Merge side\n\nBREAKING CHANGE: gone", true),
    ] {
        let sandbox = released();
        sandbox.git(&["switch", "--quiet", "--create", "side"]);
        sandbox.change("a", "fix: on the side");
        sandbox.git(&["switch", "--quiet", "main"]);
        sandbox.git(&["merge", "--quiet", "--no-ff", "--message", message, "side"]);
        let merge = sandbox.git(&["rev-parse", "HEAD"]);
        let told = changelog(&sandbox);
        assert_eq!(told.contains(&merge[..7]), is_told, "{message}: {told}");
        assert!(told.contains("on the side"), "{told}");
    }
    let sandbox = released();
    sandbox.change("a", "Merge branch rules into one file");
    assert!(changelog(&sandbox).contains("Merge branch rules into one file"));
}

#[test]
fn repositories_with_sha_256_work() {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.git(&[
        "init",
        "--quiet",
        "--initial-branch=main",
        "--object-format=sha256",
    ]);
    let first = sandbox.commit("feat: begin");
    assert_eq!(first.len(), 64);
    sandbox.git(&["tag", "--annotate", "--message=x", "v1.4.0"]);
    let fix = sandbox.change("a", "fix: a");
    sandbox.change("b", "feat: b");
    let revert = format!("Revert \"fix: a\"\n\nThis reverts commit {fix}.");
    sandbox.change("a", &revert);
    let run = sandbox.run(&["next-version"]);
    assert_eq!(run.stdout, "v1.5.0-rc.0\n", "{run}");
    let told = changelog(&sandbox);
    assert!(told.contains("- b (") && !told.contains("- a ("), "{told}");
    let held =
        with_state("v1.4.0").replace("version: v1.4.0", &format!("version: v1.4.0, sha: {first}"));
    sandbox.write(".github/manifest.yaml", held);
    sandbox.commit("chore: state");
    for arguments in [
        vec!["detect-changes", "--base-sha", &first],
        vec!["status"],
        vec!["simulate", "orchestrate"],
        vec!["simulate", "promote"],
    ] {
        let run = sandbox.run(&arguments);
        assert!(
            run.code < 2 && !run.stderr.contains("is not in this repository"),
            "{arguments:?}: {run}"
        );
    }
}

#[test]
fn messages_and_names_in_other_encodings_are_told_in_utf_8() {
    for (encoding, bytes, text) in [
        ("ISO-8859-1", &b"fix: gr\xfc\xdfe"[..], "gr\u{fc}\u{df}e"),
        ("windows-1251", b"fix: \xef\xf0\xe8\xe2\xe5\xf2", "привет"),
        ("Shift_JIS", b"fix: \x93\xfa\x96\x7b", "日本"),
        ("UTF-8", "fix: naïve 🚀".as_bytes(), "naïve 🚀"),
    ] {
        let sandbox = released();
        std::fs::write(sandbox.path("message"), bytes).unwrap();
        let encoding = format!("i18n.commitEncoding={encoding}");
        sandbox.git(&[
            "-c",
            &encoding,
            "commit",
            "--quiet",
            "--allow-empty",
            "--file=message",
        ]);
        let told = changelog(&sandbox);
        assert!(told.contains(text), "{encoding}: {told}");
    }
}

#[test]
fn what_git_reverts_is_neither_told_nor_counted() {
    let sandbox = released();
    sandbox.git(&["switch", "--quiet", "--create", "side"]);
    sandbox.change("a", "feat!: on the side");
    sandbox.git(&["switch", "--quiet", "main"]);
    sandbox.change("b", "fix: on the trunk");
    sandbox.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "--message=Merge side",
        "side",
    ]);
    sandbox.git(&["revert", "--no-edit", "--mainline=1", "HEAD"]);
    let told = changelog(&sandbox);
    assert!(
        told.contains("on the trunk") && !told.contains("on the side"),
        "{told}"
    );
    assert_eq!(sandbox.run(&["next-version"]).stdout, "v1.4.1-rc.0\n");
    sandbox.git(&["revert", "--no-edit", "HEAD"]);
    assert!(changelog(&sandbox).contains("on the side"));
    assert_eq!(sandbox.run(&["next-version"]).stdout, "v2.0.0-rc.0\n");
}

#[test]
fn what_a_squash_was_reverted_with_on_github_is_neither_told_nor_counted() {
    let sandbox = released();
    sandbox.change("a", "feat!: x (#12)");
    sandbox.change("b", "fix: y (#112)");
    sandbox.change(
        "a",
        "Revert \"feat!: x (#12)\" (#13)\n\nReverts acme/app#12",
    );
    let told = changelog(&sandbox);
    assert!(told.contains("- y (") && !told.contains("- x ("), "{told}");
    assert_eq!(sandbox.run(&["next-version"]).stdout, "v1.4.1-rc.0\n");
}

#[test]
fn every_breaking_footer_is_told() {
    let sandbox = released();
    let message =
        "fix: a\n\nBREAKING CHANGE: one\nBy: x\nBREAKING-CHANGE: two\n\nBREAKING CHANGE #3";
    sandbox.change("a", message);
    let told = changelog(&sandbox);
    for line in ["- one (", "- two (", "- 3 ("] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn contributors_are_those_of_the_mailmap_and_of_trailers() {
    let sandbox = released();
    sandbox.write(
        ".mailmap",
        "Ada Lovelace <ada@example.com> <al@old.example>\nBob <bob@example.com> Robert <r@old.example>\n",
    );
    sandbox.commit("chore: a mailmap");
    let by = |author: &str, message: &str| {
        let author = format!("--author={author}");
        sandbox.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            &author,
            "--message",
            message,
        ]);
    };
    by(
        "al <al@old.example>",
        "fix: a\n\nCo-authored-by: Robert <r@old.example>",
    );
    by("Ada Lovelace <ada@example.com>", "fix: b");
    by(
        "Bob <bob@example.com>",
        "fix: c\n\nCo-authored-by: al <al@old.example>",
    );
    by(
        "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
        "fix: d",
    );
    let told = sandbox
        .run(&["generate-changelog", "--contributors"])
        .stdout;
    let (_, contributors) = told.split_once("### Contributors\n\n").unwrap();
    assert_eq!(
        contributors,
        "Bob, Ada Lovelace, octocat\n\nBots: renovate\\[bot\\]\n"
    );
}

#[test]
fn a_changelog_reads_as_the_commits_were_written() {
    for (subject, line) in [
        (
            "fix: `Option<Vec<T>>` of `@acme/pkg`",
            "- `Option<Vec<T>>` of `@acme/pkg` (",
        ),
        (
            "fix: Option<T> for @octocat",
            "- Option\\<T> for @<!---->octocat (",
        ),
        (
            "fix(a_b): *all* of __x__",
            "- **a\\_b:** \\*all\\* of \\_\\_x\\_\\_ (",
        ),
        ("fix: closes #12", "- closes #<!---->12 ("),
        ("fix: 1. [x] & ``a ` b``", "- 1\\. \\[x\\] \\& ``a ` b`` ("),
    ] {
        let sandbox = released();
        sandbox.change("a", subject);
        let told = changelog(&sandbox);
        assert!(told.contains(line), "{subject}: {told}");
    }
}

/// A clone without the contents of files, as a sparse checkout makes it.
fn partial(sandbox: &Sandbox) -> Sandbox {
    let origin = format!("file://{}", sandbox.path("").display());
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = Sandbox::empty();
    clone.git(&["init", "--quiet", "--initial-branch=main"]);
    clone.git(&["remote", "add", "origin", &origin]);
    clone.git(&[
        "fetch",
        "--quiet",
        "--tags",
        "--filter=blob:none",
        "origin",
        "main",
    ]);
    clone.git(&["sparse-checkout", "set", ".github"]);
    clone.git(&["checkout", "--quiet", "-B", "main", "FETCH_HEAD"]);
    assert!(!clone.exists("src/deep/a"));
    clone
}

#[test]
fn a_partial_clone_knows_what_a_whole_one_knows() {
    let whole = released();
    whole.write("src/deep/a", "1");
    whole.commit("feat: more");
    whole.write(".github/manifest.yaml", with_state("v1.4.1-rc.0"));
    whole.commit("chore(cascade): orchestrate dev v1.4.1-rc.0 [skip ci]");
    whole.write("src/deep/a", "2");
    whole.commit("fix: less");
    let clone = partial(&whole);
    let head = whole.git(&["rev-parse", "HEAD"]);
    let nobody = "1".repeat(40);
    for arguments in [
        &["next-version", "--json"][..],
        &["generate-changelog"],
        &[
            "detect-changes",
            "--base-sha",
            "v1.4.0",
            "--head-sha",
            head.trim(),
            "--json",
        ],
        // A commit that nobody has is unknown, and not asked for.
        &[
            "detect-changes",
            "--base-sha",
            &nobody,
            "--head-sha",
            head.trim(),
            "--json",
        ],
    ] {
        let (expected, found) = (whole.run(arguments), clone.run(arguments));
        assert_eq!(found.stdout, expected.stdout, "{arguments:?} {found}");
        assert_eq!(found.code, expected.code, "{arguments:?} {found}");
        assert!(
            !found.stderr.contains("not our ref"),
            "{arguments:?} {found}"
        );
    }
}
