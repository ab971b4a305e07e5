//! Drafts, prereleases and published releases.
//!
//! What GitHub does, and what follows: a draft cannot be fetched by its tag and several may have
//! the same one, so they are listed and matched; deleting the tag of a published prerelease makes
//! it a draft again, so the release goes first; an immutable release takes neither another tag
//! nor further files, so a release gets its files while it is a draft, and `vX.Y.Z` is a release
//! of its own.

use super::base::Standing;
use super::history::Tag;
use super::promotion_order::prerelease;
use super::{Base, StalePlan, Stamp};
use crate::commits::short;
use crate::pipeline::{Component, TagGrammar};
use crate::state::{Build, Deploy, Environment, External, Managed, State};
use crate::version::Version;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A release that is published.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Release {
    /// The place that it comes from.
    pub from: String,
    /// The commit.
    pub sha: String,
    /// The candidate that is published.
    pub candidate: String,
    /// The version that it is published as.
    pub version: String,
    /// The release that was published when this was planned.
    pub base: Base,
    /// The builds of the candidate.
    #[serde(default)]
    pub builds: IndexMap<String, Build>,
    /// The deploys of the candidate.
    #[serde(default)]
    pub deploys: IndexMap<String, Deploy>,
    /// Its artifacts of other repositories.
    #[serde(default)]
    pub external: IndexMap<String, External>,
}

/// A release on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Existing {
    /// GitHub's number for it.
    pub id: u64,
    /// The tag that it is for.
    pub tag: String,
    /// True if only people with write access see it.
    pub draft: bool,
    /// True if it is marked as a prerelease.
    pub prerelease: bool,
}

/// A tag that stands for another commit than the one that is about to be released under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignTag {
    /// The tag.
    pub tag: String,
    /// The commit that it stands for.
    pub found: String,
    /// The commit that is meant.
    pub sha: String,
}

impl ForeignTag {
    /// Returns the tag of a version if it is there and stands for another commit than `sha`.
    ///
    /// GitHub releases the commit of a tag that exists, whatever `target_commitish` says, and a
    /// dispatch on a tag runs that commit's workflow.
    #[must_use]
    pub fn among(tags: &[Tag], version: &str, sha: &str) -> Option<Self> {
        let tag = tags.iter().find(|tag| tag.name == version)?;
        (tag.sha != sha).then(|| Self {
            tag: version.to_owned(),
            found: tag.sha.clone(),
            sha: sha.to_owned(),
        })
    }
}

impl fmt::Display for ForeignTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the tag {} stands for {} and not for {}",
            self.tag,
            short(&self.found),
            short(&self.sha)
        )
    }
}

/// The releases and tags of a repository that must be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tidying {
    /// Releases that go, before their tags do.
    pub releases: Vec<u64>,
    /// Tags that go.
    pub tags: Vec<String>,
}

/// Records that a release is published.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// Something else was published meanwhile.
pub fn record(managed: &Managed, release: &Release, stamp: &Stamp) -> Result<Managed, StalePlan> {
    let mut managed = managed.clone();
    let record = managed.state.release.get_or_insert_default();
    let target = (release.sha.as_str(), release.version.as_str());
    let held = release
        .base
        .still_holds("release", Base::from(&*record), target)?;
    if held == Standing::Already {
        return Ok(managed);
    }
    record.held.sha = Some(release.sha.clone());
    record.held.version = Some(release.version.clone());
    record.held.committed_at = Some(stamp.at.clone());
    record.held.committed_by = Some(stamp.by.clone());
    record.held.builds.clone_from(&release.builds);
    record.held.deploys.clone_from(&release.deploys);
    record.held.external.clone_from(&release.external);
    let latest = &mut managed.latest_release;
    latest.version = Some(release.version.clone());
    latest.sha = Some(release.sha.clone());
    latest.released_on = Some(stamp.at.clone());
    latest.released_by = Some(stamp.by.clone());
    Ok(managed)
}

