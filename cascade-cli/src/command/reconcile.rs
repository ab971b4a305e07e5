//! Tags and releases in step with the state: what a run that died left out.

use crate::error::Failure;
use crate::run::releases::Wanted;
use crate::run::{Releases, Session};
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::chain::{Place, chain, prerelease};
use cascade_core::lifecycle::history::Tag;
use cascade_core::lifecycle::orchestrate::base_release;
use cascade_core::lifecycle::release::{after_publishing, is_pending, superseded_drafts};
use cascade_core::pipeline::TagGrammar;
use cascade_core::state::Managed;

/// Makes what the recorded state should have and does not.
pub(super) fn reconcile(session: &Session, managed: &Managed) -> Result<(), Failure> {
    let releases = Releases::new(session)?;
    published(session, managed, &releases)?;
    candidate(session, managed, &releases)?;
    prereleased(session, managed, &releases)
}

/// The published release.
fn published(session: &Session, managed: &Managed, releases: &Releases<'_>) -> Result<(), Failure> {
    let Some(artifact) = Place::Release.artifact(&managed.state) else {
        return Ok(());
    };
    let grammar = &session.lane.tag_grammar;
    let known = grammar
        .parse(&artifact.version)
        .is_some_and(|version| version.is_release());
    if !known || session.git.resolve(&artifact.sha)?.is_none() {
        return Ok(());
    }
    let existing = releases.existing()?;
    let done = match releases.available() {
        true => existing
            .iter()
            .any(|each| each.tag == artifact.version && !each.draft),
        false => releases.tags()?.contains(&artifact.version),
    };
    if done {
        return Ok(());
    }
    let candidate = managed
        .state
        .environments
        .values()
        .rev()
        .find_map(|environment| {
            let same = environment.sha.as_deref() == Some(artifact.sha.as_str());
            environment.version.clone().filter(|_| same)
        });
    let since = before(grammar, &artifact.version, session.git.tags()?);
    let wanted = Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: since.as_deref(),
    };
    releases.ensure_published(wanted, &candidate.unwrap_or_default())
}

/// The commit of the release before this one: the slot has forgotten it, its tag has not.
fn before(grammar: &TagGrammar, version: &str, tags: Vec<Tag>) -> Option<String> {
    let version = grammar.parse(version)?;
    let releases = tags.into_iter().filter_map(|tag| {
        let tagged = grammar.parse(&tag.name)?;
        (tagged.is_release() && tagged < version).then_some((tagged, tag.sha))
    });
    releases
        .max_by_key(|(tagged, _)| *tagged)
        .map(|(_, sha)| sha)
}

/// The tag and the draft of what the first place of the chain holds.
fn candidate(session: &Session, managed: &Managed, releases: &Releases<'_>) -> Result<(), Failure> {
    let place = chain(&session.lane).swap_remove(0);
    let Some(artifact) = place.artifact(&managed.state) else {
        return Ok(());
    };
    let pending = is_pending(&session.lane.tag_grammar, &managed.state, &artifact.version);
    if !pending || session.git.resolve(&artifact.sha)?.is_none() {
        return Ok(());
    }
    let since = base_release(&session.lane, managed, &session.git)?;
    releases.ensure_tag(&artifact.version, &artifact.sha)?;
    releases.ensure_draft(Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: since.as_ref().and_then(|released| released.sha.as_deref()),
    })
}

/// The prerelease of what the prerelease environment holds, where a promotion brings it there.
fn prereleased(
    session: &Session,
    managed: &Managed,
    releases: &Releases<'_>,
) -> Result<(), Failure> {
    let Some(environment) = prerelease(&session.lane) else {
        return Ok(());
    };
    let first = session.lane.first_environment();
    let name = environment.name.as_str();
    let Some(artifact) = Place::Environment(name.to_owned()).artifact(&managed.state) else {
        return Ok(());
    };
    let grammar = &session.lane.tag_grammar;
    let is_first = first.is_some_and(|first| first.name == environment.name);
    let pending = is_pending(grammar, &managed.state, &artifact.version);
    if is_first || !pending || session.git.resolve(&artifact.sha)?.is_none() {
        return Ok(());
    }
    let since = base_release(&session.lane, managed, &session.git)?;
    releases.ensure_tag(&artifact.version, &artifact.sha)?;
    releases.ensure_prerelease(Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: since.as_ref().and_then(|released| released.sha.as_deref()),
    })?;
    let left = superseded_drafts(grammar, &artifact.version, &releases.existing()?);
    releases.tidy(&cascade_core::lifecycle::release::Tidying {
        releases: left,
        tags: Vec::new(),
    })
}

/// Removes the candidates of what is published.
pub(super) fn tidy(session: &Session, managed: &Managed) -> Result<(), Failure> {
    let published = managed
        .state
        .release
        .as_ref()
        .and_then(|slot| slot.version.as_deref());
    let Some(published) = published else {
        return Ok(());
    };
    let releases = Releases::new(session)?;
    let (tags, existing) = (releases.tags()?, releases.existing()?);
    let grammar = &session.lane.tag_grammar;
    releases.tidy(&after_publishing(
        grammar,
        &managed.state,
        published,
        &tags,
        &existing,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_before_is_the_highest_lower_one() {
        let tag = |name: &str| Tag {
            name: name.to_owned(),
            sha: format!("sha of {name}"),
        };
        let tags = [
            "v0.9.0",
            "v0.10.0",
            "v0.11.0-rc.1",
            "v0.11.0",
            "v1.0.0",
            "x",
        ];
        let grammar = TagGrammar {
            prefix: "v".to_owned(),
            prerelease_token: "rc".to_owned(),
            prerelease_separator: ".".to_owned(),
            dryrun_token: "dryrun".to_owned(),
            strict_prefix: false,
        };
        let found = before(&grammar, "v0.11.0", tags.map(tag).to_vec());
        assert_eq!(found.as_deref(), Some("sha of v0.10.0"));
    }
}
