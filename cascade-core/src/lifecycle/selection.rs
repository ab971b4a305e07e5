//! The callbacks that a change concerns.

use super::history::{Asked, History};
use crate::changes::Patterns;
use crate::manifest::RunPolicy;
use crate::pipeline::{Callback, CallbackKind, Component};
use crate::state::{Build, Deploy, External};
use indexmap::IndexMap;
use serde::Serialize;
use std::fmt;

/// The reason why a callback runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Reason {
    /// Nothing is recorded for it.
    FirstTime,
    /// The recorded commit is not in this repository any more.
    UnknownBase,
    /// Nobody recorded how its last deployment ended.
    InDoubt,
    /// Something that runs reads an output of it that is not recorded.
    OutputNotRecorded {
        /// The output.
        output: String,
    },
    /// These files changed that it watches; the first is named.
    Files {
        /// One of them.
        first: String,
        /// The number of changed files.
        count: usize,
    },
    /// A build that it depends on runs, or ran after it last did.
    FollowsBuild {
        /// The build.
        name: String,
    },
    /// A version of another repository that it is given is new.
    External {
        /// The name.
        name: String,
    },
    /// Its `run_policy` says so.
    Policy,
    /// Something that runs downloads an artifact that it uploads.
    Uploads {
        /// The callback that downloads it.
        consumer: String,
    },
    /// An output of it names the tag of the run.
    NamesTag,
}

/// The callbacks that run, each with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Selection {
    /// Builds by name, in the order of declaration.
    pub builds: IndexMap<String, Reason>,
    /// Deploys by name, in the order of declaration.
    pub deploys: IndexMap<String, Reason>,
    /// True if anything changed since the last run.
    pub anything: bool,
}

impl Selection {
    fn reason(&self, kind: CallbackKind, name: &str) -> Option<&Reason> {
        match kind {
            CallbackKind::Build => self.builds.get(name),
            CallbackKind::Deploy => self.deploys.get(name),
        }
    }
}

/// The records of callbacks that a selection is based on.
#[derive(Debug, Clone)]
pub struct Recorded<'a> {
    /// The commit of the whole.
    pub sha: Option<&'a str>,
    /// Builds by name.
    pub builds: &'a IndexMap<String, Build>,
    /// Deploys by name.
    pub deploys: &'a IndexMap<String, Deploy>,
    /// The deploys of which nobody recorded how their last deployment ended.
    pub in_doubt: Vec<&'a str>,
}

/// Selects the callbacks of a component that the way from what is recorded to `head` concerns, or that
/// are given one of the versions of other repositories that are new (`pulled`).
///
/// # Errors
/// The history gives no answer.
pub fn select<H: History>(
    component: &Component,
    recorded: &Recorded<'_>,
    pulled: &IndexMap<String, External>,
    head: &str,
    history: &H,
) -> Result<Selection, H::Error> {
    let anything = match recorded.sha {
        Some(sha) => sha != head,
        None => true,
    };
    let history = &Asked::new(history);
    let mut found = Selection {
        anything,
        ..Selection::default()
    };
    for build in &component.builds {
        let name = build.callback.name.to_string();
        let base = recorded
            .builds
            .get(&name)
            .and_then(|each| each.sha.as_deref());
        let reason = match given(&build.callback, pulled) {
            Some(reason) => Some(reason),
            None => reason(&build.callback, base, head, history)?,
        };
        if let Some(reason) = reason {
            found.builds.insert(name, reason);
        }
    }
    for deploy in &component.deploys {
        let name = deploy.callback.name.to_string();
        let base = recorded
            .deploys
            .get(&name)
            .and_then(|each| each.sha.as_deref());
        let callback = &deploy.callback;
        let in_doubt = recorded.in_doubt.contains(&name.as_str());
        let known = built(callback, &found.builds)
            .or_else(|| given(callback, pulled))
            .or_else(|| in_doubt.then_some(Reason::InDoubt));
        let reason = match (known, base.filter(|_| callback.follows_builds())) {
            (Some(reason), _) => Some(reason),
            (None, Some(base)) => match behind(callback, base, recorded.builds, history)? {
                Some(reason) => Some(reason),
                None => policy(callback),
            },
            (None, None) => reason(callback, base, head, history)?,
        };
        if let Some(reason) = reason {
            found.deploys.insert(name, reason);
        }
    }
    select_lacking(component, recorded, &mut found);
    select_uploading(component, &mut found);
    skip_with_dependencies(component, &mut found);
    select_tagging(component, &mut found);
    Ok(found)
}

