//! GitHub's REST API: a client for one repository, with the verbs that the other modules build
//! their requests of. [`super::retry`] makes them.

use crate::cli::error::Failure;
use crate::cli::http::Patience;
use crate::cli::runner::{Runner, Token};
use crate::github::answer::Answer;
use crate::github::client::{Body, Client};
use crate::github::retry::{JSON, OCTETS};
use serde_json::Value;
use std::time::Duration;
use ureq::http::Uri;

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    silence: Duration::from_secs(30),
};
/// The most pages of a list that are read.
const PAGES: usize = 100;

/// A client for one repository.
pub(crate) struct GitHub {
    pub(super) client: Client,
    repository: String,
    token: Option<Token>,
}

/// The items that GitHub has under a name.
#[derive(Debug)]
pub(crate) enum Listing {
    /// All of it.
    Items(Vec<Value>),
    /// The token may not see it: the status.
    Refused(u16),
}

/// `/repos/owner/name` and what follows.
pub(super) fn path(repository: &str, rest: &str) -> String {
    format!("/repos/{repository}{rest}")
}

impl std::fmt::Debug for GitHub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitHub")
            .field("repository", &self.repository)
            .finish_non_exhaustive()
    }
}

impl GitHub {
    /// The client of this run's repository; `None` where the run names no repository or token.
    pub(crate) fn new(
        environment: &Runner,
        token: Option<&Token>,
    ) -> Result<Option<Self>, Failure> {
        let (Some(repository), Some(token)) = (&environment.repository, token) else {
            return Ok(None);
        };
        Self::of(environment, repository, token).map(Some)
    }

    /// The client of any repository.
    pub(crate) fn of(
        environment: &Runner,
        repository: &str,
        token: &Token,
    ) -> Result<Self, Failure> {
        Self::at(&environment.api_url, repository, Some(token))
    }

    /// The client of any repository, without a credential if there is none: whoever has none reads
    /// what is public.
    pub(crate) fn reading(
        environment: &Runner,
        repository: &str,
        token: Option<&Token>,
    ) -> Result<Self, Failure> {
        Self::at(&environment.api_url, repository, token)
    }

    fn at(address: &str, repository: &str, token: Option<&Token>) -> Result<Self, Failure> {
        Ok(Self {
            client: Client::new(address, token, PATIENCE)?,
            repository: repository.to_owned(),
            token: token.cloned(),
        })
    }

    /// `/repos/owner/name` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        path(&self.repository, rest)
    }

    /// The owner of the repository.
    pub(crate) fn owner(&self) -> &str {
        self.repository.split('/').next().unwrap_or_default()
    }

    /// `owner/name`.
    pub(crate) fn repository(&self) -> &str {
        &self.repository
    }

    /// Reads what must be there.
    pub(super) fn read(&self, path: &str) -> Result<Answer, Failure> {
        self.get(path)?.accepted()
    }

    /// Reads.
    pub(super) fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.request("GET", path, JSON, Body::None, true)
    }

    /// Reads every page of a list.
    pub(super) fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        for page in 1..=PAGES {
            let answer = self.read(&format!("{path}{joint}per_page=100&page={page}"))?;
            let next = answer.next;
            items.extend(answer.list()?);
            if !next {
                return Ok(items);
            }
        }
        Err(Failure::new(format!(
            "GitHub's answer to GET {path} has more than {PAGES} pages"
        )))
    }

    /// Reads every page of a list that stands under a name, or the status of the refusal.
    pub(super) fn list_under(&self, path: &str, field: &str) -> Result<Listing, Failure> {
        let mut items = Vec::new();
        for page in 1..=PAGES {
            let answer = self.get(&format!("{path}?per_page=100&page={page}"))?;
            if !answer.is_success() {
                return Ok(Listing::Refused(answer.status));
            }
            items.extend_from_slice(answer.items(field)?);
            if !answer.next {
                break;
            }
        }
        Ok(Listing::Items(items))
    }

    /// Changes something; repeating it does no harm.
    pub(super) fn change(&self, method: &str, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request(method, path, JSON, Body::Json(body), true)
    }

    /// Deletes something; what is gone already is no failure.
    pub(super) fn delete(&self, path: &str) -> Result<(), Failure> {
        let answer = self.request("DELETE", path, JSON, Body::None, true)?;
        match answer.status {
            404 | 410 => Ok(()),
            _ => answer.accepted().map(|_| ()),
        }
    }

    /// Makes something new, once: a broken connection leaves open whether it was made.
    pub(super) fn create(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request("POST", path, JSON, Body::Json(body), false)
    }

    /// Uploads a file to a full address, which GitHub gives with a release.
    pub(super) fn upload(
        &self,
        address: &str,
        bytes: &[u8],
        kind: &str,
    ) -> Result<Answer, Failure> {
        let bad = || {
            Failure::new(format!(
                "GitHub gave `{address}` for an upload, which is no address"
            ))
        };
        let uri: Uri = address.parse().map_err(|_| bad())?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad());
        };
        let there = Self::at(
            &format!("{scheme}://{host}"),
            &self.repository,
            self.token.as_ref(),
        )?;
        there.request("POST", address, JSON, Body::File(bytes, kind), false)
    }

    /// The content of a file.
    pub(super) fn download(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.request("GET", path, OCTETS, Body::None, true)?;
        let bytes = answer.bytes.clone();
        answer.accepted().map(|_| bytes)
    }
}
