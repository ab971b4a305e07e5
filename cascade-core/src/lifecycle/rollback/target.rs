//! The version to which a rollback goes, chosen among those that an environment held.

use super::Refusal;
use crate::lifecycle::Operation;
use crate::lifecycle::eligible::shown;
use crate::lifecycle::restore::line;
use crate::pipeline::TagGrammar;
use crate::state::{Environment, Snapshot, Unfinished};

/// The shortest part of a hash that names a target.
pub(super) const SHORTEST: usize = 7;

/// The target of a rollback.
pub(super) enum Target {
    /// The version that the environment, or the deploy, held before.
    Before,
    /// A version.
    Version(String),
    /// The beginning of a commit's hash.
    Commit(String),
}

impl Target {
    pub(super) fn parse(text: &str, grammar: &TagGrammar) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Ok(Self::Before);
        }
        if grammar.parse(text).is_some() {
            return Ok(Self::Version(text.to_owned()));
        }
        let is_hash = (SHORTEST..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_hash {
            true => Ok(Self::Commit(text.to_ascii_lowercase())),
            false => Err(Refusal::BadTarget(shown(text))),
        }
    }

    fn names(&self, sha: Option<&str>, version: Option<&str>, grammar: &TagGrammar) -> bool {
        match self {
            Self::Before => false,
            Self::Commit(start) => sha.is_some_and(|sha| sha.starts_with(start.as_str())),
            Self::Version(wanted) => version.is_some_and(|version| {
                version == wanted
                    || grammar
                        .parse(version)
                        .is_some_and(|v| Some(v) == grammar.parse(wanted))
            }),
        }
    }
}

/// Finds the target in recorded state, then the deployment history, then older manifests; what
/// was held before it follows, newest first.
pub(super) fn resolve(
    now: &Environment,
    past: &[Environment],
    target: &Target,
    deployable: Option<&str>,
    grammar: &TagGrammar,
) -> Option<Vec<Snapshot>> {
    let mut held = line(now);
    held.extend(past.iter().filter_map(|each| line(each).into_iter().next()));
    let found = match target {
        Target::Before => before(now, &held, deployable),
        Target::Version(_) | Target::Commit(_) => held.iter().position(|each| {
            let (sha, version) = place(each, deployable);
            target.names(sha, version, grammar)
        }),
    };
    Some(held.split_off(found?))
}

/// Returns where a rollback without a target goes: an unfinished one goes on, any other unfinished
/// deployment is undone, and otherwise it goes to what was held before and not rolled back.
fn before(now: &Environment, held: &[Snapshot], deployable: Option<&str>) -> Option<usize> {
    let unfinished = now
        .unfinished()
        .filter(|_| deployable.is_none_or(|name| now.deviating().contains(&name)));
    let rejected = rejected(now);
    let is_rejected = |each: &Snapshot| {
        let mut rejected = rejected.iter();
        rejected.any(|(sha, version)| same(each, sha, version))
    };
    match (unfinished, deployable) {
        (Some(Unfinished { operation, .. }), _) if operation != Operation::Rollback.as_str() => {
            Some(0)
        }
        (_, Some(name)) => before_deploy(held, name, is_rejected),
        (Some(Unfinished { sha, version, .. }), None) => held.iter().position(|each| {
            each.held.sha.as_deref() == Some(sha) && each.held.version.as_deref() == Some(version)
        }),
        (None, None) => {
            let current = held.first()?;
            let differs = |each: &Snapshot| {
                each.held.sha.is_some()
                    && (each.held.sha != current.held.sha
                        || each.held.version != current.held.version)
            };
            let older = held.iter().skip(1);
            let found = older
                .clone()
                .position(|each| !is_rejected(each) && differs(each));
            found.map(|index| index + 1)
        }
    }
}

/// Returns the commit and version of a snapshot, or of one of its deploys.
fn place<'a>(
    snapshot: &'a Snapshot,
    deployable: Option<&str>,
) -> (Option<&'a str>, Option<&'a str>) {
    let whole = (
        snapshot.held.sha.as_deref(),
        snapshot.held.version.as_deref(),
    );
    let alone = deployable.and_then(|name| recorded(snapshot, name));
    alone.unwrap_or(whole)
}

/// Returns what a snapshot records of one deploy, or of one artifact of another repository.
fn recorded<'a>(snapshot: &'a Snapshot, name: &str) -> Option<(Option<&'a str>, Option<&'a str>)> {
    if let Some(deploy) = snapshot.held.deploys.get(name) {
        return Some((deploy.sha.as_deref(), deploy.version.as_deref()));
    }
    let record = snapshot.held.external.get(name)?;
    Some((record.sha.as_deref(), record.version.as_deref()))
}

fn same(snapshot: &Snapshot, sha: &Option<String>, version: &Option<String>) -> bool {
    snapshot.held.sha == *sha && snapshot.held.version == *version
}

/// Finds what one deploy was at before; where it was rolled back already, what was before that.
/// Versions that the environment was rolled back from are passed by.
fn before_deploy(
    held: &[Snapshot],
    name: &str,
    is_rejected: impl Fn(&Snapshot) -> bool,
) -> Option<usize> {
    let at = |each: &Snapshot| {
        let (sha, version) = recorded(each, name)?;
        Some((sha?.to_owned(), version.map(str::to_owned)))
    };
    let now = at(held.first()?);
    let older = &held[1..];
    let seen = older.iter().position(|each| at(each) == now);
    let from = seen.unwrap_or(0);
    let earlier = |each: &Snapshot| at(each).is_some() && at(each) != now && !is_rejected(each);
    let found = older.iter().skip(from).position(earlier);
    found.map(|index| 1 + from + index)
}

/// Everything that rollbacks moved away from.
fn rejected(now: &Environment) -> Vec<(Option<String>, Option<String>)> {
    let last = now
        .rejected
        .iter()
        .map(|each| (each.sha.clone(), each.version.clone()));
    let history = now.previous.iter().filter(|each| each.rejected);
    last.chain(history.map(|each| (each.held.sha.clone(), each.held.version.clone())))
        .collect()
}
