//! The repository around a source file, and its workflow files.

use cascade_core::contract::WorkflowSource;
use proc_macro2::Span;
use std::path::{Path, PathBuf};

const WORKFLOWS: &str = ".github/workflows";

/// The longest workflow file that is read; real ones are far shorter.
const LONGEST: u64 = 1 << 20;

/// The known facts about the place where a pipeline stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The source file; the one of a macro's definition if a macro declares the pipeline.
    pub(crate) file: Option<PathBuf>,
    /// The folder of the package that is being compiled.
    pub(crate) package: Option<PathBuf>,
    /// The name of that package.
    pub(crate) name: Option<String>,
    /// The place of the attribute.
    pub(crate) written: Option<Written>,
}

/// The place of an attribute in a file.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) at: Span,
}

impl Written {
    /// The text of the file up to there.
    pub(crate) fn before(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.file).ok()?;
        let mut lines = text.split_inclusive('\n');
        let mut before: String = lines.by_ref().take(self.line.checked_sub(1)?).collect();
        before.extend(lines.next()?.chars().take(self.column.checked_sub(1)?));
        Some(before)
    }
}

/// The place of the package in its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// The path from the repository to the package, if the repository is known.
    pub(crate) folder: String,
    pub(crate) root: Way,
}

/// A path from the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the repository, which the code names.
    Named(String),
    /// To the folder from which the repository is looked for.
    Above(String),
}

impl Surroundings {
    /// The same with absolute paths, and with a file of this package alone; nothing in a
    /// documentation build, where no repository is.
    pub(crate) fn resolved(self) -> Self {
        if std::env::var_os("DOCS_RS").is_some() {
            return Self::default();
        }
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let package = self.package.clone().map(absolute);
        let file = self.file.clone().map(absolute);
        Self {
            file: file.filter(|file| package.as_ref().is_none_or(|own| is_within(file, own))),
            package,
            ..self
        }
    }

    /// The repository: the nearest folder with a `.github` above the file, else above the package,
    /// up to the top of a git repository.
    pub(crate) fn discover(&self) -> Option<PathBuf> {
        let mut ended = false;
        let mut folders = self.start()?.ancestors().take_while(|folder| {
            let goes_on = !ended;
            ended = folder.join(".git").exists();
            goes_on
        });
        let found = folders.find(|folder| folder.join(".github").is_dir());
        found.map(Path::to_path_buf)
    }

    /// The folder of the file, else of the package.
    fn start(&self) -> Option<&Path> {
        let folder = self.file.as_deref().and_then(Path::parent);
        folder.or(self.package.as_deref())
    }

    /// The repository at `root`, which is relative to the source file.
    pub(crate) fn at(&self, root: &str) -> Option<PathBuf> {
        let root = self.start()?.join(root).canonicalize().ok()?;
        root.is_dir().then_some(root)
    }

    /// Returns the place of the package in the repository at `root`, which the code may name.
    pub(crate) fn place(&self, root: Option<&Path>, is_named: bool) -> Option<Place> {
        let package = self.package.as_ref()?.canonicalize().ok()?;
        let root = root.and_then(|root| root.canonicalize().ok());
        let folder = root.as_ref().and_then(|root| way(root, &package));
        let named = root.filter(|_| is_named);
        let start = self.start()?.canonicalize().ok()?;
        Some(Place {
            name: self.name.clone()?,
            folder: folder.unwrap_or_default(),
            root: match named {
                Some(root) => Way::Named(way(&package, &root)?),
                None => Way::Above(way(&package, &start)?),
            },
        })
    }
}

/// Returns true if a file is one of the package, and not of one within it.
fn is_within(file: &Path, package: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (file, package) = (real(file), real(package));
    let mut folders = file.ancestors().skip(1);
    let nearest = folders.find(|folder| *folder == package || folder.join("Cargo.toml").is_file());
    nearest == Some(&package)
}

/// Returns the relative path from one folder to another.
fn way(from: &Path, to: &Path) -> Option<String> {
    let mut ups = Vec::new();
    let shared = from.ancestors().find(|folder| {
        let shared = to.starts_with(folder);
        if !shared {
            ups.push("..");
        }
        shared
    })?;
    let down = to.strip_prefix(shared).ok()?.to_str()?;
    ups.extend(down.split(std::path::MAIN_SEPARATOR));
    ups.retain(|part| !part.is_empty());
    Some(ups.join("/"))
}

/// The workflow files of a repository on disk.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
}

impl Files {
    pub(crate) const fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl WorkflowSource for Files {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let path = self.root.join(path);
        match std::fs::metadata(&path) {
            Ok(found) if !found.is_file() => return Err("it is not a file".to_owned()),
            Ok(found) if found.len() > LONGEST => {
                return Err(format!("it is longer than {LONGEST} bytes"));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        std::fs::read(path)
            .map(Some)
            .map_err(|error| error.to_string())
    }

    fn list(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(WORKFLOWS)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
            .map(|name| format!("{WORKFLOWS}/{name}"))
            .collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::way;
    use std::path::Path;

    #[test]
    fn ways_lead_there_and_back() {
        for (from, to, expected) in [
            ("/a", "/a", ""),
            ("/a", "/a/.github/pipeline", ".github/pipeline"),
            ("/a/.github/pipeline", "/a", "../.."),
            ("/a/b/c", "/a/d", "../../d"),
            ("/a", "/", ".."),
        ] {
            let found = way(Path::new(from), Path::new(to));
            assert_eq!(found.as_deref(), Some(expected), "{from} {to}");
        }
    }
}
