//! A repository is asked for its version.

use crate::manifest::{Requirement, TagPrefix};
use crate::pipeline::{PullSource, PulledVersion};
use crate::state::External;
use indexmap::IndexMap;
use semver::Version;
use serde::{Deserialize, Serialize};

/// The longest name of a tag that is looked at, in bytes.
const LONGEST: usize = 250;

/// A version that a repository has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    /// The tag, or the commit where commits are pulled.
    pub version: String,
    /// The commit.
    pub sha: String,
}

/// The answer for one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The current version; the recorded one if nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// A notice for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// The error because of which nothing was found; the recorded version stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Answers by the names of the entries.
pub type Answers = IndexMap<String, Answer>;

impl Answer {
    /// The version that holds now.
    #[must_use]
    pub fn found(found: Found) -> Self {
        Self {
            found: Some(found),
            ..Self::default()
        }
    }

    /// Nothing, and why.
    #[must_use]
    pub fn error(why: impl Into<String>) -> Self {
        Self {
            error: Some(why.into()),
            ..Self::default()
        }
    }
}

/// A tag that is a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tagged {
    /// Its name.
    pub name: String,
    /// The object that it points at: a commit, or an annotation that has to be followed.
    pub object: String,
    /// True if that is an annotation.
    pub annotated: bool,
}

/// Looks through tags one by one and keeps what matters: memory does not grow with their number.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    prefix: &'a str,
    requirement: Option<&'a Requirement>,
    recorded: Option<&'a str>,
    best: Option<(Version, Tagged)>,
    highest: Option<(Version, String)>,
    recorded_is_there: bool,
}

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looked {
    /// The highest version that may be taken.
    pub best: Option<Tagged>,
    /// The highest one at all.
    pub highest: Option<String>,
    /// True if the recorded one is still there.
    pub recorded_is_there: bool,
}

impl<'a> Search<'a> {
    /// A search for an entry of which `recorded` is the version.
    #[must_use]
    pub fn new(
        prefix: &'a TagPrefix,
        requirement: Option<&'a Requirement>,
        recorded: Option<&'a str>,
    ) -> Self {
        Self {
            prefix: prefix.as_str(),
            requirement,
            recorded,
            best: None,
            highest: None,
            recorded_is_there: false,
        }
    }

    /// Looks at a tag; its name is whatever somebody called it.
    pub fn see(&mut self, name: &str, object: &str, annotated: bool) {
        if self.recorded == Some(name) {
            self.recorded_is_there = true;
        }
        let Some(version) = parse(name, self.prefix) else {
            return;
        };
        if self
            .highest
            .as_ref()
            .is_none_or(|(held, _)| version > *held)
        {
            self.highest = Some((version.clone(), name.to_owned()));
        }
        let higher = self.best.as_ref().is_none_or(|(held, _)| version > *held);
        if higher && satisfies(self.requirement, &version) {
            let tagged = Tagged {
                name: name.to_owned(),
                object: object.to_owned(),
                annotated,
            };
            self.best = Some((version, tagged));
        }
    }

    /// Ends the search and returns its result.
    #[must_use]
    pub fn end(self) -> Looked {
        Looked {
            best: self.best.map(|(_, tagged)| tagged),
            highest: self.highest.map(|(_, name)| name),
            recorded_is_there: self.recorded_is_there,
        }
    }
}

/// The version that a tag names.
fn parse(name: &str, prefix: &str) -> Option<Version> {
    let number = name
        .strip_prefix(prefix)
        .filter(|_| name.len() <= LONGEST)?;
    Version::parse(number).ok()
}

/// Without a requirement every release does.
fn satisfies(requirement: Option<&Requirement>, version: &Version) -> bool {
    match requirement {
        Some(requirement) => requirement.0.matches(version),
        None => version.pre.is_empty(),
    }
}

/// Returns the recorded version of an entry, if all of its names hold the same version of the same
/// repository, found in the same way.
#[must_use]
pub fn recorded<'a>(
    source: &PullSource,
    held: &'a IndexMap<String, External>,
) -> Option<&'a External> {
    let names: Option<Vec<&External>> = source
        .names()
        .into_iter()
        .map(|name| held.get(name))
        .collect();
    let names = names?;
    let first = *names.first()?;
    let way = source.version.as_str();
    let same = |external: &&External| {
        external.sha == first.sha
            && external.version == first.version
            && external.repo.as_deref() == Some(source.repo.to_string().as_str())
            && external
                .source
                .as_deref()
                .is_none_or(|source| source == way)
    };
    names.iter().all(same).then_some(first)
}

