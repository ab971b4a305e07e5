//! Workflow files that a repository had before cascade.

use super::{Contract, ContractError};
use crate::manifest::yaml::{Document, Kind, View, read};
use std::fmt;

mod jobs;
#[cfg(test)]
mod tests;

pub use jobs::Job;

/// A workflow file of a repository, read to find out whether it can be a callback.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The events that start it, without `workflow_call`.
    pub events: Vec<String>,
    /// The contract that it declares to callers, if it can be called.
    pub contract: Option<Contract>,
    /// True if a job or a step is about building something.
    pub builds: bool,
    /// True if a job or a step is about checking something.
    pub checks: bool,
    /// Its jobs, in order.
    pub jobs: Vec<Job>,
    /// The event of a tag or of a release that starts it, if one does.
    pub released: Option<Released>,
    on: On,
}

/// An event of a tag or of a release that starts a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The event as it is written: `push.tags` or `release`.
    pub event: &'static str,
    /// Its line, from 1.
    pub line: usize,
}

/// A spelling of `on`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum On {
    /// One event on each line, below the line of `on`.
    Block { line: usize, indent: usize },
    /// In another way, on these lines.
    Other {
        line: usize,
        last: usize,
        configured: bool,
    },
}

/// The lines that make a workflow callable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// The line of `on`, from 1.
    pub line: usize,
    /// The lines to add below it, or to write in its place.
    pub lines: Vec<String>,
    /// The last of the lines that these ones replace, if they replace some.
    pub replaced: Option<usize>,
}

/// The part of a pipeline that a callback plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Checks a commit before anything is built.
    Validate,
    /// Builds an artifact.
    Build,
    /// Brings an artifact to an environment.
    Deploy,
    /// Publishes an artifact when a release is cut.
    Publish,
}

/// Words of names, and what they stand for.
const WORDS: &[(Role, &[&str])] = &[
    (Role::Deploy, &["deploy", "deploys", "deployment"]),
    (
        Role::Build,
        &["build", "builds", "package", "compile", "image"],
    ),
    (
        Role::Publish,
        &["publish", "publishing", "release", "releases"],
    ),
    (
        Role::Validate,
        &[
            "validate",
            "validation",
            "test",
            "tests",
            "lint",
            "check",
            "checks",
            "ci",
        ],
    ),
];

/// Beginnings of the words in jobs and steps that build something, and that check something.
const BUILDING: &[&str] = &["build", "compile", "package", "buildx"];
const CHECKING: &[&str] = &["test", "lint", "check", "pytest", "clippy", "verify", "vet"];

impl Role {
    /// Every part, in the order of a run.
    pub const ALL: [Self; 4] = [Self::Validate, Self::Build, Self::Deploy, Self::Publish];

    /// Returns the part that a file or a workflow of this name plays: `deploy-web` deploys.
    ///
    /// ```
    /// use cascade_core::contract::Role;
    /// assert_eq!(Role::of_name("build-and-test"), Some(Role::Build));
    /// assert_eq!(Role::of_name("Unit tests"), Some(Role::Validate));
    /// assert_eq!(Role::of_name("stale"), None);
    /// ```
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let words: Vec<String> = words(name).collect();
        let named = |word: &String| {
            let found = WORDS
                .iter()
                .find(|(_, known)| known.contains(&word.as_str()));
            found.map(|(role, _)| *role)
        };
        // `ci-build` builds: `ci` says least.
        let telling = words.iter().filter(|word| *word != "ci").find_map(named);
        telling.or_else(|| words.iter().find_map(named))
    }

    /// Returns what is left of a name without the word for the part: `web` of `deploy-web`.
    #[must_use]
    pub fn rest_of(self, name: &str) -> String {
        let known = WORDS.iter().find(|(role, _)| *role == self);
        let known = known.map(|(_, words)| *words).unwrap_or_default();
        let rest: Vec<String> = words(name)
            .filter(|word| !known.contains(&word.as_str()))
            .collect();
        rest.join("-")
    }
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// Returns true if a text has a word with one of these beginnings. Every job checks out its code,
/// which says nothing.
fn about(said: &[String], beginnings: &[&str]) -> bool {
    let mut all = said.iter().flat_map(|text| words(text));
    all.any(|word| word != "checkout" && beginnings.iter().any(|each| word.starts_with(each)))
}

impl Existing {
    /// Reads the text of a workflow file.
    ///
    /// # Errors
    /// It is not YAML, not a workflow, or declares something to callers that GitHub refuses.
    pub fn read(bytes: &[u8]) -> Result<Self, ContractError> {
        let contract = match Contract::parse(bytes) {
            Ok(contract) => Some(contract),
            Err(ContractError::NotCallable) => None,
            Err(error) => return Err(error),
        };
        let document = read(bytes).map_err(|_| ContractError::NotCallable)?;
        let root = document.root().ok_or(ContractError::NotCallable)?;
        let on = root.entry("on").ok_or(ContractError::NotCallable)?;
        let events = root.get("on").map(events).unwrap_or_default();
        let said = said(root);
        Ok(Self {
            name: root.get("name").and_then(View::text),
            events,
            contract,
            builds: about(&said, BUILDING),
            checks: about(&said, CHECKING),
            jobs: jobs::jobs(&document, root),
            released: released(&document, root.get("on")),
            on: spelling(&document, root.get("on"), on.key.start),
        })
    }

