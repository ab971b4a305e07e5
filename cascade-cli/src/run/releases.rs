//! Tags and releases: each function brings about what it names, however often it is called.

mod text;

use crate::cli::error::Failure;
use crate::cli::pause::Attempts;
use crate::git::{Git, Pushed};
use crate::github::GitHub;
use crate::github::refusal::{Move, explained, is_known};
use crate::run::session::Session;
use cascade_core::commits::Changelog;
use cascade_core::lifecycle::history::Tag;
use cascade_core::lifecycle::release::{Existing, ForeignTag, Tidying};
use serde_json::{Value, json};
use std::time::Duration;

/// The most times that something is tried that cannot simply be repeated.
const ATTEMPTS: u32 = 4;
/// The first pause between two of them.
const PAUSE: Duration = Duration::from_millis(300);
/// The time for which it is tried.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The most authors whose logins are asked for.
const LOGINS: usize = 30;

/// The tags and releases of a repository.
#[derive(Debug)]
pub(crate) struct Releases<'a> {
    pub(super) session: &'a Session,
    git: Git,
    /// The client for releases; `None` where no repository of GitHub's is known, or none are
    /// wanted.
    pub(super) github: Option<GitHub>,
}

/// A release to be.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// Its tag.
    pub(crate) tag: &'a str,
    /// Its commit.
    pub(crate) sha: &'a str,
    /// The commit after which its changes begin.
    pub(crate) since: Option<&'a str>,
    /// True if it is a hotfix, whose text no callback writes.
    pub(crate) is_hotfix: bool,
}

impl<'a> Releases<'a> {
    /// The tags and releases of this run's repository.
    pub(crate) fn new(session: &'a Session) -> Result<Self, Failure> {
        let github = match session.component.release_build.makes_releases() {
            true => session.releases()?,
            false => None,
        };
        Ok(Self {
            session,
            git: session.tagging(),
            github,
        })
    }

    /// Returns true if this run can make releases.
    pub(crate) const fn available(&self) -> bool {
        self.github.is_some()
    }

    /// Makes a tag, unless it is there or the pipeline makes none.
    pub(crate) fn ensure_tag(&self, tag: &str, sha: &str) -> Result<(), Failure> {
        if self.own_tag(tag, sha)? || !self.session.component.release_build.makes_tags() {
            return Ok(());
        }
        match self.git.push_tag(sha, tag, &self.session.identity()?)? {
            Pushed::Done => Ok(()),
            Pushed::Raced if self.own_tag(tag, sha)? => Ok(()),
            Pushed::Raced => Err(Failure::new(format!("the tag {tag} could not be made"))),
            Pushed::Refused(why) => Err(refused_tag(tag, &why)),
        }
    }

    /// Returns true if a tag is there; one that stands for another commit is refused.
    pub(crate) fn own_tag(&self, tag: &str, sha: &str) -> Result<bool, Failure> {
        let tags = self.git.remote_tags()?;
        match ForeignTag::among(&tags, tag, sha) {
            None => Ok(tags.iter().any(|each| each.name == tag)),
            Some(foreign) => {
                let help =
                    "somebody moved or made it; delete it if it is wrong, and run the job again";
                Err(Failure::new(foreign.to_string()).help(help))
            }
        }
    }

    /// Makes a draft with its changelog, unless there is a release of this tag.
    pub(crate) fn ensure_draft(&self, wanted: Wanted<'_>) -> Result<(), Failure> {
        let Some(github) = &self.github else {
            return Ok(());
        };
        if self.find(wanted.tag)?.is_none() {
            self.draft(github, wanted)?;
        }
        Ok(())
    }

    /// Turns the draft of a candidate into a prerelease, making it if it is missing.
    pub(crate) fn ensure_prerelease(&self, wanted: Wanted<'_>) -> Result<(), Failure> {
        let Some(github) = &self.github else {
            return Ok(());
        };
        let release = match self.find(wanted.tag)? {
            Some(release) => release,
            None => self.draft(github, wanted)?,
        };
        if release["draft"] != true {
            return Ok(());
        }
        self.own_tag(wanted.tag, wanted.sha)?;
        let body = json!({ "draft": false, "prerelease": true, "make_latest": "false" });
        self.update(github, &release, &body)
    }

    /// Publishes a release, mostly as the latest, with the files of the candidate that it was.
    pub(crate) fn ensure_published(
        &self,
        wanted: Wanted<'_>,
        candidate: &str,
        latest: bool,
    ) -> Result<(), Failure> {
        let Some(github) = &self.github else {
            return self.ensure_tag(wanted.tag, wanted.sha);
        };
        let release = match self.find(wanted.tag)? {
            Some(release) => release,
            None => self.draft(github, wanted)?,
        };
        if release["draft"] != true {
            return self.complete(github, &release, wanted);
        }
        if self.session.settings.git.gpg_key_secret.is_some() {
            // The tag that GitHub makes for a release has no signature.
            self.ensure_tag(wanted.tag, wanted.sha)?;
        } else {
            self.own_tag(wanted.tag, wanted.sha)?;
        }
        self.copy_files(candidate, &release, |_| true)?;
        let body = json!({
            "draft": false,
            "prerelease": false,
            "make_latest": latest.to_string(),
            "target_commitish": wanted.sha,
        });
        self.update(github, &release, &body)
    }

    /// Removes releases, then tags.
    pub(crate) fn tidy(&self, tidying: &Tidying) -> Result<(), Failure> {
        if let Some(github) = &self.github {
            for id in &tidying.releases {
                github.delete_release(*id)?;
            }
        }
        match self.session.component.release_build.makes_tags() {
            true => self.git.delete_tags(&tidying.tags),
            false => Ok(()),
        }
    }

