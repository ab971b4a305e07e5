//! The repository on GitHub, and the token that reads its settings.

use crate::cli::error::Failure;
use crate::cli::runner::{Runner, Token};
use crate::git::Git;
use crate::github::GitHub;
use cascade_core::manifest::Repository;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

/// The host that is meant where a remote names none of one's own.
const PUBLIC: &str = "github.com";

/// The repository on GitHub.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) environment: Runner,
    pub(crate) github: GitHub,
    /// `owner/name`.
    pub(crate) name: String,
}

/// The address of a remote, read.
#[derive(Debug, PartialEq, Eq)]
struct Remote {
    host: String,
    repository: String,
}

impl Host {
    /// Finds the repository by the remote `origin`, and a token in the environment or with `gh`.
    pub(crate) fn find(root: &Path) -> Result<Self, Failure> {
        let mut environment = Runner::read();
        let git = Git::new(root, &environment, None);
        let address = git.config("remote.origin.url");
        let remote = address.as_deref().and_then(Remote::parse);
        let name = match (&environment.repository, &remote) {
            (Some(name), _) => named(name)?,
            (None, Some(remote)) => remote.repository.clone(),
            (None, None) => return Err(unknown(address.as_deref())),
        };
        let host = remote.map_or_else(|| PUBLIC.to_owned(), |remote| remote.host);
        environment.reach(&host);
        if environment.token.is_none() {
            environment.token = of_gh(&host);
        }
        let token = environment.token.as_ref().ok_or_else(|| no_token(&host))?;
        let github = GitHub::of(&environment, &name, token)?;
        Ok(Self {
            github,
            environment,
            name,
        })
    }
}

fn named(name: &str) -> Result<String, Failure> {
    let repository = Repository::from_str(name).map_err(|problem| {
        Failure::new(format!("GITHUB_REPOSITORY: {}", problem.message))
            .help(problem.help.unwrap_or_default())
    })?;
    Ok(repository.to_string())
}

fn unknown(address: Option<&str>) -> Failure {
    let failure = match address {
        Some(address) => Failure::new(format!(
            "the remote `origin` is no repository of GitHub: {}",
            without_user(address)
        )),
        None => Failure::new("the repository has no remote `origin`"),
    };
    failure.help("push it to GitHub first, or name it: `GITHUB_REPOSITORY=owner/name`")
}

fn no_token(host: &str) -> Failure {
    let needs =
        "the token needs to read the repository's settings (Administration), secrets and variables";
    let (whom, set, login) = match host == PUBLIC {
        true => ("GitHub", "GITHUB_TOKEN or GH_TOKEN", String::new()),
        false => (host, "GH_ENTERPRISE_TOKEN", format!(" --hostname {host}")),
    };
    Failure::new(format!("there is no token to ask {whom} with")).help(format!(
        "set {set}, or log in with `gh auth login{login}`; {needs}"
    ))
}

/// Returns an address without the name and the password that may stand before its host.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
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
    ///
    /// The port of SSH is not that of the API, and `ssh.github.com` is GitHub.
    ///
    /// Source: GitHub Docs, "Using SSH over the HTTPS port".
    fn parse(address: &str) -> Option<Self> {
        let (scheme, (host, path)) = match address.split_once("://") {
            Some((scheme, rest)) => (scheme, rest.split_once('/')?),
            None => ("ssh", address.split_once(':')?),
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = match scheme.contains("http") {
            true => host,
            false => host.split_once(':').map_or(host, |(host, _)| host),
        };
        let host = host.to_ascii_lowercase();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (Some(owner), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return None;
        };
        let repository = Repository::from_str(&format!("{owner}/{name}")).ok()?;
        Some(Self {
            host: match host == "ssh.github.com" {
                true => PUBLIC.to_owned(),
                false => host,
            },
            repository: repository.to_string(),
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
            "ssh://git@github.com:22/acme/shop",
            "ssh://git@ssh.github.com:443/acme/shop.git",
            "git@github.com:acme/shop.git",
            "git@github.com:/acme/shop.git",
            "https://GitHub.com/acme/shop.git/",
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
            "https://github.com/acme/shop/tree/main",
            "https://github.com/acme/sh?op",
            "",
        ] {
            assert_eq!(Remote::parse(address), None, "{address}");
        }
    }

    #[test]
    fn an_address_is_shown_without_its_credential() {
        assert_eq!(
            without_user("https://u:secret@x.example/a/b@c"),
            "https://x.example/a/b@c"
        );
        assert_eq!(
            without_user("git@x.example:a/b.git"),
            "git@x.example:a/b.git"
        );
        let failure = unknown(Some("https://u:secret@x.example/a")).to_string();
        assert!(!failure.contains("secret"), "{failure}");
        assert!(unknown(None).to_string().contains("has no remote `origin`"));
    }
}
