//! Tags and releases in step with the state: what a run that died left out.

use crate::cli::error::Failure;
use crate::run::Releases;
use crate::run::Session;
use crate::run::hotfixes::same_workflows;
use crate::run::releases::Wanted;
use cascade_core::lifecycle::Base;
use cascade_core::lifecycle::hotfix::is_hotfix;
use cascade_core::lifecycle::orchestrate::{base_release, release_before};
use cascade_core::lifecycle::promotion_order::{Place, prerelease, promotion_order};
use cascade_core::lifecycle::release::{
    ForeignTag, after_publishing, is_pending, outdated_drafts, still_to_come,
};
use cascade_core::state::Managed;

/// Makes what the recorded state should have and does not.
pub(super) fn reconcile(session: &Session, managed: &Managed) -> Result<(), Failure> {
    let releases = Releases::new(session)?;
    published(session, managed, &releases)?;
    earlier(session, managed, &releases)?;
    candidate(session, managed, &releases)?;
    prereleased(session, managed, &releases)?;
    let mut builds = session.component.builds.iter();
    match builds.any(|build| !build.artifacts.is_empty()) {
        // Their own promotion has the files that they are published with.
        true => draft_hotfixes(session, managed),
        false => hotfixes(session, managed),
    }
}

/// The published release.
fn published(session: &Session, managed: &Managed, releases: &Releases<'_>) -> Result<(), Failure> {
    let Some(artifact) = Place::Release.artifact(&managed.state) else {
        return Ok(());
    };
    let grammar = &session.component.tag_grammar;
    let version = grammar.parse(&artifact.version);
    let Some(version) = version.filter(|version| version.is_release()) else {
        return Ok(());
    };
    if session.git.resolve(&artifact.sha)?.is_none() {
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
            let same = environment.held.sha.as_deref() == Some(artifact.sha.as_str());
            environment.held.version.clone().filter(|_| same)
        });
    let before = release_before(&session.component, &version, &session.git)?;
    let wanted = Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: before.as_ref().and_then(|before| before.sha.as_deref()),
        ..Wanted::default()
    };
    releases.ensure_published(wanted, &candidate.unwrap_or_default(), true)
}

/// The tag and the draft of what the first place of the chain holds.
fn candidate(session: &Session, managed: &Managed, releases: &Releases<'_>) -> Result<(), Failure> {
    let place = promotion_order(&session.component).swap_remove(0);
    let Some(artifact) = place.artifact(&managed.state) else {
        return Ok(());
    };
    let pending = is_pending(
        &session.component.tag_grammar,
        &managed.state,
        &artifact.version,
    );
    if !pending || session.git.resolve(&artifact.sha)?.is_none() {
        return Ok(());
    }
    let since = base_release(&session.component, managed, &session.git)?;
    releases.ensure_tag(&artifact.version, &artifact.sha)?;
    releases.ensure_draft(Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: since.as_ref().and_then(|released| released.sha.as_deref()),
        ..Wanted::default()
    })
}

/// Tags and drafts of candidates that the first place held before: their runs may have died, and
/// this one has moved it on already. Drafts behind the prerelease are gone on purpose.
fn earlier(session: &Session, managed: &Managed, releases: &Releases<'_>) -> Result<(), Failure> {
    let Some(first) = session.component.first_environment() else {
        return Ok(());
    };
    let grammar = &session.component.tag_grammar;
    let held = managed.state.environments.get(first.name.as_str());
    let pending = still_to_come(&session.component, &managed.state);
    let missing: Vec<_> = held
        .into_iter()
        .flat_map(|held| held.previous.iter().rev())
        .filter_map(|earlier| {
            Some((
                earlier.held.version.as_deref()?,
                earlier.held.sha.as_deref()?,
            ))
        })
        .filter(|(version, _)| grammar.parse(version).is_some_and(&pending))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (tags, existing) = (releases.remote_tags()?, releases.existing()?);
    let since = base_release(&session.component, managed, &session.git)?;
    for (version, sha) in missing {
        // A tag that somebody moved keeps its own candidate from moving, and no other.
        let foreign = ForeignTag::among(&tags, version, sha).is_some();
        if foreign || session.git.resolve(sha)?.is_none() {
            continue;
        }
        if !tags.iter().any(|tag| tag.name == version) {
            releases.ensure_tag(version, sha)?;
        }
        if !existing.iter().any(|each| each.tag == version) {
            releases.ensure_draft(Wanted {
                tag: version,
                sha,
                since: since.as_ref().and_then(|released| released.sha.as_deref()),
                ..Wanted::default()
            })?;
        }
    }
    Ok(())
}

