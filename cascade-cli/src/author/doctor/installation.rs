//! The way on which runners get cascade.

use super::Patient;
use super::diagnosis::{Diagnosis, Fix};
use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::github::own_release::OwnRelease;
use crate::origin::PACKAGE;
use cascade_core::manifest::ArchiveTarget;
use cascade_core::pipeline::{Cli, CliGit, CliRelease};
use std::fs;
use std::path::Path;

const SUBJECT: &str = "cascade on the runners";

pub(super) fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Failure> {
    Ok(vec![match &patient.pipeline.settings().cli {
        Cli::Preinstalled => preinstalled(patient),
        Cli::Release(release) => of_release(patient, release)?,
        Cli::Git(git) => of_git(patient, git)?,
        Cli::Workspace(path) => of_workspace(patient, path.as_str()),
    }])
}

fn preinstalled(patient: &Patient<'_>) -> Diagnosis {
    let hosted = patient
        .pipeline
        .components()
        .iter()
        .find_map(|component| component.runs_on.hosted());
    match hosted {
        Some(label) => Diagnosis::wrong(
            SUBJECT,
            format!("runners with the label `{label}` are GitHub's own, which have no cascade"),
            Fix::ByHand("`cascade pin VERSION --repository OWNER/REPO` takes it from a release; or write `cli: { source: git, url: .., rev: .. }`".to_owned()),
        ),
        None => Diagnosis::good(SUBJECT, "your own runners have it"),
    }
}

fn of_release(patient: &Patient<'_>, release: &CliRelease) -> Result<Diagnosis, Failure> {
    let Some(version) = patient.pipeline.settings().cli_version.clone() else {
        return Ok(Diagnosis::good(SUBJECT, "from a release"));
    };
    let name = format!("{version} of {}", release.repository);
    let fix = || {
        Fix::ByHand(format!(
            "`cascade pin {version}` writes the checksums anew; look why they differ before"
        ))
    };
    let found = OwnRelease::fetch(
        &patient.host.environment,
        release.repository.clone(),
        version.clone(),
    );
    let found = match found {
        Ok(found) => found,
        Err(failure) => {
            let help = "name a release that exists: `cascade pin VERSION`; a private repository needs `cli.token`";
            return Ok(Diagnosis::wrong(
                SUBJECT,
                failure.to_string(),
                Fix::ByHand(help.to_owned()),
            ));
        }
    };
    let differs = release.checksums.iter().find(|(target, sum)| {
        let theirs = found.checksums.iter().find(|(other, _)| other == target);
        theirs.is_none_or(|(_, theirs)| theirs != sum.as_str())
    });
    if let Some((target, _)) = differs {
        let said = format!("the checksum of {target} is not that of release {name}");
        return Ok(Diagnosis::wrong(SUBJECT, said, fix()));
    }
    if let Some(target) = patient
        .pipeline
        .components()
        .iter()
        .filter_map(|component| ArchiveTarget::of_hosted(component.runs_on.hosted()?))
        .find(|target| !release.checksums.iter().any(|(other, _)| other == target))
    {
        let said = format!("there is no checksum for {target}, which the runners need");
        return Ok(Diagnosis::wrong(SUBJECT, said, fix()));
    }
    Ok(Diagnosis::good(SUBJECT, format!("release {name}")))
}

fn of_git(patient: &Patient<'_>, git: &CliGit) -> Result<Diagnosis, Failure> {
    let environment = &patient.host.environment;
    let address = git.url.as_str().trim_end_matches(".git");
    let inside = address.strip_prefix(environment.server_url.trim_end_matches('/'));
    let Some(name) = inside.and_then(|rest| rest.strip_prefix('/')) else {
        return Ok(Diagnosis::unknown(
            SUBJECT,
            format!("{address} is on another host"),
            format!("look yourself whether runners reach it: `git ls-remote {address}`"),
        ));
    };
    // Without a token of its own a run reads what anybody may.
    let token = git.token.as_ref().and(environment.token.as_ref());
    let github = GitHub::reading(environment, name, token)?;
    let answer = github.commit(&git.rev.to_string())?;
    Ok(match answer.is_success() {
        true => Diagnosis::good(SUBJECT, format!("built from {} of {name}", git.rev)),
        false => Diagnosis::wrong(
            SUBJECT,
            format!("a run cannot fetch commit {} of {name}", git.rev),
            Fix::ByHand("push the commit; if the repository is private, name a secret that reads it: `cli.token`".to_owned()),
        ),
    })
}

fn of_workspace(patient: &Patient<'_>, path: &str) -> Diagnosis {
    let folder = patient.root.join(path);
    let missing = ["Cargo.toml", "Cargo.lock"]
        .into_iter()
        .find(|name| !folder.join(name).is_file());
    if let Some(name) = missing {
        return Diagnosis::wrong(
            SUBJECT,
            format!("`{path}` has no {name}, and runs build it with `--locked`"),
            Fix::ByHand(format!(
                "run `cargo generate-lockfile` in `{path}`, and commit the file"
            )),
        );
    }
    match outside(patient.root, &folder) {
        Some(place) => Diagnosis::wrong(
            SUBJECT,
            format!("`{path}` takes cascade from {place}, which is on this machine only"),
            Fix::ByHand(format!(
                "name a commit in `{path}/Cargo.toml`: `cascade-cli = {{ git = .., rev = .. }}`"
            )),
        ),
        None => Diagnosis::good(SUBJECT, format!("built from `{path}`")),
    }
}

/// Returns the folder outside of the repository that a crate takes cascade from, if it does.
fn outside(root: &Path, folder: &Path) -> Option<String> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = manifest.parse().ok()?;
    let place = manifest
        .get("dependencies")?
        .get(PACKAGE)?
        .get("path")?
        .as_str()?;
    let root = fs::canonicalize(root).ok()?;
    let inside = fs::canonicalize(folder.join(place)).is_ok_and(|found| found.starts_with(&root));
    (!inside).then(|| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_outside_the_repository_are_on_this_machine_only() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repo");
        let pipeline = root.join("pipeline");
        fs::create_dir_all(&pipeline).unwrap();
        fs::create_dir_all(root.join("cli")).unwrap();
        fs::create_dir_all(folder.path().join("elsewhere")).unwrap();
        let taken_from = |path: &str| {
            let cargo = format!("[dependencies]\n{PACKAGE} = {{ path = {path:?} }}\n");
            fs::write(pipeline.join("Cargo.toml"), cargo).unwrap();
            outside(&root, &pipeline)
        };
        assert_eq!(taken_from("../cli"), None);
        assert_eq!(
            taken_from("../../elsewhere").as_deref(),
            Some("../../elsewhere")
        );
        assert_eq!(taken_from("../missing").as_deref(), Some("../missing"));
        fs::write(pipeline.join("Cargo.toml"), "[dependencies]\n").unwrap();
        assert_eq!(outside(&root, &pipeline), None);
    }
}
