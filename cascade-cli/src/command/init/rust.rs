//! A pipeline crate: the root of the new repository is the package, whose program is `cascade`.

use super::Args;
use crate::error::Failure;
use cascade_core::draft::Node;
use cascade_core::pipeline::Name;
use cascade_core::rust_source;
use std::fs;
use std::path::{Path, PathBuf};

/// The package that holds the command line, and its folder in cascade's repository.
const PACKAGE: &str = "cascade-cli";

/// Where the crate gets cascade from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dependency {
    /// A repository.
    Git(String),
    /// A folder.
    Path(String),
}

impl Dependency {
    /// What the flags say; without any, the sources that this program was built from.
    pub(super) fn of(args: &Args, directory: &Path, folder: &Path) -> Result<Self, Failure> {
        match (&args.cascade_git, &args.cascade_path) {
            (Some(url), _) if url.trim().is_empty() => {
                let failure = Failure::new("`--cascade-git` is empty");
                Err(failure.help("name the repository, as `git clone` takes it"))
            }
            (Some(url), _) => Ok(Self::Git(url.clone())),
            (None, Some(path)) => given(path, directory, folder),
            (None, None) => {
                let own = Path::new(env!("CARGO_MANIFEST_DIR"));
                package(own)
                    .map(|path| Self::Path(shown(&path)))
                    .ok_or_else(|| {
                        Failure::new("the crate needs to know where cascade comes from").help(
                            "name cascade's repository with `--cascade-git`, or its folder with \
                         `--cascade-path`",
                        )
                    })
            }
        }
    }

    /// The line of `Cargo.toml`.
    fn line(&self) -> String {
        let (key, value) = match self {
            Self::Git(url) => ("git", url),
            Self::Path(path) => ("path", path),
        };
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{PACKAGE} = {{ {key} = \"{value}\" }}")
    }

    /// What people are told about a dependency that they did not choose.
    pub(super) fn note(&self) -> String {
        format!(
            "`Cargo.toml` takes cascade from here: `{}`; `--cascade-git` and `--cascade-path` name \
             another place\n",
            self.line()
        )
    }
}

/// The folder that was named, which may be that of the package or of the repository around it.
fn given(path: &Path, directory: &Path, folder: &Path) -> Result<Dependency, Failure> {
    let found = package(&directory.join(path)).ok_or_else(|| {
        Failure::new(format!(
            "`--cascade-path`: there is no package `{PACKAGE}` in {}",
            path.display()
        ))
        .help("name the folder of cascade's sources")
    })?;
    let inside = found
        .strip_prefix(directory.join(path))
        .unwrap_or(Path::new(""));
    if path.is_relative() && folder == directory {
        let relative: PathBuf = path.join(inside).components().collect();
        return Ok(Dependency::Path(shown(&relative)));
    }
    let absolute = fs::canonicalize(&found).unwrap_or(found);
    Ok(Dependency::Path(shown(&absolute)))
}

/// The folder of the package: this one or the one inside.
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

/// The files that only a pipeline crate has.
pub(super) fn files(name: &Name, config: &Node, dependency: &Dependency) -> Vec<(String, String)> {
    let source = match config {
        Node::Map(config) => rust_source::program(config, name.as_str()),
        _ => String::new(),
    };
    [
        (".gitignore", "/target/\n".to_owned()),
        ("Cargo.toml", cargo(name, dependency)),
        ("src/main.rs", source),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into()
}

fn cargo(name: &Name, dependency: &Dependency) -> String {
    let name = name.as_str();
    let package = if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("{name}-pipeline")
    } else {
        format!("pipeline-{}", name.trim_start_matches('-'))
    };
    format!(
        "[package]\n\
         name = \"{package}\"\n\
         version = \"0.0.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         \n\
         # The package stands for itself, also below another workspace.\n\
         [workspace]\n\
         \n\
         [dependencies]\n\
         {}\n\
         \n\
         [[bin]]\n\
         name = \"cascade\"\n\
         path = \"src/main.rs\"\n\
         \n\
         # The macros check the pipeline at each build: optimised, and without checks of their\n\
         # own arithmetic, they are quicker at it.\n\
         [profile.dev.build-override]\n\
         opt-level = 1\n\
         debug-assertions = false\n\
         overflow-checks = false\n",
        dependency.line()
    )
}
