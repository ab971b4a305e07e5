//! A repository reports what it deployed.

use super::{Arrival, Taken};
use crate::finding::suggest;
use crate::lifecycle::{Planned, Stamp};
use crate::pipeline::{Component, ExternalDeploy, PushSource};
use crate::state::{Artifacts, External, State};
use std::fmt;

/// The longest version that is taken, in bytes.
const LONGEST: usize = 128;

/// A report of another repository on a version that it delivers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Update {
    /// The repository.
    pub source_repo: String,
    /// The name of what it deployed.
    pub deploy_name: String,
    /// The environment; the first one if empty.
    pub environment: String,
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// The values that it reports about its artifacts.
    pub artifacts: Artifacts,
    /// True if the version may be lower than the recorded one.
    pub allow_downgrade: bool,
}

/// A report that the configuration knows.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<'a> {
    /// The repository.
    pub source: &'a PushSource,
    /// The entry for the deploy that it reports.
    pub deploy: &'a ExternalDeploy,
    /// The environment in which it is recorded.
    pub environment: &'a str,
}

/// The reason why a report is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Something is missing.
    Missing(&'static str),
    /// The repository reports nothing here.
    UnknownRepository {
        /// The name that the repository gives itself.
        asked: String,
        /// Advice on what to do next.
        help: String,
    },
    /// The repository does not deliver that.
    UnknownDeploy {
        /// The repository.
        repo: String,
        /// The reported name.
        asked: String,
        /// Advice on what to do next.
        help: String,
    },
    /// There is no such environment.
    UnknownEnvironment {
        /// The reported name.
        asked: String,
        /// Advice on what to do next.
        help: String,
    },
    /// The repository may not report for that environment.
    ForeignEnvironment {
        /// The repository.
        repo: String,
        /// The environment that it reports for.
        asked: String,
        /// The environments that it may name.
        allowed: String,
    },
    /// The report is older than what is recorded.
    Older {
        /// The recorded version.
        held: String,
        /// The reported version.
        reported: String,
    },
    /// The pipeline has no environments.
    NoEnvironments,
    /// The commit is no hash.
    BadSha(String),
    /// The version has characters that no tag should have.
    BadVersion(String),
}

/// Looks a report up in the configuration; nothing of it is believed before.
///
/// # Errors
/// [`Refusal`]; nothing was touched.
pub fn accept<'a>(component: &'a Component, update: &Update) -> Result<Accepted<'a>, Refusal> {
    update.require_all()?;
    let is_source = |source: &&PushSource| {
        source
            .repo
            .to_string()
            .eq_ignore_ascii_case(&update.source_repo)
    };
    if !component
        .push_sources
        .iter()
        .any(|source| is_source(&source))
    {
        let known: Vec<String> = repositories(component);
        let names = known.iter().map(String::as_str);
        return Err(Refusal::UnknownRepository {
            asked: shown(&update.source_repo),
            help: suggest::among(&update.source_repo, names, "those that push are").to_string(),
        });
    }
    let of_source = || component.push_sources.iter().filter(is_source);
    let known =
        || of_source().flat_map(|source| source.deploys.iter().map(move |each| (source, each)));
    let found = known().find(|(_, deploy)| deploy.name.as_str() == update.deploy_name);
    let Some((source, deploy)) = found else {
        let names = known().map(|(_, deploy)| deploy.name.as_str());
        return Err(Refusal::UnknownDeploy {
            repo: shown(&update.source_repo),
            asked: shown(&update.deploy_name),
            help: suggest::among(&update.deploy_name, names, "it delivers").to_string(),
        });
    };
    let environment = environment(component, &update.environment)?;
    let allowed = &source.environments;
    if !allowed.is_empty() && !allowed.iter().any(|each| each == environment) {
        return Err(Refusal::ForeignEnvironment {
            repo: shown(&update.source_repo),
            asked: environment.to_owned(),
            allowed: allowed.join(", "),
        });
    }
    if !is_commit(&update.sha) {
        return Err(Refusal::BadSha(shown(&update.sha)));
    }
    if !is_version(&update.version) {
        return Err(Refusal::BadVersion(shown(&update.version)));
    }
    Ok(Accepted {
        source,
        deploy,
        environment,
    })
}

