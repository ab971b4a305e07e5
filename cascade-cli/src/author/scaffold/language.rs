//! The languages of a repository, and the commands that check and build what is written in them.

mod commands;
#[cfg(test)]
mod tests;

use std::fmt;

/// A folder as far as its names tell a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::author) struct Folder {
    /// Its path, relative to the repository; empty for the top.
    pub(in crate::author) path: String,
    /// The names in it.
    pub(in crate::author) names: Vec<String>,
    /// The text of `package.json`.
    pub(in crate::author) package_json: Option<String>,
    /// The text of `pyproject.toml`.
    pub(in crate::author) pyproject: Option<String>,
}

/// A language, or a tool with conventions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::author) enum Language {
    Node,
    Python,
    Rust,
    Go,
    Maven,
    Gradle,
    DotNet,
    Ruby,
    Php,
    Docker,
}

/// A folder with sources in one language, and the commands that check and build it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::author) struct Project {
    /// Its folder, relative to the repository; empty for the top.
    pub(in crate::author) folder: String,
    /// Its language.
    pub(in crate::author) language: Language,
    /// The commands that check it.
    pub(in crate::author) check: Vec<String>,
    /// The commands that build it.
    pub(in crate::author) build: Vec<String>,
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.language.name())?;
        match self.folder.as_str() {
            "" => Ok(()),
            folder => write!(f, " in {folder}"),
        }
    }
}

/// At most so many projects get steps of their own.
const MOST: usize = 5;

/// Returns the projects of a repository: those at its top, else those below.
pub(in crate::author) fn projects(folders: &[Folder]) -> Vec<Project> {
    let all = |top: bool| {
        let chosen = folders
            .iter()
            .filter(move |folder| folder.path.is_empty() == top);
        chosen.flat_map(of_folder).take(MOST).collect::<Vec<_>>()
    };
    let top = all(true);
    match top
        .iter()
        .any(|project| project.language != Language::Docker)
    {
        true => top,
        false => top.into_iter().chain(all(false)).take(MOST).collect(),
    }
}

fn of_folder(folder: &Folder) -> Vec<Project> {
    let found = Language::ALL.into_iter().filter(|each| each.is_in(folder));
    found
        .map(|language| Project {
            folder: folder.path.clone(),
            language,
            check: commands::check(language, folder),
            build: commands::build(language, folder),
        })
        .collect()
}

impl Folder {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|each| each == name)
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    fn has_end(&self, ends: &[&str]) -> bool {
        self.names
            .iter()
            .any(|name| ends.iter().any(|end| name.ends_with(end)))
    }
}

impl Language {
    const ALL: [Self; 10] = [
        Self::Node,
        Self::Python,
        Self::Rust,
        Self::Go,
        Self::Maven,
        Self::Gradle,
        Self::DotNet,
        Self::Ruby,
        Self::Php,
        Self::Docker,
    ];

    fn is_in(self, folder: &Folder) -> bool {
        match self {
            Self::Node => folder.has("package.json"),
            Self::Python => folder.has_any(&[
                "pyproject.toml",
                "requirements.txt",
                "setup.py",
                "setup.cfg",
                "Pipfile",
            ]),
            Self::Rust => folder.has("Cargo.toml"),
            Self::Go => folder.has("go.mod"),
            Self::Maven => folder.has("pom.xml"),
            Self::Gradle => folder.has_any(&[
                "build.gradle",
                "build.gradle.kts",
                "settings.gradle",
                "settings.gradle.kts",
            ]),
            Self::DotNet => folder.has_end(&[".sln", ".slnx", ".csproj", ".fsproj"]),
            Self::Ruby => folder.has("Gemfile"),
            Self::Php => folder.has("composer.json"),
            Self::Docker => folder.has_any(&["Dockerfile", "Containerfile"]),
        }
    }

    /// Returns its name for people.
    pub(in crate::author) const fn name(self) -> &'static str {
        match self {
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::Go => "Go",
            Self::Maven => "Java (Maven)",
            Self::Gradle => "Java (Gradle)",
            Self::DotNet => ".NET",
            Self::Ruby => "Ruby",
            Self::Php => "PHP",
            Self::Docker => "Docker",
        }
    }
}
