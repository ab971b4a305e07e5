use super::*;
use proptest::prelude::*;

fn commit(message: &str) -> Commit {
    Commit {
        sha: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        author: "octocat".to_owned(),
        message: message.to_owned(),
    }
}

#[test]
fn messages_raise_versions() {
    for (message, wanted) in [
        ("feat: a", Bump::Minor),
        ("feat(api): a", Bump::Minor),
        ("FEAT: a", Bump::Minor),
        ("fix: a", Bump::Patch),
        ("fix!: a", Bump::Major),
        ("refactor(core)!: a", Bump::Major),
        ("fix: a\n\nbody\n\nBREAKING CHANGE: gone", Bump::Major),
        ("fix: a\n\nBREAKING-CHANGE: gone", Bump::Major),
        ("plain words", Bump::Patch),
        ("plain words\n\nBREAKING CHANGE: gone", Bump::Major),
        ("feature: a", Bump::Patch),
        ("talk about BREAKING CHANGE: here", Bump::Patch),
        ("", Bump::Patch),
    ] {
        assert_eq!(commit(message).change().bump(), wanted, "{message}");
    }
}

#[test]
fn the_highest_bump_counts() {
    let commits = ["fix: a", "feat: b", "docs: c"].map(commit);
    assert_eq!(bump(&commits), Bump::Minor);
    assert_eq!(bump(&[]), Bump::Patch);
}

#[test]
fn a_changelog_groups_and_defuses() {
    let commits = [
        "feat(api)!: drop v1",
        "fix: <img src=x> @octocat [link](x)",
        "Merge pull request #1 from x/y",
        "chore: tidy",
        "free words",
    ]
    .map(commit);
    let log = Changelog::new(&commits, true).markdown();
    assert_eq!(
        log,
        "### Breaking changes\n\n- **api:** drop v1 (0123456)\n\n\
         ### Features\n\n- **api:** drop v1 (0123456)\n\n\
         ### Fixes\n\n- &lt;img src=x> @\u{200b}octocat \\[link\\](x) (0123456)\n\n\
         ### Other changes\n\n- tidy (0123456)\n- free words (0123456)\n\n\
         ### Contributors\n\noctocat\n"
    );
    assert_eq!(Changelog::new(&[], true).markdown(), "No changes.\n");
}

proptest! {
    #[test]
    fn no_message_makes_it_panic(message in "\\PC{0,80}(\n\\PC{0,40}){0,3}") {
        let commit = commit(&message);
        let _ = commit.change();
        let _ = Changelog::new(&[commit], true).markdown();
    }
}
