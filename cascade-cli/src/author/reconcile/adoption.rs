//! A manifest with other pins, and the files that follow from it.

use crate::cli::error::{Error, Failure};
use crate::cli::terminal::Terminal;
use crate::files::generated;
use crate::project::manifest::{Text, read_file};
use crate::project::{Declared, Project};
use cascade_core::generate::File;
use cascade_core::manifest::Pin;
use cascade_core::manifest::yaml::splice::set_action_pins;
use cascade_core::protocol::MARKER;
use std::collections::BTreeMap;

/// A manifest with other pins, and the files that follow from it.
#[derive(Debug)]
pub(crate) struct Adoption {
    /// The text of the manifest.
    pub(crate) manifest: String,
    /// The generated files.
    pub(crate) files: Vec<File>,
}

impl Adoption {
    /// Gives the manifest of a project these pins, and generates its files from it.
    pub(crate) fn of(
        project: &Project,
        pins: &BTreeMap<String, Pin>,
        terminal: &Terminal,
    ) -> Result<Self, Error> {
        let bytes = read_file(&project.location)?;
        let manifest = pinned(&bytes, &project.key, pins)?;
        let shown = project.location.shown();
        let text = Text::of(shown, manifest.clone().into_bytes(), &project.key);
        let adopted = Project {
            location: project.location.clone(),
            key: project.key.clone(),
            declared: Declared::Manifest(text),
        };
        let files = generated(&adopted.pipeline(terminal)?)?;
        Ok(Self { manifest, files })
    }
}

/// Returns the text of a manifest with these pins.
pub(crate) fn pinned(
    bytes: &[u8],
    key: &str,
    pins: &BTreeMap<String, Pin>,
) -> Result<String, Failure> {
    let text = String::from_utf8_lossy(bytes);
    set_action_pins(&text, key, pins).map_err(|error| {
        Failure::new("the pins cannot be written into the manifest")
            .cause(error)
            .help("write them under `config.action_pins` by hand")
    })
}

/// Returns true if the pipeline is declared in code, of which the manifest is generated.
pub(crate) fn is_from_code(project: &Project) -> bool {
    match &project.declared {
        Declared::Code(_) => true,
        Declared::Manifest(_) => {
            read_file(&project.location).is_ok_and(|bytes| bytes.starts_with(MARKER.as_bytes()))
        }
    }
}