/// Returns true if a recorded candidate should have a tag and a release: its core is not published
/// yet.
#[must_use]
pub fn is_pending(grammar: &TagGrammar, state: &State, version: &str) -> bool {
    let Some(version) = grammar.parse(version).filter(|each| !each.is_release()) else {
        return false;
    };
    let published = state
        .release
        .as_ref()
        .and_then(|record| record.held.version.as_deref());
    let published = published.and_then(|published| grammar.parse(published));
    published.is_none_or(|published| version.core > published.core)
}

/// Tells candidates whose release is not behind them: above what is published, and above what the
/// prerelease environment holds.
pub fn still_to_come(component: &Component, state: &State) -> impl Fn(Version) -> bool + use<> {
    let held = prerelease(component).filter(|held| component.first_environment() != Some(*held));
    let held = held.and_then(|held| state.environments.get(held.name.as_str()));
    let held = held.and_then(|held| component.tag_grammar.parse(held.held.version.as_deref()?));
    let published = state.release.as_ref();
    let published =
        published.and_then(|record| component.tag_grammar.parse(record.held.version.as_deref()?));
    move |version| {
        !version.is_release()
            && published
                .as_ref()
                .is_none_or(|published| version.core > published.core)
            && held.as_ref().is_none_or(|held| version > *held)
    }
}

/// Returns the releases and tags to delete once `published` is out: the candidates of its core and
/// below, except tags that the state still names.
#[must_use]
pub fn after_publishing(
    grammar: &TagGrammar,
    state: &State,
    published: &str,
    tags: &[String],
    releases: &[Existing],
) -> Tidying {
    let Some(published) = grammar.parse(published) else {
        return Tidying::default();
    };
    let goes = |tag: &str| {
        let version = grammar
            .parse(tag)
            .filter(|version| grammar.tag(version) == tag);
        version.is_some_and(|version| !version.is_release() && version.core == published.core)
    };
    let named = named(state);
    let tags: Vec<String> = tags
        .iter()
        .filter(|tag| goes(tag) && !named.contains(tag.as_str()))
        .cloned()
        .collect();
    let releases = releases
        .iter()
        .filter(|release| goes(&release.tag) && (release.draft || tags.contains(&release.tag)));
    Tidying {
        releases: releases.map(|release| release.id).collect(),
        tags,
    }
}

/// The drafts that a jump left behind: those of earlier candidates of the same core.
#[must_use]
pub fn outdated_drafts(grammar: &TagGrammar, version: &str, releases: &[Existing]) -> Vec<u64> {
    let Some(kept) = grammar.parse(version) else {
        return Vec::new();
    };
    let earlier =
        |version: &Version| !version.is_release() && version.core == kept.core && *version < kept;
    releases
        .iter()
        .filter(|release| {
            release.draft && grammar.parse(&release.tag).as_ref().is_some_and(earlier)
        })
        .map(|release| release.id)
        .collect()
}

/// Returns every version that the state names: in environments, their histories and deploys, and the release records.
#[must_use]
pub fn named(state: &State) -> BTreeSet<&str> {
    let mut named: BTreeSet<&str> = state.environments.values().flat_map(versions).collect();
    let releases = [&state.prerelease, &state.release];
    named.extend(
        releases
            .into_iter()
            .flatten()
            .filter_map(|record| record.held.version.as_deref()),
    );
    named
}

fn versions(environment: &Environment) -> impl Iterator<Item = &str> {
    let deploys = environment
        .held
        .deploys
        .values()
        .filter_map(|deploy| deploy.version.as_deref());
    let history = environment.previous.iter().flat_map(|each| {
        let deploys = each
            .held
            .deploys
            .values()
            .filter_map(|deploy| deploy.version.as_deref());
        each.held.version.as_deref().into_iter().chain(deploys)
    });
    let own = environment.held.version.as_deref();
    own.into_iter().chain(deploys).chain(history)
}
