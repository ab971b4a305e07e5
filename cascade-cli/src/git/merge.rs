//! Merging without a working tree.

use super::command::{finish, missing, succeeded, text};
use super::{Git, Identity};
use crate::cli::error::Failure;
use cascade_core::lifecycle::History;

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merged {
    /// A commit that has both sides.
    Commit(String),
    /// Conflicts in these files, and no commit.
    Conflict(Vec<String>),
}

/// The files of two sides together.
pub(super) struct Tree {
    pub(super) tree: String,
    /// The files with conflicts, which `tree` has with their marks.
    pub(super) conflicts: Vec<String>,
}

impl Git {
    /// Brings `other` into `onto`: with a new commit if neither has the other one. The folder
    /// `keeps` stays as `onto` has it.
    pub(crate) fn merge(
        &self,
        (onto, other): (&str, &str),
        keeps: Option<&str>,
        message: &str,
        identity: &Identity,
    ) -> Result<Merged, Failure> {
        if self.contains(onto, other)? {
            return Ok(Merged::Commit(onto.to_owned()));
        }
        if keeps.is_none() && self.contains(other, onto)? {
            return Ok(Merged::Commit(other.to_owned()));
        }
        let failure = format!("{other} cannot be merged into {onto}");
        let Tree {
            mut tree,
            mut conflicts,
        } = self.merge_tree(None, onto, other, &failure)?;
        if let Some(folder) = keeps {
            let own = self.tree(onto, folder)?;
            tree = self.with_folder(&tree, folder, own.as_deref().map(str::trim))?;
            let below = format!("{folder}/");
            conflicts.retain(|file| !file.starts_with(&below));
        }
        if !conflicts.is_empty() {
            return Ok(Merged::Conflict(conflicts));
        }
        let commit = self.commit_tree(&tree, &[onto, other], message, (identity, None))?;
        Ok(Merged::Commit(commit))
    }

    /// A commit with these files and parents, made now or at the time of another one; it is on no
    /// branch yet.
    pub(crate) fn commit_tree(
        &self,
        tree: &str,
        parents: &[&str],
        message: &str,
        (identity, like): (&Identity, Option<&str>),
    ) -> Result<String, Failure> {
        let mut arguments = vec!["commit-tree", tree];
        arguments.extend(parents.iter().flat_map(|parent| ["-p", parent]));
        arguments.extend(["-F", "-"]);
        let mut command = self.command(&arguments);
        identity.sign(&mut command);
        if let Some(like) = like {
            let log = ["log", "-1", "--no-show-signature", "--format=%cI", like];
            let at = self.demand(&log, "a commit cannot be read")?;
            command
                .env("GIT_AUTHOR_DATE", at.trim())
                .env("GIT_COMMITTER_DATE", at.trim());
        }
        let commit = finish(command, Some(message.as_bytes()), "a commit cannot be made")?;
        Ok(commit.trim().to_owned())
    }

    /// The last commit that two have in common.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, Failure> {
        let failure = format!("git cannot find what {one} and {other} have in common");
        let base = self.ask(&["merge-base", "--end-of-options", one, other], &failure)?;
        if base.is_none() {
            self.require_history_of(one)?;
            self.require_history_of(other)?;
        }
        Ok(base.map(|base| base.trim().to_owned()))
    }

    /// Merges files, as seen from `base` or from what both sides have in common.
    pub(super) fn merge_tree(
        &self,
        base: Option<&str>,
        ours: &str,
        theirs: &str,
        failure: &str,
    ) -> Result<Tree, Failure> {
        let base = base.map(|base| format!("--merge-base={base}"));
        let mut arguments = vec![
            "merge-tree",
            "--write-tree",
            "--name-only",
            "--no-messages",
            "-z",
        ];
        arguments.extend(base.as_deref());
        arguments.extend([ours, theirs]);
        let output = self.fetching(&arguments).output().map_err(missing)?;
        let clean = output.status.success();
        if !clean && output.status.code() != Some(1) {
            succeeded(&output, failure).map_err(|failure| failure.help("git 2.40 or newer can"))?;
        }
        let said = text(&output.stdout);
        let mut parts = said.split('\0').filter(|part| !part.is_empty());
        let tree = parts.next().unwrap_or_default().trim().to_owned();
        let mut conflicts: Vec<String> = parts.map(str::to_owned).collect();
        conflicts.dedup();
        if !clean && conflicts.is_empty() {
            return Err(Failure::new(failure).cause("git names no file that conflicts"));
        }
        Ok(Tree { tree, conflicts })
    }
}
