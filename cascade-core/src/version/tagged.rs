//! The versions that the tags of a repository stand for.

use super::Version;
use crate::pipeline::TagGrammar;
use std::fmt;

/// The version that a tag stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagged {
    /// A version of the grammar, perhaps with build metadata, which has no rank (Semantic Versioning
    /// 2.0.0, section 10).
    Version(Version),
    /// A version with a prerelease of another grammar, such as `v2.0.0-beta.4`.
    Foreign(semver::Version),
}

/// The tags of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags {
    /// The highest version of the grammar.
    pub highest: Option<Version>,
    /// The highest version of another grammar.
    pub foreign: Option<semver::Version>,
}

/// Tags that count less than a version of the grammar does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignored {
    /// Versions of other grammars: the next version is above them, and they are no release.
    pub foreign: Vec<String>,
    /// Tags that are no version.
    pub words: Vec<String>,
    /// Tags that stand for no commit.
    pub no_commit: Vec<String>,
}

impl Tagged {
    /// Returns the version of the grammar, if it is one.
    #[must_use]
    pub fn version(self) -> Option<Version> {
        match self {
            Self::Version(version) => Some(version),
            Self::Foreign(_) => None,
        }
    }
}

impl TagGrammar {
    /// Returns the version that a tag stands for; `None` for tags of something else.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> Option<Tagged> {
        let text = self.unprefixed(tag)?;
        let (plain, build) = text.split_once('+').unwrap_or((text, "0"));
        let build = semver::BuildMetadata::new(build).ok()?;
        if build.is_empty() {
            return None;
        }
        if let Some(version) = self.version(plain) {
            return Some(Tagged::Version(version));
        }
        semver::Version::parse(plain).ok().map(Tagged::Foreign)
    }

    /// Returns the release that a tag stands for.
    #[must_use]
    pub fn release(&self, tag: &str) -> Option<Version> {
        let version = self.tagged(tag)?.version()?;
        version.is_release().then_some(version)
    }

    /// Reads the tags of a repository.
    #[must_use]
    pub fn tags<'a>(&self, names: impl Iterator<Item = &'a str>) -> Tags {
        let mut tags = Tags::default();
        for tagged in names.filter_map(|name| self.tagged(name)) {
            match tagged {
                Tagged::Version(version) => tags.highest = tags.highest.max(Some(version)),
                Tagged::Foreign(version) => tags.foreign = tags.foreign.max(Some(version)),
            }
        }
        tags
    }

    /// Returns the tags that count less than a version does; `no_commit` are those that stand for no
    /// commit.
    #[must_use]
    pub fn ignored<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        no_commit: Vec<String>,
    ) -> Ignored {
        let mut ignored = Ignored {
            no_commit,
            ..Ignored::default()
        };
        for name in names {
            match self.tagged(name) {
                Some(Tagged::Version(_)) => {}
                Some(Tagged::Foreign(_)) => ignored.foreign.push(name.to_owned()),
                None => ignored.words.push(name.to_owned()),
            }
        }
        ignored
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            (
                "tags of other grammars, which only keep the next version above them",
                &self.foreign,
            ),
            ("tags that are no version of this pipeline", &self.words),
            ("tags that stand for no commit", &self.no_commit),
        ];
        let mut separator = "";
        for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            const SHOWN: usize = 20;
            let shown: Vec<String> = names
                .iter()
                .take(SHOWN)
                .map(|name| format!("`{name}`"))
                .collect();
            write!(f, "{separator}{what}: {}", shown.join(", "))?;
            if names.len() > SHOWN {
                write!(f, " and {} more", names.len() - SHOWN)?;
            }
            separator = "\n";
        }
        Ok(())
    }
}
