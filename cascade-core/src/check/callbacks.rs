//! Rules of names and dependencies of callbacks.

use super::cycles::{self, Edges};
use super::{job_names, targets};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Config, Declared, Name};
use crate::message;
use crate::pipeline::CallbackKind;
use std::collections::HashMap;

/// Calls of a matrix that GitHub runs.
///
/// Source: GitHub's workflow syntax, `jobs.<job_id>.strategy.matrix`.
const MAX_MATRIX: usize = 256;

/// A build or deploy, found by name.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) kind: CallbackKind,
    pub(super) name: &'a Name,
    pub(super) common: Common<'a>,
    pub(super) matrix: bool,
    /// True for a deploy that calls no workflow of this repository, so that it puts nothing out.
    pub(super) is_silent: bool,
}

/// Every build and deploy, by name.
pub(super) struct Index<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    builds: HashMap<&'a str, usize>,
    deploys: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        let builds = config.builds.iter().filter_map(|build| {
            let name = build.name.get()?;
            Some(Entry {
                kind: CallbackKind::Build,
                name,
                common: build.common(),
                matrix: build.matrix.is_some(),
                is_silent: false,
            })
        });
        let deploys = config.deploys.iter().filter_map(|deploy| {
            let name = deploy.name.get()?;
            Some(Entry {
                kind: CallbackKind::Deploy,
                name,
                common: deploy.common(),
                matrix: false,
                is_silent: targets::is_silent(deploy),
            })
        });
        let entries: Vec<Entry<'a>> = builds.chain(deploys).collect();
        let mut index = Self {
            entries,
            builds: HashMap::new(),
            deploys: HashMap::new(),
        };
        for (position, entry) in index.entries.iter().enumerate() {
            let names = if entry.kind == CallbackKind::Build {
                &mut index.builds
            } else {
                &mut index.deploys
            };
            names.entry(entry.name.as_str()).or_insert(position);
        }
        index
    }

    /// Returns what `name` means to a callback: a build of that name, else a deploy, never itself;
    /// `build:name` and `deploy:name` say which.
    pub(super) fn find(&self, name: &str, asking: &KeyPath) -> Option<&Entry<'a>> {
        self.position(name, asking)
            .map(|position| &self.entries[position])
    }

    fn position(&self, name: &str, asking: &KeyPath) -> Option<usize> {
        let found = match name.split_once(':') {
            Some(("build", name)) => [self.builds.get(name), None],
            Some(("deploy", name)) => [self.deploys.get(name), None],
            _ => [self.builds.get(name), self.deploys.get(name)],
        };
        let mut found = found.into_iter().flatten().copied();
        let first = found.next()?;
        if self.entries[first].common.at == asking {
            Some(found.next().unwrap_or(first))
        } else {
            Some(first)
        }
    }

    /// Returns what uploads an artifact: the callback that says so, or the build of that name.
    pub(super) fn uploader(&self, artifact: &str, asking: &KeyPath) -> Option<&Entry<'a>> {
        let position = self.uploader_position(artifact, asking)?;
        Some(&self.entries[position])
    }

    fn uploader_position(&self, artifact: &str, asking: &KeyPath) -> Option<usize> {
        let uploads = |entry: &Entry<'a>| -> Option<&'a str> {
            entry.common.artifact_upload?.upload.as_deref()
        };
        let mut others = self.entries.iter().enumerate();
        let named =
            others.find(|(_, entry)| entry.common.at != asking && uploads(entry) == Some(artifact));
        let build = || self.builds.get(artifact).copied();
        let build = || build().filter(|place| uploads(&self.entries[*place]).is_some());
        named.map(|(position, _)| position).or_else(build)
    }

    fn names(&self) -> Vec<&'a str> {
        self.entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect()
    }
}

pub(super) fn check(config: &Config, index: &Index<'_>, reader: &mut Reader) {
    names(index, reader);
    job_names::check(config, index, reader);
    let entries = index.entries.iter();
    let edges: Vec<Vec<usize>> = entries
        .map(|entry| dependencies(entry, index, reader))
        .collect();
    cycles(&edges, index, reader);
    external(config, index, reader);
    for build in &config.builds {
        if let Some(matrix) = &build.matrix {
            matrix_size(matrix, reader);
        }
    }
}

fn names(index: &Index<'_>, reader: &mut Reader) {
    let mut names: HashMap<(CallbackKind, &Name), KeyPath> = HashMap::new();
    let mut variables: HashMap<(CallbackKind, String), (&Name, KeyPath)> = HashMap::new();
    for entry in &index.entries {
        let (kind, name) = (entry.kind, entry.name);
        let at = entry.common.at.key("name");
        if let Some(first) = names.get(&(kind, name)) {
            let section = match kind {
                CallbackKind::Build => "builds",
                _ => "deploys",
            };
            let message = message!("two {} are named {}", text = section, name = name);
            reader.report(
                Finding::new(&rules::DUPLICATE_NAME, at, message)
                    .help("a name is unique in its section")
                    .related(first.clone(), "the first of this name"),
            );
            continue;
        }
        names.insert((kind, name), at.clone());
        let key = (kind, name.variable().to_lowercase());
        if let Some((other, first)) = variables.insert(key, (name, at.clone())) {
            let message = message!(
                "{} and {} would both become {} in variables and identifiers",
                name = other,
                name = name,
                value = name.variable()
            );
            reader.report(
                Finding::new(&rules::COLLIDING_NAMES, at, message)
                    .help("rename one")
                    .related(first, "the other name"),
            );
        }
    }
}

