//! The version of a hotfix.

use crate::version::{Bump, Candidate, Version};

/// The version of a fix on top of `base`: the next fix of a candidate, or the next patch of a
/// release that no release and no candidate is for yet.
///
/// `taken` are all versions that were ever given.
#[must_use]
pub fn next(base: Version, taken: impl IntoIterator<Item = Version>) -> Version {
    let taken: Vec<Version> = taken.into_iter().collect();
    match base.candidate {
        Some(candidate) => fix(base, candidate, &taken),
        None => patch(base, &taken),
    }
}

fn fix(base: Version, candidate: Candidate, taken: &[Version]) -> Version {
    let same = |version: &&Version| {
        let its = version.candidate;
        version.core == base.core && its.is_some_and(|its| its.number == candidate.number)
    };
    let fixes = taken
        .iter()
        .filter(same)
        .filter_map(|each| each.candidate?.hotfix);
    let highest = fixes.chain(candidate.hotfix).max();
    let hotfix = Some(highest.map_or(0, |highest| highest.saturating_add(1)));
    let candidate = Some(Candidate {
        hotfix,
        ..candidate
    });
    Version { candidate, ..base }
}

/// A patch that a candidate is for will be released from trunk: two releases cannot share it.
fn patch(base: Version, taken: &[Version]) -> Version {
    let mut core = Bump::Patch.apply(base.core);
    while taken.iter().any(|version| version.core == core) {
        core = Bump::Patch.apply(core);
    }
    Version::release(core)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::TagGrammar;
    use proptest::prelude::*;

    fn grammar() -> TagGrammar {
        TagGrammar {
            prefix: "v".to_owned(),
            prerelease_token: "rc".to_owned(),
            prerelease_separator: ".".to_owned(),
            dryrun_token: "dryrun".to_owned(),
            strict_prefix: false,
        }
    }

    fn after(base: &str, taken: &[&str]) -> String {
        let grammar = grammar();
        let parse = |text: &&str| grammar.parse(text).unwrap();
        grammar.tag(&next(parse(&base), taken.iter().map(parse)))
    }

    #[test]
    fn candidates_count_their_fixes() {
        assert_eq!(
            after("v1.2.0-rc.3", &["v1.2.0-rc.3"]),
            "v1.2.0-rc.3.hotfix.0"
        );
        assert_eq!(after("v1.2.0-rc.3.hotfix.0", &[]), "v1.2.0-rc.3.hotfix.1");
        let taken = [
            "v1.2.0-rc.3.hotfix.4",
            "v1.2.0-rc.2.hotfix.9",
            "v1.3.0-rc.3.hotfix.9",
        ];
        assert_eq!(after("v1.2.0-rc.3", &taken), "v1.2.0-rc.3.hotfix.5");
    }

    #[test]
    fn releases_get_the_next_patch_that_is_free() {
        assert_eq!(after("v1.2.0", &["v1.2.0"]), "v1.2.1");
        assert_eq!(
            after("v1.2.0", &["v1.2.1", "v1.2.2-rc.0", "v1.2.4"]),
            "v1.2.3"
        );
        assert_eq!(after("v1.2.9", &["v1.3.0"]), "v1.2.10");
    }

    prop_compose! {
        fn version()(core in (0_u64..3, 0_u64..3, 0_u64..3), number in prop::option::of((0_u64..3, prop::option::of(0_u64..3)))) -> Version {
            let core = crate::version::Core::new(core.0, core.1, core.2);
            let candidate = number.map(|(number, hotfix)| Candidate { number, hotfix });
            Version { core, candidate }
        }
    }

    proptest! {
        #[test]
        fn a_fix_is_new_and_above_its_base(base in version(), taken in prop::collection::vec(version(), 0..20)) {
            let next = next(base, taken.iter().copied());
            prop_assert!(next > base);
            prop_assert!(!taken.contains(&next));
            prop_assert_eq!(next.is_release(), base.is_release());
            // What trunk makes of the base's next candidate stays above it.
            if let Some(candidate) = base.candidate {
                prop_assert!(next < Version::candidate(base.core, candidate.number + 1));
            }
        }
    }
}
