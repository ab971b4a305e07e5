//! Writing, by transport: with the expected parent, so that whoever is slower writes nothing.

use super::tip::{Parent, Tip};
use super::{Store, Transport};
use crate::cli::error::Failure;
use crate::cli::staged;
use crate::git::{Noted, Pushed, RefMove};
use crate::github::GitHub;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cascade_core::state::{Environment, Home, Managed};
use indexmap::IndexMap;
use serde_json::json;

pub(super) enum Attempt {
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

impl Store {
    /// Writes the state, if its text changed, and what is noted beside it.
    pub(super) fn put(
        &self,
        tip: &Tip,
        text: Option<&str>,
        managed: &Managed,
        message: &str,
    ) -> Result<Attempt, Failure> {
        match &self.transport {
            Transport::WorkTree => self.put_in_work_tree(text),
            Transport::Local => self.put_in_clone(tip, text, message),
            Transport::Look | Transport::At(_) => Ok(Attempt::Done),
            Transport::Git => {
                let commit = text.map(|text| self.commit(tip, text, message));
                let commit = commit.transpose()?;
                let branch = commit
                    .as_deref()
                    .map(|commit| (commit, self.place.branch()));
                let moves =
                    self.moves(tip.parent.commit(), &tip.noted, managed, commit.as_deref())?;
                let pushed = self.git.push_with(branch.as_slice(), &moves)?;
                Ok(pushed.into())
            }
            Transport::Contents(github) => {
                let written = match text {
                    Some(text) => self.contents(github, tip, text, message)?,
                    None => Attempt::Done,
                };
                match written {
                    Attempt::Done => self.push_notes(&tip.noted, managed, text.is_some()),
                    other => Ok(other),
                }
            }
        }
    }

    fn put_in_work_tree(&self, text: Option<&str>) -> Result<Attempt, Failure> {
        let file = &self.place.work_tree;
        if let Some(text) = text {
            staged::whole(file, text.as_bytes()).map_err(|error| {
                Failure::new(format!("cannot write {}", file.display())).cause(error)
            })?;
        }
        Ok(Attempt::Done)
    }

    /// Moves the branch of the clone alone; pushing it is left to whoever records by hand.
    fn put_in_clone(
        &self,
        tip: &Tip,
        text: Option<&str>,
        message: &str,
    ) -> Result<Attempt, Failure> {
        if let Some(text) = text {
            let commit = self.commit(tip, text, message)?;
            self.git.set_branch(self.place.branch(), &commit)?;
        }
        Ok(Attempt::Done)
    }

    fn commit(&self, tip: &Tip, text: &str, message: &str) -> Result<String, Failure> {
        let file = (self.place.path(), text.as_bytes());
        self.git.commit_file(
            tip.parent.commit().as_slice(),
            file,
            message,
            &self.identity,
        )
    }

    /// Pushes the notes after GitHub made the commit.
    fn push_notes(
        &self,
        noted: &Noted,
        managed: &Managed,
        wrote: bool,
    ) -> Result<Attempt, Failure> {
        let newest = self.git.tip(self.place.branch())?;
        let written = newest.as_deref().filter(|_| wrote);
        let moves = self.moves(newest.as_deref(), noted, managed, written)?;
        match moves.is_empty() {
            true => Ok(Attempt::Done),
            false => self.git.push_with(&[], &moves).map(Attempt::from),
        }
    }

    /// Returns the refs that must move for the records of a state, and for the commit that has it.
    fn moves(
        &self,
        newest: Option<&str>,
        noted: &Noted,
        managed: &Managed,
        written: Option<&str>,
    ) -> Result<Vec<RefMove>, Failure> {
        let mut moves = Vec::new();
        let environments: IndexMap<String, &Environment> = managed.state.by_path().collect();
        for (path, environment) in &environments {
            let found = noted.begun.get(path);
            if found.map(|(_, begun)| begun) == environment.begun.as_ref() {
                continue;
            }
            let record = environment.begun.as_ref();
            let commit =
                record.map(|begun| self.git.commit_begun(newest, (path, begun), &self.identity));
            let from = found.map(|(commit, _)| commit.as_str());
            moves.push(RefMove::deployment(
                (&self.scope, path),
                from,
                commit.transpose()?,
            ));
        }
        for (path, (commit, _)) in &noted.begun {
            if !environments.contains_key(path) {
                moves.push(RefMove::deployment((&self.scope, path), Some(commit), None));
            }
        }
        if let (Home::Branch(_), Some(written)) = (&self.place.home, written) {
            moves.push(RefMove::bookmark(noted.bookmark.as_deref(), written));
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
        let content = match &tip.parent {
            Parent::Content(content) => content.as_deref(),
            Parent::Nothing | Parent::Commit(_) => return self.first(github, text, message),
        };
        // Without an author GitHub signs the commit in the name of the token's owner.
        let mut body = json!({
            "message": message,
            "content": STANDARD.encode(text),
            "branch": self.place.branch(),
        });
        if let Some(content) = content {
            body["sha"] = content.into();
        }
        let answer = github.put_file(self.place.path(), &body)?;
        Ok(match answer.status {
            200 | 201 => Attempt::Done,
            409 if !answer.message().contains("rule") => Attempt::Raced,
            // Somebody else made the file meanwhile.
            422 if content.is_none() && answer.message().contains("\"sha\"") => Attempt::Raced,
            _ => Attempt::Refused(answer.message()),
        })
    }

    /// Makes the branch, with one commit that has no parent and nothing but the file.
    ///
    /// GitHub signs what a bot commits so, if the request names no author (GitHub's documentation,
    /// "About commit signature verification"). Two writers at once make two commits, and one branch.
    fn first(&self, github: &GitHub, text: &str, message: &str) -> Result<Attempt, Failure> {
        let file = json!({
            "path": self.place.path(), "mode": "100644", "type": "blob", "content": text,
        });
        let tree = github.create_tree(&[file])?;
        let body = json!({ "message": message, "tree": tree, "parents": [] });
        let commit = github.create_commit(&body)?;
        let reference = format!("refs/heads/{}", self.place.branch());
        let answer = github.create_ref(&reference, &commit)?;
        Ok(match answer.status {
            201 => Attempt::Done,
            422 if answer.message().contains("already exists") => Attempt::Raced,
            _ => Attempt::Refused(answer.message()),
        })
    }
}
