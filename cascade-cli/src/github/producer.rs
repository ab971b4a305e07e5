//! Other repositories, as a pull sees them: something to be read.
//!
//! The client can only read, and is made of a read credential: nothing here can write, or be
//! given what can. One request a producer where nothing changed; many producers at the same time.

use super::api;
use super::client::{Answered, Asked, Body, Client, Unanswered, header};
use super::git_database::LONGEST_CHAIN_OF_TAGS;
use super::limit::limited;
use crate::cli::error::Failure;
use crate::cli::http::Patience;
use crate::cli::pause::Attempts;
use crate::cli::runner::{self, Runner, Token};
use crate::github::elements::elements;
use crate::uri::encoded;
use cascade_core::commits::is_hash;
use cascade_core::protocol;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// The most times that one request is made.
const ATTEMPTS: u32 = 3;
/// The first pause between two of them.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest time that one question may take altogether.
const LONGEST: Duration = Duration::from_secs(60);
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_secs(15),
};
const JSON: &str = "application/vnd.github+json";
/// The longest answer that is no list, in bytes.
const LONGEST_ANSWER: u64 = 1024 * 1024;
/// The most pages that are read.
const PAGES: usize = 20_000;

/// A credential that reads. Tokens that write are of another type, and none becomes one of these.
#[derive(Debug, Clone)]
pub(crate) struct ReadToken(Token);

impl ReadToken {
    /// The credential of this job: the variable that generated workflows put it in.
    pub(crate) fn of_job() -> Option<Self> {
        runner::token(protocol::variable::READ_TOKEN).map(Self)
    }

    /// The credential of an entry, by hand: a variable of the secret's own name.
    pub(crate) fn by_hand(secret: &str) -> Option<Self> {
        runner::secret(secret).map(Self)
    }
}

/// Reads repositories with one credential.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    client: Client,
}

/// One question to one repository, and until when it may take.
struct Question<'a> {
    client: &'a Client,
    repository: &'a str,
    until: Instant,
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

/// The result of listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Every tag was shown; the entity tag of the answer, if one answer was all.
    Shown(Option<String>),
    /// Nothing changed since the answer of this entity tag.
    Unchanged,
}

enum Attempt {
    Done(Answered),
    Again(Duration, String),
    Refused(String),
}

impl Reader {
    /// A client; without a credential it reads what everybody may.
    pub(crate) fn new(environment: &Runner, token: Option<&ReadToken>) -> Result<Self, Failure> {
        let token = token.map(|ReadToken(token)| token);
        let client = Client::new(&environment.api_url, token, PATIENCE)?;
        Ok(Self { client })
    }

    /// Shows every tag that begins with `prefix`: its name, its object, whether that is an
    /// annotation. None is kept.
    pub(crate) fn tags(
        &self,
        repository: &str,
        prefix: &str,
        known: Option<&str>,
        show: impl FnMut(&str, &str, bool),
    ) -> Result<Listing, String> {
        self.ask(repository, |question| question.tags(prefix, known, show))
    }

    /// The commit that an annotation stands for.
    pub(crate) fn annotated(&self, repository: &str, object: &str) -> Result<String, String> {
        self.ask(repository, |question| question.annotated(object))
    }

    /// The head of a branch, or of the default branch.
    pub(crate) fn head(&self, repository: &str, branch: Option<&str>) -> Result<String, String> {
        self.ask(repository, |question| question.head(branch))
    }

