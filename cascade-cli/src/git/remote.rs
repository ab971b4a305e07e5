//! Fetching and pushing.

use super::command::{finish, missing, succeeded, text};
use super::{Git, Identity, RefMove};
use crate::cli::error::Failure;
use crate::cli::pause::Attempts;
use cascade_core::lifecycle::history::Tag;
use std::process::Output;
use std::time::Duration;

/// The name of the remote that everything is fetched from and pushed to.
pub(super) const REMOTE: &str = "origin";
/// The most times that the remote is asked.
const ATTEMPTS: u32 = 6;
/// The first pause between two attempts.
const PAUSE: Duration = Duration::from_millis(200);
/// The time for which it is asked again.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The result of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// The remote has it.
    Done,
    /// Somebody else was faster.
    Raced,
    /// The remote does not want it, and why.
    Refused(String),
}

impl Git {
    /// Fetches a branch; its commit.
    pub(crate) fn fetch(&self, branch: &str) -> Result<String, Failure> {
        self.fetch_from(REMOTE, branch)
    }

    /// Fetches a branch of a repository at an address; its commit.
    pub(crate) fn fetch_from(&self, address: &str, branch: &str) -> Result<String, Failure> {
        let name = format!("refs/heads/{branch}");
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--end-of-options",
            address,
            &name,
        ];
        self.demand_remote(&arguments, &format!("cannot fetch `{branch}`"))?;
        self.just_fetched("FETCH_HEAD")
    }

    /// The commit that a fetch has just noted.
    pub(super) fn just_fetched(&self, name: &str) -> Result<String, Failure> {
        if let Some(commit) = self.read(name)? {
            return Ok(commit.sha);
        }
        let head = self.demand(&["rev-parse", name], "nothing was fetched")?;
        Ok(head.trim().to_owned())
    }

    /// The commit of a branch there, fetched; nothing if there is no such branch.
    pub(crate) fn tip(&self, branch: &str) -> Result<Option<String>, Failure> {
        let there = self.remote_branches(branch)?;
        match there.iter().any(|(name, _)| name == branch) {
            true => self.fetch(branch).map(Some),
            false => Ok(None),
        }
    }

    /// Pushes commits to branches, each a commit and a branch, and moves refs with them: all of it or
    /// nothing.
    pub(crate) fn push_with(
        &self,
        commits: &[(&str, &str)],
        moves: &[RefMove],
    ) -> Result<Pushed, Failure> {
        let leases: Vec<String> = moves.iter().map(RefMove::lease).collect();
        let branches = commits
            .iter()
            .map(|(commit, branch)| format!("{commit}:refs/heads/{branch}"));
        let refspecs: Vec<String> = branches.chain(moves.iter().map(RefMove::refspec)).collect();
        let mut arguments = vec!["push", "--porcelain", "--atomic"];
        arguments.extend(leases.iter().map(String::as_str));
        arguments.push(REMOTE);
        arguments.extend(refspecs.iter().map(String::as_str));
        self.pushed(&arguments)
    }

    /// Makes a branch (from nothing), moves it, or deletes it (to nothing), if nobody else did
    /// something to it meanwhile.
    pub(crate) fn move_branch(
        &self,
        branch: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Pushed, Failure> {
        let lease = format!(
            "--force-with-lease=refs/heads/{branch}:{}",
            from.unwrap_or_default()
        );
        let refspec = format!("{}:refs/heads/{branch}", to.unwrap_or_default());
        self.pushed(&["push", "--porcelain", &lease, REMOTE, &refspec])
    }

    /// The branches there whose names begin so, with their commits.
    pub(crate) fn remote_branches(&self, prefix: &str) -> Result<Vec<(String, String)>, Failure> {
        let pattern = format!("refs/heads/{prefix}*");
        let arguments = ["ls-remote", "--heads", REMOTE, &pattern];
        let listed = self.demand_remote(&arguments, "the branches cannot be listed")?;
        let branch = |line: &str| {
            let (sha, name) = line.split_once("\trefs/heads/")?;
            Some((name.to_owned(), sha.to_owned()))
        };
        Ok(listed.lines().filter_map(branch).collect())
    }

    /// Makes a tag at a commit, there: with a message and a signature, if somebody signs.
    pub(crate) fn push_tag(
        &self,
        commit: &str,
        tag: &str,
        identity: &Identity,
    ) -> Result<Pushed, Failure> {
        if !identity.signer.signs() {
            return self.push(&format!("{commit}:refs/tags/{tag}"));
        }
        let object = self.signed_tag(commit, tag, identity)?;
        self.push(&format!("{object}:refs/tags/{tag}"))
    }

    /// Makes a tag object that no ref of this clone keeps.
    fn signed_tag(&self, commit: &str, tag: &str, identity: &Identity) -> Result<String, Failure> {
        let failure = format!("the tag {tag} cannot be signed");
        let mut command = self.command(&["tag", "--sign", "--force", "-m", tag, "--", tag, commit]);
        identity.tag(&mut command);
        finish(command, None, &failure)?;
        let reference = format!("refs/tags/{tag}");
        let object = self.demand(&["rev-parse", "--verify", &reference], &failure)?;
        self.demand(&["update-ref", "-d", &reference], &failure)?;
        Ok(object.trim().to_owned())
    }

    /// Deletes tags, there and here; those that are gone already do not matter.
    pub(crate) fn delete_tags(&self, tags: &[String]) -> Result<(), Failure> {
        let there: Vec<String> = self
            .remote_tags()?
            .into_iter()
            .map(|tag| tag.name)
            .collect();
        let left: Vec<&String> = tags.iter().filter(|tag| there.contains(*tag)).collect();
        for chunk in left.chunks(100) {
            let refs: Vec<String> = chunk
                .iter()
                .map(|tag| format!(":refs/tags/{tag}"))
                .collect();
            let mut arguments = vec!["push", "--porcelain", REMOTE];
            arguments.extend(refs.iter().map(String::as_str));
            let deleted = self.demand_remote(&arguments, "tags cannot be deleted");
            // A connection that broke leaves open whether they are gone.
            let there = || {
                self.remote_tags()
                    .map(|tags| tags.into_iter().map(|tag| tag.name))
            };
            if let Err(failure) = deleted
                && there()?.any(|tag| chunk.iter().any(|wanted| **wanted == tag))
            {
                return Err(failure);
            }
        }
        Ok(())
    }

    /// The tags that the remote has.
    pub(crate) fn remote_tags(&self) -> Result<Vec<Tag>, Failure> {
        let listed = self.demand_remote(
            &["ls-remote", "--tags", REMOTE],
            "the tags cannot be listed",
        )?;
        let mut tags: Vec<Tag> = Vec::new();
        for line in listed.lines() {
            let Some((sha, name)) = line.split_once("\trefs/tags/") else {
                continue;
            };
            let sha = sha.to_owned();
            match name.strip_suffix("^{}") {
                // The line after an annotated tag names its commit.
                Some(name) => tags
                    .iter_mut()
                    .filter(|tag| tag.name == name)
                    .for_each(|tag| tag.sha.clone_from(&sha)),
                None => tags.push(Tag {
                    name: name.to_owned(),
                    sha,
                }),
            }
        }
        Ok(tags)
    }

    fn push(&self, refspec: &str) -> Result<Pushed, Failure> {
        self.pushed(&["push", "--porcelain", REMOTE, refspec])
    }

    fn pushed(&self, arguments: &[&str]) -> Result<Pushed, Failure> {
        let output = self.patiently(arguments)?;
        if output.status.success() {
            return Ok(Pushed::Done);
        }
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        Ok(how_refused(&said))
    }

    /// Talks to the remote, and again if the connection breaks: a push that got through says on
    /// the second time that everything is up to date.
    fn patiently(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut attempts = Attempts::new(PAUSE, PATIENCE).at_most(ATTEMPTS);
        loop {
            let output = self.fetching(arguments).output().map_err(missing)?;
            let over = output.status.success() || !broken(&text(&output.stderr));
            if over || !attempts.wait() {
                return Ok(output);
            }
        }
    }

    /// Returns the commit of a tag or branch of a repository at an address, asked for once; `None` if
    /// there is none, or no answer. Of two with one name GitHub takes the tag.
    ///
    /// Source: GitHub's documentation, "Workflow syntax for GitHub Actions", `jobs.<job_id>.uses`.
    pub(crate) fn commit_there(&self, address: &str, name: &str) -> Option<String> {
        let refs = [
            format!("refs/tags/{name}^{{}}"),
            format!("refs/tags/{name}"),
            format!("refs/heads/{name}"),
        ];
        let mut arguments = vec!["ls-remote", "--end-of-options", address];
        arguments.extend(refs.iter().map(String::as_str));
        let output = self.run(&arguments).ok()?;
        let listed = text(&output.stdout);
        let find = |name: &String| {
            let lines = listed.lines().filter_map(|line| line.split_once('\t'));
            let mut found = lines.filter(|(_, each)| each == name);
            found.next().map(|(sha, _)| sha.to_owned())
        };
        refs.iter().find_map(find)
    }

    pub(super) fn demand_remote(
        &self,
        arguments: &[&str],
        failure: &str,
    ) -> Result<String, Failure> {
        succeeded(&self.patiently(arguments)?, failure).map_err(|error| match self.has_remote() {
            Ok(false) => Failure::new(failure)
                .cause(format!("this repository has no remote `{REMOTE}`"))
                .help(format!("add it: `git remote add {REMOTE} URL`")),
            _ => error,
        })
    }
}

