//! The pipeline that a request is about, from a manifest or from code.

pub(crate) mod code;
pub(crate) mod manifest;

use crate::cli::diagnostic::{Report, human};
use crate::cli::error::{Error, Failure};
use crate::cli::request::{Origin, Request};
use crate::cli::runner::variable;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::Git;
use crate::repository::{Location, MANIFEST, WorkflowFiles, locate, locate_code};
use cascade_core::builder::Draft;
use cascade_core::contract::Contracts;
use cascade_core::finding::suggest;
use cascade_core::manifest::draft::Node;
use cascade_core::pipeline::{Component, Pipeline};
use cascade_core::protocol::variable::CASCADE_CONFIG;
use code::Code;
use manifest::Text;
use std::path::Path;

/// The key of the body unless something else is said.
const KEY: &str = "ci";

/// A pipeline as it was declared, and the repository around it.
#[derive(Debug)]
pub(crate) struct Project {
    /// The location of the manifest.
    pub(crate) location: Location,
    /// The key that the manifest's body stands under.
    pub(crate) key: String,
    /// The declared pipeline.
    pub(crate) declared: Declared,
}

/// The declaration of a pipeline.
#[derive(Debug)]
pub(crate) enum Declared {
    /// A manifest.
    Manifest(Text),
    /// A program; the manifest is one of the files that it generates.
    Code(Code),
}

/// A project with everything that the rules say about it.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The report with everything that was found.
    pub(crate) report: Report,
    /// The pipeline, unless something is wrong with it.
    pub(crate) pipeline: Option<Pipeline>,
}

impl Project {
    /// Finds and reads what a request is about.
    pub(crate) fn open(request: &Request, terminal: &Terminal) -> Result<Self, Failure> {
        let named = request.config.as_deref();
        let blamed = |failure: Failure| {
            match named {
            Some(named) if is_named_by_variable(named) => failure.help(format!(
                "the variable {CASCADE_CONFIG} names it: correct the variable, or unset it to use `{MANIFEST}`"
            )),
            _ => failure,
        }
        };
        let project = match &request.origin {
            Origin::Manifest => {
                let location = locate(&request.directory, named).map_err(blamed)?;
                let key = request.key.clone().unwrap_or_else(|| KEY.to_owned());
                let text = Text::read(&location, &key).map_err(blamed)?;
                Self {
                    location,
                    key,
                    declared: Declared::Manifest(text),
                }
            }
            Origin::Code(Draft { node, root }) => {
                let setting = |key: &str, default: &str| match node.get(key) {
                    Some(Node::Scalar(scalar)) => scalar.text(),
                    _ => default.to_owned(),
                };
                let manifest = setting("manifest_file", MANIFEST);
                let location =
                    locate_code(&request.directory, named, root, &manifest).map_err(blamed)?;
                let key = request.key.clone();
                let key = key.unwrap_or_else(|| setting("manifest_key", KEY));
                Self {
                    location,
                    key,
                    declared: Declared::Code(Code::new(node.clone())),
                }
            }
        };
        terminal.trace(|| format!("root {}", project.location.root.display()));
        terminal.trace(|| format!("manifest {}", project.location.manifest.display()));
        Ok(project)
    }

    /// Checks the pipeline against every rule.
    pub(crate) fn check(&self) -> Checked {
        self.check_with(None)
    }

    /// Checks the pipeline against every rule, those about the repository's files included.
    pub(crate) fn check_with_files(&self) -> Checked {
        let git = Git::around(&self.location.root);
        self.check_with(git.and_then(|git| git.tracked()))
    }

    /// The same; what is found in code has its place in the manifest that the code generates.
    pub(crate) fn check_in_manifest(&self) -> Checked {
        let Declared::Code(code) = &self.declared else {
            return self.check_with_files();
        };
        let git = Git::around(&self.location.root);
        let tracked = git.and_then(|git| git.tracked());
        self.with_contracts(tracked, |contracts| {
            code.check_in(&self.location, &self.key, contracts)
        })
    }

