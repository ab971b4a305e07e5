//! Writing state: the one function, and its transports.
//!
//! Read the tip, apply the pure change, write with the expected parent. Whoever loses the race
//! reads again and applies again; nothing is ever overwritten, and a change whose premise moved
//! refuses itself.

use super::chance;
use super::git::{Git, Identity, Pushed};
use super::github::{GitHub, encoded};
use super::refusal::{Move, explained};
use crate::error::{Error, Failure};
use crate::files::write;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cascade_core::state::Managed;
use cascade_core::yaml::Manifest;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a writer keeps trying.
const PATIENCE: Duration = Duration::from_secs(180);
/// The longest pause between two attempts, in milliseconds.
const LONGEST_PAUSE: u64 = 2_000;

/// Where the manifest is written.
#[derive(Debug)]
pub(crate) enum Transport {
    /// The file in the working tree; nobody else sees it.
    WorkTree(PathBuf),
    /// A commit that is pushed to the trunk.
    Git(Git),
    /// A commit that GitHub makes, and signs.
    Contents(GitHub),
}

/// The state of a pipeline, to be changed.
#[derive(Debug)]
pub(crate) struct Store {
    /// Where it is written.
    pub(crate) transport: Transport,
    /// Where it is written instead if the trunk wants signatures, which no push of ours has.
    pub(crate) signing: Option<GitHub>,
    /// The manifest's path in the repository.
    pub(crate) path: String,
    /// The key that its body stands under.
    pub(crate) key: String,
    /// The branch.
    pub(crate) trunk: String,
    /// Who commits, unless GitHub does.
    pub(crate) identity: Identity,
    /// The page of the run that writes.
    pub(crate) run_url: Option<String>,
}

/// A change that a caller wants: the state afterwards, and what the commit says.
pub(crate) struct Change<T> {
    /// The state afterwards.
    pub(crate) managed: Managed,
    /// What happened: the verb, the environment, the version.
    pub(crate) message: String,
    /// What the caller wants to know.
    pub(crate) value: T,
}

/// What writing led to.
#[derive(Debug)]
pub(crate) struct Written<T> {
    /// What the caller wanted to know.
    pub(crate) value: T,
    /// Whether there was anything to write.
    pub(crate) changed: bool,
}

/// The manifest as it is now.
struct Tip {
    bytes: Vec<u8>,
    /// The commit, or GitHub's name of the file's content.
    parent: String,
}

/// Whether a push was refused because its commits are not signed.
///
/// Source: GitHub, "Available rules for rulesets", Require signed commits.
fn unsigned(refusal: &str) -> bool {
    refusal.contains("signatures")
}

enum Attempt {
    Done,
    Raced,
    Refused(String),
}

impl Store {
    /// The managed part as it is now.
    pub(crate) fn read(&self) -> Result<Managed, Failure> {
        self.managed(&self.tip()?)
    }

