//! Callbacks of other repositories, and the commits that they are pinned to.

use crate::cli::diagnostic::{Diagnostic, Report};
use crate::cli::error::Failure;
use crate::cli::runner::Runner;
use crate::git::Git;
use crate::project::Project;
use cascade_core::finding::rules;
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::Node;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::manifest::{Repository, WorkflowRef};
use serde::Serialize;
use std::collections::HashMap;

/// A callback that is pinned, or pinned anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Pinned {
    /// The callback as it was written.
    pub(crate) workflow: String,
    /// The branch or tag.
    pub(crate) reference: String,
    /// Its commit now.
    pub(crate) commit: String,
}

/// The commits of branches and tags of other repositories, each asked for once.
#[derive(Debug)]
pub(crate) struct Commits {
    git: Git,
    server: String,
    known: HashMap<(String, String), Option<String>>,
}

impl Commits {
    /// The commits as the host of this run or machine tells them.
    pub(crate) fn new(project: &Project) -> Self {
        let environment = Runner::read();
        let token = environment.token.as_ref();
        Self {
            git: Git::new(&project.location.root, &environment, token),
            server: environment.server_url.trim_end_matches('/').to_owned(),
            known: HashMap::new(),
        }
    }

    /// Returns the commit of a tag or branch; `None` if the host does not tell.
    fn of(&mut self, repository: &Repository, reference: &str) -> Option<String> {
        let key = (repository.to_string(), reference.to_owned());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let address = format!("{}/{repository}", self.server);
        let commit = self.git.commit_there(&address, reference);
        self.known.insert(key, commit.clone());
        commit
    }
}

/// Names the commit in each finding about a callback that is not pinned, where the host tells it.
pub(crate) fn explain(project: &Project, report: &mut Report) {
    let mut commits = Commits::new(project);
    let draft = project.draft().map(remote).unwrap_or_default();
    for diagnostic in report.diagnostics_mut() {
        if diagnostic.rule.code == rules::UNPINNED_CALLBACK.code {
            name_commit(diagnostic, &draft, &mut commits);
        }
    }
}

fn name_commit(
    diagnostic: &mut Diagnostic,
    callbacks: &[(KeyPath, WorkflowRef)],
    commits: &mut Commits,
) {
    let at = diagnostic.path.as_deref();
    let mut named = callbacks.iter();
    let named = named.find(|(path, _)| Some(path.to_string().as_str()) == at);
    let moving = named.and_then(|(_, workflow)| workflow.moving());
    let commit = moving.and_then(|(repository, reference)| commits.of(repository, reference));
    if let Some(commit) = commit {
        diagnostic.help = Some(format!(
            "`cascade pin --callbacks` writes that commit: {commit}"
        ));
    }
}

/// Returns the manifest's text with each callback of another repository pinned, and what was pinned.
pub(super) fn pin(
    project: &Project,
    text: &str,
    commits: &mut Commits,
) -> Result<(String, Vec<Pinned>), Failure> {
    let shown = project.location.shown();
    let manifest = Manifest::read(text.as_bytes(), &project.key)
        .map_err(|_| Failure::new(format!("{shown} cannot be read")).help("`cascade lint`"))?;
    let mut edits = Vec::new();
    let mut pinned = Vec::new();
    for (at, workflow) in remote(manifest.config()) {
        let span = manifest.span(&at);
        let Some(place) = Place::of(text, (span.start, span.end), &workflow) else {
            continue;
        };
        let Some(reference) = place.reference(&workflow) else {
            continue;
        };
        let WorkflowRef::Remote { repository, .. } = &workflow else {
            continue;
        };
        let commit = commits.of(repository, &reference).ok_or_else(|| {
            Failure::new(format!(
                "the commit of `{reference}` of {repository} is not known"
            ))
            .help("check that the branch or tag exists, and that git may read the repository")
        })?;
        pinned.push(Pinned {
            workflow: workflow.to_string(),
            reference: reference.clone(),
            commit: commit.clone(),
        });
        edits.push((place, reference, commit));
    }
    let mut edited = text.to_owned();
    edits.sort_by_key(|(place, ..)| std::cmp::Reverse(place.at.0));
    edits.dedup_by_key(|(place, ..)| place.at.0);
    for (place, reference, commit) in &edits {
        place.write(&mut edited, reference, commit);
    }
    Ok((edited, pinned))
}