    /// Returns the part that the file can play: what the names say, else what its steps do.
    #[must_use]
    pub fn role(&self, stem: &str) -> Option<Role> {
        let named = || Role::of_name(self.name.as_deref()?);
        let done = || match (self.builds, self.checks) {
            (true, _) => Some(Role::Build),
            (false, true) => Some(Role::Validate),
            (false, false) => None,
        };
        Role::of_name(stem).or_else(named).or_else(done)
    }

    /// Returns the lines that let other workflows call it, with the commit as an input.
    #[must_use]
    pub fn insertion(&self) -> Insertion {
        const CALL: [&str; 4] = [
            "workflow_call:",
            "  inputs:",
            "    sha:",
            "      type: string",
        ];
        match &self.on {
            On::Block { line, indent } => Insertion {
                line: *line,
                lines: CALL
                    .map(|text| format!("{}{text}", " ".repeat(*indent)))
                    .into(),
                replaced: None,
            },
            On::Other {
                line,
                last,
                configured,
            } => {
                let mut lines = vec!["on:".to_owned()];
                let kept = if *configured {
                    " # with its settings"
                } else {
                    ""
                };
                lines.extend(self.events.iter().map(|event| format!("  {event}:{kept}")));
                lines.extend(CALL.map(|text| format!("  {text}")));
                Insertion {
                    line: *line,
                    lines,
                    replaced: Some(*last),
                }
            }
        }
    }
}

fn released(document: &Document, on: Option<View<'_>>) -> Option<Released> {
    let on = on?;
    let line = |map: View<'_>, key: &str| {
        let entry = map.entry(key)?;
        Some(document.position(entry.key.start).line)
    };
    let tags = || {
        let line = line(on.get("push")?, "tags")?;
        Some(Released {
            event: "push.tags",
            line,
        })
    };
    let release = || {
        let listed = || {
            let mut all = on.items();
            let found = all.find(|item| item.text().as_deref() == Some("release"))?;
            Some(document.position(found.span().start).line)
        };
        let line = line(on, "release").or_else(listed)?;
        Some(Released {
            event: "release",
            line,
        })
    };
    tags().or_else(release)
}

fn events(on: View<'_>) -> Vec<String> {
    let one = on.text().into_iter();
    let listed = on.items().filter_map(View::text);
    let mapped = on.entries().map(|(event, _)| event.to_owned());
    let all = one.chain(listed).chain(mapped);
    all.filter(|event| event != "workflow_call").collect()
}

fn spelling(document: &Document, on: Option<View<'_>>, key: usize) -> On {
    let line = document.position(key).line;
    let configured = on.is_some_and(|on| matches!(on.kind(), Kind::Map(_)));
    let first = on.and_then(|on| match on.kind() {
        Kind::Map(entries) if !document.slice(on.span()).starts_with('{') => {
            entries.values().next().map(|entry| entry.key.start)
        }
        _ => None,
    });
    match first.map(|first| document.position(first)) {
        Some(first) if first.line > line => On::Block {
            line,
            indent: first.column.saturating_sub(1),
        },
        _ => On::Other {
            line,
            last: on.map_or(line, |on| document.position(last_byte(document, on)).line),
            configured,
        },
    }
}

/// Returns the last byte of a value. A block's own span may go on to what follows it.
fn last_byte(document: &Document, value: View<'_>) -> usize {
    let flows = document.slice(value.span()).starts_with(['[', '{']);
    let inside = value.items().chain(value.entries().map(|(_, value)| value));
    // An alias is read where it stands, and not as often as it is used.
    let inside = inside.filter(|item| !item.is_alias());
    let inside = inside.map(|item| last_byte(document, item)).max();
    // The line break of a block of text is behind its last line.
    let text = document.slice(value.span()).trim_end();
    let end = (value.span().start + text.len()).saturating_sub(1);
    inside
        .filter(|_| !flows)
        .unwrap_or(end.max(value.span().start))
}

/// Returns what the jobs and steps of a workflow say of themselves, and what they run.
fn said(root: View<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let jobs = root.get("jobs");
    for (id, job) in jobs.iter().flat_map(|jobs| jobs.entries()) {
        said.push(id.to_owned());
        said.extend(
            ["name", "uses"]
                .iter()
                .filter_map(|key| job.get(key)?.text()),
        );
        for step in job.get("steps").iter().flat_map(|steps| steps.items()) {
            let keys = ["name", "uses", "run"];
            said.extend(keys.iter().filter_map(|key| step.get(key)?.text()));
        }
    }
    said
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Validate => "validate",
            Self::Build => "build",
            Self::Deploy => "deploy",
            Self::Publish => "publish",
        })
    }
}