fn unknown(name: &str, at: KeyPath, index: &Index<'_>, reader: &mut Reader) {
    let help = suggest::among(name, index.names(), "builds and deploys are");
    let message = message!("no build or deploy is named {}", name = name);
    reader.report(Finding::new(&rules::UNKNOWN_CALLBACK, at, message).help(help));
}

/// Checks the names that deployments of other repositories' artifacts wait for.
fn external(config: &Config, index: &Index<'_>, reader: &mut Reader) {
    for deploy in config.external.iter().flat_map(|entry| &entry.deploys) {
        for (place, name) in deploy.optional_depends_on.iter().enumerate() {
            if index.find(name, &deploy.at).is_none() {
                let at = deploy.at.key("optional_depends_on").index(place);
                unknown(name, at, index, reader);
            }
        }
    }
}

/// The positions of what an entry waits for.
fn dependencies(entry: &Entry<'_>, index: &Index<'_>, reader: &mut Reader) -> Vec<usize> {
    let mut positions = downloads(entry, index, reader);
    let mut seen: HashMap<usize, KeyPath> = HashMap::new();
    let lists = [
        ("depends_on", entry.common.depends_on),
        ("optional_depends_on", entry.common.optional_depends_on),
    ];
    for (key, list) in lists {
        for (place, name) in list.iter().enumerate() {
            let at = entry.common.at.key(key).index(place);
            let Some(position) = index.position(name, entry.common.at) else {
                unknown(name, at, index, reader);
                continue;
            };
            if let Some(first) = seen.get(&position) {
                let message = message!("{} is already a dependency", name = name);
                reader.report(
                    Finding::new(&rules::DOUBLE_DEPENDENCY, at, message)
                        .help("name it once, in one of the two lists")
                        .related(first.clone(), "the first mention"),
                );
                continue;
            }
            seen.insert(position, at.clone());
            if entry.kind == CallbackKind::Build
                && index.entries[position].kind == CallbackKind::Deploy
            {
                let message = message!(
                    "the build {} cannot wait for the deploy {}",
                    name = entry.name,
                    name = name
                );
                reader.report(
                    Finding::new(&rules::BUILD_AFTER_DEPLOY, at, message)
                        .help("everything is built before anything is deployed"),
                );
            } else {
                positions.push(position);
            }
        }
    }
    positions
}

/// The positions of what uploads the artifacts that an entry downloads.
fn downloads(entry: &Entry<'_>, index: &Index<'_>, reader: &mut Reader) -> Vec<usize> {
    let passed = entry.common.artifact_upload.into_iter();
    let named = passed.flat_map(|passed| passed.downloads.iter().enumerate());
    let found = named.filter_map(|(place, artifact)| {
        let position = index.uploader_position(artifact, entry.common.at);
        let is_late = position.is_some_and(|position| {
            entry.kind == CallbackKind::Build
                && index.entries[position].kind == CallbackKind::Deploy
        });
        if position.is_none() || is_late {
            let at = entry
                .common
                .at
                .key("artifact_upload")
                .key("downloads")
                .index(place);
            let message = message!("no build uploads the artifact {}", name = artifact);
            reader.report(
                Finding::new(&rules::UNKNOWN_CALLBACK, at, message).help(message!(
                    "name what {} of a build says, or the build",
                    key = "artifact_upload.upload"
                )),
            );
        }
        position.filter(|_| !is_late)
    });
    found.collect()
}

fn cycles(edges: &Edges, index: &Index<'_>, reader: &mut Reader) {
    for path in cycles::cycles(edges) {
        let name = |node: &usize| index.entries[*node].name.as_str();
        let start = &index.entries[path[0]];
        let mut named: Vec<&str> = path.iter().map(name).collect();
        named.push(start.name.as_str());
        let message = message!("dependency cycle: {}", text = named.join(" -> "));
        let edge = |at: usize| first_edge(&index.entries[path[at]], named[at + 1]);
        let mut finding = Finding::new(&rules::DEPENDENCY_CYCLE, edge(0), message)
            .help("remove one of these dependencies");
        for at in 1..path.len() {
            finding = finding.related(edge(at), "another dependency of the cycle");
        }
        reader.report(finding);
    }
}

/// Returns a name without the kind before it.
fn bare(name: &str) -> &str {
    let kinds = ["build:", "deploy:"].into_iter();
    kinds.fold(name, |name, kind| name.strip_prefix(kind).unwrap_or(name))
}

fn first_edge(entry: &Entry<'_>, to: &str) -> KeyPath {
    let lists = [
        ("depends_on", entry.common.depends_on),
        ("optional_depends_on", entry.common.optional_depends_on),
    ];
    for (key, list) in lists {
        if let Some(place) = list.iter().position(|name| bare(name) == to) {
            return entry.common.at.key(key).index(place);
        }
    }
    entry.common.at.clone()
}

fn matrix_size(matrix: &crate::manifest::MatrixBlock, reader: &mut Reader) {
    let sizes = matrix.dimensions.values().map(Vec::len);
    let total = sizes.fold(1_usize, usize::saturating_mul);
    let at = matrix.at.key("dimensions");
    if total > MAX_MATRIX {
        let message = message!(
            "a matrix of {} calls; GitHub runs {}",
            text = total,
            text = MAX_MATRIX
        );
        reader.report(
            Finding::new(&rules::MATRIX_SIZE, at.as_key(), message)
                .help("drop a dimension or some values"),
        );
    } else if matrix.dimensions.is_empty() || total == 0 {
        let finding = Finding::new(
            &rules::MATRIX_SIZE,
            at.as_key(),
            "a matrix of no calls builds nothing",
        );
        reader.report(finding.help("give every dimension a value"));
    }
}
