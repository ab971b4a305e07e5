//! Picking commits onto another one, without a working tree.

use super::command::finish;
use super::merge::Tree;
use super::{Git, Identity};
use crate::cli::error::Failure;
use cascade_core::commits::is_hash;

/// The result of picking one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Picked {
    /// A new commit.
    Commit(String),
    /// Nothing to commit: the change is there already.
    Nothing,
    /// A new commit with conflicts in these files.
    Conflict {
        /// The commit.
        commit: String,
        /// The files.
        files: Vec<String>,
    },
}

impl Git {
    /// The commit `pick`, a merge by what it brought to its first parent, as a new commit on top
    /// of `onto`. The same pick is the same commit, whenever it is made.
    pub(crate) fn pick(
        &self,
        onto: &str,
        pick: &str,
        identity: &Identity,
    ) -> Result<Picked, Failure> {
        let parent = self.resolve(&format!("{pick}^1"))?.ok_or_else(|| {
            Failure::new(format!("{pick} has no parent, so that it changes nothing"))
                .help("name the commit that made the fix")
        })?;
        let failure = format!("{pick} cannot be picked onto {onto}");
        let Tree {
            tree,
            conflicts: files,
        } = self.merge_tree(Some(&parent), onto, pick, &failure)?;
        let clean = files.is_empty();
        if clean && self.resolve_tree(onto)?.as_deref() == Some(tree.as_str()) {
            return Ok(Picked::Nothing);
        }
        let commit = self.commit_like(pick, onto, &tree, identity)?;
        Ok(match clean {
            true => Picked::Commit(commit),
            false => Picked::Conflict { commit, files },
        })
    }

    /// Returns true if a commit has exactly the files that picking `origins` onto its parent gives.
    ///
    /// `git patch-id` would pass by white space, the content of binary files and, in older
    /// versions, modes.
    pub(crate) fn is_pick(&self, commit: &str, origins: &[String]) -> Result<bool, Failure> {
        let Some(parent) = self.resolve(&format!("{commit}^1"))? else {
            return Ok(false);
        };
        let mut picked = parent;
        for origin in origins {
            match self.pick(&picked, origin, &Identity::bot())? {
                Picked::Nothing => {}
                Picked::Commit(next) => picked = next,
                Picked::Conflict { .. } => return Ok(false),
            }
        }
        Ok(self.resolve_tree(&picked)? == self.resolve_tree(commit)?)
    }

    /// Returns true if picking these commits onto another one conflicts.
    pub(crate) fn picks_conflict(&self, onto: &str, commits: &[String]) -> Result<bool, Failure> {
        let mut head = onto.to_owned();
        for commit in commits {
            match self.pick(&head, commit, &Identity::bot())? {
                Picked::Nothing => {}
                Picked::Commit(next) => head = next,
                Picked::Conflict { .. } => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Returns true if a merge has exactly the files that merging its parents gives; `None` if the
    /// commit is no merge.
    pub(crate) fn is_plain_merge(&self, commit: &str) -> Result<Option<bool>, Failure> {
        let parent = |number: u8| self.resolve(&format!("{commit}^{number}"));
        let (Some(one), Some(other)) = (parent(1)?, parent(2)?) else {
            return Ok(None);
        };
        if parent(3)?.is_some() {
            return Ok(Some(false));
        }
        let failure = format!("{commit} cannot be merged again");
        let merged = self.merge_tree(None, &one, &other, &failure)?;
        let same = self.resolve_tree(commit)?.as_deref() == Some(merged.tree.as_str());
        Ok(Some(merged.conflicts.is_empty() && same))
    }

    fn resolve_tree(&self, commit: &str) -> Result<Option<String>, Failure> {
        let tree = self.tree(commit, "")?;
        Ok(tree.map(|tree| tree.trim().to_owned()))
    }

    /// A commit with the author, the time and the message of another one, and where it is from.
    fn commit_like(
        &self,
        like: &str,
        parent: &str,
        tree: &str,
        identity: &Identity,
    ) -> Result<String, Failure> {
        let failure = "a commit cannot be made";
        let format = "--format=%an%x00%ae%x00%aI%x00%cI%x00%B";
        let arguments = ["log", "-1", "--no-show-signature", format, like];
        let log = self.demand(&arguments, failure)?;
        let mut fields = log.splitn(5, '\0');
        let mut field = || fields.next().unwrap_or_default().to_owned();
        let [name, email, written, committed, message] = std::array::from_fn(|_| field());
        let message = format!("{}\n\n{ORIGIN}{like})\n", message.trim_end());
        let mut command = self.command(&["commit-tree", tree, "-p", parent, "-F", "-"]);
        command
            .env("GIT_AUTHOR_NAME", name)
            .env("GIT_AUTHOR_EMAIL", email)
            .env("GIT_AUTHOR_DATE", written)
            .env("GIT_COMMITTER_DATE", committed);
        identity.commit(&mut command);
        let commit = finish(command, Some(message.as_bytes()), failure)?;
        Ok(commit.trim().to_owned())
    }
}

/// The beginning of the line that `git cherry-pick -x` writes, too.
const ORIGIN: &str = "(cherry picked from commit ";

/// The commits that a message says it was picked from, by their full names.
pub(crate) fn origins(message: &str) -> impl Iterator<Item = &str> {
    let lines = message.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix(ORIGIN)?.strip_suffix(')'))
        .filter(|name| is_hash(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_names_of_commits_are_origins() {
        let sha = "a".repeat(40);
        let message = format!(
            "fix: x\n\n{ORIGIN}{sha})\n{ORIGIN}HEAD)\n{ORIGIN}--all)\n  {ORIGIN}abc1234)\n"
        );
        assert_eq!(origins(&message).collect::<Vec<_>>(), [sha.as_str()]);
    }
}
