//! GitHub's REST API.
//!
//! Answers that ask for patience (429, exhausted or secondary limits) are waited for as long as
//! `Retry-After` says; requests that may be repeated are, with backoff, after a 5xx or a broken
//! connection. A request that makes something new is repeated only by whoever looks first whether
//! it was made.

use super::chance;
use super::client::{Asked, Body, Client, Patience, Unanswered, header, limited};
use super::environment::{Environment, Token};
use crate::error::Failure;
use serde_json::Value;
use std::io::Read;
use std::time::Duration;
use ureq::http::Uri;

pub(crate) use super::client::encoded;

/// How often one request is made at most.
const ATTEMPTS: u32 = 6;
/// The longest that one answer may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    silence: Duration::from_secs(30),
};
const JSON: &str = "application/vnd.github+json";
const OCTETS: &str = "application/octet-stream";
/// How many pages of a list are read at most.
const PAGES: usize = 100;

/// A client for one repository.
pub(crate) struct GitHub {
    client: Client,
    repository: String,
    token: Token,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body; null if it is empty.
    pub(crate) body: Value,
    bytes: Vec<u8>,
    next: bool,
}

enum Attempt {
    Answer(Answer),
    Wait(Duration, String),
    Broken(String),
    Astray(String),
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
        environment: &Environment,
        token: Option<&Token>,
    ) -> Result<Option<Self>, Failure> {
        let (Some(repository), Some(token)) = (&environment.repository, token) else {
            return Ok(None);
        };
        Self::of(environment, repository, token).map(Some)
    }

    /// The client of any repository.
    pub(crate) fn of(
        environment: &Environment,
        repository: &str,
        token: &Token,
    ) -> Result<Self, Failure> {
        Self::at(&environment.api_url, repository, token)
    }

    fn at(address: &str, repository: &str, token: &Token) -> Result<Self, Failure> {
        Ok(Self {
            client: Client::new(address, Some(token), PATIENCE)?,
            repository: repository.to_owned(),
            token: token.clone(),
        })
    }

    /// `/repos/owner/name` and what follows.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/repos/{}{rest}", self.repository)
    }

    /// `owner/name`.
    pub(crate) fn repository(&self) -> &str {
        &self.repository
    }

    /// Reads.
    pub(crate) fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.request("GET", path, JSON, Body::None, true)
    }

    /// Reads every page of a list.
    pub(crate) fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        for page in 1..=PAGES {
            let answer = self
                .get(&format!("{path}{joint}per_page=100&page={page}"))?
                .accepted("GET", path)?;
            let Value::Array(found) = answer.body else {
                return Err(Failure::new(format!(
                    "GitHub answered GET {path} with no list"
                )));
            };
            items.extend(found);
            if !answer.next {
                break;
            }
        }
        Ok(items)
    }

    /// Changes something; repeating it does no harm.
    pub(crate) fn change(&self, method: &str, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request(method, path, JSON, Body::Json(body), true)
    }

    /// Deletes something; what is gone already is no failure.
    pub(crate) fn delete(&self, path: &str) -> Result<(), Failure> {
        let answer = self.request("DELETE", path, JSON, Body::None, true)?;
        match answer.status {
            404 | 410 => Ok(()),
            _ => answer.accepted("DELETE", path).map(|_| ()),
        }
    }

    /// Makes something new, once: a broken connection leaves open whether it was made.
    pub(crate) fn create(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request("POST", path, JSON, Body::Json(body), false)
    }

    /// Uploads a file to a full address, which GitHub gives with a release.
    pub(crate) fn upload(
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
        let there = Self::at(&format!("{scheme}://{host}"), &self.repository, &self.token)?;
        there.request("POST", address, JSON, Body::File(bytes, kind), false)
    }

    /// The content of a file.
    pub(crate) fn download(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.request("GET", path, OCTETS, Body::None, true)?;
        let bytes = answer.bytes.clone();
        answer.accepted("GET", path).map(|_| bytes)
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        accept: &str,
        body: Body<'_>,
        again: bool,
    ) -> Result<Answer, Failure> {
        let asked = Asked {
            method,
            path,
            accept,
            known: None,
            until: None,
            body,
        };
        let unanswered = Failure::new(format!("GitHub did not answer {method} {path}"));
        let mut said = String::new();
        for attempt in 0..ATTEMPTS {
            match self.once(asked) {
                Attempt::Answer(answer) => return Ok(answer),
                Attempt::Wait(wait, why) => {
                    said = why;
                    std::thread::sleep(wait);
                }
                Attempt::Broken(why) if again => {
                    said = why;
                    let backoff = 100_u64 << attempt;
                    std::thread::sleep(chance::pause(backoff, backoff));
                }
                Attempt::Broken(why) => return Err(unanswered.cause(why)),
                Attempt::Astray(why) => {
                    return Err(unanswered.cause(why).help(
                        "if the repository was renamed or moved, use its present name and address",
                    ));
                }
            }
        }
        Err(unanswered
            .cause(said)
            .help("run the job again later; nothing that was written is lost"))
    }

    fn once(&self, asked: Asked<'_>) -> Attempt {
        let mut answered = match self.client.send(asked) {
            Ok(answered) => answered,
            Err(Unanswered::Broken(why)) => return Attempt::Broken(why),
            Err(Unanswered::Astray(why)) => return Attempt::Astray(why),
        };
        let mut bytes = Vec::new();
        if let Err(error) = answered.body_mut().as_reader().read_to_end(&mut bytes) {
            return Attempt::Broken(error.to_string());
        }
        let status = answered.status().as_u16();
        if let Some(wait) = limited(&answered, LONGEST_WAIT) {
            return Attempt::Wait(wait, format!("HTTP {status}: a rate limit"));
        }
        if status >= 500 {
            return Attempt::Broken(format!("HTTP {status}"));
        }
        Attempt::Answer(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
            next: header(&answered, "link").is_some_and(|link| link.contains("rel=\"next\"")),
        })
    }
}

impl Answer {
    /// Whether it is a success.
    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The answer, if it is a success; what GitHub says if not.
    pub(crate) fn accepted(self, method: &str, path: &str) -> Result<Self, Failure> {
        if self.is_success() {
            return Ok(self);
        }
        let failure = Failure::new(format!("GitHub refused {method} {path}"));
        let failure = failure.cause(format!("HTTP {}: {}", self.status, self.message()));
        Err(match self.status {
            401 => failure.help("the token is missing, wrong or expired"),
            410 => failure.help("issues may be switched off: switch them on in the repository's settings (General, Features)"),
            403 | 404 => failure.help("the token may lack a permission, or the name is wrong"),
            _ => failure,
        })
    }

    /// What GitHub says, with the details of a validation.
    pub(crate) fn message(&self) -> String {
        let message = self.body["message"]
            .as_str()
            .unwrap_or("no message")
            .to_owned();
        match self.body.get("errors") {
            Some(errors) => format!("{message} {errors}"),
            None => message,
        }
    }
}
