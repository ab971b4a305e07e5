//! Writing state: the one function, and its transports.
//!
//! Read the tip, apply the pure change, write with the expected parent. Whoever loses the race
//! reads again and applies again; nothing is ever overwritten, and a change whose premise moved
//! refuses itself.

use super::chance;
use super::git::{Git, Identity, Pushed, Records, RefMove};
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
    /// The trunk, which is read and not written.
    Look(Git),
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
    /// The repository whose refs of deployments that began are written, if they are.
    pub(crate) refs: Option<Git>,
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
    /// The deployments that began.
    begun: Records,
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

impl From<Pushed> for Attempt {
    fn from(pushed: Pushed) -> Self {
        match pushed {
            Pushed::Done => Self::Done,
            Pushed::Raced => Self::Raced,
            Pushed::Refused(why) => Self::Refused(why),
        }
    }
}

/// Puts the deployments that began beside what is recorded.
pub(crate) fn with_begun(mut managed: Managed, records: &Records) -> Managed {
    for (name, (_, begun)) in records {
        let environment = managed.state.environments.entry(name.clone());
        environment.or_default().begun = Some(begun.clone());
    }
    managed
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
            let text = match wanted.managed.is_written_like(&before) {
                true => None,
                false => Some(self.text(&tip, &wanted.managed)?),
            };
            let message = self.commit_message(&wanted.message);
            match self.put(&tip, text.as_deref(), &wanted.managed, &message)? {
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
                Attempt::Raced => {
                    let text = text.as_deref().unwrap_or_default();
                    return Err(self.lost(&wanted.message, text));
                }
                Attempt::Refused(why) => match self.signing.take().filter(|_| unsigned(&why)) {
                    Some(github) => self.transport = Transport::Contents(github),
                    None => return Err(self.refused(&wanted.message, &why)),
                },
            }
        }
    }

    fn text(&self, tip: &Tip, managed: &Managed) -> Result<String, Failure> {
        let text = String::from_utf8_lossy(&tip.bytes);
        managed
            .write(&text, &self.key)
            .map_err(|error| Failure::new(format!("{} cannot be written", self.path)).cause(error))
    }

    fn managed(&self, tip: &Tip) -> Result<Managed, Failure> {
        let manifest = Manifest::read(&tip.bytes, &self.key).map_err(|errors| {
            let first = errors.into_iter().next().map(|error| error.message);
            Failure::new(format!("{} on `{}` cannot be read", self.path, self.trunk))
                .cause(first.unwrap_or_default())
        })?;
        let managed = Managed::read(&manifest).map_err(|error| {
            Failure::new(format!("{} on `{}` cannot be read", self.path, self.trunk)).cause(error)
        })?;
        Ok(with_begun(managed, &tip.begun))
    }

    fn begun(&self) -> Result<Records, Failure> {
        match &self.refs {
            Some(git) => {
                git.fetch_begun()?;
                git.begun()
            }
            None => Ok(Records::new()),
        }
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
                let begun = Records::new();
                Ok(Tip {
                    bytes,
                    parent,
                    begun,
                })
            }
            Transport::Look(git) | Transport::Git(git) => {
                let parent = git.fetch_with_begun(&self.trunk)?;
                let bytes = git.show(&parent, &self.path)?.ok_or_else(absent)?;
                let begun = git.begun()?;
                Ok(Tip {
                    bytes,
                    parent,
                    begun,
                })
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
                let begun = self.begun()?;
                Ok(Tip {
                    bytes,
                    parent,
                    begun,
                })
            }
        }
    }

    /// Writes the manifest, if it changed, and the refs of deployments that began.
    fn put(
        &self,
        tip: &Tip,
        text: Option<&str>,
        managed: &Managed,
        message: &str,
    ) -> Result<Attempt, Failure> {
        match &self.transport {
            Transport::WorkTree(file) => {
                if let Some(text) = text {
                    write::whole(file, text.as_bytes()).map_err(|error| {
                        Failure::new(format!("cannot write {}", file.display())).cause(error)
                    })?;
                }
                Ok(Attempt::Done)
            }
            Transport::Look(_) => Ok(Attempt::Done),
            Transport::Git(git) => {
                let commit = text.map(|text| {
                    let file = (self.path.as_str(), text.as_bytes());
                    git.commit_file(&tip.parent, file, message, &self.identity)
                });
                let commit = commit.transpose()?;
                let branch = commit
                    .as_deref()
                    .map(|commit| (commit, self.trunk.as_str()));
                let moves = self.moves(git, &tip.parent, &tip.begun, managed)?;
                git.push_with(branch, &moves).map(Attempt::from)
            }
            Transport::Contents(github) => {
                let written = match text {
                    Some(text) => self.contents(github, tip, text, message)?,
                    None => Attempt::Done,
                };
                match (&self.refs, written) {
                    (Some(git), Attempt::Done) => self.push_refs(git, &tip.begun, managed),
                    (_, written) => Ok(written),
                }
            }
        }
    }

    fn push_refs(&self, git: &Git, begun: &Records, managed: &Managed) -> Result<Attempt, Failure> {
        let trunk = git.fetch(&self.trunk)?;
        let moves = self.moves(git, &trunk, begun, managed)?;
        match moves.is_empty() {
            true => Ok(Attempt::Done),
            false => git.push_with(None, &moves).map(Attempt::from),
        }
    }

    /// The refs that must move for the records of a state.
    fn moves(
        &self,
        git: &Git,
        trunk: &str,
        begun: &Records,
        managed: &Managed,
    ) -> Result<Vec<RefMove>, Failure> {
        let mut moves = Vec::new();
        let environments = &managed.state.environments;
        for (name, environment) in environments {
            let found = begun.get(name);
            if found.map(|(_, begun)| begun) == environment.begun.as_ref() {
                continue;
            }
            let record = environment.begun.as_ref();
            let commit = record.map(|begun| git.commit_begun(trunk, (name, begun), &self.identity));
            let from = found.map(|(commit, _)| commit.as_str());
            moves.push(RefMove::new(name, from, commit.transpose()?));
        }
        for (name, (commit, _)) in begun {
            if !environments.contains_key(name) {
                moves.push(RefMove::new(name, Some(commit), None));
            }
        }
        Ok(moves)
    }

    fn contents(
        &self,
        github: &GitHub,
        tip: &Tip,
        text: &str,
        message: &str,
    ) -> Result<Attempt, Failure> {
        let path = github.path(&format!("/contents/{}", encoded(&self.path)));
        // Without an author GitHub signs the commit in the name of the token's owner.
        let body = json!({
            "message": message,
            "content": STANDARD.encode(text),
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
