//! Every file of a new pipeline, beside what the repository has.

use super::extras::{self, Extra};
use crate::author::pipeline_crate::source::Sources;
use crate::author::pipeline_crate::{self, FOLDER};
use crate::author::scaffold::callback::Callback;
use crate::author::scaffold::language::Project;
use crate::author::scaffold::place::Place;
use crate::author::scaffold::survey::Survey;
use crate::author::scaffold::{Scaffold, adopt};
use crate::cli::error::Failure;
use crate::files::{Disk, VERSION, generated};
use crate::project::code::generated_manifest;
use crate::repository::{MANIFEST, WORKFLOWS};
use cascade_core::manifest::draft::Node;
use cascade_core::manifest::{Config, MANIFEST_KEY};
use cascade_core::pipeline::Pipeline;
use cascade_core::protocol::MARKER;

/// Everything that a run writes, and what it leaves alone.
#[derive(Debug)]
pub(super) struct Plan {
    /// The files, by path.
    pub(super) files: Vec<File>,
    /// Files of the repository that stay as they are, each with the reason why it matters.
    pub(super) kept: Vec<(String, String)>,
    /// Lines for files of the repository.
    pub(super) missing: Vec<(String, Vec<String>)>,
}

/// A file that is written, unless it is there already.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) action: Action,
}

/// The fate of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Created,
    Replaced,
    Unchanged,
}

/// Files by path, with their texts.
type Texts = Vec<(String, String)>;

/// The wishes besides the pipeline itself.
#[derive(Debug)]
pub(super) struct Wishes<'a> {
    /// The sources of cascade for the crate; `None` for a manifest.
    pub(super) rust: Option<&'a Sources>,
    /// The owners of the generated files.
    pub(super) owners: &'a [String],
    /// True if generated files are replaced.
    pub(super) force: bool,
}

impl Plan {
    /// Plans every file; nothing is written.
    pub(super) fn of(
        scaffold: &Scaffold,
        pipeline: &Pipeline,
        wishes: &Wishes<'_>,
        (place, survey, projects): (&Place, &Survey, &[Project]),
    ) -> Result<Self, Failure> {
        let disk = Disk::new(&place.root);
        let mut results: Vec<(String, String)> = generated(pipeline)?
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect();
        let mut own = scaffold.samples(projects);
        declaration(scaffold, wishes, place, (&mut own, &mut results));
        own.push(extras::check(
            survey,
            pipeline.settings(),
            scaffold.runs_on(),
        ));
        let paths: Vec<String> = results.iter().map(|(path, _)| path.clone()).collect();
        let mut plan = Self {
            files: Vec::new(),
            kept: kept(scaffold, survey),
            missing: extras::cargo_workspace(&place.root).into_iter().collect(),
        };
        for extra in wishes.extras(place, &paths) {
            own.extend(plan.take(extra));
        }
        for (path, text) in own {
            plan.files.push(place_own(&disk, path, text)?);
        }
        plan.files
            .extend(place_generated(&disk, results, wishes.force)?);
        plan.files.sort_by(|a, b| a.path.cmp(&b.path));
        plan.kept.sort();
        Ok(plan)
    }

    /// Remembers what is said about an extra; returns the file that is written.
    fn take(&mut self, extra: Extra) -> Option<(String, String)> {
        match extra {
            Extra::Covered { path } => {
                let why = "keeps the line breaks of generated files already";
                self.kept.push((path, why.to_owned()));
                None
            }
            Extra::Written { path, text } => Some((path, text)),
            Extra::Missing { path, lines } => {
                let why = "needs the lines below";
                self.kept.push((path.clone(), why.to_owned()));
                self.missing.push((path, lines));
                None
            }
        }
    }

    /// Returns the files that change something.
    pub(super) fn changes(&self) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(|file| file.action != Action::Unchanged)
    }
}

impl Wishes<'_> {
    fn extras(&self, place: &Place, generated: &[String]) -> Vec<Extra> {
        let mut extras = vec![extras::attributes(place, generated)];
        if !self.owners.is_empty() {
            let own = if self.rust.is_some() {
                FOLDER
            } else {
                MANIFEST
            };
            extras.push(extras::owners(&place.root, self.owners, generated, own));
        }
        extras
    }
}

