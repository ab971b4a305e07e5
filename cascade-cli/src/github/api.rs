//! GitHub's REST API.
//!
//! A limit is waited for as long as the host says, or a minute and longer each time where it does
//! not; requests that may be repeated are, with backoff, after a 5xx or a broken connection. A
//! request that makes something new is repeated only by whoever looks first whether it was made.
//! Each request has an end, whatever the host does.

use crate::cli::error::Failure;
use crate::cli::pause::Attempts;
use crate::cli::runner::{Runner, Token};
use crate::github::answer::{self, Answer, misshapen};
use crate::github::client::{Asked, Body, Client, Patience, Unanswered, header};
use crate::github::limit::{Limit, limited};
use serde_json::Value;
use std::io::Read;
use std::time::{Duration, Instant};
use ureq::http::Uri;

/// How often one request is made at most.
const ATTEMPTS: u32 = 6;
/// The first pause between two of them.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest time that one request may take, including waits for rate limits.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long one attempt may take.
const ONCE: Duration = Duration::from_secs(2 * 60);
/// The same, where a file is sent or fetched.
const ONCE_WITH_FILE: Duration = Duration::from_secs(10 * 60);
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

enum Attempt {
    Answer(Answer),
    Limited(u16, Limit),
    Broken(String),
    Astray(String),
    Misshapen(String),
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

    fn request(
        &self,
        method: &str,
        path: &str,
        accept: &str,
        body: Body<'_>,
        again: bool,
    ) -> Result<Answer, Failure> {
        let name = format!("{method} {path}");
        let unanswered = Failure::new(format!("GitHub did not answer {name}"));
        let mut attempts = Attempts::new(PAUSE, LONGEST).at_most(ATTEMPTS);
        let mut limits = 0;
        loop {
            let once = match (accept, body) {
                (JSON, Body::None | Body::Json(_)) => ONCE,
                _ => ONCE_WITH_FILE,
            };
            let asked = Asked {
                method,
                path,
                accept,
                known: None,
                until: attempts.until().min(Instant::now() + once),
                body,
            };
            let (least, said) = match self.once(asked) {
                Attempt::Answer(answer) => return Ok(answer),
                Attempt::Misshapen(why) => return Err(misshapen(&name, why)),
                Attempt::Limited(status, limit) => {
                    let pause = limit.pause(limits);
                    let seconds = pause.as_secs();
                    limits += 1;
                    (
                        pause,
                        format!("HTTP {status}: a rate limit, for {seconds} s"),
                    )
                }
                Attempt::Broken(why) if again => (Duration::ZERO, why),
                Attempt::Broken(why) => return Err(unanswered.cause(why)),
                Attempt::Astray(why) => {
                    return Err(unanswered.cause(why).help(
                        "if the repository was renamed or moved, use its present name and address",
                    ));
                }
            };
            if !attempts.wait_at_least(least) {
                return Err(unanswered
                    .cause(said)
                    .help("run the job again later; nothing that was written is lost"));
            }
        }
    }

    fn once(&self, asked: Asked<'_>) -> Attempt {
        let Asked {
            method,
            path,
            accept,
            ..
        } = asked;
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
        if let Some(limit) = limited(&answered, &bytes) {
            return Attempt::Limited(status, limit);
        }
        if status >= 500 {
            return Attempt::Broken(format!("HTTP {status}"));
        }
        let file = accept == OCTETS && status == 200;
        let body = match file {
            true => Ok(Value::Null),
            false => answer::parsed(method, status, &bytes),
        };
        match body {
            Err(why) => Attempt::Misshapen(why),
            Ok(body) => Attempt::Answer(Answer {
                status,
                body,
                request: format!("{method} {path}"),
                bytes,
                next: header(&answered, "link").is_some_and(|link| link.contains("rel=\"next\"")),
            }),
        }
    }
}
