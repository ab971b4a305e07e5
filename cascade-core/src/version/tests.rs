use super::*;
use crate::pipeline::TagGrammar;
use proptest::prelude::*;

fn grammar(separator: &str) -> TagGrammar {
    TagGrammar {
        prefix: "v".to_owned(),
        prerelease_token: "rc".to_owned(),
        prerelease_separator: separator.to_owned(),
        dryrun_token: "dryrun".to_owned(),
        strict_prefix: false,
    }
}

fn parse(tag: &str) -> Version {
    grammar(".")
        .parse(tag)
        .unwrap_or_else(|| panic!("`{tag}` is no version"))
}

#[test]
fn what_is_no_version_of_the_grammar_is_refused() {
    for tag in [
        "",
        "v",
        "v1",
        "v1.2",
        "v1.2.3.4",
        "v01.2.3",
        "v1.2.3-",
        "v1.2.3-beta.1",
        "v1.2.3-rc.",
        "v1.2.3-rc.x",
        "v1.2.3-rc.1.hotfix.",
        "v1.2.3+build",
        "v-1.2.3",
        "v1.2.3 ",
        "v٣.2.3",
        "v99999999999999999999.0.0",
        "nightly",
        "api-v1.2.3",
    ] {
        assert_eq!(grammar(".").parse(tag), None, "{tag}");
    }
}

#[test]
fn a_missing_prefix_is_forgiven_unless_it_is_strict() {
    assert_eq!(parse("1.2.3"), Version::release(Core::new(1, 2, 3)));
    let strict = TagGrammar {
        strict_prefix: true,
        ..grammar(".")
    };
    assert_eq!(strict.parse("1.2.3"), None);
    assert_eq!(strict.parse("v1.2.3"), Some(parse("v1.2.3")));
}

#[test]
fn candidates_hotfixes_and_releases_are_ordered() {
    let ascending = [
        "v1.2.0-rc.2",
        "v1.2.0-rc.2.hotfix.0",
        "v1.2.0-rc.2.hotfix.10",
        "v1.2.0-rc.3",
        "v1.2.0-rc.10",
        "v1.2.0",
        "v1.2.1-rc.0",
    ];
    for pair in ascending.windows(2) {
        assert!(parse(pair[0]) < parse(pair[1]), "{pair:?}");
    }
}

/// The last release, what the commits ask for, the version that the first environment holds, the
/// highest tag, and the version that follows.
const NEXT: [(&str, Bump, &str, &str, &str); 10] = [
    ("", Bump::Patch, "", "", "v0.1.0-rc.0"),
    ("", Bump::Major, "", "", "v1.0.0-rc.0"),
    ("", Bump::Minor, "v0.1.0-rc.0", "v0.1.0-rc.0", "v0.1.0-rc.1"),
    (
        "v0.1.0",
        Bump::Minor,
        "v0.1.0-rc.1",
        "v0.1.0",
        "v0.2.0-rc.0",
    ),
    (
        "v0.1.0",
        Bump::Patch,
        "v0.2.0-rc.0",
        "v0.2.0-rc.0",
        "v0.2.0-rc.1",
    ),
    (
        "v0.1.0",
        Bump::Major,
        "v0.2.0-rc.4",
        "v0.2.0-rc.4",
        "v1.0.0-rc.0",
    ),
    // The first environment's fix stays below what follows.
    (
        "v0.1.0",
        Bump::Patch,
        "v0.2.0-rc.1.hotfix.3",
        "",
        "v0.2.0-rc.2",
    ),
    // Tags that state does not know of.
    (
        "v0.1.0",
        Bump::Patch,
        "v0.1.1-rc.0",
        "v0.1.1-rc.7",
        "v0.1.1-rc.8",
    ),
    (
        "v0.1.0",
        Bump::Patch,
        "v0.1.1-rc.0",
        "v0.4.0",
        "v0.4.1-rc.0",
    ),
    // What is published already is not carried on.
    (
        "v0.2.0",
        Bump::Patch,
        "v0.2.0-rc.4",
        "v0.2.0",
        "v0.2.1-rc.0",
    ),
];