    /// Gives up on a repository that takes too long; says which one it was.
    fn ask<T>(
        &self,
        repository: &str,
        asking: impl FnOnce(&Question<'_>) -> Result<T, String>,
    ) -> Result<T, String> {
        let question = Question {
            client: &self.client,
            repository,
            until: Instant::now() + LONGEST,
        };
        asking(&question).map_err(|why| {
            let why = match question.is_over() {
                true => format!("it took longer than {} s", LONGEST.as_secs()),
                false => why,
            };
            format!("{repository} cannot be asked: {why}")
        })
    }
}

impl Question<'_> {
    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    fn tags(
        &self,
        prefix: &str,
        known: Option<&str>,
        mut show: impl FnMut(&str, &str, bool),
    ) -> Result<Listing, String> {
        let repository = self.repository;
        let prefix = encoded(prefix);
        let mut path = api::path(repository, &format!("/git/matching-refs/tags/{prefix}"));
        for page in 0..PAGES {
            let answered = self.get(&path, known.filter(|_| page == 0), JSON)?;
            if answered.status() == 304 {
                return Ok(Listing::Unchanged);
            }
            let next = header(&answered, "link").and_then(next).map(str::to_owned);
            let etag = header(&answered, "etag").filter(|_| page == 0 && next.is_none());
            let etag = etag.map(str::to_owned);
            elements(answered, |element| {
                let listed: Listed<'_> = serde_json::from_slice(element).map_err(|error| {
                    format!("{repository} answered with no list of refs: {error}")
                })?;
                if let Some(name) = listed.name.strip_prefix("refs/tags/") {
                    show(name, &listed.object.sha, listed.object.kind == "tag");
                }
                Ok(())
            })?;
            match next {
                Some(next) => path = next,
                None => return Ok(Listing::Shown(etag)),
            }
        }
        Err(format!("it lists its tags on more than {PAGES} pages"))
    }

    fn annotated(&self, object: &str) -> Result<String, String> {
        let repository = self.repository;
        let mut sha = object.to_owned();
        for _ in 0..LONGEST_CHAIN_OF_TAGS {
            let path = api::path(repository, &format!("/git/tags/{}", encoded(&sha)));
            let bytes = whole(&mut self.get(&path, None, JSON)?)?;
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
    }

    fn head(&self, branch: Option<&str>) -> Result<String, String> {
        let repository = self.repository;
        let reference = branch.map_or_else(
            || "HEAD".to_owned(),
            |branch| format!("heads/{}", encoded(branch)),
        );
        let path = api::path(repository, &format!("/commits/{reference}"));
        let bytes = whole(&mut self.get(&path, None, "application/vnd.github.sha")?)?;
        let sha = String::from_utf8_lossy(&bytes).trim().to_owned();
        match is_hash(&sha) {
            true => Ok(sha),
            false => Err(format!("{repository} answered with no commit")),
        }
    }

    fn get(&self, path: &str, known: Option<&str>, accept: &str) -> Result<Answered, String> {
        let time = self.until.saturating_duration_since(Instant::now());
        let mut attempts = Attempts::new(PAUSE, time).at_most(ATTEMPTS);
        loop {
            match self.once(path, known, accept) {
                Attempt::Done(answered) => return Ok(answered),
                Attempt::Refused(why) => return Err(why),
                Attempt::Again(wait, why) => {
                    // A limit that lasts longer than there is time is not tried in between.
                    if !attempts.wait_at_least(wait) {
                        return Err(why);
                    }
                }
            }
        }
    }

    fn once(&self, path: &str, known: Option<&str>, accept: &str) -> Attempt {
        let answered = self.client.send(Asked {
            method: "GET",
            path,
            accept,
            known,
            until: self.until,
            body: Body::None,
        });
        let mut answered = match answered {
            Ok(answered) => answered,
            Err(Unanswered::Astray(why)) => return Attempt::Refused(why),
            Err(Unanswered::Broken(why)) => {
                return Attempt::Again(Duration::ZERO, format!("it does not answer: {why}"));
            }
        };
        let status = answered.status().as_u16();
        if matches!(status, 403 | 429) {
            let said = whole(&mut answered).unwrap_or_default();
            if let Some(limit) = limited(&answered, &said) {
                let wait = limit.pause(0);
                let seconds = wait.as_secs();
                let why = format!("HTTP {status}: a rate limit, for {seconds} s");
                return Attempt::Again(wait, why);
            }
        }
        match status {
            200..300 | 304 => Attempt::Done(answered),
            500.. => Attempt::Again(Duration::ZERO, format!("HTTP {status}")),
            401 => Attempt::Refused("HTTP 401: the read credential is wrong or expired".to_owned()),
            403 | 404 => Attempt::Refused(format!(
                "HTTP {status}: there is no such repository or branch, or the read credential does not reach it; a private one needs `private: true` or `read_token`"
            )),
            _ => Attempt::Refused(format!("HTTP {status}")),
        }
    }
}

/// A short answer.
fn whole(answered: &mut Answered) -> Result<Vec<u8>, String> {
    let body = answered.body_mut().with_config().limit(LONGEST_ANSWER);
    body.read_to_vec().map_err(|error| error.to_string())
}

/// The address of the next page.
fn next(link: &str) -> Option<&str> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let (_, address) = part.split_once('<')?;
    let (address, _) = address.split_once('>')?;
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_link_that_says_so() {
        let link = "<https://x/y?page=9>; rel=\"last\", <https://api.example.com/repositories/1/git?page=2>; rel=\"next\"";
        assert_eq!(
            next(link).unwrap(),
            "https://api.example.com/repositories/1/git?page=2"
        );
        assert!(next("<https://x/y>; rel=\"prev\"").is_none());
    }
}
