//! Versions of other grammars.

use super::{Bump, Core, Version};
use crate::pipeline::TagGrammar;

/// Returns a candidate, or the lowest one after it that is above a version of another grammar, too.
#[must_use]
pub fn above_foreign(
    grammar: &TagGrammar,
    candidate: Version,
    foreign: Option<&semver::Version>,
) -> Version {
    let Some(foreign) = foreign else {
        return candidate;
    };
    let core = Core::new(foreign.major, foreign.minor, foreign.patch);
    let next = Bump::Patch.apply(core);
    let is_above = |version: &Version| {
        let text = grammar.without_prefix(version);
        semver::Version::parse(&text).is_ok_and(|version| version > *foreign)
    };
    [
        candidate,
        Version::candidate(core, 0),
        Version::candidate(next, 0),
    ]
    .into_iter()
    .filter(|version| *version >= candidate)
    .find(is_above)
    .unwrap_or(candidate)
}
