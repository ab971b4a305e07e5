use super::*;
use proptest::prelude::*;

fn commit(message: &str) -> Commit {
    Commit {
        sha: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        parents: Vec::new(),
        author: Person {
            name: "octocat".to_owned(),
            email: "octocat@example.com".to_owned(),
        },
        message: message.to_owned(),
    }
}

/// A commit with a hash of one digit.
fn numbered(digit: char, message: &str) -> Commit {
    Commit {
        sha: digit.to_string().repeat(40),
        ..commit(message)
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
        ("feat:a", Bump::Patch),
        ("feat!:a", Bump::Patch),
        ("std::vector: a feature", Bump::Patch),
        ("http://example.com breaks", Bump::Patch),
        ("C:\\\\temp is gone", Bump::Patch),
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
fn what_is_plain_text_is_told_whole() {
    for text in [
        "std::vector: grow",
        "http://example.com: gone",
        "C:\\temp",
        "feat:a",
    ] {
        let change = commit(text).change();
        assert_eq!(
            (change.kind, change.description.as_str()),
            (Kind::Other, text)
        );
    }
}

#[test]
fn what_is_taken_back_does_not_count() {
    let git = |digit: char| {
        format!(
            "Revert \"x\"\n\nThis reverts commit {}.",
            digit.to_string().repeat(40)
        )
    };
    let shas = |commits: &[Commit]| -> String {
        let standing = standing(commits).into_iter();
        standing
            .filter_map(|commit| commit.sha.chars().next())
            .collect()
    };
    let feature = numbered('1', "feat!: x");
    let other = numbered('2', "fix: y");
    let revert = numbered('3', &git('1'));
    let again = numbered('4', &git('3'));
    let list = [revert.clone(), other.clone(), feature.clone()];
    assert_eq!(shas(&list), "2");
    assert_eq!(bump(&list), Bump::Patch);
    assert_eq!(breaking(&list).count(), 0);
    let log = Changelog::new(&list, false).markdown();
    assert_eq!(log, "### Fixes\n\n- y (2222222)\n\n");
    // Done again, it counts again.
    let list = [again, revert.clone(), other.clone(), feature.clone()];
    assert_eq!((shas(&list).as_str(), bump(&list)), ("21", Bump::Major));
    // What was released before stays released, so taking it back is a change.
    assert_eq!(shas(&[revert, other.clone()]), "32");
    let refs = numbered('5', "revert: x and y\n\nRefs: 1111111, 2222222");
    assert_eq!(shas(&[refs.clone(), other.clone(), feature.clone()]), "");
    // Of two, one was released before.
    assert_eq!(shas(&[refs, other]), "5");
    let only_talk = numbered('6', "docs: x\n\nRefs: 1111111");
    assert_eq!(shas(&[only_talk, feature]), "61");
}

#[test]
fn merges_are_known_by_their_parents() {
    let merge = |message: &str| Commit {
        parents: vec!["1".repeat(40), "2".repeat(40)],
        ..commit(message)
    };
    let told = |commit: Commit| Changelog::new(&[commit], false).markdown() != "No changes.\n";
    assert!(!told(merge("Merge branch 'x'")));
    assert!(!told(merge("Zusammenführen von x")));
    assert!(told(merge("feat: the whole of x")));
    assert!(told(merge("Merge x\n\nBREAKING CHANGE: gone")));
    assert!(told(commit("Merge branch rules into one file")));
}

#[test]
fn a_changelog_groups_and_defuses() {
    let mut commits = [
        "feat(api)!: drop v1",
        "fix: <img src=x> @octocat [link](x)",
        "Merge pull request #1 from x/y",
        "chore: tidy",
        "free words",
    ]
    .map(commit);
    commits[2].parents = vec!["1".repeat(40), "2".repeat(40)];
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
        let unspaced = |description: &str| {
            let before = first.trim_end().strip_suffix(description);
            before.is_some_and(|before| !before.ends_with([' ', '\t']))
        };
        match git_conventional::Commit::parse(message.trim()) {
            // It takes the next line for the description.
            Ok(other) if !first.trim().ends_with(other.description().trim()) => {
                prop_assert_eq!(change.kind, Kind::Other);
            }
            // It does not insist on the space behind the colon.
            Ok(other) if unspaced(other.description().trim()) => {
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
