//! Requests to one host of GitHub's REST API.
//!
//! What is sent goes out once; whoever asks knows whether it may be repeated.
//!
//! Sources: GitHub's "Best practices for using the REST API" (redirects, rate limits) and
//! "Getting started with the REST API" (headers).

use crate::cli::error::Failure;
use crate::cli::http::{self, Patience};
use crate::cli::runner::Token;
use serde_json::Value;
use std::time::Instant;
use ureq::Agent;
use ureq::http::{Request, Response, Uri, header, request};

/// The most redirections that one request follows.
const REDIRECTS: usize = 5;

pub(super) type Answered = Response<ureq::Body>;

/// A client of one host, with one credential or none.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: Agent,
    base: Uri,
    token: Option<Token>,
}

/// A request to the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// A path below the API's, or a full address on its host.
    pub(super) path: &'a str,
    pub(super) accept: &'a str,
    /// The entity tag of the answer that is known.
    pub(super) known: Option<&'a str>,
    /// The latest time at which it is answered, with every redirection.
    pub(super) until: Instant,
    pub(super) body: Body<'a>,
}

/// The reason why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Nobody was reached, or the connection broke.
    Broken(String),
    /// The answer is somewhere else, where it is not asked for: asking again leads there again.
    Astray(String),
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body<'a> {
    None,
    Json(&'a Value),
    /// A file's content and media type.
    File(&'a [u8], &'a str),
}

impl Client {
    /// A client of the API at this address.
    pub(super) fn new(
        address: &str,
        token: Option<&Token>,
        patience: Patience,
    ) -> Result<Self, Failure> {
        let wrong = |why: &str| Failure::new(format!("no client for {address}")).cause(why);
        let base: Uri = address
            .trim_end_matches('/')
            .parse()
            .map_err(|error: ureq::http::uri::InvalidUri| wrong(&error.to_string()))?;
        if base.scheme().is_none() || base.authority().is_none() {
            return Err(wrong("it is no address"));
        }
        Ok(Self {
            agent: http::agent(patience),
            base,
            token: token.cloned(),
        })
    }

    /// Sends a request, and again to where the host says that its object is.
    ///
    /// # Errors
    /// No answer; the text says why.
    pub(super) fn send(&self, asked: Asked<'_>) -> Result<Answered, Unanswered> {
        let mut address = self.address(asked.path).map_err(Unanswered::Astray)?;
        for _ in 0..=REDIRECTS {
            let answered = self.once(&asked, &address).map_err(Unanswered::Broken)?;
            let status = answered.status().as_u16();
            let Some(location) = pointer(&answered) else {
                return Ok(answered);
            };
            address = self
                .followed(asked.method, &address, status, location)
                .map_err(|why| Unanswered::Astray(format!("HTTP {status} points {why}")))?;
        }
        Err(Unanswered::Astray(format!(
            "it is pointed on more than {REDIRECTS} times, at last to `{}`",
            shown(&address.to_string())
        )))
    }

    /// The full address of a path; a full address if it is on the same host.
    fn address(&self, path: &str) -> Result<Uri, String> {
        let text = match path.starts_with('/') {
            true => format!("{}{path}", self.base.to_string().trim_end_matches('/')),
            false => path.to_owned(),
        };
        let address: Uri = text
            .parse()
            .map_err(|_| format!("`{text}` is no address"))?;
        match self.is_ours(&address) {
            true => Ok(address),
            false => Err(format!("`{text}` is on another host")),
        }
    }

    /// Returns the address of the API.
    pub(super) fn base(&self) -> String {
        self.base.to_string()
    }

    fn is_ours(&self, address: &Uri) -> bool {
        address.scheme() == self.base.scheme() && address.authority() == self.base.authority()
    }

    /// Returns the address to which a request is redirected. A request that reads goes anywhere;
    /// one that changes something is sent again as it is, to this host alone, when it is asked to.
    fn followed(
        &self,
        method: &str,
        from: &Uri,
        status: u16,
        location: &str,
    ) -> Result<Uri, String> {
        let there = pointed(from, location)
            .ok_or_else(|| format!("to `{}`, which is no address", shown(location)))?;
        let secret = self.base.scheme_str() == Some("https");
        let refusal = match method {
            _ if secret && there.scheme_str() != Some("https") => "which is not encrypted",
            "GET" => return Ok(there),
            _ if !self.is_ours(&there) => "on another host, where no change is ever sent",
            _ if !matches!(status, 307 | 308) => "which does not ask to send the change again",
            _ => return Ok(there),
        };
        Err(format!("to `{}`, {refusal}", shown(location)))
    }

    fn once(&self, asked: &Asked<'_>, address: &Uri) -> Result<Answered, String> {
        let mut request = Request::builder()
            .method(asked.method)
            .uri(address)
            .header(header::ACCEPT, asked.accept)
            .header("X-GitHub-Api-Version", "2022-11-28");
        if let Some(token) = self.token.as_ref().filter(|_| self.is_ours(address)) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        if let Some(etag) = asked.known {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        match asked.body {
            Body::None => self.run(request, (), asked.until),
            Body::Json(json) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.run(request, json.to_string().as_str(), asked.until)
            }
            Body::File(bytes, kind) => {
                let request = request.header(header::CONTENT_TYPE, kind);
                self.run(request, bytes, asked.until)
            }
        }
    }

    fn run(
        &self,
        request: request::Builder,
        body: impl ureq::AsSendBody,
        until: Instant,
    ) -> Result<Answered, String> {
        let request = request.body(body).map_err(|error| error.to_string())?;
        let left = until.saturating_duration_since(Instant::now());
        let request = self.agent.configure_request(request);
        let request = request.timeout_global(Some(left)).build();
        self.agent.run(request).map_err(|error| explained(&error))
    }
}

/// Returns the address to which an answer points instead of being one.
fn pointer(answered: &Answered) -> Option<&str> {
    match answered.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => header(answered, "location"),
        _ => None,
    }
}

/// A full address; a host may leave out that it is its own.
fn pointed(from: &Uri, location: &str) -> Option<Uri> {
    let mut parts = location.parse::<Uri>().ok()?.into_parts();
    if location.starts_with('/') {
        parts.scheme = from.scheme().cloned();
        parts.authority = from.authority().cloned();
    }
    parts.scheme.as_ref()?;
    Uri::from_parts(parts).ok()
}

/// An address without its query, which may be a credential.
fn shown(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// A header's text.
pub(super) fn header<'a>(answered: &'a Answered, name: &str) -> Option<&'a str> {
    answered.headers().get(name)?.to_str().ok()
}

/// Explains why a host was not reached, and what a machine lacks that does not trust it.
fn explained(error: &ureq::Error) -> String {
    let text = chain(error);
    match text.ends_with("UnknownIssuer") {
        true => format!(
            "{text}: no authority that this machine believes vouches for the host (SSL_CERT_FILE names the file of those that it believes)"
        ),
        false => text,
    }
}

/// An error with everything that led to it.
fn chain(error: &dyn std::error::Error) -> String {
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

#[cfg(test)]
mod tests;
