//! Recorded versions without their tags and releases.

use super::branch::is_hotfix;
use super::consistency::{Inconsistency, Remedy};
use crate::commits::short;
use crate::lifecycle::Base;
use crate::lifecycle::history::Tag;
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::lifecycle::release::{Existing, is_pending};
use crate::pipeline::Component;
use crate::state::State;

/// The recorded state, with the tags and releases that there are.
pub(super) struct Published<'a> {
    pub(super) component: &'a Component,
    pub(super) state: &'a State,
    pub(super) tags: &'a [Tag],
    /// The releases on GitHub; `None` if there are to be none, or they are not known.
    pub(super) releases: Option<&'a [Existing]>,
}

/// A recorded version.
struct Version<'a> {
    place: &'a str,
    sha: &'a str,
    version: &'a str,
    /// True if it must have a tag: a candidate of what is published may have lost its own.
    tagged: bool,
    /// True if it must have a release.
    released: bool,
}

impl Published<'_> {
    pub(super) fn inconsistencies(&self) -> Vec<Inconsistency> {
        let mut found: Vec<Inconsistency> = Vec::new();
        let versions = self.environments().chain(self.release());
        for inconsistency in versions.flat_map(|version| self.compare(&version)) {
            // Several environments may hold one version.
            if !found.iter().any(|each| each.what == inconsistency.what) {
                found.push(inconsistency);
            }
        }
        found
    }

    fn environments(&self) -> impl Iterator<Item = Version<'_>> {
        let first = promotion_order(self.component).swap_remove(0);
        let held = self
            .component
            .environments
            .iter()
            .filter_map(|environment| {
                let place = environment.name.as_str();
                Some((place, self.state.environments.get(place)?))
            });
        held.filter_map(move |(place, held)| {
            let version = held.held.version.as_deref()?;
            let grammar = &self.component.tag_grammar;
            let parsed = grammar.parse(version)?;
            let pending = is_pending(grammar, self.state, version);
            let hotfixed = is_hotfix(&Base::from(held));
            Some(Version {
                place,
                sha: held.held.sha.as_deref()?,
                version,
                tagged: pending || hotfixed || parsed.is_release(),
                released: hotfixed || (pending && place == first.name()),
            })
        })
    }

    fn release(&self) -> impl Iterator<Item = Version<'_>> {
        let record = self.state.release.iter();
        record.filter_map(|record| {
            let version = record.held.version.as_deref()?;
            let parsed = self.component.tag_grammar.parse(version)?;
            Some(Version {
                place: Place::Release.name(),
                sha: record.held.sha.as_deref()?,
                version,
                tagged: parsed.is_release(),
                released: parsed.is_release(),
            })
        })
    }

    fn compare(&self, recorded: &Version<'_>) -> Vec<Inconsistency> {
        let Version {
            place,
            sha,
            version,
            ..
        } = *recorded;
        let inconsistency = |what: String, remedy| Inconsistency {
            environment: place.to_owned(),
            what,
            remedy,
        };
        let mut found = Vec::new();
        match self.tags.iter().find(|tag| tag.name == version) {
            Some(tag) if tag.sha != sha => {
                let (is, wanted) = (short(&tag.sha), short(sha));
                let what = format!("the tag {version} stands for {is} and not for {wanted}");
                found.push(inconsistency(what, None));
            }
            None if recorded.tagged => {
                let (tag, sha) = (version.to_owned(), sha.to_owned());
                let remedy = Remedy::Tag { tag, sha };
                let what = format!("the tag {version} is missing");
                found.push(inconsistency(what, Some(remedy)));
            }
            _ => {}
        }
        let there = |releases: &[Existing]| releases.iter().any(|each| each.tag == version);
        if recorded.released && self.releases.is_some_and(|releases| !there(releases)) {
            let tag = version.to_owned();
            let what = format!("the release {version} is missing");
            found.push(inconsistency(what, Some(Remedy::Release { tag })));
        }
        found
    }
}
