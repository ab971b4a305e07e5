use super::*;

fn shas(commits: &[Commit]) -> String {
    let standing = standing(commits).into_iter();
    standing
        .filter_map(|commit| commit.sha.chars().next())
        .collect()
}

fn hash(digit: char) -> String {
    digit.to_string().repeat(40)
}

#[test]
fn what_is_taken_back_does_not_count() {
    let git = |digit: char| {
        format!(
            "Revert \"x\"\n\nThis reverts commit {}.",
            digit.to_string().repeat(40)
        )
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

fn with_parents(digit: char, message: &str, parents: &str) -> Commit {
    Commit {
        parents: parents.chars().map(hash).collect(),
        ..numbered(digit, message)
    }
}

#[test]
fn a_reverted_merge_takes_along_what_it_brought() {
    let base = with_parents('1', "fix: base", "0");
    let side = with_parents('2', "feat!: side", "1");
    let more = with_parents('3', "feat: more of it", "2");
    let trunk = with_parents('4', "fix: trunk", "1");
    let merge = with_parents('5', "Merge branch 'side'", "43");
    for words in [
        format!(
            "This reverts commit {}, reversing\nchanges made to {}.",
            hash('5'),
            hash('4')
        ),
        format!(
            "This reverts commit {}, reversing changes made to {}.",
            hash('5'),
            hash('4')
        ),
    ] {
        let message = format!("Revert \"Merge branch 'side'\"\n\n{words}");
        let revert = with_parents('6', &message, "5");
        let list = [
            revert.clone(),
            merge.clone(),
            trunk.clone(),
            more.clone(),
            side.clone(),
            base.clone(),
        ];
        assert_eq!(shas(&list), "41", "{words}");
        assert_eq!(bump(&list), Bump::Patch);
        let again = with_parents(
            '7',
            &format!("x\n\nThis reverts commit {}.", hash('6')),
            "6",
        );
        let list = [&[again], &list[..]].concat();
        assert_eq!(shas(&list), "54321");
    }
}

#[test]
fn a_pull_request_that_github_reverts_does_not_count() {
    let squash = numbered('1', "feat!: x (#12)");
    let other = numbered('2', "fix: like x (#112)");
    let by_button =
        |body: &str| numbered('9', &format!("Revert \"feat!: x (#12)\" (#13)\n\n{body}"));
    for body in [
        "Reverts acme/app#12",
        "Reverts #12",
        "Reverts acme/app#12\n\nIt was slow.",
    ] {
        let list = [by_button(body), other.clone(), squash.clone()];
        assert_eq!(shas(&list), "2", "{body}");
    }
    for body in [
        "Reverts acme/app#11",
        "Reverts nothing of #12",
        "This reverts acme/app#12",
        "Reverts acme/app#",
    ] {
        let list = [by_button(body), other.clone(), squash.clone()];
        assert_eq!(shas(&list), "921", "{body}");
    }
    let merge = with_parents('3', "Merge pull request #12 from acme/x", "14");
    let brought = with_parents('4', "feat!: on the side", "1");
    let revert = numbered('5', "Revert \"x\"\n\nReverts acme/app#12");
    assert_eq!(
        shas(&[revert, merge, brought, numbered('1', "fix: y")]),
        "1"
    );
}

#[test]
fn a_commit_cannot_revert_what_comes_after_it() {
    let early = numbered('1', &format!("revert: x\n\nRefs: {}", hash('2')));
    let late = numbered('2', "feat: x");
    assert_eq!(shas(&[late, early]), "21");
}
