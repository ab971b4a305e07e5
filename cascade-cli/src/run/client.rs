//! Requests to one host of GitHub's REST API.
//!
//! What is sent goes out once; whoever asks knows whether it may be repeated.
//!
//! Sources: GitHub's "Best practices for using the REST API" (redirects, rate limits) and
//! "Getting started with the REST API" (headers).

use super::environment::Token;
use crate::error::Failure;
use rustls::crypto::ring;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{Request, Response, Uri, header, request};
use ureq::tls::{RootCerts, TlsConfig};

/// How many connections wait for their next request.
const IDLE: usize = 32;
/// The size of a connection's buffers, in bytes: many are open at once.
const BUFFER: usize = 16 * 1024;
/// How often one request is sent to where it was pointed at.
const REDIRECTS: u32 = 5;

pub(super) type Answered = Response<ureq::Body>;

/// A client of one host, with one credential or none.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: Agent,
    base: Uri,
    token: Option<Token>,
}

/// How long a host may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Until it is connected.
    pub(super) connect: Duration,
    /// Until it sends or takes the next piece.
    pub(super) silence: Duration,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// A path below the API's, or a full address on its host.
    pub(super) path: &'a str,
    pub(super) accept: &'a str,
    /// The entity tag of the answer that is known.
    pub(super) known: Option<&'a str>,
    /// When it must be answered altogether.
    pub(super) until: Option<Instant>,
    pub(super) body: Body<'a>,
}

/// What is sent with it.
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
        let config = Agent::config_builder()
            .user_agent(concat!("cascade/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .redirect_auth_headers(ureq::config::RedirectAuthHeaders::SameHost)
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .max_idle_connections(IDLE)
            .max_idle_connections_per_host(IDLE)
            .timeout_connect(Some(patience.connect))
            .timeout_per_read(Some(patience.silence))
            .timeout_per_write(Some(patience.silence))
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
                    .build(),
            );
        Ok(Self {
            agent: config.build().new_agent(),
            base,
            token: token.cloned(),
        })
    }

    /// Sends a request, and again to where the host says that its object has moved.
    ///
    /// # Errors
    /// No answer; the text says why.
    pub(super) fn send(&self, asked: Asked<'_>) -> Result<Answered, String> {
        let mut address = self.address(asked.path)?;
        for _ in 0..REDIRECTS {
            let answered = self.once(&asked, &address)?;
            match self.moved(&answered) {
                Some(there) if !matches!(asked.body, Body::None) => address = there,
                _ => return Ok(answered),
            }
        }
        Err(format!("it is pointed on more than {REDIRECTS} times"))
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

    fn is_ours(&self, address: &Uri) -> bool {
        address.scheme() == self.base.scheme() && address.authority() == self.base.authority()
    }

    /// Where a request that is not just read must be sent again as it is: the host kept the
    /// object under another name. Other redirects would turn it into one that reads.
    fn moved(&self, answered: &Answered) -> Option<Uri> {
        if !matches!(answered.status().as_u16(), 307 | 308) {
            return None;
        }
        let location = answered.headers().get(header::LOCATION)?.to_str().ok()?;
        self.address(location).ok()
    }

    fn once(&self, asked: &Asked<'_>, address: &Uri) -> Result<Answered, String> {
        let mut request = Request::builder()
            .method(asked.method)
            .uri(address)
            .header(header::ACCEPT, asked.accept)
            .header("X-GitHub-Api-Version", "2022-11-28");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        if let Some(etag) = asked.known {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        match asked.body {
            Body::None => self.run(request, (), asked),
            Body::Json(json) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.run(request, json.to_string().as_str(), asked)
            }
            Body::File(bytes, kind) => {
                self.run(request.header(header::CONTENT_TYPE, kind), bytes, asked)
            }
        }
    }

    fn run(
        &self,
        request: request::Builder,
        body: impl ureq::AsSendBody,
        asked: &Asked<'_>,
    ) -> Result<Answered, String> {
        let request = request.body(body).map_err(|error| error.to_string())?;
        let reads = matches!(asked.body, Body::None) && asked.method == "GET";
        let left = asked
            .until
            .map(|until| until.saturating_duration_since(Instant::now()));
        let request = self
            .agent
            .configure_request(request)
            .max_redirects(if reads { REDIRECTS } else { 0 })
            .timeout_global(left)
            .build();
        self.agent.run(request).map_err(|error| chain(&error))
    }
}

/// A header's text.
pub(super) fn header<'a>(answered: &'a Answered, name: &str) -> Option<&'a str> {
    answered.headers().get(name)?.to_str().ok()
}

/// How long a host that limits its callers asks to wait, at most `longest`; `None` if it does not
/// limit.
pub(super) fn limited(answered: &Answered, longest: Duration) -> Option<Duration> {
    let after = header(answered, "retry-after");
    let exhausted = header(answered, "x-ratelimit-remaining") == Some("0");
    let limits = match answered.status().as_u16() {
        429 => true,
        403 => after.is_some() || exhausted,
        _ => false,
    };
    let seconds = after.and_then(|text| text.parse().ok());
    limits.then(|| seconds.map_or(longest, |seconds| longest.min(Duration::from_secs(seconds))))
}

/// An error with everything that led to it.
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
