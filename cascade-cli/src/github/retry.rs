//! One request, waiting and trying again.
//!
//! A limit is waited for as long as the host says, or a minute and longer each time where it does
//! not; requests that may be repeated are, with backoff, after a 5xx or a broken connection. A
//! request that makes something new is repeated only by whoever looks first whether it was made.
//! Each request has an end, whatever the host does.

use super::GitHub;
use super::answer::{self, Answer, misshapen};
use super::client::{Asked, Body, Unanswered, header};
use super::limit::{Limit, limited};
use crate::cli::error::Failure;
use crate::cli::pause::Attempts;
use serde_json::Value;
use std::io::Read;
use std::time::{Duration, Instant};

/// The most attempts at one request.
const ATTEMPTS: u32 = 6;
/// The first pause between two of them.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest time that one request may take, including waits for rate limits.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// The longest time that one attempt may take.
const ONCE: Duration = Duration::from_secs(2 * 60);
/// The same, where a file is sent or fetched.
const ONCE_WITH_FILE: Duration = Duration::from_secs(10 * 60);
pub(super) const JSON: &str = "application/vnd.github+json";
pub(super) const OCTETS: &str = "application/octet-stream";

enum Attempt {
    Answer(Answer),
    Limited(u16, Limit),
    Broken(String),
    Astray(String),
    Misshapen(String),
}

impl GitHub {
    pub(super) fn request(
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
