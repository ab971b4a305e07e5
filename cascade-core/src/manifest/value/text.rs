//! Small grammars: branches, paths, secrets, addresses, events, pins.

use crate::finding::{Message, Rule, rules};
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::str::FromStr;

/// Declares text with a grammar: a rule, the grammar in words, a pattern for the schema, a test, help.
macro_rules! text {
    ($(#[doc = $doc:literal])* $name:ident, $rule:expr, $what:literal, $pattern:expr, $fits:expr, $help:expr) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Leaf for $name {
            const SHAPE: Shape = Shape::Text { what: $what, pattern: $pattern };
        }

        impl FromStr for $name {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(refuse($rule, text, $what, $help))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn refuse(rule: &'static Rule, text: &str, what: &str, help: impl Into<Message>) -> Problem {
    let shown: String = text.chars().take(60).collect();
    Problem::new(rule, message!("{} is not {}", value = shown, text = what)).help(help)
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

text! {
    /// A branch name that git accepts (git-check-ref-format).
    Branch, &rules::INVALID_BRANCH, "a branch name", None, Self::is_ref,
    message!("git refuses spaces, {}, {}, a leading {} or {}, and a trailing {} or {}", value = "..", value = "~^:?*[\\", value = "-", value = ".", value = "/", value = ".lock")
}

impl Branch {
    /// Returns true if git accepts the text as the name of a branch or tag.
    #[must_use]
    pub fn is_ref(text: &str) -> bool {
        let bad = |c: char| c.is_ascii_control() || " ~^:?*[\\\"'`$;|&<>(){}".contains(c);
        let part = |part: &str| {
            !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with(".lock")
        };
        text.split('/').all(part)
            && !text.contains("..")
            && !text.contains("@{")
            && !text.ends_with('.')
            && !text.contains(bad)
    }
}

text! {
    /// A path inside the repository, relative to its root.
    RelativePath, &rules::INVALID_PATH, "a path inside the repository", Some("^[^/].*$"),
    |text| {
        let part = |part: &str| !part.is_empty() && part != "..";
        let path = text.strip_suffix('/').unwrap_or(text);
        path.split('/').all(part) && !text.contains(['\\', '\0', '\n'])
    },
    message!("write it relative to the repository's root, with {} and without {}", value = "/", value = "..")
}

/// Returns true for a token itself, which would be committed as if it were a name.
///
/// Source: GitHub, "About authentication to GitHub", "GitHub's token formats".
fn is_token(text: &str) -> bool {
    const SHORTEST: usize = 36;
    let kinds = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"];
    text.len() >= SHORTEST && kinds.iter().any(|kind| text.starts_with(kind))
}

text! {
    /// The name of a secret or variable of GitHub Actions.
    SecretName, &rules::INVALID_SECRET, "the name of a secret", Some("^[A-Za-z_][A-Za-z0-9_]*$"),
    |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.chars().all(fits) && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && !is_token(text)
            && (text.eq_ignore_ascii_case("GITHUB_TOKEN") || !text.to_ascii_uppercase().starts_with("GITHUB_"))
    },
    message!("use letters, digits and {}, no digit first and no {} prefix; never the secret itself", value = "_", value = "GITHUB_")
}

impl SecretName {
    /// Returns true if it is the token that GitHub gives every run.
    #[must_use]
    pub fn is_github(&self) -> bool {
        self.0 == "GITHUB_TOKEN"
    }
}

text! {
    /// An address with a scheme of the web.
    Url, &rules::INVALID_URL, "an address", Some("^https?://"),
    |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace))
    },
    message!("write it with {}", value = "https://")
}

/// The oldest version 3.x of GitHub Enterprise Server whose files are generated.
///
/// Source: GitHub's documentation, "GitHub Enterprise Server releases": 3.14 was discontinued on
/// 2026-04-09.
const OLDEST_SERVER: u16 = 15;

text! {
    /// A version of GitHub Enterprise Server.
    ServerVersion, &rules::INVALID_VERSION, "a version of GitHub Enterprise Server from 3.15 on",
    Some("^3\\.[0-9]+$"), |text| server_minor(text).is_some_and(|minor| minor >= OLDEST_SERVER),
    message!("write the oldest server that the files run on, such as {}", value = "3.20")
}

/// The number behind `3.`.
fn server_minor(text: &str) -> Option<u16> {
    let minor = text.strip_prefix("3.")?;
    let is_number = minor.bytes().all(|byte| byte.is_ascii_digit());
    minor.parse().ok().filter(|_| is_number)
}

impl ServerVersion {
    /// The number behind `3.`.
    #[must_use]
    pub fn minor(&self) -> u16 {
        server_minor(&self.0).unwrap_or(OLDEST_SERVER)
    }
}

text! {
    /// An address that git clones from, without a password in it.
    GitUrl, &rules::INVALID_URL, "an address that git clones from", None,
    |text| {
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"'\"\\`$<>".contains(c);
        let schemes = ["https://", "http://", "ssh://", "git://", "file://"];
        let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
        let rest = rest.or_else(|| text.strip_prefix("git@").filter(|rest| rest.contains(':')));
        let password = |rest: &str| {
            let authority = rest.split('/').next().unwrap_or_default();
            authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') || text.starts_with("http"))
        };
        text.chars().all(plain) && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('-') && !password(rest))
    },
    message!("write it as {} takes it, with {}; a token goes to a secret, which {} names", value = "git clone", value = "https://", key = "token")
}

text! {
    /// The full hash of a commit.
    CommitHash, &rules::INVALID_COMMIT, "the full hash of a commit", Some("^([0-9a-f]{40}|[0-9a-f]{64})$"),
    |text| matches!(text.len(), 40 | 64) && is_lower_hex(text),
    message!("write all 40 digits, as {} prints them: branches and tags can move", value = "git rev-parse")
}