/// Adds the files that declare the pipeline: a manifest and its schema, or a crate that generates
/// the manifest.
fn declaration(
    scaffold: &Scaffold,
    wishes: &Wishes<'_>,
    place: &Place,
    (own, generated): (&mut Texts, &mut Texts),
) {
    let source = wishes.rust.and_then(|sources| sources.source.as_ref());
    if let (Some(source), Some(config)) = (source, scaffold.draft()) {
        let name = scaffold.name.as_str();
        own.extend(pipeline_crate::files(name, &config, source));
        let config = Node::Map(Config::in_order(config));
        let manifest = generated_manifest(&config, MANIFEST_KEY, VERSION);
        generated.push((MANIFEST.to_owned(), manifest));
        return;
    }
    let (path, text) = extras::schema(&place.root);
    let name = path.rsplit('/').next().unwrap_or(&path);
    let manifest = scaffold.manifest(Some(&format!("./{name}")));
    own.push((MANIFEST.to_owned(), manifest));
    own.push((path, text));
}

/// Returns a file that is the user's from now on, if its path is free.
fn place_own(disk: &Disk, path: String, text: String) -> Result<File, Failure> {
    match disk.read(&path)? {
        None => Ok(File {
            path,
            text,
            action: Action::Created,
        }),
        Some(_) => {
            let failure = Failure::new(format!("`{path}` is there already"));
            Err(failure.help("move it away, and run `cascade init` again; nothing was written"))
        }
    }
}

fn place_generated(
    disk: &Disk,
    results: Vec<(String, String)>,
    force: bool,
) -> Result<Vec<File>, Failure> {
    let (mut files, mut foreign, mut older) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in results {
        let action = match disk.read(&path)? {
            None => Action::Created,
            Some(old) if old == text => Action::Unchanged,
            Some(old) if !old.starts_with(MARKER) => {
                foreign.push(path);
                continue;
            }
            Some(_) => {
                older.push(path.clone());
                Action::Replaced
            }
        };
        files.push(File { path, text, action });
    }
    if !foreign.is_empty() {
        let failure = Failure::new(format!(
            "cascade generates files of these names, and did not write those that are there:{}",
            listed(&foreign)
        ));
        return Err(failure.help("rename yours, and run `cascade init` again; nothing was written"));
    }
    if !older.is_empty() && !force {
        let failure = Failure::new(format!(
            "these files were generated for another pipeline:{}",
            listed(&older)
        ));
        return Err(failure.help("replace them with `--force`; nothing was written"));
    }
    Ok(files)
}

fn listed(paths: &[String]) -> String {
    paths.iter().map(|path| format!("\n  {path}")).collect()
}

/// Returns the workflows of the repository that are not called, each with what took its usual name.
fn kept(scaffold: &Scaffold, survey: &Survey) -> Vec<(String, String)> {
    let called = |path: &str| {
        let mut callbacks = scaffold.callbacks.iter();
        callbacks.any(|each| each.existing.is_some() && each.workflow == path)
    };
    let others = survey.workflows.iter();
    let others = others.filter(|workflow| !called(&workflow.path));
    others
        .map(|workflow| {
            let sample = scaffold
                .callbacks
                .iter()
                .find(|each| each.existing.is_none() && evades(each, workflow.stem()));
            let read = workflow.read.as_ref().ok();
            let is_callable = read.is_some_and(|read| read.contract.is_some());
            let why = match (sample, is_callable) {
                (Some(sample), _) => format!("the sample is `{}`", sample.workflow),
                (None, true) => {
                    "not called; `--callback ROLE=FILE` says which part it plays".to_owned()
                }
                (None, false) => "not called by the pipeline".to_owned(),
            };
            (workflow.path.clone(), why)
        })
        .collect()
}

/// Returns true if a sample has another name because of the one of a workflow.
fn evades(sample: &Callback, stem: &str) -> bool {
    let usual = format!("{WORKFLOWS}/{}.yaml", sample.role);
    let taken = [format!("{}.yaml", stem.to_lowercase())];
    sample.workflow != usual && !adopt::is_free(&sample.role.to_string(), &taken)
}
