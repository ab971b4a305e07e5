//! Other repositories, as a pull sees them: something to be read.
//!
//! The client can only read, and is made of a read credential: nothing here can write, or be
//! given what can. One request a center where nothing changed; many centers at the same time.

use super::environment::{self, Environment, Token};
use super::github::{chain, encoded};
use crate::error::Failure;
use bytes::Bytes;
use http_body_util::BodyExt;
use octocrab::{OctoBody, Octocrab};
use serde::Deserialize;
use std::time::Duration;

/// How often one request is made at most.
const ATTEMPTS: u32 = 3;
/// The longest that one answer may ask to wait.
const LONGEST_WAIT: u64 = 20;
/// How long one entry may take altogether.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest description of one ref, in bytes: names are short, whatever they say.
const LONGEST_REF: usize = 64 * 1024;
/// How many pages are read at most.
const PAGES: usize = 20_000;
/// How many tags may point at each other.
const DEEPEST: usize = 5;

/// A credential that reads. Tokens that write are of another type, and none becomes one of these.
#[derive(Debug, Clone)]
pub(crate) struct ReadToken(Token);

impl ReadToken {
    /// The credential of this job: the variable that generated workflows put it in.
    pub(crate) fn of_job() -> Option<Self> {
        environment::token("READ_TOKEN").map(Self)
    }

    /// The credential of an entry, by hand: a variable of the secret's own name.
    pub(crate) fn by_hand(secret: &str) -> Option<Self> {
        environment::token(secret).map(Self)
    }
}

/// Reads repositories with one credential.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    client: Octocrab,
}

/// A ref as GitHub lists it.
#[derive(Debug, Deserialize)]
struct Listed<'a> {
    #[serde(borrow, rename = "ref")]
    name: std::borrow::Cow<'a, str>,
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Object {
    sha: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Deserialize)]
struct Annotation {
    object: Object,
}

/// What listing led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Every tag was shown; the entity tag of the answer, if one answer was all.
    Shown(Option<String>),
    /// Nothing changed since the answer of this entity tag.
    Unchanged,
}

type Response = http::Response<http_body_util::combinators::BoxBody<Bytes, octocrab::Error>>;

enum Attempt {
    Done(Response),
    Again(Duration, String),
    Refused(String),
}

impl Reader {
    /// A client; without a credential it reads what everybody may. Call it inside a runtime.
    pub(crate) fn new(
        environment: &Environment,
        token: Option<&ReadToken>,
    ) -> Result<Self, Failure> {
        let address = environment.api_url.trim_end_matches('/');
        let failure = |error: &dyn std::error::Error| {
            Failure::new(format!("no client for {address}")).cause(chain(error))
        };
        let mut builder = Octocrab::builder()
            .base_uri(address)
            .map_err(|error| failure(&error))?
            .set_connect_timeout(Some(Duration::from_secs(5)))
            .set_read_timeout(Some(Duration::from_secs(15)));
        if let Some(ReadToken(token)) = token {
            builder = builder.personal_token(token.expose().to_owned());
        }
        let client = builder.build().map_err(|error| failure(&error))?;
        Ok(Self { client })
    }

