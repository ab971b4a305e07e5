//! A version as a tag, and a tag as a version.

use super::{Candidate, Core, Version};
use crate::pipeline::TagGrammar;

const HOTFIX: &str = ".hotfix.";

impl TagGrammar {
    /// The tag of a version.
    #[must_use]
    pub fn tag(&self, version: &Version) -> String {
        self.write(version, &self.prerelease_token)
    }

    /// Returns the tag that a dry run shows for the version that a real run would tag.
    #[must_use]
    pub fn dry_run_tag(&self, version: &Version) -> String {
        self.write(version, &self.dryrun_token)
    }

    fn write(&self, version: &Version, token: &str) -> String {
        format!("{}{}", self.prefix, self.bare(version, token))
    }

    pub(super) fn without_prefix(&self, version: &Version) -> String {
        self.bare(version, &self.prerelease_token)
    }

    fn bare(&self, version: &Version, token: &str) -> String {
        let core = version.core;
        let Some(candidate) = version.candidate else {
            return core.to_string();
        };
        let (separator, number) = (&self.prerelease_separator, candidate.number);
        let hotfix = candidate
            .hotfix
            .map_or_else(String::new, |hotfix| format!("{HOTFIX}{hotfix}"));
        format!("{core}-{token}{separator}{number}{hotfix}")
    }

    /// Returns the version that was written as this tag; `None` for every other tag.
    ///
    /// Unless `strict_prefix` is set, the prefix may be missing.
    #[must_use]
    pub fn parse(&self, tag: &str) -> Option<Version> {
        self.version(self.unprefixed(tag)?)
    }

    pub(super) fn unprefixed<'a>(&self, tag: &'a str) -> Option<&'a str> {
        match tag.strip_prefix(&self.prefix) {
            Some(text) => Some(text),
            None if self.strict_prefix => None,
            None => Some(tag),
        }
    }

    pub(super) fn version(&self, text: &str) -> Option<Version> {
        let (core, candidate) = match text.split_once('-') {
            None => (text, None),
            Some((core, rest)) => (core, Some(self.candidate(rest)?)),
        };
        Some(Version {
            core: parse_core(core)?,
            candidate,
        })
    }

    fn candidate(&self, text: &str) -> Option<Candidate> {
        let text = text.strip_prefix(&self.prerelease_token)?;
        let text = text.strip_prefix(&self.prerelease_separator)?;
        let (count, hotfix) = match text.split_once(HOTFIX) {
            None => (text, None),
            Some((count, hotfix)) => (count, Some(number(hotfix)?)),
        };
        Some(Candidate {
            number: number(count)?,
            hotfix,
        })
    }
}

fn parse_core(text: &str) -> Option<Core> {
    let mut parts = text.split('.');
    let core = Core::new(
        number(parts.next()?)?,
        number(parts.next()?)?,
        number(parts.next()?)?,
    );
    parts.next().is_none().then_some(core)
}

/// A numeric identifier: digits without leading zeros (Semantic Versioning 2.0.0, section 2).
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    (digits && canonical).then(|| text.parse().ok()).flatten()
}