/// Returns true if the remote was not reached, or did not answer.
fn broken(said: &str) -> bool {
    let signs = [
        "RPC failed",
        "early EOF",
        "hung up unexpectedly",
        "requested URL returned error: 429",
        "requested URL returned error: 5",
        "Could not resolve host",
        "Failed to connect",
        "Connection reset",
        "Empty reply from server",
        "Recv failure",
        "timed out",
    ];
    signs.iter().any(|sign| said.contains(sign))
}

/// Tells a lost race from a refusal.
fn how_refused(said: &str) -> Pushed {
    let races = [
        "fetch first",
        "non-fast-forward",
        "stale info",
        "cannot lock ref",
        "failed to update ref",
        "incorrect old value",
        "already exists",
    ];
    let refused = said.contains("declined") || said.contains("GH006") || said.contains("GH013");
    if !refused && races.iter().any(|race| said.contains(race)) {
        return Pushed::Raced;
    }
    let telling = |line: &&str| {
        line.starts_with("remote:")
            || line.starts_with('!')
            || line.contains("fatal")
            || line.contains("error")
    };
    let lines: Vec<&str> = said.lines().map(str::trim).filter(telling).collect();
    Pushed::Refused(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_broke_is_told_from_an_answer() {
        for said in [
            "error: RPC failed; curl 56",
            "fatal: unable to access 'x': Could not resolve host: x",
            "The requested URL returned error: 503",
        ] {
            assert!(broken(said), "{said}");
        }
        for said in [
            "The requested URL returned error: 403",
            "fatal: repository not found",
        ] {
            assert!(!broken(said), "{said}");
        }
    }

    #[test]
    fn a_push_that_came_late_is_a_race() {
        for said in [
            " ! [rejected] main -> main (fetch first)",
            " ! [rejected] main -> main (stale info)",
            " ! [remote rejected] main -> main (cannot lock ref 'refs/heads/main')",
        ] {
            assert_eq!(how_refused(said), Pushed::Raced, "{said}");
        }
    }

    #[test]
    fn a_rule_is_no_race_and_its_lines_are_kept() {
        let said = "To https://x/y.git\nremote: error: no\n ! [remote rejected] v1 (already exists, hook declined)\nhint: no";
        let expected = "remote: error: no\n! [remote rejected] v1 (already exists, hook declined)";
        assert_eq!(how_refused(said), Pushed::Refused(expected.to_owned()));
    }
}