    /// Shows every tag that begins with `prefix`: its name, its object, whether that is an
    /// annotation. None is kept.
    pub(crate) async fn tags(
        &self,
        repository: &str,
        prefix: &str,
        known: Option<&str>,
        mut show: impl FnMut(&str, &str, bool),
    ) -> Result<Listing, String> {
        let asking = async {
            let prefix = encoded(prefix);
            let mut path = format!("/repos/{repository}/git/matching-refs/tags/{prefix}");
            for page in 0..PAGES {
                let known = known.filter(|_| page == 0);
                let response = self
                    .get(&path, known, "application/vnd.github+json")
                    .await?;
                if response.status() == 304 {
                    return Ok(Listing::Unchanged);
                }
                let header = |name: &str| {
                    let value = response.headers().get(name)?.to_str().ok()?;
                    Some(value.to_owned())
                };
                let next = header("link").and_then(|link| next(&link));
                let etag = header("etag").filter(|_| page == 0 && next.is_none());
                elements(response, |element| {
                    let listed: Listed<'_> = serde_json::from_slice(element).map_err(|error| {
                        format!("{repository} answered with no list of refs: {error}")
                    })?;
                    if let Some(name) = listed.name.strip_prefix("refs/tags/") {
                        show(name, &listed.object.sha, listed.object.kind == "tag");
                    }
                    Ok(())
                })
                .await?;
                match next {
                    Some(next) => path = next,
                    None => return Ok(Listing::Shown(etag)),
                }
            }
            Err(format!("it lists its tags on more than {PAGES} pages"))
        };
        patiently(repository, asking).await
    }

    /// The commit that an annotation stands for.
    pub(crate) async fn annotated(&self, repository: &str, object: &str) -> Result<String, String> {
        let asking = async {
            let mut sha = object.to_owned();
            for _ in 0..DEEPEST {
                let path = format!("/repos/{repository}/git/tags/{}", encoded(&sha));
                let response = self.get(&path, None, "application/vnd.github+json").await?;
                let bytes = whole(response).await?;
                let annotation: Annotation = serde_json::from_slice(&bytes)
                    .map_err(|error| format!("{repository} answered with no tag: {error}"))?;
                sha = annotation.object.sha;
                if annotation.object.kind != "tag" {
                    return Ok(sha);
                }
            }
            Err(format!(
                "a tag of {repository} points at a tag too often to follow"
            ))
        };
        patiently(repository, asking).await
    }

    /// The head of a branch, or of the default branch.
    pub(crate) async fn head(
        &self,
        repository: &str,
        branch: Option<&str>,
    ) -> Result<String, String> {
        let asking = async {
            let reference = branch.map_or_else(
                || "HEAD".to_owned(),
                |branch| format!("heads/{}", encoded(branch)),
            );
            let path = format!("/repos/{repository}/commits/{reference}");
            let response = self.get(&path, None, "application/vnd.github.sha").await?;
            let bytes = whole(response).await?;
            let sha = String::from_utf8_lossy(&bytes).trim().to_owned();
            match sha.len() >= 40 && sha.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                true => Ok(sha),
                false => Err(format!("{repository} answered with no commit")),
            }
        };
        patiently(repository, asking).await
    }

    async fn get(&self, path: &str, known: Option<&str>, accept: &str) -> Result<Response, String> {
        let mut said = String::new();
        for attempt in 0..ATTEMPTS {
            match self.once(path, known, accept).await {
                Attempt::Done(response) => return Ok(response),
                Attempt::Refused(why) => return Err(why),
                Attempt::Again(wait, why) => {
                    said = why;
                    if attempt + 1 < ATTEMPTS {
                        tokio::time::sleep(wait.max(Duration::from_millis(200 << attempt))).await;
                    }
                }
            }
        }
        Err(said)
    }

    async fn once(&self, path: &str, known: Option<&str>, accept: &str) -> Attempt {
        let mut request = http::Request::builder()
            .method("GET")
            .uri(path)
            .header("Accept", accept)
            .header("X-GitHub-Api-Version", "2022-11-28");
        if let Some(etag) = known {
            request = request.header("If-None-Match", etag);
        }
        let request = match request.body(OctoBody::empty()) {
            Ok(request) => request,
            Err(error) => return Attempt::Refused(error.to_string()),
        };
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                return Attempt::Again(
                    Duration::ZERO,
                    format!("it does not answer: {}", chain(&error)),
                );
            }
        };
        let status = response.status().as_u16();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let after = header("retry-after").and_then(|text| text.parse::<u64>().ok());
        let limited = status == 429
            || (status == 403 && (after.is_some() || header("x-ratelimit-remaining") == Some("0")));
        match status {
            200..300 | 304 => Attempt::Done(response),
            _ if limited => {
                let wait = Duration::from_secs(after.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT));
                Attempt::Again(wait, format!("HTTP {status}: a rate limit"))
            }
            500.. => Attempt::Again(Duration::ZERO, format!("HTTP {status}")),
            401 => Attempt::Refused("HTTP 401: the read credential is wrong or expired".to_owned()),
            403 | 404 => Attempt::Refused(format!(
                "HTTP {status}: there is no such repository or branch, or the read credential does not reach it; a private one needs `private: true` or `read_token`"
            )),
            _ => Attempt::Refused(format!("HTTP {status}")),
        }
    }
}