text! {
    /// A SHA-256 checksum.
    Sha256, &rules::INVALID_CHECKSUM, "a SHA-256 checksum", Some("^[0-9a-f]{64}$"),
    |text| text.len() == 64 && is_lower_hex(text),
    message!("write 64 hexadecimal digits in lower case, as {} prints them", value = "sha256sum")
}

text! {
    /// The type of a `repository_dispatch` event.
    EventType, &rules::INVALID_EVENT_TYPE, "an event type", Some("^[A-Za-z0-9._-]{1,100}$"),
    |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !text.is_empty() && text.len() <= 100 && text.chars().all(fits)
    },
    message!("use letters, digits, {}, {} and {}", value = ".", value = "_", value = "-")
}

text! {
    /// A commit, tag or branch that an action is pinned to; a commit may have its version behind ` # `.
    Pin, &rules::INVALID_PIN, "a commit, tag or branch", None,
    |text| super::pin::parts(text).is_some_and(|reference| !reference.contains('@') && Branch::is_ref(reference)),
    message!("write only what follows the {}: a commit, a tag or a branch", value = "@")
}

text! {
    /// The prefix of release tags, possibly empty.
    TagPrefix, &rules::INVALID_TAG_GRAMMAR, "a tag prefix", Some("^[A-Za-z0-9._/-]*$"),
    |text| text.is_empty() || (!text.ends_with(|c: char| c.is_ascii_digit()) && Branch::is_ref(&format!("{text}0"))),
    "a prefix may not end in a digit, and git must accept it in a tag"
}

text! {
    /// The word that marks a prerelease, or a separator after it.
    TagToken, &rules::INVALID_TAG_GRAMMAR, "a prerelease token", Some("^[A-Za-z][A-Za-z0-9-]*$"),
    |text| text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
    message!("use letters, digits and {}, a letter first; semver calls it a prerelease identifier", value = "-")
}

text! {
    /// What stands between the prerelease token and its counter.
    TagSeparator, &rules::INVALID_TAG_GRAMMAR, "a prerelease separator", Some("^[.-]?$"),
    |text| matches!(text, "" | "." | "-"),
    message!("use {}, {} or nothing", value = ".", value = "-")
}

text! {
    /// The id of a workflow input.
    InputName, &rules::INVALID_NAME, "the name of an input", Some("^[A-Za-z_][A-Za-z0-9_-]*$"),
    |text| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    },
    message!("use letters, digits, {} and {}, a letter or {} first", value = "_", value = "-", value = "_")
}

/// One version: `1.2.3`, `v1.2.3-rc.1`; no range, and no word such as `latest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactVersion(semver::Version);

impl ExactVersion {
    /// Returns true if a cascade of version `own` can stand in for this one: neither breaks what
    /// the other generates, by the rules of Cargo's caret requirements.
    #[must_use]
    pub fn is_compatible_with(&self, own: &str) -> bool {
        let Ok(own) = semver::Version::parse(own) else {
            return false;
        };
        let key = |version: &semver::Version| match (version.major, version.minor) {
            (0, minor) => (0, minor),
            (major, _) => (major, 0),
        };
        key(&self.0) == key(&own)
    }
}

impl std::fmt::Display for ExactVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Leaf for ExactVersion {
    const SHAPE: Shape = Shape::Text {
        what: "one version",
        pattern: None,
    };
}

impl FromStr for ExactVersion {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let bare = text.strip_prefix('v').unwrap_or(text);
        semver::Version::parse(bare).map(Self).map_err(|error| {
            refuse(&rules::INVALID_VERSION, text, "one version", "").help(message!("{}; write a whole version such as {}: words such as {} and ranges name no certain one", text = error, value = "1.2.3", value = "latest"))
        })
    }
}

/// A semver requirement: `^2`, `>=1.4, <3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement(pub semver::VersionReq);

impl Leaf for Requirement {
    const SHAPE: Shape = Shape::Text {
        what: "a semver requirement",
        pattern: None,
    };
}

impl FromStr for Requirement {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        semver::VersionReq::parse(text).map(Self).map_err(|error| {
            Problem::new(
                &rules::INVALID_REQUIREMENT,
                message!("{} is not a semver requirement", value = text),
            )
            .help(message!(
                "{}; write {}, {} or {}",
                text = error,
                value = "^2",
                value = "~1.4",
                value = ">=1.4, <3"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_those_of_git() {
        for good in ["main", "release/1.x", "feature-1", "a.b"] {
            assert!(Branch::from_str(good).is_ok(), "{good}");
        }
        for bad in [
            "", "-x", "a..b", "a b", "a/", "/a", "a.lock", "x~1", "a@{b", "$(id)", "a\nb",
        ] {
            assert!(Branch::from_str(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_stay_inside() {
        assert!(RelativePath::from_str("services/api").is_ok());
        for bad in ["", "/etc", "../x", "a/../b", "a//b", "a\\b"] {
            assert!(RelativePath::from_str(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn prefixes_end_before_the_number() {
        assert!(TagPrefix::from_str("").is_ok());
        assert!(TagPrefix::from_str("api/v").is_ok());
        assert!(TagPrefix::from_str("v2").is_err());
        assert!(TagPrefix::from_str("a b").is_err());
    }

    #[test]
    fn secrets_are_names() {
        assert!(SecretName::from_str("DEPLOY_KEY").is_ok());
        assert!(SecretName::from_str("GITHUB_TOKEN").is_ok());
        for bad in ["", "1X", "A-B", "GITHUB_X", "ghp_abc.def"] {
            assert!(SecretName::from_str(bad).is_err(), "{bad}");
        }
    }
}
