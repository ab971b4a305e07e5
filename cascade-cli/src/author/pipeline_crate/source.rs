//! The places that runs and pipeline crates get cascade from.

use super::FOLDER;
use crate::author::pin;
use crate::cli::error::Failure;
use crate::cli::request::Request;
use crate::cli::runner::Runner;
use crate::cli::terminal::Terminal;
use crate::files::VERSION;
use crate::github::own_release::{Attestation, OwnRelease};
use crate::origin::{self, PACKAGE};
use cascade_core::manifest::draft::{Leaf, Map, Node, Problem};
use cascade_core::manifest::{CommitHash, ExactVersion, GitUrl, Repository, Token};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

/// The flags that say how runs and the pipeline crate get cascade.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SourceArgs {
    /// Get cascade from one commit of this git repository
    ///
    /// Each run builds it once.
    #[arg(long, value_name = "URL", requires = "cascade_rev", conflicts_with_all = ["cascade_release", "cascade_path"])]
    cascade_git: Option<String>,
    /// The full hash of the commit
    #[arg(long, value_name = "SHA", requires = "cascade_git")]
    cascade_rev: Option<String>,
    /// Get cascade from a release
    #[arg(
        long,
        value_name = "OWNER/REPO@VERSION",
        conflicts_with = "cascade_path"
    )]
    cascade_release: Option<String>,
    /// The secret that reads that repository, if it is private
    ///
    /// Its name, never the secret itself.
    #[arg(long, value_name = "SECRET")]
    cascade_token: Option<String>,
    /// Get cascade from a folder with its sources (pipelines in Rust)
    ///
    /// Unless the folder belongs to the repository, the crate builds on this machine only.
    #[arg(long, value_name = "FOLDER")]
    cascade_path: Option<PathBuf>,
    /// The runners have cascade already
    ///
    /// GitHub's own runners do not.
    #[arg(long)]
    preinstalled: bool,
}

/// A place that cascade can be got from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// One commit of a repository.
    Git { url: GitUrl, rev: CommitHash },
    /// A release.
    Release {
        repository: Repository,
        version: ExactVersion,
    },
    /// A folder of sources.
    Path { folder: String, is_inside: bool },
}

/// The ways in which runs and the pipeline crate get cascade, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sources {
    /// The place that it comes from.
    pub(crate) source: Option<Source>,
    /// True if the runners have it.
    pub(crate) preinstalled: bool,
    /// The secret that reads the place.
    pub(crate) token: Option<Token>,
}

/// An example for messages.
const EXAMPLE: &str = "--cascade-git https://github.com/OWNER/cascade --cascade-rev COMMIT";

impl SourceArgs {
    /// Reads the flags; `root` is the repository that is written into.
    pub(crate) fn read(&self, directory: &Path, root: &Path) -> Result<Sources, Failure> {
        let source = match (&self.cascade_git, &self.cascade_rev) {
            (Some(url), Some(rev)) => Some(git(url, rev)?),
            _ => match (&self.cascade_release, &self.cascade_path) {
                (Some(release), _) => Some(self::release(release)?),
                (None, Some(folder)) => Some(self::folder(folder, directory, root)?),
                (None, None) => None,
            },
        };
        let token = self.cascade_token.as_deref();
        Ok(Sources {
            source,
            preinstalled: self.preinstalled,
            token: token
                .map(|name| leaf("--cascade-token", name))
                .transpose()?,
        })
    }
}

impl Sources {
    /// Returns true if it is said how runs get cascade, and for a crate also where it comes from.
    pub(crate) const fn are_known(&self, rust: bool) -> bool {
        self.source.is_some() || (self.preinstalled && !rust)
    }

    /// Says that nothing is known.
    pub(crate) fn unknown(rust: bool) -> Failure {
        let (what, more) = match rust {
            false => (
                "how do runs get cascade? This program does not know which commit or release it is",
                "`--cascade-release OWNER/REPO@VERSION` takes a release, and `--preinstalled` is for \
                 runners of your own that have cascade",
            ),
            true => (
                "where does the pipeline crate get cascade? This program does not know which commit \
                 or release it is",
                "`--cascade-release OWNER/REPO@VERSION` takes a release, and `--cascade-path FOLDER` \
                 the sources on this machine",
            ),
        };
        Failure::new(what).help(format!(
            "name a commit of cascade's repository, such as `{EXAMPLE}`; {more}; nothing was written"
        ))
    }

