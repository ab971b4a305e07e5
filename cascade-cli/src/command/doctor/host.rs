//! The repository on GitHub, and the token that reads its settings.

use crate::error::Failure;
use crate::run::environment::{Environment, Token};
use crate::run::git::Git;
use crate::run::github::GitHub;
use std::path::Path;
use std::process::Command;

/// The host that is meant where a remote names none of one's own.
const PUBLIC: &str = "github.com";

/// The repository on GitHub.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) environment: Environment,
    pub(super) github: GitHub,
    /// `owner/name`.
    pub(super) name: String,
}

/// Where a remote leads.
#[derive(Debug, PartialEq, Eq)]
struct Remote {
    host: String,
    repository: String,
}

impl Host {
    /// Finds the repository by the remote `origin`, and a token in the environment or with `gh`.
    pub(super) fn find(root: &Path) -> Result<Self, Failure> {
        let mut environment = Environment::read();
        let git = Git::new(root, &environment, None);
        let address = git.config("remote.origin.url");
        let remote = address.as_deref().and_then(Remote::parse);
        let name = environment.repository.clone();
        let name = name.or_else(|| remote.as_ref().map(|remote| remote.repository.clone()));
        let name = name.ok_or_else(|| match address {
            Some(address) => Failure::new(format!(
                "the remote `origin` is no repository of GitHub: {address}"
            )),
            None => Failure::new("the repository has no remote `origin`"),
        });
        let name = name.map_err(|failure| {
            failure.help("push it to GitHub first, or name it: `GITHUB_REPOSITORY=owner/name cascade doctor`")
        })?;
        let host = remote.map_or_else(|| PUBLIC.to_owned(), |remote| remote.host);
        environment.reach(&host);
        if environment.token.is_none() {
            environment.token = of_gh(&host);
        }
        let token = environment.token.as_ref().ok_or_else(|| {
            Failure::new("there is no token to ask GitHub with").help(
                "set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`; the token needs to read the repository's settings (Administration), secrets and variables",
            )
        })?;
        let github = GitHub::of(&environment, &name, token)?;
        Ok(Self {
            github,
            environment,
            name,
        })
    }
}

/// Returns the token of whoever is logged in with GitHub's own command line.
fn of_gh(host: &str) -> Option<Token> {
    let output = Command::new("gh")
        .args(["auth", "token", "--hostname", host])
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    Token::new(String::from_utf8(output.stdout).ok()?.trim())
}

impl Remote {
    /// Reads `https://host/owner/name.git`, `ssh://git@host/owner/name`, `git@host:owner/name.git`.
    fn parse(address: &str) -> Option<Self> {
        let (host, path) = match address.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            None => address.split_once(':')?,
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (Some(owner), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return None;
        };
        Some(Self {
            host: host.to_owned(),
            repository: format!("{owner}/{name}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_name_a_host_and_a_repository() {
        for address in [
            "https://github.com/acme/shop.git",
            "https://x-access-token:secret@github.com/acme/shop",
            "ssh://git@github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
        ] {
            let remote = Remote {
                host: "github.com".to_owned(),
                repository: "acme/shop".to_owned(),
            };
            assert_eq!(Remote::parse(address), Some(remote), "{address}");
        }
        for address in [
            "/srv/git/shop.git",
            "../shop",
            "https://github.com/acme",
            "",
        ] {
            assert_eq!(Remote::parse(address), None, "{address}");
        }
    }
}
