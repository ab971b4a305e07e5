mod conventional;
mod reverts;

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
        co_authors: Vec::new(),
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
        ("feat:\ta", Bump::Patch),
        ("feat:  a", Bump::Minor),
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
        (
            "fix: a\n\nBREAKING CHANGE: b\n\nc\n\n  d\nBy: e",
            "b\n\nc\n\n  d",
        ),
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
        assert_eq!(commit(message).change().breaking, [wanted], "{message}");
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
fn each_breaking_footer_is_told() {
    let all = commit(
        "fix: a\n\nBREAKING CHANGE: b\nc\nReviewed-by: x\nBREAKING-CHANGE: d\nBREAKING CHANGE #7",
    );
    assert_eq!(all.change().breaking, ["b\nc", "d", "7"]);
    let log = Changelog::new(&[all], false);
    let told: Vec<_> = log.breaking.iter().map(|each| each.text.as_str()).collect();
    assert_eq!(told, ["b\nc", "d", "7"]);
    let marked = commit("fix!: a\n\nBREAKING CHANGE: b\n\nBREAKING CHANGE: c");
    assert_eq!(marked.change().breaking, ["b", "c"]);
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
         ### Fixes\n\n- \\<img src=x> @<!---->octocat \\[link\\](x) (0123456)\n\n\
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

#[test]
fn each_contributor_is_named_once_and_bots_apart() {
    let by = |name: &str, email: &str, message: &str| Commit {
        author: Person {
            name: name.to_owned(),
            email: email.to_owned(),
        },
        co_authors: co_authors(message),
        ..commit(message)
    };
    let commits = [
        by(
            "Ada",
            "ada@example.com",
            "fix: a\n\nCo-authored-by: Bob <1+bob@users.noreply.github.com>",
        ),
        by(
            "Ada",
            "ADA@example.com",
            "fix: b\n\nco-authored-by : Ada <ada@other.example>",
        ),
        by(
            "A. L.",
            "ada@example.com",
            "fix: c\n\nCo-Authored-By: renovate[bot] <bot@x>",
        ),
        by("bob", "bob@users.noreply.github.com", "fix: d"),
        by(
            "x",
            "49699333+dependabot[bot]@users.noreply.github.com",
            "fix: e",
        ),
        by(
            "<b>@all</b>",
            "all@example.com",
            "fix: f\n\nCo-authored-by: nobody",
        ),
    ];
    let log = Changelog::new(&commits, true);
    let markdown = log.markdown();
    let (_, told) = markdown.split_once("### Contributors\n\n").unwrap();
    assert_eq!(
        told,
        "Ada, Bob (bob), \\<b>@<!---->all\\</b>\n\nBots: renovate\\[bot\\], x (dependabot\\[bot\\])\n"
    );
}

#[test]
fn one_login_is_one_contributor() {
    let mut log = Changelog::new(&[commit("fix: a")], true);
    log.contributors[0].login = Some("octo".to_owned());
    let mut twin = log.contributors[0].clone();
    twin.person.name = "The same".to_owned();
    log.contributors.push(twin);
    assert!(
        log.markdown()
            .ends_with("### Contributors\n\noctocat (octo)\n")
    );
}