/// The prerelease of what the prerelease environment holds, where a promotion brings it there.
fn prereleased(
    session: &Session,
    managed: &Managed,
    releases: &Releases<'_>,
) -> Result<(), Failure> {
    let Some(environment) = prerelease(&session.component) else {
        return Ok(());
    };
    let first = session.component.first_environment();
    let name = environment.name.as_str();
    let Some(artifact) = Place::Environment(name.to_owned()).artifact(&managed.state) else {
        return Ok(());
    };
    let grammar = &session.component.tag_grammar;
    let is_first = first.is_some_and(|first| first.name == environment.name);
    let pending = is_pending(grammar, &managed.state, &artifact.version);
    if is_first || !pending || session.git.resolve(&artifact.sha)?.is_none() {
        return Ok(());
    }
    let since = base_release(&session.component, managed, &session.git)?;
    releases.ensure_tag(&artifact.version, &artifact.sha)?;
    releases.ensure_prerelease(Wanted {
        tag: &artifact.version,
        sha: &artifact.sha,
        since: since.as_ref().and_then(|released| released.sha.as_deref()),
        ..Wanted::default()
    })?;
    let left = outdated_drafts(grammar, &artifact.version, &releases.existing()?);
    releases.tidy(&cascade_core::lifecycle::release::Tidying {
        releases: left,
        tags: Vec::new(),
    })
}

/// The tags and releases of hotfixes that environments hold.
pub(super) fn hotfixes(session: &Session, managed: &Managed) -> Result<(), Failure> {
    draft_hotfixes(session, managed)?;
    let releases = Releases::new(session)?;
    let latest = managed.latest_release.version.as_deref();
    for wanted in unreleased(session, managed, &releases)? {
        let version = session.component.tag_grammar.parse(wanted.tag);
        match version.is_some_and(|version| version.is_release()) {
            true => releases.ensure_published(wanted, "", latest == Some(wanted.tag))?,
            false => releases.ensure_prerelease(wanted)?,
        }
    }
    Ok(())
}

/// The tags of hotfixes, and drafts of their releases.
pub(super) fn draft_hotfixes(session: &Session, managed: &Managed) -> Result<(), Failure> {
    let releases = Releases::new(session)?;
    for wanted in unreleased(session, managed, &releases)? {
        releases.ensure_tag(wanted.tag, wanted.sha)?;
        releases.ensure_draft(wanted)?;
    }
    Ok(())
}

/// Hotfixes that lack their tag or release.
fn unreleased<'a>(
    session: &Session,
    managed: &'a Managed,
    releases: &Releases<'_>,
) -> Result<Vec<Wanted<'a>>, Failure> {
    let held = managed.state.environments.values();
    let fixed: Vec<_> = held
        .filter(|held| is_hotfix(&Base::from(*held)))
        .filter_map(|held| {
            Some((
                held,
                held.held.version.as_deref()?,
                held.held.sha.as_deref()?,
            ))
        })
        .collect();
    if fixed.is_empty() {
        return Ok(Vec::new());
    }
    let (tags, existing) = (releases.tags()?, releases.existing()?);
    let mut wanted = Vec::new();
    for (held, tag, sha) in fixed {
        let tagged = tags.iter().any(|each| each == tag);
        let mut released = existing.iter().filter(|each| !each.draft);
        let done = tagged && (!releases.available() || released.any(|each| each.tag == tag));
        if done || session.git.resolve(sha)?.is_none() {
            continue;
        }
        // Better without a tag than that no other run gets past it.
        let limited = session.environment.in_actions && !session.settings.tags_foreign_workflows();
        if limited && !same_workflows(session, sha)? {
            continue;
        }
        let before = held.previous.first();
        let since = before.and_then(|before| before.held.sha.as_deref());
        wanted.push(Wanted {
            tag,
            sha,
            since,
            is_hotfix: true,
        });
    }
    Ok(wanted)
}

/// Removes the candidates of what is published.
pub(super) fn tidy(session: &Session, managed: &Managed) -> Result<(), Failure> {
    let published = managed
        .state
        .release
        .as_ref()
        .and_then(|record| record.held.version.as_deref());
    let Some(published) = published else {
        return Ok(());
    };
    let releases = Releases::new(session)?;
    let (tags, existing) = (releases.tags()?, releases.existing()?);
    let grammar = &session.component.tag_grammar;
    releases.tidy(&after_publishing(
        grammar,
        &managed.state,
        published,
        &tags,
        &existing,
    ))
}