/// The builds and deploys of a component.
fn callbacks(component: &Component) -> impl Iterator<Item = (CallbackKind, &Callback)> {
    let builds = component.builds.iter();
    let builds = builds.map(|each| (CallbackKind::Build, &each.callback));
    let deploys = component.deploys.iter();
    builds.chain(deploys.map(|each| (CallbackKind::Deploy, &each.callback)))
}

/// Selects what uploads the artifacts that others download: these live as long as a run.
fn select_uploading(component: &Component, found: &mut Selection) {
    while let Some((kind, name, consumer)) = uploading(component, found) {
        let selected = match kind {
            CallbackKind::Build => &mut found.builds,
            CallbackKind::Deploy => &mut found.deploys,
        };
        selected.insert(name, Reason::Uploads { consumer });
    }
}

fn uploading(component: &Component, found: &Selection) -> Option<(CallbackKind, String, String)> {
    let selected = |kind: CallbackKind, name: &str| found.reason(kind, name).is_some();
    let mut running = callbacks(component);
    running.find_map(|(kind, consumer)| {
        if !selected(kind, consumer.name.as_str()) {
            return None;
        }
        let mut needed = consumer
            .artifact_upload
            .iter()
            .flat_map(|passed| &passed.from);
        let (kind, name) = needed.find(|(kind, name)| !selected(*kind, name.as_str()))?;
        Some((*kind, name.to_string(), consumer.name.to_string()))
    })
}

/// Selects the build that names the tag: a run that does anything has a version of its own.
fn select_tagging(component: &Component, found: &mut Selection) {
    let runs = !found.builds.is_empty() || !found.deploys.is_empty();
    if let Some(tag) = component.release_build.tag.as_ref().filter(|_| runs) {
        let build = found.builds.entry(tag.build.to_string());
        build.or_insert(Reason::NamesTag);
    }
}

/// Leaves out what only changed files select and whose `run_policy` skips it with a dependency: the
/// next run of the dependency brings it along.
fn skip_with_dependencies(component: &Component, found: &mut Selection) {
    while let Some((kind, name)) = skipped(component, found) {
        match kind {
            CallbackKind::Build => found.builds.shift_remove(&name),
            CallbackKind::Deploy => found.deploys.shift_remove(&name),
        };
    }
}

fn skipped(component: &Component, found: &Selection) -> Option<(CallbackKind, String)> {
    let runs = |kind: CallbackKind, name: &str| found.reason(kind, name).is_some();
    let mut skipped = callbacks(component).filter(|(kind, callback)| {
        let reason = found.reason(*kind, callback.name.as_str());
        let by_files = matches!(reason, Some(Reason::Files { .. }));
        let mut needs = callback.dependencies.iter().filter(|each| each.hard);
        by_files
            && callback.run_policy == RunPolicy::Default
            && needs.any(|each| !runs(each.kind, each.name.as_str()))
    });
    let (kind, callback) = skipped.next()?;
    Some((kind, callback.name.to_string()))
}

/// Selects what has to put out again what others need of it.
fn select_lacking(component: &Component, recorded: &Recorded<'_>, found: &mut Selection) {
    while let Some(lacking) = lacking(component, recorded, found) {
        let selected = match lacking.kind {
            CallbackKind::Build => &mut found.builds,
            CallbackKind::Deploy => &mut found.deploys,
        };
        let output = lacking.output;
        selected.insert(lacking.name, Reason::OutputNotRecorded { output });
    }
}

/// An output that something selected reads, and that is not recorded of what does not run.
struct Lacking {
    kind: CallbackKind,
    name: String,
    output: String,
}