    /// Returns the block `cli` of a manifest that no crate stands behind; GitHub is asked for the
    /// checksums of a release.
    pub(crate) fn installed(&self, terminal: &Terminal) -> Result<Map, Failure> {
        if self.preinstalled {
            return Ok(block(&[("source", "preinstalled")]));
        }
        match &self.source {
            Some(Source::Git { url, rev }) => {
                let mut git = block(&[
                    ("source", "git"),
                    ("url", url.as_str()),
                    ("rev", rev.as_str()),
                ]);
                git.extend(self.token().map(|token| ("token".to_owned(), token)));
                Ok(git)
            }
            Some(Source::Release {
                repository,
                version,
            }) => {
                let (repository, version) = (repository.clone(), version.clone());
                let release =
                    OwnRelease::fetch(&Runner::read(), repository, version).map_err(|failure| {
                        failure.or_help(format!(
                            "nothing was written; without a release, name a commit: `{EXAMPLE}`"
                        ))
                    })?;
                if let Attestation::Unknown(why) = release.attestation()? {
                    terminal.note(&format!("note: the attestation was not checked: {why}\n"));
                }
                Ok(pin::block(&release, self.token()))
            }
            Some(Source::Path { .. }) => {
                let failure = Failure::new("`--cascade-path` is for pipelines in Rust");
                Err(failure.help(format!("add `--rust`, or name a commit: `{EXAMPLE}`")))
            }
            None => Err(Self::unknown(false)),
        }
    }

    fn token(&self) -> Option<Node> {
        let token = self.token.as_ref()?;
        Some(token.0.as_str().into())
    }

    /// Returns the block `cli` of a pipeline crate: runs build the crate.
    pub(crate) fn built(&self) -> Map {
        match self.preinstalled {
            true => block(&[("source", "preinstalled")]),
            false => block(&[("source", "workspace"), ("path", FOLDER)]),
        }
    }
}

impl Source {
    /// Returns what to change before runs can build the crate, if they cannot yet.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Path {
                folder,
                is_inside: false,
            } => Some(format!(
                "The crate takes cascade from {folder}, which is on this machine only:\n\
                 before you push, name a commit or a release in `{FOLDER}/Cargo.toml`."
            )),
            _ => None,
        }
    }

    /// Returns the place that a block `cli` names; `None` if it names none.
    pub(crate) fn of_block(cli: Option<&Node>) -> Option<Self> {
        let text = |key: &str| match cli?.get(key)? {
            Node::Scalar(scalar) => Some(scalar.text()),
            _ => None,
        };
        let git = || {
            Some(Self::Git {
                url: GitUrl::from_str(&text("url")?).ok()?,
                rev: CommitHash::from_str(&text("rev")?).ok()?,
            })
        };
        let release = || {
            Some(Self::Release {
                repository: Repository::from_str(&text("repository")?).ok()?,
                version: ExactVersion::from_str(&text("version")?).ok()?,
            })
        };
        git().or_else(release)
    }

    /// Returns where this program came from, if that is known and runners can reach it: a folder of
    /// this machine is not theirs.
    pub(crate) fn of_program(request: &Request) -> Option<Self> {
        let origin = origin::of(request).filter(|origin| !origin.url.starts_with("file:"))?;
        if let Some(repository) = &origin.release {
            return Some(Self::Release {
                repository: Repository::from_str(repository).ok()?,
                version: ExactVersion::from_str(VERSION).ok()?,
            });
        }
        Some(Self::Git {
            url: GitUrl::from_str(&origin.url).ok()?,
            rev: CommitHash::from_str(&origin.rev).ok()?,
        })
    }

    /// Returns the value of the dependency in `Cargo.toml`.
    pub(super) fn dependency(&self) -> String {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        match self {
            Self::Git { url, rev } => {
                let url = quoted(&for_cargo(url.as_str()));
                format!("{{ git = \"{url}\", rev = \"{rev}\" }}")
            }
            Self::Release {
                repository,
                version,
            } => format!("{{ git = \"https://github.com/{repository}\", tag = \"v{version}\" }}"),
            Self::Path { folder, .. } => format!("{{ path = \"{}\" }}", quoted(folder)),
        }
    }
}