    /// Every release, drafts included.
    pub(crate) fn existing(&self) -> Result<Vec<Existing>, Failure> {
        let existing = |release: &Value| Existing {
            id: id(release),
            tag: release["tag_name"].as_str().unwrap_or_default().to_owned(),
            draft: release["draft"] == true,
            prerelease: release["prerelease"] == true,
        };
        Ok(self.list()?.iter().map(existing).collect())
    }

    /// The names of the tags there.
    pub(crate) fn tags(&self) -> Result<Vec<String>, Failure> {
        let tags = self.remote_tags()?.into_iter();
        Ok(tags.map(|tag| tag.name).collect())
    }

    /// The tags there.
    pub(crate) fn remote_tags(&self) -> Result<Vec<Tag>, Failure> {
        self.git.remote_tags()
    }

    /// The changes since a commit, as Markdown.
    pub(crate) fn changelog(&self, since: Option<&str>, sha: &str) -> Result<String, Failure> {
        let settings = &self.session.component.changelog;
        if settings.disabled {
            return Ok(String::new());
        }
        let commits = self.session.changes(since, sha)?;
        let mut log = Changelog::new(&commits, settings.contributors);
        self.look_up_logins(&mut log);
        Ok(text::limited(log.markdown()))
    }

    /// Asks for the logins of authors; a changelog without them is one all the same.
    fn look_up_logins(&self, log: &mut Changelog) {
        let Some(github) = &self.github else {
            return;
        };
        let unknown = log.contributors.iter_mut();
        let unknown = unknown.filter(|each| each.login.is_none() && !each.is_bot());
        for contributor in unknown.take(LOGINS) {
            let Some(sha) = &contributor.commit else {
                continue;
            };
            let answer = github.commit(sha);
            contributor.login = answer.ok().and_then(|answer| {
                let login = answer.body["author"]["login"].as_str();
                login.map(str::to_owned)
            });
        }
    }

    fn list(&self) -> Result<Vec<Value>, Failure> {
        match &self.github {
            Some(github) => github.releases(),
            None => Ok(Vec::new()),
        }
    }

    /// The release of a tag, a published one first; drafts have no address of their own.
    pub(super) fn find(&self, tag: &str) -> Result<Option<Value>, Failure> {
        let mut found: Vec<Value> = self
            .list()?
            .into_iter()
            .filter(|each| each["tag_name"] == tag)
            .collect();
        found.sort_by_key(|each| (each["draft"] == true, each["id"].as_u64()));
        Ok(found.into_iter().next())
    }

    /// Makes a draft; a broken connection leaves open whether it was made, so that is looked up.
    fn draft(&self, github: &GitHub, wanted: Wanted<'_>) -> Result<Value, Failure> {
        self.own_tag(wanted.tag, wanted.sha)?;
        let candidate = self
            .session
            .component
            .tag_grammar
            .parse(wanted.tag)
            .is_some_and(|version| !version.is_release());
        let body = json!({
            "tag_name": wanted.tag,
            "target_commitish": wanted.sha,
            "name": wanted.tag,
            "body": self.text(wanted)?,
            "draft": true,
            "prerelease": candidate,
        });
        let mut attempts = Attempts::new(PAUSE, PATIENCE).at_most(ATTEMPTS);
        loop {
            let failure = match github.create_release(&body) {
                Ok(answer) => return self.only(github, answer.accepted()?.body),
                Err(failure) => failure,
            };
            let again = attempts.wait();
            if let Some(made) = self.find(wanted.tag)? {
                return Ok(made);
            }
            if !again {
                return Err(failure);
            }
        }
    }

    /// Keeps the older draft where another run made one at the same moment.
    fn only(&self, github: &GitHub, made: Value) -> Result<Value, Failure> {
        let same = |each: &Value| each["tag_name"] == made["tag_name"];
        let first = self.list()?.into_iter().filter(same);
        let first = first.min_by_key(|each| each["id"].as_u64().unwrap_or(u64::MAX));
        match first.filter(|first| first["id"] != made["id"]) {
            None => Ok(made),
            Some(first) => {
                github.delete_release(id(&made))?;
                Ok(first)
            }
        }
    }

    fn update(&self, github: &GitHub, release: &Value, body: &Value) -> Result<(), Failure> {
        let answer = github.edit_release(id(release), body)?;
        if answer.is_success() {
            return Ok(());
        }
        let tag = release["tag_name"].as_str().unwrap_or_default();
        // 422 means "refused" or "already so": reading tells which.
        if answer.status == 422 && self.find(tag)?.is_some_and(|now| now["draft"] != true) {
            return Ok(());
        }
        let message = answer.message();
        Err(match is_known(&message) {
            true => refused_tag(tag, &message),
            false => Failure::new(format!("GitHub refused to publish {tag}")).cause(message),
        })
    }
}

fn id(release: &Value) -> u64 {
    release["id"].as_u64().unwrap_or_default()
}

fn refused_tag(tag: &str, why: &str) -> Failure {
    let failure = Failure::new(format!("the tag {tag} was refused"));
    explained(
        failure,
        why,
        Move {
            what: "tag",
            token: "`release_token_app`",
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_tag_is_named_with_the_token_that_may_make_it() {
        let why = "remote: error: GH013: Repository rule violations found\nremote: - Cannot create ref due to creations being restricted.";
        let failure = refused_tag("v1.0.0", why).to_string();
        assert!(
            failure.starts_with("the tag v1.0.0 was refused"),
            "{failure}"
        );
        assert!(failure.contains("protected tag"), "{failure}");
        assert!(failure.contains("`release_token_app`"), "{failure}");
    }
}
