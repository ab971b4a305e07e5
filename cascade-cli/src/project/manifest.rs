//! A pipeline that was declared in a manifest.

use super::Checked;
use crate::cli::diagnostic::{Diagnostic, Report, Source};
use crate::cli::error::Failure;
use crate::repository::Location;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::{rules, suggest};
use cascade_core::manifest::draft::Node;
use cascade_core::manifest::yaml::{Manifest, ReadError};
use cascade_core::pipeline::Pipeline;
use cascade_core::state::{Managed, StateError};
use std::fs;
use std::io::ErrorKind;

/// The keys directly beneath the body key.
const BODY: [&str; 3] = ["config", "state", "latest_release"];

/// A manifest as it was read, or why it could not be.
#[derive(Debug)]
pub(crate) struct Text {
    path: String,
    bytes: Vec<u8>,
    manifest: Result<Manifest, Vec<ReadError>>,
}

impl Text {
    /// Reads the file; what is wrong with its text is left to the report.
    pub(crate) fn read(location: &Location, key: &str) -> Result<Self, Failure> {
        let bytes = read_file(location)?;
        Ok(Self::of(location.shown(), bytes, key))
    }

    /// Reads a text that is, or would be, the manifest at a path.
    pub(crate) fn of(path: String, bytes: Vec<u8>, key: &str) -> Self {
        let manifest = Manifest::read(&bytes, key);
        Self {
            path,
            bytes,
            manifest,
        }
    }

    /// The configuration, if the text can be read.
    pub(crate) fn draft(&self) -> Option<&Node> {
        self.manifest.as_ref().ok().map(Manifest::config)
    }

    /// Checks it against every rule.
    pub(crate) fn check(&self, contracts: &Contracts<'_>) -> Checked {
        let source = Source::file(self.path.clone(), &self.bytes);
        let manifest = match &self.manifest {
            Ok(manifest) => manifest,
            Err(errors) => {
                let diagnostics = errors.iter().cloned().map(Into::into).collect();
                let report = Report::new(source, diagnostics);
                return Checked {
                    report,
                    pipeline: None,
                };
            }
        };
        let checked = check(manifest.config(), contracts);
        let found = checked.findings.into_iter();
        let found = found.map(|each| Diagnostic::finding(&each, |at| Some(manifest.span(at))));
        let diagnostics = unknown_body_keys(manifest)
            .chain(unreadable_state(manifest))
            .chain(left_state(manifest, checked.pipeline.as_ref()))
            .chain(found)
            .collect();
        Checked {
            report: Report::new(source, diagnostics),
            pipeline: checked.pipeline,
        }
    }
}

/// Reads a manifest's bytes.
pub(crate) fn read_file(location: &Location) -> Result<Vec<u8>, Failure> {
    let path = &location.manifest;
    let shown = path.display();
    let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && is_link => {
            let failure = Failure::new(format!("{shown} is a symbolic link to nothing"));
            Err(failure.help("restore what it leads to, or replace the link with the manifest"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let failure = Failure::new(format!("there is no file {shown}"));
            Err(failure.help("`cascade init` writes a manifest, `--config` names another one"))
        }
        Err(error) => Err(unreadable(location, &error)),
        Ok(data) if !data.is_file() => {
            let failure = Failure::new(format!("{shown} is not a file"));
            Err(failure.help("`--config` names the manifest itself"))
        }
        Ok(_) => fs::read(path).map_err(|error| unreadable(location, &error)),
    }
}

fn unreadable(location: &Location, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot read {}", location.manifest.display()))
        .cause(error)
        .help("check its permissions, and those of its folders")
}

fn unknown_body_keys(manifest: &Manifest) -> impl Iterator<Item = Diagnostic> {
    let keys = manifest.body_keys().into_iter();
    keys.filter(|key| !BODY.contains(&key.name)).map(|key| {
        let message = format!("unknown key `{}`", key.name);
        let help = suggest::among(key.name, BODY, "the keys here are");
        Diagnostic::at(
            &rules::UNKNOWN_KEY,
            key.span,
            message,
            Some(help.to_string()),
        )
    })
}

/// Finds state that was not moved to the branch that the configuration names, or not removed since.
fn left_state(manifest: &Manifest, pipeline: Option<&Pipeline>) -> Option<Diagnostic> {
    let branch = pipeline?.settings().state_branch.as_ref()?;
    let filled = Managed::read(manifest).is_ok_and(|managed| !managed.is_empty());
    let keys = manifest.body_keys();
    let key = keys.iter().find(|key| BODY[1..].contains(&key.name));
    let key = key.filter(|_| filled)?;
    let message =
        format!("the manifest has state, and the configuration keeps it on the branch `{branch}`");
    let help = "`cascade state move` moves it there, or removes it here if it was moved already";
    let help = Some(help.to_owned());
    Some(Diagnostic::at(&rules::STATE_LEFT, key.span, message, help))
}

fn unreadable_state(manifest: &Manifest) -> Option<Diagnostic> {
    match Managed::read(manifest) {
        Err(StateError::Layout {
            section,
            span,
            message,
        }) => {
            let keys = manifest.body_keys();
            let key = keys.iter().find(|key| key.name == section.key());
            let span = key.map_or(span, |key| key.span);
            let message = format!("`{}` cannot be read: {message}", section.key());
            let help = "restore it from the history of the manifest; only cascade writes it";
            Some(Diagnostic::at(
                &rules::STATE,
                span,
                message,
                Some(help.to_owned()),
            ))
        }
        _ => None,
    }
}
