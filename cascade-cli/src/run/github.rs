//! GitHub's REST API, through octocrab.
//!
//! Answers that ask for patience (429, exhausted or secondary limits) are waited for as long as
//! `Retry-After` says; requests that may be repeated are, with backoff, after a 5xx or a broken
//! connection. A request that makes something new is repeated only by whoever looks first whether
//! it was made.

use super::environment::{Environment, Token};
use crate::error::Failure;
use http_body_util::BodyExt;
use octocrab::{OctoBody, Octocrab};
use serde_json::Value;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How often one request is made at most.
const ATTEMPTS: u32 = 6;
/// The longest that one answer may ask to wait, in seconds.
const LONGEST_WAIT: u64 = 60;
/// How many pages of a list are read at most.
const PAGES: usize = 100;

/// A client for one repository.
pub(crate) struct GitHub {
    runtime: Runtime,
    client: Octocrab,
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

/// What is sent with a request.
#[derive(Clone, Copy)]
enum Body<'a> {
    None,
    /// None, and the answer is a file.
    Octets,
    Json(&'a Value),
    File(&'a [u8], &'a str),
}

enum Attempt {
    Answer(Answer),
    Wait(Duration, String),
    Broken(String),
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
        let failure = |error: String| Failure::new(format!("no client for {address}")).cause(error);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failure(error.to_string()))?;
        let inside = runtime.enter();
        let client = Octocrab::builder()
            .base_uri(address.trim_end_matches('/'))
            .map_err(|error| failure(chain(&error)))?
            .personal_token(token.expose().to_owned())
            .set_connect_timeout(Some(Duration::from_secs(10)))
            .set_read_timeout(Some(Duration::from_secs(30)))
            .build()
            .map_err(|error| failure(chain(&error)))?;
        drop(inside);
        Ok(Self {
            runtime,
            client,
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
        self.request("GET", path, Body::None, true)
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
        self.request(method, path, Body::Json(body), true)
    }

    /// Deletes something; what is gone already is no failure.
    pub(crate) fn delete(&self, path: &str) -> Result<(), Failure> {
        let answer = self.request("DELETE", path, Body::None, true)?;
        match answer.status {
            404 | 410 => Ok(()),
            _ => answer.accepted("DELETE", path).map(|_| ()),
        }
    }

    /// Makes something new, once: a broken connection leaves open whether it was made.
    pub(crate) fn create(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request("POST", path, Body::Json(body), false)
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
        let uri: http::Uri = address.parse().map_err(|_| bad())?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad());
        };
        let there = Self::at(&format!("{scheme}://{host}"), &self.repository, &self.token)?;
        let path = uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        there.request("POST", path, Body::File(bytes, kind), false)
    }

    /// The content of a file.
    pub(crate) fn download(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.request("GET", path, Body::Octets, true)?;
        let bytes = answer.bytes.clone();
        answer.accepted("GET", path).map(|_| bytes)
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        body: Body<'_>,
        again: bool,
    ) -> Result<Answer, Failure> {
        let mut said = String::new();
        for attempt in 0..ATTEMPTS {
            match self.runtime.block_on(self.once(method, path, body)) {
                Attempt::Answer(answer) => return Ok(answer),
                Attempt::Wait(wait, why) => {
                    said = why;
                    std::thread::sleep(wait);
                }
                Attempt::Broken(why) if again => {
                    said = why;
                    let backoff = 100_u64 << attempt;
                    std::thread::sleep(Duration::from_millis(backoff + fastrand::u64(0..=backoff)));
                }
                Attempt::Broken(why) => {
                    return Err(
                        Failure::new(format!("GitHub did not answer {method} {path}")).cause(why),
                    );
                }
            }
        }
        Err(
            Failure::new(format!("GitHub did not answer {method} {path}"))
                .cause(said)
                .help("run the job again later; nothing that was written is lost"),
        )
    }

    async fn once(&self, method: &str, path: &str, body: Body<'_>) -> Attempt {
        let accepted = match body {
            Body::Octets => "application/octet-stream",
            _ => "application/vnd.github+json",
        };
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("Accept", accepted)
            .header("X-GitHub-Api-Version", "2022-11-28");
        let request = match body {
            Body::None | Body::Octets => request.body(OctoBody::empty()),
            Body::Json(json) => request
                .header("Content-Type", "application/json")
                .body(OctoBody::from(json.to_string())),
            Body::File(bytes, kind) => request
                .header("Content-Type", kind)
                .body(OctoBody::from(bytes.to_vec())),
        };
        let request = match request {
            Ok(request) => request,
            Err(error) => return Attempt::Broken(error.to_string()),
        };
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => return Attempt::Broken(chain(&error)),
        };
        let status = response.status().as_u16();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let (after, left, link) = (
            header("retry-after"),
            header("x-ratelimit-remaining"),
            header("link"),
        );
        let bytes = match response.into_body().collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(error) => return Attempt::Broken(chain(&error)),
        };
        let limited =
            status == 429 || (status == 403 && (after.is_some() || left.as_deref() == Some("0")));
        if limited {
            let seconds = after
                .and_then(|text| text.parse().ok())
                .unwrap_or(LONGEST_WAIT);
            let wait = Duration::from_secs(seconds.min(LONGEST_WAIT));
            return Attempt::Wait(wait, format!("HTTP {status}: a rate limit"));
        }
        if status >= 500 {
            return Attempt::Broken(format!("HTTP {status}"));
        }
        Attempt::Answer(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
            next: link.is_some_and(|link| link.contains("rel=\"next\"")),
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

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = next.source();
    }
    text
}

/// Text as a part of a path or the value of a query; slashes stay.
pub(crate) fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
