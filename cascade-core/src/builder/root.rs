//! The repository that a pipeline is for.

use std::path::PathBuf;

/// The repository that a pipeline is for, as far as its code says.
///
/// The repository around the working directory decides: a program may have been built in another
/// copy of it, or on another machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Root {
    /// The one around the working directory.
    #[default]
    Around,
    /// A folder that the code names; an absolute one counts within the repository around the
    /// working directory, or where there is none.
    Named(PathBuf),
    /// The one that has this package where it stood when the program was built.
    Package(Package),
}

/// A package, and where it stands in its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The path from the repository to its folder.
    pub folder: PathBuf,
    /// The repository, seen from its folder.
    pub root: PackageRoot,
}

/// The repository of a package, as a path from the package's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageRoot {
    /// This folder, which the code names.
    Named(PathBuf),
    /// The nearest folder with a `.github`, from this one upwards.
    Above(PathBuf),
}