/// Decides what a search means for an entry. `commit` is what the best tag stands for.
#[must_use]
pub fn decide(
    source: &PullSource,
    recorded: Option<&External>,
    looked: &Looked,
    commit: &str,
) -> Answer {
    let PulledVersion::Tag {
        requirement,
        prefix,
    } = &source.version
    else {
        return Answer::error("only tags are searched");
    };
    let known = recorded
        .and_then(|external| Some((external.version.as_deref()?, external.sha.as_deref()?)));
    let gone = |version: &str| format!("the tag {version} is gone from {}", source.repo);
    let Some(best) = &looked.best else {
        let stays = known.map(|(version, _)| version);
        return unsatisfied(source, (requirement.as_ref(), prefix), looked, stays);
    };
    let found = Found {
        version: best.name.clone(),
        sha: commit.to_owned(),
    };
    let Some((version, sha)) = known else {
        return Answer::found(found);
    };
    if version == best.name {
        return match sha == commit {
            true => Answer::found(found),
            false => Answer::error(format!(
                "the tag {version} of {} moved from {sha} to {commit}; the recorded commit stays",
                source.repo
            )),
        };
    }
    let held = parse(version, prefix.as_str());
    let best_version = parse(&best.name, prefix.as_str());
    let backwards = held.as_ref().is_some_and(|held| {
        satisfies(requirement.as_ref(), held) && Some(held) > best_version.as_ref()
    });
    if backwards {
        return Answer::error(format!(
            "{}; {version} stays recorded, and {} is not followed backwards",
            gone(version),
            best.name
        ));
    }
    Answer {
        notice: (!looked.recorded_is_there).then(|| gone(version)),
        ..Answer::found(found)
    }
}

/// Returns the answer where no tag satisfies the requirement.
fn unsatisfied(
    source: &PullSource,
    (requirement, prefix): (Option<&Requirement>, &TagPrefix),
    looked: &Looked,
    stays: Option<&str>,
) -> Answer {
    let wanted = requirement.map_or_else(|| "a release".to_owned(), |it| format!("`{}`", it.0));
    let highest = looked.highest.as_deref();
    let highest = highest.map_or_else(
        || format!("no tag is `{}` and a version", prefix.as_str()),
        |name| format!("the highest version is {name}"),
    );
    let nothing = format!("nothing in {} satisfies {wanted}: {highest}", source.repo);
    Answer::error(match stays {
        Some(version) => format!("{nothing}; {version} stays recorded"),
        None => nothing,
    })
}

impl PullSource {
    /// Returns true if a version that was found may replace what is recorded by now: never a higher
    /// version that is allowed as well.
    fn may_replace(&self, external: &External, found: &Found) -> bool {
        let PulledVersion::Tag {
            requirement,
            prefix,
        } = &self.version
        else {
            return true;
        };
        let held = external.version.as_deref();
        let held = held.and_then(|held| parse(held, prefix.as_str()));
        let found = parse(&found.version, prefix.as_str());
        !held.is_some_and(|held| satisfies(requirement.as_ref(), &held) && Some(held) > found)
    }

    /// Returns the external version to record for what was found, if it differs from what is held.
    #[must_use]
    pub fn arrives(&self, external: Option<&External>, found: &Found) -> Option<External> {
        let empty = External::default();
        let external = external.unwrap_or(&empty);
        let repo = self.repo.to_string();
        let same = external.sha.as_ref() == Some(&found.sha)
            && external.version.as_ref() == Some(&found.version)
            && external.repo.as_ref() == Some(&repo);
        if same || !self.may_replace(external, found) {
            return None;
        }
        Some(External {
            repo: Some(repo),
            sha: Some(found.sha.clone()),
            version: Some(found.version.clone()),
            source: Some(self.version.as_str().to_owned()),
            deployed_at: None,
            deployed_by: None,
            ..external.clone()
        })
    }
}