impl Update {
    fn require_all(&self) -> Result<(), Refusal> {
        let given = [
            ("source_repo", &self.source_repo),
            ("deploy_name", &self.deploy_name),
            ("sha", &self.sha),
            ("version", &self.version),
        ];
        match given.into_iter().find(|(_, value)| value.is_empty()) {
            Some((name, _)) => Err(Refusal::Missing(name)),
            None => Ok(()),
        }
    }
}

fn repositories(component: &Component) -> Vec<String> {
    let sources = component.push_sources.iter();
    sources.map(|source| source.repo.to_string()).collect()
}

fn environment<'a>(component: &'a Component, asked: &str) -> Result<&'a str, Refusal> {
    let first = component
        .first_environment()
        .ok_or(Refusal::NoEnvironments)?;
    if asked.is_empty() {
        return Ok(first.name.as_str());
    }
    let names = || {
        let environments = component.environments.iter();
        environments.map(|environment| environment.name.as_str())
    };
    let found = names().find(|name| *name == asked);
    found.ok_or_else(|| Refusal::UnknownEnvironment {
        asked: shown(asked),
        help: suggest::among(asked, names(), "the environments are").to_string(),
    })
}

/// Returns true if text could be a commit's hash.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns true if text could be a version in a tag.
///
/// Source: git's documentation, git-check-ref-format.
pub(super) fn is_version(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._+-/".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    (1..=LONGEST).contains(&text.len())
        && text.chars().all(fits)
        && !text.starts_with('-')
        && !text.ends_with('.')
        && !text.contains("..")
        && text.split('/').all(part)
}

/// Refuses a report that is older than what is recorded: a run that was started again, or a
/// delivery that came late. Versions without an order are taken as they come.
///
/// # Errors
/// [`Refusal::Older`]; nothing was touched.
pub fn in_order(state: &State, accepted: &Accepted<'_>, update: &Update) -> Result<(), Refusal> {
    let held = state.environments.get(accepted.environment);
    let external = held.and_then(|held| held.held.external.get(accepted.deploy.name.as_str()));
    let recorded = external.and_then(|external| external.version.as_deref());
    let lower = recorded.is_some_and(|recorded| is_lower(&update.version, recorded));
    if update.allow_downgrade || !lower {
        return Ok(());
    }
    Err(Refusal::Older {
        held: recorded.unwrap_or_default().to_owned(),
        reported: update.version.clone(),
    })
}

/// Returns true if a version is lower than another one with the same prefix: by semantic
/// versioning, or number by number where one of them has another shape, such as a date.
fn is_lower(version: &str, than: &str) -> bool {
    let (prefix, version) = split(version);
    let (other, than) = split(than);
    let parse = semver::Version::parse;
    let lower = match (parse(version), parse(than)) {
        (Ok(version), Ok(than)) => version < than,
        _ => numbers(version)
            .zip(numbers(than))
            .is_some_and(|(version, than)| version < than),
    };
    prefix == other && lower
}

/// Returns the numbers that a version consists of.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let numbers = version.split(['.', '-', '_']);
    numbers.map(|number| number.parse().ok()).collect()
}

/// Splits a tag before the first digit after its last slash.
fn split(tag: &str) -> (&str, &str) {
    let after = tag.rfind('/').map_or(0, |slash| slash + 1);
    let digit = tag[after..].find(|c: char| c.is_ascii_digit());
    tag.split_at(digit.map_or(tag.len(), |digit| after + digit))
}

