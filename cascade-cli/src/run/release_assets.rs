//! The files that releases carry.

use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::run::releases::Releases;
use cascade_core::pipeline::Artifact;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder into which a workflow puts the files that its builds uploaded.
const FOLDER: &str = ".cascade/artifacts";

/// The sources of a draft's files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The builds that succeeded in this run.
    pub(crate) built: &'a [&'a str],
    /// The versions that carry the files of the other builds, the nearest first.
    pub(crate) earlier: &'a [&'a str],
}

impl Releases<'_> {
    /// Attaches the files of all builds to the draft of a tag: this run's, and for builds that did
    /// not run those of an earlier version. Returns the required files that no earlier version has.
    pub(crate) fn attach_files(
        &self,
        tag: &str,
        origin: Origin<'_>,
    ) -> Result<Vec<String>, Failure> {
        let Some(github) = &self.github else {
            return Ok(Vec::new());
        };
        let Some(release) = self.find(tag)?.filter(|release| release["draft"] == true) else {
            return Ok(Vec::new());
        };
        let mut missing = Vec::new();
        for build in &self.session.component.builds {
            let built = origin.built.contains(&build.callback.name.as_str());
            for artifact in &build.artifacts {
                if built {
                    self.attach_built(github, &release, artifact)?;
                } else if !self.attach_earlier(&release, artifact, origin.earlier)?
                    && artifact.required
                {
                    missing.push(artifact.name.clone());
                }
            }
        }
        Ok(missing)
    }

    fn attach_built(
        &self,
        github: &GitHub,
        release: &Value,
        artifact: &Artifact,
    ) -> Result<(), Failure> {
        let folder = self.session.root().join(FOLDER);
        let Some(file) = file_of(&folder, artifact) else {
            if !artifact.required {
                return Ok(());
            }
            let failure = Failure::new(format!(
                "the release file `{}` was not built",
                artifact.name
            ));
            return Err(failure.help(
                "upload it in the build as a workflow artifact of that name, or set `required: false`",
            ));
        };
        let asset = file_name(&file);
        if names(release).contains(&asset) {
            return Ok(());
        }
        let bytes = std::fs::read(&file).map_err(|error| {
            Failure::new(format!("cannot read {}", file.display())).cause(error)
        })?;
        github.attach(release, &asset, &bytes)
    }

    fn attach_earlier(
        &self,
        release: &Value,
        artifact: &Artifact,
        earlier: &[&str],
    ) -> Result<bool, Failure> {
        let wanted = file_name(Path::new(artifact.path.as_str()));
        for tag in earlier {
            if self.copy_files(tag, release, |asset| asset == wanted)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Copies those files of another release that are wanted; whether there was one.
    pub(super) fn copy_files(
        &self,
        from: &str,
        release: &Value,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<bool, Failure> {
        let (Some(github), Some(source)) = (&self.github, self.find(from)?) else {
            return Ok(false);
        };
        let there = names(release);
        let mut found = false;
        for asset in source["assets"].as_array().into_iter().flatten() {
            let name = asset["name"].as_str().unwrap_or_default();
            if !wanted(name) {
                continue;
            }
            found = true;
            if there.iter().any(|each| each == name) {
                continue;
            }
            let bytes = github.asset(asset["id"].as_u64().unwrap_or_default())?;
            github.attach(release, name, &bytes)?;
        }
        Ok(found)
    }
}

/// Returns the place of a workflow artifact: a folder of its name, or the folder itself where there
/// is only one.
fn file_of(folder: &Path, artifact: &Artifact) -> Option<PathBuf> {
    let (name, path) = (&artifact.name, artifact.path.as_str());
    let last = Path::new(path).file_name()?;
    let places = [
        folder.join(name).join(path),
        folder.join(name).join(last),
        folder.join(path),
        folder.join(last),
    ];
    places.into_iter().find(|place| place.is_file())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn names(release: &Value) -> Vec<String> {
    let assets = release["assets"].as_array().into_iter().flatten();
    assets
        .filter_map(|asset| asset["name"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_files_of_a_release_are_its_assets() {
        let release = json!({ "assets": [{ "name": "a.tar" }, { "id": 7 }, { "name": "b" }] });
        assert_eq!(names(&release), ["a.tar", "b"]);
        assert!(names(&json!({})).is_empty());
    }

    #[test]
    fn a_file_is_attached_under_its_last_name() {
        assert_eq!(file_name(Path::new("target/out/app.tar.gz")), "app.tar.gz");
        assert_eq!(file_name(Path::new("..")), "");
    }
}