/// Returns an address as Cargo takes it: without git's short form of `ssh`.
fn for_cargo(url: &str) -> String {
    let place = url
        .strip_prefix("git@")
        .and_then(|rest| rest.split_once(':'));
    match place {
        Some((host, path)) => format!("ssh://git@{host}/{path}"),
        None => url.to_owned(),
    }
}

fn block(entries: &[(&str, &str)]) -> Map {
    let entries = entries.iter();
    entries
        .map(|(key, value)| ((*key).to_owned(), (*value).into()))
        .collect()
}

fn git(url: &str, rev: &str) -> Result<Source, Failure> {
    Ok(Source::Git {
        url: leaf("--cascade-git", url)?,
        rev: leaf("--cascade-rev", rev)?,
    })
}

fn release(text: &str) -> Result<Source, Failure> {
    let Some((repository, version)) = text.split_once('@') else {
        let failure = Failure::new(format!("`--cascade-release`: `{text}` names no version"));
        return Err(failure.help("write `OWNER/REPO@VERSION`"));
    };
    Ok(Source::Release {
        repository: leaf("--cascade-release", repository)?,
        version: leaf("--cascade-release", version)?,
    })
}

/// Reads the value of a flag by the grammar of the field that it becomes.
pub(crate) fn leaf<T: Leaf>(flag: &str, text: &str) -> Result<T, Failure> {
    T::from_str(text).map_err(|Problem { message, help, .. }| {
        let failure = Failure::new(format!("`{flag}`: {message}"));
        failure.help(help.unwrap_or_default())
    })
}

/// Finds the package in a folder that may be the package's or that of the repository around it.
fn folder(path: &Path, directory: &Path, root: &Path) -> Result<Source, Failure> {
    let found = package(&directory.join(path)).ok_or_else(|| {
        Failure::new(format!(
            "`--cascade-path`: there is no package `{PACKAGE}` in {}",
            path.display()
        ))
        .help("name the folder of cascade's sources")
    })?;
    let found = fs::canonicalize(&found).unwrap_or(found);
    let inside = found.strip_prefix(root).ok();
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    Ok(match inside {
        Some(inside) if inside.components().all(is_plain) => {
            let up = Path::new(FOLDER).components().map(|_| "..");
            let relative: PathBuf = up.collect::<PathBuf>().join(inside);
            Source::Path {
                folder: shown(&relative),
                is_inside: true,
            }
        }
        _ => Source::Path {
            folder: shown(&found),
            is_inside: false,
        },
    })
}

fn package(folder: &Path) -> Option<PathBuf> {
    let named = format!("name = \"{PACKAGE}\"");
    let is_package = |folder: &PathBuf| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml"));
        manifest.is_ok_and(|text| text.lines().any(|line| line.trim() == named))
    };
    [folder.to_owned(), folder.join(PACKAGE)]
        .into_iter()
        .find(is_package)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_given_addresses_that_it_knows() {
        assert_eq!(
            for_cargo("git@x.example:a/b.git"),
            "ssh://git@x.example/a/b.git"
        );
        assert_eq!(for_cargo("https://x.example/a/b"), "https://x.example/a/b");
    }

    #[test]
    fn a_release_has_a_repository_and_a_version() {
        let Source::Release {
            repository,
            version,
        } = release("acme/cascade@v0.1.0").unwrap()
        else {
            panic!("no release");
        };
        assert_eq!(
            (repository.to_string(), version.to_string()),
            ("acme/cascade".into(), "0.1.0".into())
        );
        for (wrong, said) in [
            ("acme/cascade", "names no version"),
            ("acme@v0.1.0", "`--cascade-release`"),
            ("acme/cascade@latest", "`--cascade-release`"),
        ] {
            let failure = release(wrong).unwrap_err().to_string();
            assert!(failure.contains(said), "{failure}");
        }
    }

    #[test]
    fn the_flag_that_is_wrong_is_named() {
        let rev = "0123456789abcdef0123456789abcdef01234567";
        assert!(git("https://x.example/a/b", rev).is_ok());
        let failure = git("https://x.example/a/b", "main")
            .unwrap_err()
            .to_string();
        assert!(failure.contains("`--cascade-rev`"), "{failure}");
        let failure = git("--upload-pack=x", rev).unwrap_err().to_string();
        assert!(failure.contains("`--cascade-git`"), "{failure}");
    }
}
