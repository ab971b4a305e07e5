//! The configurations of release tools in a repository.

use super::Scene;
use crate::cli::error::Failure;
use cascade_core::migration::{
    Note, Outcome, Place, Releases, SEMANTIC_FILES, SEMANTIC_PROGRAMS, Settings, Unreadable,
    read_release_please, read_semantic_release, settings,
};
use std::cell::RefCell;
use std::fs;
use std::path::Path;

/// Files in which a package says what it is.
const PACKAGES: [&str; 3] = ["package.json", "Cargo.toml", "pyproject.toml"];

/// The release tools of a repository, and what they do there.
#[derive(Debug, Default)]
pub(super) struct Tools {
    /// The tools that were found.
    pub(super) names: Vec<&'static str>,
    /// The releases that they make; of several tools, the first one's.
    pub(super) releases: Releases,
    /// The places that publish something else, each with what does it.
    pub(super) publishes: Vec<(Place, String)>,
}

impl Tools {
    /// Reads the configurations; `trunk` is the branch that releases flow from.
    pub(super) fn read(scene: &Scene<'_>, trunk: &str) -> Result<Self, Failure> {
        let refused = RefCell::new(None);
        let skipped = RefCell::new(Vec::new());
        let files = |path: &str| match text(&scene.root, path) {
            Ok(text) => text,
            // What packages say of themselves is read for their names only, in most of them.
            Err(failure) if PACKAGES.iter().any(|name| path.ends_with(name)) => {
                let note = Note::new(Outcome::LeftOut, Place::file(path), failure.message());
                skipped.borrow_mut().push(note);
                None
            }
            Err(failure) => {
                refused.borrow_mut().get_or_insert(failure);
                None
            }
        };
        let workflows = workflows(scene);
        let please = read_release_please(&files, &workflows).map_err(unreadable);
        let folders = folders(scene);
        let semantic = read_semantic_release(&files, &folders, trunk, &workflows);
        // What cannot be opened is told before what is missing because of it.
        if let Some(failure) = refused.into_inner() {
            return Err(failure);
        }
        let mut tools = Self::default();
        let skipped = skipped.into_inner();
        if let Some(please) = please? {
            tools.names.push("release-please");
            tools.releases = please;
        }
        if let Some(semantic) = semantic.map_err(unreadable)? {
            tools.publishes = semantic.publishes;
            match tools.names.is_empty() {
                true => tools.releases = semantic.releases,
                false => tools.second(semantic.releases),
            }
            tools.names.push("semantic-release");
        }
        tools.releases.notes.extend(skipped);
        Ok(tools)
    }

    /// Keeps what is told about a second tool, whose settings are not used.
    fn second(&mut self, releases: Releases) {
        let place = releases.files.first().map_or("", String::as_str);
        let note = Note::new(
            Outcome::ByHand,
            Place::file(place),
            "two tools release this repository: semantic-release and release-please",
        );
        self.releases.notes.push(note.help(
            "the manifest has the tags of release-please: compare them with `tagFormat` of semantic-release",
        ));
        self.releases.notes.extend(releases.notes);
        self.releases.files.extend(releases.files);
    }

    /// Returns the settings of a pipeline, for everything that is released or for one part of it.
    pub(super) fn settings(&self, scene: &Scene<'_>, tags: &[String]) -> Result<Settings, Failure> {
        let parts = &self.releases.parts;
        let mut found = match &scene.request.component {
            None => settings(parts, false, tags),
            Some(name) => {
                let part = parts.iter().find(|part| part.name == *name);
                let part = part.ok_or_else(|| {
                    let names: Vec<String> = parts
                        .iter()
                        .map(|part| format!("`{}`", part.name))
                        .collect();
                    let failure =
                        Failure::new(format!("no part of the repository is named `{name}`"));
                    failure.help(match names.is_empty() {
                        true => {
                            "leave `--component` out: nothing here is released in parts".to_owned()
                        }
                        false => format!("the parts are {}", names.join(", ")),
                    })
                })?;
                settings(std::slice::from_ref(part), parts.len() > 1, tags)
            }
        };
        if !self.releases.changelog.is_empty() {
            let changelog = self.releases.changelog.clone();
            found.map.insert("changelog".to_owned(), changelog.into());
        }
        Ok(found)
    }
}

fn unreadable(error: Unreadable) -> Failure {
    Failure::new(format!("`{}` cannot be read", error.place.path))
        .cause(error)
        .help("correct the file, and migrate again; nothing was written")
}

/// Returns the texts of the workflows that somebody wrote.
fn workflows(scene: &Scene<'_>) -> Vec<(String, String)> {
    let survey = &scene.survey;
    let own = |path: &str| survey.workflows.iter().any(|each| each.path == path);
    let texts = survey.texts.iter().filter(|(path, _)| own(path));
    texts
        .map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned()))
        .collect()
}

/// Returns the folders that have a configuration of semantic-release, or a package.
fn folders(scene: &Scene<'_>) -> Vec<String> {
    let known = |name: &String| {
        SEMANTIC_FILES.contains(&name.as_str()) || SEMANTIC_PROGRAMS.contains(&name.as_str())
    };
    let folders = scene.survey.folders.iter();
    folders
        .filter(|folder| folder.names.iter().any(known))
        .map(|folder| folder.path.clone())
        .collect()
}

/// Returns the text of a file below the top; `None` if there is none. Links are refused: they may lead out
/// of the repository.
fn text(root: &Path, path: &str) -> Result<Option<String>, Failure> {
    let plain = |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
    let relative = Path::new(path.strip_prefix("./").unwrap_or(path));
    if !relative.components().all(plain) {
        let failure = Failure::new(format!("`{path}` is not a path in the repository"));
        return Err(failure.help("name a file below its top; nothing was written"));
    }
    let mut full = root.to_owned();
    for part in relative.components() {
        full.push(part);
        match full.symlink_metadata() {
            Err(_) => return Ok(None),
            Ok(data) if data.is_symlink() => {
                let failure = Failure::new(format!("`{path}` is reached by a symbolic link"));
                return Err(failure.help(
                    "put the file in the link's place, and migrate again; nothing was written",
                ));
            }
            Ok(_) => {}
        }
    }
    if !full.is_file() {
        let failure = Failure::new(format!("`{path}` is not a file"));
        return Err(failure.help("move it away, and migrate again; nothing was written"));
    }
    let bytes = fs::read(&full).map_err(|error| {
        Failure::new(format!("cannot read `{path}`"))
            .cause(error)
            .help("check its permissions; nothing was written")
    })?;
    String::from_utf8(bytes).map(Some).map_err(|_| {
        Failure::new(format!("`{path}` is not UTF-8"))
            .help("save it as UTF-8, and migrate again; nothing was written")
    })
}