#[test]
fn the_next_version() {
    let carried = |first: &str, tag: &str| Carried {
        first: grammar(".").parse(first),
        highest_tag: grammar(".").parse(tag),
    };
    let base = |text: &str| grammar(".").parse(text).map(|version| version.core);
    for (released, bump, first, highest, wanted) in NEXT {
        let found = next(base(released), bump, carried(first, highest));
        assert_eq!(
            grammar(".").tag(&found),
            wanted,
            "{released} {first} {highest}"
        );
    }
}

#[test]
fn a_person_can_force_the_next_version() {
    let forced = |text: &str| text.parse::<Forced>().unwrap();
    let base = Some(Core::new(1, 2, 3));
    for (text, wanted) in [
        ("major\n", "v2.0.0-rc.0"),
        ("minor", "v1.3.0-rc.0"),
        ("v1.9.0", "v1.9.0-rc.0"),
    ] {
        let version = next(base, forced(text), Carried::default());
        assert_eq!(grammar(".").tag(&version), wanted);
    }
    for wrong in ["", "huge", "1.2", "1.2.3-rc.1", "$(id)"] {
        assert!(wrong.parse::<Forced>().is_err(), "{wrong}");
    }
}

prop_compose! {
    fn version()(
        numbers in (0..30_u64, 0..30_u64, 0..30_u64),
        candidate in prop::option::of((0..30_u64, prop::option::of(0..30_u64))),
    ) -> Version {
        let core = Core::new(numbers.0, numbers.1, numbers.2);
        let candidate = candidate.map(|(number, hotfix)| Candidate { number, hotfix });
        Version { core, candidate }
    }
}

proptest! {
    #[test]
    fn writing_then_parsing_is_identity(version in version(), separator in "[.]?") {
        let grammar = grammar(&separator);
        prop_assert_eq!(grammar.parse(&grammar.tag(&version)), Some(version));
    }

    #[test]
    fn the_order_is_that_of_semver(a in version(), b in version()) {
        let semver = |version| semver::Version::parse(&grammar(".").tag(version)[1..]).unwrap();
        prop_assert_eq!(a.cmp(&b), semver(&a).cmp(&semver(&b)));
    }

    #[test]
    fn the_next_version_is_above_everything(
        base in version(), first in prop::option::of(version()), tag in prop::option::of(version()),
    ) {
        for bump in [Bump::Patch, Bump::Minor, Bump::Major] {
            let carried = Carried { first, highest_tag: tag };
            let next = next(Some(base.core), bump, carried);
            prop_assert!(Some(next) > first && Some(next) > tag);
            prop_assert!(next > Version::release(base.core));
            prop_assert!(next.candidate.is_some_and(|candidate| candidate.hotfix.is_none()));
        }
    }

    #[test]
    fn a_candidate_above_versions_of_other_grammars_is_the_lowest(
        candidate in version(),
        foreign in "[0-3]\\.[0-3]\\.[0-3]-(a|rc|z|rc\\.[0-9]|rc\\.[a-z]|[0-9]{1,2})(\\.[a-z0-9])?",
        separator in "[.]?",
    ) {
        let foreign = semver::Version::parse(&foreign);
        prop_assume!(foreign.is_ok());
        let foreign = foreign.unwrap();
        let grammar = grammar(&separator);
        let candidate = Version::candidate(candidate.core, candidate.candidate.map_or(0, |each| each.number));
        let rank = |version: &Version| semver::Version::parse(&grammar.tag(version)[1..]).unwrap();
        let above = above_foreign(&grammar, candidate, Some(&foreign));
        prop_assert!(rank(&above) > foreign && above >= candidate);
        prop_assert!(above == candidate || rank(&candidate) <= foreign);
        prop_assert_eq!(above_foreign(&grammar, candidate, None), candidate);
    }

    #[test]
    fn no_text_makes_it_panic(tag in ".{0,40}") {
        let _ = grammar(".").tagged(&tag);
        let _ = grammar(".").parse(&tag);
    }
}
