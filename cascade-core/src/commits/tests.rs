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
        ("feat: a\nno blank line", Bump::Minor),
        ("feat: a\r\n\r\nBREAKING CHANGE: gone", Bump::Major),
        ("feat: a\n\nBREAKING CHANGE #7", Bump::Major),
        ("feat: a\n\nbreaking change: small", Bump::Minor),
        ("feat(): a", Bump::Patch),
        ("feat((a)): a", Bump::Patch),
        ("feat(a) !: a", Bump::Patch),
        ("feat:", Bump::Patch),
        (": a", Bump::Patch),
        ("", Bump::Patch),
    ] {
        assert_eq!(commit(message).change().bump(), wanted, "{message}");
    }
}

#[test]
fn a_breaking_change_is_told_up_to_the_next_footer() {
    for (message, wanted) in [
        ("fix!: a\n\nb", "a"),
        ("fix!: a\n\nBREAKING CHANGE: b", "b"),
        (
            "fix: a\n\nBREAKING-CHANGE: b\nc\n\nd: e f\nReviewed-by: x",
            "b\nc",
        ),
        ("a\n\nRefs #1\nBREAKING CHANGE: b\nRefs #2", "b"),
        ("a\n\nBREAKING CHANGE: b\n\nSee: c", "b"),
        ("a\n\nBREAKING CHANGE:\n\nb: c d\n", ""),
        ("a\n\nBREAKING CHANGE:\nb c: d", "b c: d"),
        ("a\n\nBREAKING CHANGE:b", "b"),
    ] {
        let change = commit(message).change();
        assert_eq!(change.breaking.as_deref(), Some(wanted), "{message}");
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
    /// Where the field's parser accepts a message, it says the same of its first line.
    #[test]
    fn first_lines_read_as_elsewhere(
        first in "(feat|fix|x|[a-z!:( ]{0,4})(\\([a-z:!( ]{0,4}\\))?!{0,2}:{0,2} ?[a-z !:(]{0,5}",
        rest in "(\n\n[a-z]{1,5}(\n\nBREAKING CHANGE: [a-z]{1,4})?)?",
    ) {
        let message = format!("{first}{rest}");
        let change = commit(&message).change();
        match git_conventional::Commit::parse(message.trim()) {
            // It takes the next line for the description.
            Ok(other) if !first.trim().ends_with(other.description().trim()) => {
                prop_assert_eq!(change.kind, Kind::Other);
            }
            Ok(other) => {
                prop_assert_eq!(change.scope.as_deref(), other.scope().map(|scope| scope.as_str()));
                prop_assert_eq!(&change.description, other.description().trim());
                prop_assert_eq!(change.is_breaking(), other.breaking());
            }
            Err(_) => prop_assert_eq!(change.kind, Kind::Other),
        }
    }

    #[test]
    fn no_message_makes_it_panic(message in "\\PC{0,80}(\n\\PC{0,40}){0,3}") {
        let commit = commit(&message);
        let _ = commit.change();
        let _ = Changelog::new(&[commit], true).markdown();
    }
}
