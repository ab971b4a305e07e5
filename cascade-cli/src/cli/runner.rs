//! The values that the runner passes in environment variables.
//!
//! Source: GitHub's reference of default environment variables.

use cascade_core::protocol;
use cascade_core::protocol::variable::Variable;
use std::env;
use std::fmt;

/// A credential. It is never printed and never an argument of a process.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

impl Token {
    /// Returns the credential, unless the text is empty.
    pub(crate) fn new(secret: &str) -> Option<Self> {
        (!secret.is_empty()).then(|| Self(secret.to_owned()))
    }

    /// The secret text, for a header.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The values that the runner passes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runner {
    /// `owner/name`.
    pub(crate) repository: Option<String>,
    /// The address of the API.
    pub(crate) api_url: String,
    /// The address of the web pages and repositories.
    pub(crate) server_url: String,
    /// The ref that the run is of.
    pub(crate) reference: Option<String>,
    /// The workflow file of the run, with the ref that it was read at.
    pub(crate) workflow: Option<String>,
    /// The person or bot that started the run.
    pub(crate) actor: Option<String>,
    /// The page of the run.
    pub(crate) run_url: Option<String>,
    /// The number of the run's attempt, from 1.
    pub(crate) attempt: u64,
    /// True if a workflow runs.
    pub(crate) in_actions: bool,
    /// The token that reads and writes the repository.
    pub(crate) token: Option<Token>,
    /// The token that writes releases and tags.
    pub(crate) release_token: Option<Token>,
}

impl Runner {
    /// Reads the variables.
    pub(crate) fn read() -> Self {
        let repository = variable(protocol::variable::GITHUB_REPOSITORY);
        let server_url = variable(protocol::variable::GITHUB_SERVER_URL)
            .unwrap_or_else(|| "https://github.com".to_owned());
        let run = variable(protocol::variable::GITHUB_RUN_ID);
        let run_url = repository
            .as_ref()
            .zip(run)
            .map(|(repository, run)| format!("{server_url}/{repository}/actions/runs/{run}"));
        let token = variable(protocol::variable::GITHUB_TOKEN)
            .or_else(|| variable(protocol::variable::GH_TOKEN))
            .map(Token);
        Self {
            repository,
            api_url: variable(protocol::variable::GITHUB_API_URL)
                .unwrap_or_else(|| "https://api.github.com".to_owned()),
            server_url,
            reference: variable(protocol::variable::GITHUB_REF),
            workflow: variable(protocol::variable::GITHUB_WORKFLOW_REF),
            actor: variable(protocol::variable::GITHUB_ACTOR),
            run_url,
            attempt: variable(protocol::variable::GITHUB_RUN_ATTEMPT)
                .and_then(|text| text.parse().ok())
                .unwrap_or(1),
            in_actions: variable(protocol::variable::GITHUB_ACTIONS).as_deref() == Some("true"),
            release_token: variable(protocol::variable::RELEASE_TOKEN)
                .map(Token)
                .or_else(|| token.clone()),
            token,
        }
    }
}

impl Runner {
    /// Points to the API of another host than the public one, unless the environment says where
    /// that is, and takes the token that is for that host: a remote may lead anywhere.
    ///
    /// Source: GitHub Enterprise Server, "Getting started with the REST API"; GitHub Enterprise
    /// Cloud, "About storage of your data with data residency"; GitHub CLI manual, "Runner".
    pub(crate) fn reach(&mut self, host: &str) {
        if host == "github.com" || variable(protocol::variable::GITHUB_API_URL).is_some() {
            return;
        }
        self.server_url = format!("https://{host}");
        if host.ends_with(".ghe.com") {
            self.api_url = format!("https://api.{host}");
            return;
        }
        self.api_url = format!("https://{host}/api/v3");
        self.token = token(protocol::variable::GH_ENTERPRISE_TOKEN)
            .or_else(|| token(protocol::variable::GITHUB_ENTERPRISE_TOKEN));
        self.release_token = self.token.clone();
    }
}

/// Returns the credential that a variable holds.
pub(crate) fn token(variable: Variable) -> Option<Token> {
    self::variable(variable).map(Token)
}

/// Returns the credential that a person keeps under the name of its secret.
pub(crate) fn secret(name: &str) -> Option<Token> {
    read(name).map(Token)
}

/// Returns a variable that is set and not empty.
pub(crate) fn variable(variable: Variable) -> Option<String> {
    read(variable.as_str())
}

/// Returns a variable that is set, also to nothing.
pub(crate) fn raw(variable: Variable) -> Option<String> {
    env::var(variable.as_str()).ok()
}

fn read(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new("ghs_secret").unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_eq!(token.expose(), "ghs_secret");
    }

    #[test]
    fn an_empty_text_is_no_token() {
        assert_eq!(Token::new(""), None);
    }
}
