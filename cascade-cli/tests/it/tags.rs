//! Tags as repositories have them.

use crate::support::{MANIFEST, Sandbox};

/// A repository with a release and a fix.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.commit("feat: begin");
    sandbox.git(&["tag", "v1.4.0"]);
    sandbox.change("a", "fix: a");
    sandbox
}

fn next(sandbox: &Sandbox) -> String {
    let run = sandbox.run(&["next-version"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    run.stdout.trim().to_owned()
}

#[test]
fn the_next_version_is_above_every_tag_of_the_prefix() {
    for (tag, wanted) in [
        ("v2.0.0+build.7", "v2.0.1-rc.0"),
        ("v2.0.0-rc.3+build.7", "v2.0.0-rc.4"),
        ("v2.0.0-beta.4", "v2.0.0-rc.0"),
        ("v2.0.0-snapshot.4", "v2.0.1-rc.0"),
        ("v1.4.1-rc.beta", "v1.4.2-rc.0"),
        ("v1.4.1-rc", "v1.4.1-rc.0"),
        ("v1.4.1-alpha", "v1.4.1-rc.0"),
        ("v1.4.1-z+build", "v1.4.2-rc.0"),
        ("v1.0.0-z", "v1.4.1-rc.0"),
        ("v2", "v1.4.1-rc.0"),
        ("v2.0.0+", "v1.4.1-rc.0"),
        ("v2.0.0-beta.01", "v1.4.1-rc.0"),
        ("api-v9.0.0", "v1.4.1-rc.0"),
    ] {
        let sandbox = repository();
        sandbox.git(&["tag", tag, "HEAD~1"]);
        assert_eq!(next(&sandbox), wanted, "{tag}");
    }
}

#[test]
fn build_metadata_makes_a_release_no_less_of_one() {
    let sandbox = repository();
    sandbox.git(&["tag", "v2.0.0+build.7"]);
    sandbox.change("b", "feat: b");
    assert_eq!(next(&sandbox), "v2.1.0-rc.0");
    let told = sandbox.run(&["generate-changelog"]).stdout;
    assert!(told.contains("- b (") && !told.contains("- a ("), "{told}");
}

#[test]
fn a_tag_on_another_branch_counts() {
    for (tag, wanted) in [
        ("v1.9.0", "v1.9.1-rc.0"),
        ("v1.4.1-rc.7", "v1.4.1-rc.8"),
        ("v3.0.0+x", "v3.0.1-rc.0"),
        ("v1.4.1-z.1", "v1.4.2-rc.0"),
    ] {
        let sandbox = repository();
        sandbox.git(&["switch", "--quiet", "--create", "other", "HEAD~1"]);
        sandbox.change("other", "chore: other");
        sandbox.git(&["tag", tag]);
        sandbox.git(&["switch", "--quiet", "main"]);
        assert_eq!(next(&sandbox), wanted, "{tag}");
    }
}

#[test]
fn annotated_and_nested_tags_stand_for_their_commit() {
    let sandbox = repository();
    sandbox.git(&["tag", "--annotate", "--message=1", "inner"]);
    sandbox.git(&["tag", "--annotate", "--message=2", "middle", "inner"]);
    sandbox.git(&["tag", "--annotate", "--message=3", "v1.5.0", "middle"]);
    let released = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.change("b", "fix: b");
    let run = sandbox.run(&["next-version", "--json"]);
    assert!(
        run.stdout
            .contains(&format!("\"base_sha\": \"{released}\"")),
        "{run}"
    );
    assert!(run.stdout.contains("\"commits\": 1"), "{run}");
}

#[test]
fn a_tag_on_no_commit_is_no_version() {
    for object in ["HEAD^{tree}", "HEAD:a"] {
        for annotated in [false, true] {
            let sandbox = repository();
            let options: &[&str] = match annotated {
                true => &["tag", "--annotate", "--message=x", "v9.0.0", object],
                false => &["tag", "v9.0.0", object],
            };
            sandbox.git(options);
            assert_eq!(next(&sandbox), "v1.4.1-rc.0", "{object}");
            let run = sandbox.run(&["next-version", "--verbose"]);
            assert!(
                run.stderr.contains("`v9.0.0`") && run.stderr.contains("no commit"),
                "{run}"
            );
        }
    }
}

#[test]
fn what_is_ignored_is_said_with_verbose() {
    let sandbox = repository();
    for tag in ["v1.4.1-alpha.2", "nightly", "v2", "v1.3.0"] {
        sandbox.git(&["tag", tag]);
    }
    for command in [
        ["next-version", "--verbose"].as_slice(),
        &["simulate", "orchestrate", "--verbose"],
        &["generate-changelog", "-v"],
    ] {
        let said = sandbox.run(command).stderr;
        assert!(said.contains("`nightly`, `v2`"), "{said}");
        assert!(said.contains("`v1.4.1-alpha.2`"), "{said}");
        assert!(!said.contains("`v1.3.0`"), "{said}");
    }
}
