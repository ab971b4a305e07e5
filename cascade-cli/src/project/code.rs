//! A pipeline that was declared in code.

use super::{Checked, KEY};
use crate::cli::diagnostic::{Diagnostic, Report, Source};
use crate::repository::Location;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::{Manifest, write};
use cascade_core::protocol::MARKER;
use std::fs;

/// The pipeline that a program declares.
#[derive(Debug)]
pub(crate) struct Code {
    draft: Node,
}

impl Code {
    pub(super) const fn new(draft: Node) -> Self {
        Self { draft }
    }

    /// Returns the declared pipeline.
    pub(crate) const fn draft(&self) -> &Node {
        &self.draft
    }

    /// Checks it with places in the manifest that it generates: the one that is there, or would be.
    pub(super) fn check_in(
        &self,
        location: &Location,
        key: &str,
        contracts: &Contracts<'_>,
    ) -> Checked {
        let read = |bytes: Vec<u8>| Manifest::read(&bytes, key).ok().map(|it| (bytes, it));
        let there = fs::read(&location.manifest).ok().and_then(read);
        let would_be = || read(manifest(&self.draft, key).into_bytes());
        let Some((bytes, manifest)) = there.or_else(would_be) else {
            return self.check(contracts);
        };
        let checked = check(&self.draft, contracts);
        let found = checked.findings.into_iter();
        let diagnostics =
            found.map(|each| Diagnostic::finding(&each, |at| Some(manifest.span(at))));
        Checked {
            report: Report::new(
                Source::file(location.shown(), &bytes),
                diagnostics.collect(),
            ),
            pipeline: checked.pipeline,
        }
    }

    pub(super) fn check(&self, contracts: &Contracts<'_>) -> Checked {
        let checked = check(&self.draft, contracts);
        let found = checked.findings.into_iter();
        let diagnostics = found.map(|each| Diagnostic::finding(&each, |_| None));
        Checked {
            report: Report::new(Source::Code, diagnostics.collect()),
            pipeline: checked.pipeline,
        }
    }
}

/// A manifest without managed sections whose configuration is `draft`.
pub(crate) fn manifest(draft: &Node, key: &str) -> String {
    let body = Map::from_iter([("config".to_owned(), draft.clone())]);
    let key = if key.is_empty() { KEY } else { key };
    write::node(&Map::from_iter([(key.to_owned(), body.into())]).into())
}

/// The same manifest as a generated file.
pub(crate) fn generated_manifest(draft: &Node, key: &str, version: &str) -> String {
    format!(
        "{MARKER}{version}; do not edit.\n\
         # `cascade generate` writes `config` from the pipeline's code and keeps everything else.\n\
         {}",
        manifest(draft, key)
    )
}