    /// Applies a change to whatever the state is now, and writes it.
    pub(crate) fn write<T>(
        &mut self,
        mut change: impl FnMut(&Managed) -> Result<Change<T>, Error>,
    ) -> Result<Written<T>, Error> {
        let start = Instant::now();
        let mut pause = 50;
        loop {
            let tip = self.tip()?;
            let before = self.managed(&tip)?;
            let wanted = change(&before)?;
            if wanted.managed == before {
                return Ok(Written {
                    value: wanted.value,
                    changed: false,
                });
            }
            let text = String::from_utf8_lossy(&tip.bytes);
            let text = wanted.managed.write(&text, &self.key).map_err(|error| {
                Failure::new(format!("{} cannot be written", self.path)).cause(error)
            })?;
            match self.put(&tip, text.as_bytes(), &self.commit_message(&wanted.message))? {
                Attempt::Done => {
                    return Ok(Written {
                        value: wanted.value,
                        changed: true,
                    });
                }
                Attempt::Raced if start.elapsed() < PATIENCE => {
                    std::thread::sleep(chance::pause(pause / 2, pause));
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Attempt::Raced => return Err(self.lost(&wanted.message, &text)),
                Attempt::Refused(why) => match self.signing.take().filter(|_| unsigned(&why)) {
                    Some(github) => self.transport = Transport::Contents(github),
                    None => return Err(self.refused(&wanted.message, &why)),
                },
            }
        }
    }

    fn managed(&self, tip: &Tip) -> Result<Managed, Failure> {
        let manifest = Manifest::read(&tip.bytes, &self.key).map_err(|errors| {
            let first = errors.into_iter().next().map(|error| error.message);
            Failure::new(format!("{} on `{}` cannot be read", self.path, self.trunk))
                .cause(first.unwrap_or_default())
        })?;
        Managed::read(&manifest).map_err(|error| {
            Failure::new(format!("{} on `{}` cannot be read", self.path, self.trunk)).cause(error)
        })
    }

    fn tip(&self) -> Result<Tip, Failure> {
        let absent = || {
            Failure::new(format!("there is no {} on `{}`", self.path, self.trunk))
                .help("commit the manifest to the trunk first")
        };
        match &self.transport {
            Transport::WorkTree(file) => {
                let bytes = std::fs::read(file).map_err(|error| {
                    Failure::new(format!("cannot read {}", file.display())).cause(error)
                })?;
                let parent = String::new();
                Ok(Tip { bytes, parent })
            }
            Transport::Git(git) => {
                let parent = git.fetch(&self.trunk)?;
                let bytes = git.show(&parent, &self.path)?.ok_or_else(absent)?;
                Ok(Tip { bytes, parent })
            }
            Transport::Contents(github) => {
                let path = github.path(&format!(
                    "/contents/{}?ref={}",
                    encoded(&self.path),
                    encoded(&format!("refs/heads/{}", self.trunk))
                ));
                let answer = github.get(&path)?;
                if answer.status == 404 {
                    return Err(absent().cause(answer.message()));
                }
                let answer = answer.accepted("GET", &path)?;
                let parent = answer.text("sha")?.to_owned();
                let bytes = github.content(&answer)?;
                Ok(Tip { bytes, parent })
            }
        }
    }

    fn put(&self, tip: &Tip, bytes: &[u8], message: &str) -> Result<Attempt, Failure> {
        match &self.transport {
            Transport::WorkTree(file) => {
                write::whole(file, bytes).map_err(|error| {
                    Failure::new(format!("cannot write {}", file.display())).cause(error)
                })?;
                Ok(Attempt::Done)
            }
            Transport::Git(git) => {
                let commit =
                    git.commit_file(&tip.parent, (&self.path, bytes), message, &self.identity)?;
                Ok(match git.push_branch(&commit, &self.trunk)? {
                    Pushed::Done => Attempt::Done,
                    Pushed::Raced => Attempt::Raced,
                    Pushed::Refused(why) => Attempt::Refused(why),
                })
            }
            Transport::Contents(github) => {
                let path = github.path(&format!("/contents/{}", encoded(&self.path)));
                // Without an author GitHub signs the commit in the name of the token's owner.
                let body = json!({
                    "message": message,
                    "content": STANDARD.encode(bytes),
                    "sha": tip.parent,
                    "branch": self.trunk,
                });
                let answer = github.change("PUT", &path, &body)?;
                Ok(match answer.status {
                    200 | 201 => Attempt::Done,
                    409 if !answer.message().contains("rule") => Attempt::Raced,
                    _ => Attempt::Refused(answer.message()),
                })
            }
        }
    }

    fn commit_message(&self, what: &str) -> String {
        let subject = format!("chore(cascade): {what} [skip ci]");
        match &self.run_url {
            Some(url) => format!("{subject}\n\nRun: {url}\n"),
            None => subject,
        }
    }

    fn lost(&self, message: &str, text: &str) -> Error {
        let failure = Failure::new(format!(
            "`{}` moved too often to write: {message}",
            self.trunk
        ))
        .cause(format!("the manifest that was to be written:\n{text}"))
        .help("run the job again; nothing was overwritten");
        failure.into()
    }

    fn refused(&self, message: &str, why: &str) -> Error {
        let failure = Failure::new(format!(
            "the state was not written to `{}`: {message}",
            self.trunk
        ));
        explained(
            failure,
            why,
            Move {
                what: "trunk",
                token: "`state_token` or `state_token_app`",
            },
        )
        .into()
    }
}