/// Records a report.
///
/// Recording twice changes nothing the second time; a deployment that did not succeed then follows
/// again.
#[must_use]
pub fn record(state: &State, accepted: &Accepted<'_>, update: &Update, stamp: &Stamp) -> Taken {
    let mut taken = Taken {
        state: state.clone(),
        ..Taken::default()
    };
    let (name, place) = (accepted.deploy.name.to_string(), accepted.environment);
    let environment = taken
        .state
        .environments
        .entry(place.to_owned())
        .or_default();
    let before = environment.held.external.get(&name).cloned();
    let external = environment.held.external.entry(name.clone()).or_default();
    let follows = accepted.deploy.on_update.is_some();
    let arrives = External {
        repo: Some(accepted.source.repo.to_string()),
        sha: Some(update.sha.clone()),
        version: Some(update.version.clone()),
        artifacts: update.artifacts.clone(),
        ..external.clone()
    };
    if arrives != *external {
        let same = arrives.sha == external.sha && arrives.version == external.version;
        let deployed = external.deployed_at.is_some();
        *external = arrives;
        // What has to be deployed first is not deployed yet.
        if !same || !deployed {
            external.deployed_at = (!follows).then(|| stamp.at.clone());
            external.deployed_by = (!follows).then(|| stamp.by.clone());
        }
        let change = (place.to_owned(), name.clone(), update.version.clone());
        taken.changed.push(change);
    }
    if follows && external.deployed_at.is_none() {
        let arrival = Arrival {
            environment: place.to_owned(),
            planned: Planned::external(external, before.as_ref()),
        };
        taken.arrivals.insert(name, arrival);
    }
    taken
}

/// Returns true if what arrived is recorded, and nothing newer.
#[must_use]
pub fn holds(state: &State, name: &str, arrival: &Arrival) -> bool {
    let planned = &arrival.planned;
    let held = state.environments.get(&arrival.environment);
    let external = held.and_then(|held| held.held.external.get(name));
    external.is_some_and(|external| {
        external.sha.as_ref() == Some(&planned.sha)
            && external.version.as_ref() == Some(&planned.version)
    })
}

/// Records that what arrived is deployed now, if nothing newer arrived meanwhile; whether it is.
#[must_use]
pub fn finish(state: &State, name: &str, arrival: &Arrival, stamp: &Stamp) -> (State, bool) {
    let still = holds(state, name, arrival);
    let mut state = state.clone();
    let held = state.environments.get_mut(&arrival.environment);
    let external = held.and_then(|held| held.held.external.get_mut(name));
    let Some(external) = external.filter(|_| still) else {
        return (state, false);
    };
    if external.deployed_at.is_none() {
        external.deployed_at = Some(stamp.at.clone());
        external.deployed_by = Some(stamp.by.clone());
    }
    (state, true)
}

/// Text of a payload as a message may show it.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).take(60).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "no `{name}` is given"),
            Self::UnknownRepository { asked, help } => {
                write!(f, "`{asked}` pushes nothing here; {help}")
            }
            Self::UnknownDeploy { repo, asked, help } => {
                write!(f, "`{repo}` delivers no `{asked}`; {help}")
            }
            Self::UnknownEnvironment { asked, help } => {
                write!(f, "there is no environment `{asked}`; {help}")
            }
            Self::ForeignEnvironment {
                repo,
                asked,
                allowed,
            } => write!(
                f,
                "`{repo}` may not report for `{asked}`: its entry names {allowed} under `environments`"
            ),
            Self::Older { held, reported } => write!(
                f,
                "{reported} is older than {held}, which is recorded; `allow_downgrade` records it all the same"
            ),
            Self::NoEnvironments => {
                f.write_str("the pipeline has no environments to record a version in")
            }
            Self::BadSha(sha) => write!(f, "`{sha}` is no commit"),
            Self::BadVersion(version) => write!(
                f,
                "`{version}` is no version: use letters, digits and `._+-/`, at most {LONGEST} characters, without `..` and without a `-` in front"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
