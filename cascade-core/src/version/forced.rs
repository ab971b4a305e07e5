//! The next version, as a person forces it.

use super::{Bump, Core};
use std::fmt;
use std::str::FromStr;

/// A version, or a raise of it, that a person forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forced {
    /// This much above the last release, whatever the commits say.
    Bump(Bump),
    /// These numbers.
    Version(Core),
}

impl Forced {
    /// The numbers after the release `base`.
    #[must_use]
    pub const fn apply(self, base: Core) -> Core {
        match self {
            Self::Bump(bump) => bump.apply(base),
            Self::Version(core) => core,
        }
    }
}

impl FromStr for Forced {
    type Err = String;

    /// Reads `major`, `minor`, `patch`, or a version like `1.4.0`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "major" => Ok(Self::Bump(Bump::Major)),
            "minor" => Ok(Self::Bump(Bump::Minor)),
            "patch" => Ok(Self::Bump(Bump::Patch)),
            text => {
                let version = semver::Version::parse(text.strip_prefix('v').unwrap_or(text));
                match version {
                    Ok(version) if version.pre.is_empty() && version.build.is_empty() => Ok(
                        Self::Version(Core::new(version.major, version.minor, version.patch)),
                    ),
                    _ => Err(format!(
                        "`{}` forces no version: write `major`, `minor`, `patch` or a version like `1.4.0`",
                        text.chars().take(40).collect::<String>()
                    )),
                }
            }
        }
    }
}

impl fmt::Display for Forced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bump(bump) => f.write_str(bump.as_str()),
            Self::Version(core) => core.fmt(f),
        }
    }
}