    fn check_with(&self, tracked: Option<Vec<String>>) -> Checked {
        self.with_contracts(tracked, |contracts| match &self.declared {
            Declared::Manifest(text) => text.check(contracts),
            Declared::Code(code) => code.check(contracts),
        })
    }

    fn with_contracts(
        &self,
        tracked: Option<Vec<String>>,
        check: impl FnOnce(&Contracts<'_>) -> Checked,
    ) -> Checked {
        let files = WorkflowFiles::new(&self.location.root);
        let contracts = Contracts::new(&files).tracking(tracked);
        let checked = check(&contracts);
        Checked {
            pipeline: checked.pipeline.map(|pipeline| self.place(pipeline)),
            ..checked
        }
    }

    /// Checks the pipeline and goes on with it only if nothing is wrong; warnings are told at the end
    /// of the run.
    pub(crate) fn pipeline(&self, terminal: &Terminal) -> Result<Pipeline, Error> {
        let Checked { report, pipeline } = self.check();
        match pipeline {
            Some(pipeline) if !report.has_errors() => {
                terminal.stands(human::render(&report, terminal.colors_errors()));
                Ok(pipeline)
            }
            _ => Err(Error::Findings {
                report: Box::new(report),
                status: ExitStatus::No,
            }),
        }
    }

    /// Returns the declared pipeline as a draft; `None` if the manifest cannot be read.
    pub(crate) fn draft(&self) -> Option<&Node> {
        match &self.declared {
            Declared::Manifest(text) => text.draft(),
            Declared::Code(code) => Some(code.draft()),
        }
    }

    /// Workflows read the manifest where it was found, unless it says where it is.
    fn place(&self, pipeline: Pipeline) -> Pipeline {
        let says = |key: &str| self.draft().is_some_and(|draft| draft.get(key).is_some());
        let key = (!says("manifest_key")).then(|| self.key.clone());
        let inside = self.location.manifest.starts_with(&self.location.root);
        let is_elsewhere = inside && !says("manifest_file");
        pipeline.read_from(is_elsewhere.then(|| self.location.shown()), key)
    }
}

fn is_named_by_variable(path: &Path) -> bool {
    variable(CASCADE_CONFIG).is_some_and(|named| Path::new(&named) == path)
}

/// Returns the one component that a command works on; with several, `--component` must name it.
pub(crate) fn one<'a>(
    pipeline: &'a Pipeline,
    component: Option<&str>,
) -> Result<&'a Component, Failure> {
    match (component, pipeline.components()) {
        (Some(wanted), _) => named(pipeline, wanted),
        (None, [only]) => Ok(only),
        (None, several) => Err(Failure::new("the pipeline has several components")
            .help(format!("name one with `--component`: {}", listed(several)))),
    }
}

/// Keeps the component that `--component` names.
pub(crate) fn select(pipeline: Pipeline, component: Option<&str>) -> Result<Pipeline, Failure> {
    let Some(wanted) = component else {
        return Ok(pipeline);
    };
    named(&pipeline, wanted)?;
    Ok(pipeline.only(wanted))
}

fn named<'a>(pipeline: &'a Pipeline, wanted: &str) -> Result<&'a Component, Failure> {
    let components = pipeline.components();
    let mut found = components.iter();
    if let Some(found) = found.find(|each| each.name() == Some(wanted)) {
        return Ok(found);
    }
    let names = components.iter().filter_map(Component::name);
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        let failure = Failure::new(format!(
            "there is no component `{wanted}`: the pipeline has no components"
        ));
        return Err(failure.help("leave `--component` out"));
    }
    let help = suggest::among(wanted, names, "the components are");
    Err(Failure::new(format!("there is no component `{wanted}`")).help(help))
}

/// Lists the names of components, as many as a person reads.
fn listed(components: &[Component]) -> String {
    const SHOWN: usize = 20;
    let names = components.iter().filter_map(Component::name).take(SHOWN);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match components.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names.join(", ")),
    }
}