/// The place of a callback's reference in a manifest.
#[derive(Debug)]
struct Place {
    /// The reference itself.
    at: (usize, usize),
    /// The end of the value.
    end: usize,
    /// The rest of the line.
    rest: String,
}

impl Place {
    fn of(text: &str, (start, end): (usize, usize), workflow: &WorkflowRef) -> Option<Self> {
        let WorkflowRef::Remote { reference, .. } = workflow else {
            return None;
        };
        let value = text.get(start..end)?;
        let from = start + value.rfind('@')? + 1;
        let to = from + reference.len();
        (text.get(from..to)? == reference).then(|| Self {
            at: (from, to),
            end,
            rest: text[end..].lines().next().unwrap_or_default().to_owned(),
        })
    }

    /// Returns the branch or tag that a callback is pinned to, or will be; `None` of a commit without
    /// a comment that says so.
    fn reference(&self, workflow: &WorkflowRef) -> Option<String> {
        match workflow.moving() {
            Some((_, reference)) => Some(reference.to_owned()),
            None => {
                let comment = self.rest.trim_start().strip_prefix('#')?;
                comment.split_whitespace().next().map(str::to_owned)
            }
        }
    }

    fn write(&self, text: &mut String, reference: &str, commit: &str) {
        let comment = self.rest.trim_start().strip_prefix('#').map(str::trim);
        let names = |comment: &str| comment.split_whitespace().next() == Some(reference);
        match comment {
            Some(comment) if names(comment) => {}
            Some(comment) => {
                let line = self.end..self.end + self.rest.len();
                text.replace_range(line, &format!(" # {reference} {comment}"));
            }
            // Inside of a list or mapping in one line there is no place for a comment.
            None if self.rest.trim().is_empty() => {
                text.insert_str(self.end, &format!(" # {reference}"));
            }
            None => {}
        }
        text.replace_range(self.at.0..self.at.1, commit);
    }
}

/// Returns the callbacks of other repositories in a draft, with their places.
fn remote(draft: &Node) -> Vec<(KeyPath, WorkflowRef)> {
    let mut found = Vec::new();
    let mut open = vec![(KeyPath::root(), draft)];
    while let Some((at, node)) = open.pop() {
        match node {
            Node::Map(map) => {
                open.extend(map.iter().map(|(key, value)| (at.key(key), value)));
            }
            Node::List(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(index, item)| (at.index(index), item)));
            }
            Node::Scalar(scalar) => {
                let workflow = scalar.text().parse::<WorkflowRef>().ok();
                let workflow = workflow.filter(|workflow| workflow.local().is_none());
                found.extend(workflow.map(|workflow| (at, workflow)));
            }
            Node::Null | Node::Opaque | Node::Invalid => {}
        }
    }
    found
}

/// Returns what a pipeline in code is to write: each callback with its commit.
pub(super) fn in_code(project: &Project, commits: &mut Commits) -> Vec<Pinned> {
    let mut callbacks = project.draft().map(remote).unwrap_or_default();
    callbacks.sort_by(|one, other| one.1.cmp(&other.1));
    let pinned = callbacks.into_iter().filter_map(|(_, workflow)| {
        let (repository, reference) = workflow.moving()?;
        Some(Pinned {
            commit: commits.of(repository, reference)?,
            reference: reference.to_owned(),
            workflow: workflow.to_string(),
        })
    });
    pinned.collect()
}