fn lacking(component: &Component, recorded: &Recorded<'_>, found: &Selection) -> Option<Lacking> {
    let builds = component.builds.iter().map(|build| &build.callback);
    let deploys = component.deploys.iter().map(|deploy| &deploy.callback);
    let builds = builds.filter(|each| found.builds.contains_key(each.name.as_str()));
    let deploys = deploys.filter(|each| found.deploys.contains_key(each.name.as_str()));
    builds.chain(deploys).find_map(|consumer| {
        let mut producers = consumer.dependencies.iter().filter(|producer| {
            let name = producer.name.as_str();
            match producer.kind {
                CallbackKind::Build => !found.builds.contains_key(name),
                CallbackKind::Deploy => {
                    !found.deploys.contains_key(name)
                        && component
                            .deploys
                            .iter()
                            .any(|deploy| deploy.callback.name == producer.name)
                }
            }
        });
        producers.find_map(|producer| {
            let name = producer.name.as_str();
            let tags = match producer.kind {
                CallbackKind::Build => recorded.builds.get(name).map(|build| &build.tags),
                CallbackKind::Deploy => recorded.deploys.get(name).map(|deploy| &deploy.tags),
            };
            let there = |output: &str| {
                let value = tags.and_then(|tags| tags.get(output));
                value.is_some_and(|value| !value.is_empty())
            };
            let output = consumer.outputs_of(name).find(|output| !there(output))?;
            Some(Lacking {
                kind: producer.kind,
                name: name.to_owned(),
                output: output.to_owned(),
            })
        })
    })
}

/// Returns the reason why one callback runs on the way from `base` to `head`; `None` if it does
/// not.
///
/// # Errors
/// The history gives no answer.
pub fn concerned<H: History>(
    callback: &Callback,
    base: Option<&str>,
    head: &str,
    history: &H,
) -> Result<Option<Reason>, H::Error> {
    let Some(base) = base else {
        return Ok(Some(Reason::FirstTime));
    };
    if base == head {
        return Ok(None);
    }
    let Some(files) = history.changed(base, head)? else {
        return Ok(Some(Reason::UnknownBase));
    };
    let patterns = Patterns::new(callback.triggers.clone());
    let mut watched = files.into_iter().filter(|file| patterns.includes(file));
    Ok(watched.next().map(|first| Reason::Files {
        first,
        count: 1 + watched.count(),
    }))
}

fn reason<H: History>(
    callback: &Callback,
    base: Option<&str>,
    head: &str,
    history: &H,
) -> Result<Option<Reason>, H::Error> {
    match policy(callback) {
        Some(reason) => Ok(Some(reason)),
        None => concerned(callback, base, head, history),
    }
}

fn policy(callback: &Callback) -> Option<Reason> {
    (callback.run_policy == RunPolicy::Force).then_some(Reason::Policy)
}

fn given(callback: &Callback, pulled: &IndexMap<String, External>) -> Option<Reason> {
    let mut names = callback.external_names();
    let name = names.find(|name| pulled.contains_key(*name))?.to_owned();
    Some(Reason::External { name })
}

fn built(callback: &Callback, builds: &IndexMap<String, Reason>) -> Option<Reason> {
    let name = callback
        .required_builds()
        .find(|name| builds.contains_key(*name))?;
    Some(Reason::FollowsBuild {
        name: name.to_owned(),
    })
}

/// A build that succeeded after the deploy last did: the deploy failed, or was never reached.
fn behind<H: History>(
    callback: &Callback,
    base: &str,
    builds: &IndexMap<String, Build>,
    history: &H,
) -> Result<Option<Reason>, H::Error> {
    for name in callback.required_builds() {
        let sha = builds.get(name).and_then(|build| build.sha.as_deref());
        if let Some(sha) = sha.filter(|sha| *sha != base)
            && !history.contains(base, sha)?
        {
            let name = name.to_owned();
            return Ok(Some(Reason::FollowsBuild { name }));
        }
    }
    Ok(None)
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstTime => f.write_str("it has not run before"),
            Self::UnknownBase => f.write_str("the commit it ran at is gone"),
            Self::InDoubt => f.write_str("how its last deployment ended was not recorded"),
            Self::OutputNotRecorded { output } => {
                write!(f, "its output `{output}` is read and not recorded")
            }
            Self::Files { first, count: 1 } => write!(f, "`{first}` changed"),
            Self::Files { first, count } => {
                write!(f, "`{first}` and {} more changed", count - 1)
            }
            Self::FollowsBuild { name } => write!(f, "build `{name}` is newer"),
            Self::External { name } => write!(f, "`{name}` has a new version"),
            Self::Policy => f.write_str("its `run_policy` says so"),
            Self::Uploads { consumer } => write!(f, "`{consumer}` downloads its artifact"),
            Self::NamesTag => f.write_str("it names the tag"),
        }
    }
}
