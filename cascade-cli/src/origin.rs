//! The source that this program was built from.
//!
//! There is no build script: it would run again in each build of each pipeline crate. A release and
//! a run that builds cascade say it in variables of the compiler; what Cargo installed or resolved,
//! Cargo has written down.

use crate::cli::request::{self, Request};
use crate::files::VERSION;
use cascade_core::manifest::{CommitHash, GitUrl, Repository};
use serde::{Deserialize, Serialize};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The package that holds the command line.
pub(crate) const PACKAGE: &str = "cascade-cli";

/// The source that this program was built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ProgramOrigin {
    /// The repository, as `git clone` takes it.
    pub(crate) url: String,
    /// The full hash of the commit.
    pub(crate) rev: String,
    /// The repository on GitHub whose release carries this program, if it is one of a release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
}

/// Returns where this program came from; `None` if nothing says so.
pub(crate) fn of(request: &Request) -> Option<ProgramOrigin> {
    compiled_in().or_else(|| match &request.origin {
        request::Origin::Code(_) => resolved(),
        request::Origin::Manifest => installed(&env::current_exe().ok()?),
    })
}

/// Returns the address below which the source's files are shown, of the commit that this program was
/// built from; of the version, with a name to fill in, where nothing says which commit that is.
pub(crate) fn pages(request: &Request) -> String {
    of(request).map_or_else(
        || format!("https://github.com/OWNER/cascade/blob/v{VERSION}"),
        |origin| {
            let repository = origin.url.trim_end_matches('/').trim_end_matches(".git");
            format!("{repository}/blob/{}", origin.rev)
        },
    )
}

/// Returns what the compiler was told.
fn compiled_in() -> Option<ProgramOrigin> {
    let origin = known(
        option_env!("CASCADE_ORIGIN_URL")?,
        option_env!("CASCADE_ORIGIN_REV")?,
    )?;
    let release = option_env!("CASCADE_ORIGIN_RELEASE");
    let release = release.filter(|name| Repository::from_str(name).is_ok());
    Some(ProgramOrigin {
        release: release.map(str::to_owned),
        ..origin
    })
}

fn known(url: &str, rev: &str) -> Option<ProgramOrigin> {
    let url = GitUrl::from_str(url).ok()?;
    let rev = CommitHash::from_str(rev).ok()?;
    Some(ProgramOrigin {
        url: url.to_string(),
        rev: rev.to_string(),
        release: None,
    })
}

/// Returns what Cargo writes beside the programs that it installs.
///
/// Source: Cargo, `cargo install`, "Description": `.crates2.json` below the installation root.
fn installed(program: &Path) -> Option<ProgramOrigin> {
    #[derive(Deserialize)]
    struct Installed {
        installs: indexmap::IndexMap<String, Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        bins: Vec<String>,
    }
    let name = program.file_name()?.to_str()?;
    let record = program.parent()?.parent()?.join(".crates2.json");
    let record: Installed = serde_json::from_slice(&fs::read(record).ok()?).ok()?;
    let mut packages = record.installs.into_iter();
    let (package, _) = packages.find(|(_, package)| package.bins.iter().any(|bin| bin == name))?;
    let source = package.strip_prefix(&format!("{PACKAGE} {VERSION} ("))?;
    of_source(source.strip_suffix(')')?)
}

/// Returns what the lock file of the pipeline crate says, which Cargo built this program from.
fn resolved() -> Option<ProgramOrigin> {
    let below = |path: PathBuf| path.ancestors().map(Path::to_owned).collect::<Vec<_>>();
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let folders = package.into_iter().chain(env::current_exe().ok());
    let locks = folders
        .flat_map(below)
        .map(|folder| folder.join("Cargo.lock"));
    locks
        .into_iter()
        .find_map(|lock| locked(&fs::read_to_string(lock).ok()?))
}

fn locked(text: &str) -> Option<ProgramOrigin> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        source: Option<String>,
    }
    let lock: Lock = toml::from_str(text).ok()?;
    let mut packages = lock.package.into_iter();
    let package = packages.find(|each| each.name == PACKAGE && each.version == VERSION)?;
    of_source(&package.source?)
}

/// Reads a source as Cargo writes it: `git+https://host/repository?rev=main#<commit>`.
///
/// Source: Cargo, "Package ID Specifications".
fn of_source(source: &str) -> Option<ProgramOrigin> {
    let (address, rev) = source.strip_prefix("git+")?.rsplit_once('#')?;
    let url = address.split_once('?').map_or(address, |(url, _)| url);
    known(url, rev)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const REV: &str = "0123456789abcdef0123456789abcdef01234567";

    fn expected() -> ProgramOrigin {
        known("https://git.example/acme/cascade", REV).unwrap()
    }

    #[test]
    fn a_source_names_a_repository_and_a_commit() {
        for query in ["", "?rev=main", "?branch=a%23b"] {
            let source = format!("git+https://git.example/acme/cascade{query}#{REV}");
            assert_eq!(of_source(&source), Some(expected()), "{source}");
        }
        let path = "path+file:///home/me/cascade#0.1.0";
        let short = "git+https://git.example/acme/cascade#0123456";
        for other in [path, short, "registry+https://index.example", ""] {
            assert_eq!(of_source(other), None, "{other}");
        }
    }

    #[test]
    fn a_lock_file_says_what_a_pipeline_crate_was_built_from() {
        let lock = |source: &str| {
            format!(
                "version = 4\n\n[[package]]\nname = \"pipeline\"\nversion = \"0.0.0\"\n\n\
                 [[package]]\nname = \"{PACKAGE}\"\nversion = \"{VERSION}\"\n{source}"
            )
        };
        let git = format!("source = \"git+https://git.example/acme/cascade?rev={REV}#{REV}\"\n");
        assert_eq!(locked(&lock(&git)), Some(expected()));
        assert_eq!(locked(&lock("")), None);
        assert_eq!(locked("not toml ["), None);
    }

    #[test]
    fn cargo_says_what_it_installed() {
        let root = tempfile::tempdir().unwrap();
        let program = root.path().join("bin/cascade");
        let record = |package: &str| {
            let record = serde_json::json!({ "installs": { package: { "bins": ["cascade"] } } });
            fs::write(root.path().join(".crates2.json"), record.to_string()).unwrap();
            installed(&program)
        };
        let git =
            format!("{PACKAGE} {VERSION} (git+https://git.example/acme/cascade?rev={REV}#{REV})");
        assert_eq!(record(&git), Some(expected()));
        assert_eq!(
            record(&git.replace(VERSION, "99.0.0")),
            None,
            "another one was installed"
        );
        assert_eq!(
            record(&format!("{PACKAGE} {VERSION} (path+file:///here)")),
            None
        );
    }
}