/// Gives up on a center that takes too long; says which one it was.
async fn patiently<T>(
    repository: &str,
    asking: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(answer) => answer.map_err(|why| format!("{repository} cannot be asked: {why}")),
        Err(_) => Err(format!(
            "{repository} cannot be asked: it took longer than {} s",
            PATIENCE.as_secs()
        )),
    }
}

/// A short answer.
async fn whole(response: Response) -> Result<Bytes, String> {
    let limited = http_body_util::Limited::new(response.into_body(), 1024 * 1024);
    let body = limited.collect().await.map_err(|error| error.to_string())?;
    Ok(body.to_bytes())
}

/// Every element of the array that an answer is, one at a time, as its bytes come.
async fn elements(
    response: Response,
    mut each: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut body = response.into_body();
    let mut splitter = Splitter::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| chain(&error))?;
        if let Ok(bytes) = frame.into_data() {
            splitter.feed(&bytes, &mut each)?;
        }
    }
    splitter.end()
}

/// Finds the objects of a JSON array in bytes that come in pieces.
#[derive(Debug, Default)]
struct Splitter {
    element: Vec<u8>,
    depth: usize,
    quoted: bool,
    escaped: bool,
    begun: bool,
    ended: bool,
}

impl Splitter {
    fn feed(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        for &byte in bytes {
            if self.depth > 0 {
                self.element.push(byte);
                if self.element.len() > LONGEST_REF {
                    return Err("a ref in the answer is too long".to_owned());
                }
            }
            match (self.quoted, byte) {
                (true, _) if self.escaped => self.escaped = false,
                (true, b'\\') => self.escaped = true,
                (_, b'"') if self.depth > 0 => self.quoted = !self.quoted,
                (true, _) => {}
                (false, b'[') if self.depth == 0 && !self.begun => self.begun = true,
                (false, b']') if self.depth == 0 && self.begun => self.ended = true,
                (false, b'{') if self.begun && !self.ended => {
                    if self.depth == 0 {
                        self.element.push(byte);
                    }
                    self.depth += 1;
                }
                (false, b'}') if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        each(&self.element)?;
                        self.element.clear();
                    }
                }
                (false, b' ' | b'\n' | b'\r' | b'\t') => {}
                (false, b',') if self.begun && !self.ended => {}
                _ if self.depth > 0 => {}
                _ => return Err("the answer is no list".to_owned()),
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), String> {
        match self.ended && self.depth == 0 {
            true => Ok(()),
            false => Err("the answer broke off".to_owned()),
        }
    }
}

/// The path of the next page.
fn next(link: &str) -> Option<String> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let (_, address) = part.split_once('<')?;
    let (address, _) = address.split_once('>')?;
    let uri: http::Uri = address.parse().ok()?;
    Some(uri.path_and_query()?.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: usize) -> Result<Vec<String>, String> {
        let mut splitter = Splitter::default();
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            splitter.feed(piece, &mut |element| {
                found.push(String::from_utf8_lossy(element).into_owned());
                Ok(())
            })?;
        }
        splitter.end().map(|()| found)
    }

    #[test]
    fn elements_are_found_wherever_the_pieces_end() {
        let text = r#" [ {"ref":"a}\"]{","object":{"sha":"1"}} , {"b":[{"c":2}]} ] "#;
        for size in 1..text.len() {
            let found = split(text, size).unwrap();
            assert_eq!(
                found,
                [
                    r#"{"ref":"a}\"]{","object":{"sha":"1"}}"#,
                    r#"{"b":[{"c":2}]}"#
                ]
            );
        }
        assert!(split("[]", 1).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_list_or_breaks_off_is_an_error() {
        for text in [
            "",
            "{}",
            "[{",
            "[{\"a\":1}",
            "null",
            "[1]",
            "[[]]",
            "[{}] x",
        ] {
            assert!(split(text, 3).is_err(), "{text}");
        }
        assert!(split(&format!("[{{\"a\":\"{}\"}}]", "x".repeat(70_000)), 4096).is_err());
    }

    #[test]
    fn the_next_page_is_a_path_of_the_same_host() {
        let link = "<https://api.example.com/repositories/1/git?page=2>; rel=\"next\", <https://x/y?page=9>; rel=\"last\"";
        assert_eq!(next(link).unwrap(), "/repositories/1/git?page=2");
        assert!(next("<https://x/y>; rel=\"prev\"").is_none());
    }
}
