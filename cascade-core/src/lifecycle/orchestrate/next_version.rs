//! The next version: commits, forced bumps and tags, joined.

mod train;

use crate::commits::{Commit, bump};
use crate::lifecycle::history::{History, Tag};
use crate::lifecycle::promotion_order::promotion_order;
use crate::pipeline::{Component, TagGrammar};
use crate::state::Managed;
use crate::version::{Carried, Forced, Version, above_foreign, next};
use serde::{Deserialize, Serialize};

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Its version.
    pub version: String,
    /// Its commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
}

/// The version of a candidate, and what it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The version.
    pub version: Version,
    /// The release that it follows; `None` if nothing was released.
    pub since: Option<Released>,
    /// The amount by which the changes, or a person, raise that release.
    pub raise: Forced,
    /// The changes since, newest first.
    pub commits: Vec<Commit>,
}

/// Returns the release that the next version follows: the release record's, else the highest release tag.
///
/// # Errors
/// The history gives no answer.
pub fn base_release<H: History>(
    component: &Component,
    managed: &Managed,
    history: &H,
) -> Result<Option<Released>, H::Error> {
    match published(&component.tag_grammar, managed) {
        Some(published) => Ok(Some(published)),
        None => Ok(highest_release(&component.tag_grammar, &history.tags()?)),
    }
}

/// The version of a candidate at `head`; the highest of what is `forced` comes before the commits.
///
/// # Errors
/// The history gives no answer.
pub fn next_version<H: History>(
    component: &Component,
    managed: &Managed,
    history: &H,
    head: &str,
    forced: &[Forced],
) -> Result<Next, H::Error> {
    let grammar = &component.tag_grammar;
    let tags = history.tags()?;
    let own = published(grammar, managed).or_else(|| highest_release(grammar, &tags));
    let train = component
        .train()
        .map(|train| train::Tagged::of(train, &tags));
    let since = match &train {
        Some(train) => train.released(grammar, own),
        None => own,
    };
    let sha = since.as_ref().and_then(|released| released.sha.as_deref());
    let commits = history.commits_of(component, sha, head)?;
    let first = promotion_order(component)
        .swap_remove(0)
        .base(&managed.state)
        .version;
    let tagged = grammar.tags(tags.iter().map(|tag| tag.name.as_str()));
    let first = first.and_then(|version| grammar.parse(&version));
    let carried = Carried {
        first,
        highest_tag: tagged
            .highest
            .max(train.as_ref().and_then(train::Tagged::highest)),
    };
    let base = since.as_ref().and_then(|released| match &train {
        Some(train) => train.version(&released.version),
        None => grammar.tagged(&released.version)?.version(),
    });
    let base = base.map(|base| base.core);
    let core = base.unwrap_or_default();
    let highest = forced
        .iter()
        .copied()
        .max_by_key(|forced| forced.apply(core));
    let raise = highest.unwrap_or_else(|| Forced::Bump(bump(&commits)));
    let same = train.as_ref().and_then(|train| train.at(head));
    let version = match same.filter(|same| Some(*same) > first.max(tagged.highest)) {
        Some(same) => same,
        None => next(base, raise, carried),
    };
    Ok(Next {
        version: above_foreign(grammar, version, tagged.foreign.as_ref()),
        since,
        raise,
        commits,
    })
}

fn published(grammar: &TagGrammar, managed: &Managed) -> Option<Released> {
    let record = managed.state.release.as_ref()?;
    let version = record.held.version.clone()?;
    grammar.parse(&version)?;
    let sha = record.held.sha.clone();
    Some(Released { version, sha })
}

/// The release that a published version followed: the highest release tag below it.
///
/// # Errors
/// The history gives no answer.
pub fn release_before<H: History>(
    component: &Component,
    version: &Version,
    history: &H,
) -> Result<Option<Released>, H::Error> {
    let below = |tag: &Tag| {
        let released = component.tag_grammar.release(&tag.name);
        released.is_some_and(|released| released < *version)
    };
    let tags: Vec<Tag> = history.tags()?.into_iter().filter(below).collect();
    Ok(highest_release(&component.tag_grammar, &tags))
}

pub(super) fn highest_release(grammar: &TagGrammar, tags: &[Tag]) -> Option<Released> {
    let released = tags.iter().filter_map(|tag| {
        let version = grammar.release(&tag.name)?;
        Some((version, tag))
    });
    let (_, tag) = released.max_by_key(|(version, _)| *version)?;
    Some(Released {
        version: tag.name.clone(),
        sha: Some(tag.sha.clone()),
    })
}
