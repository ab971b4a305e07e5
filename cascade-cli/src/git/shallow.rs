//! Branches whose history was cut off when they were cloned.

use super::Git;
use super::remote::REMOTE;
use crate::cli::error::Failure;
use cascade_core::commits::short;
use std::path::{Path, PathBuf};

impl Git {
    /// Fetches the rest of a branch's history, if a clone with `--depth` cut it off.
    pub(crate) fn complete(&self, branch: &str, head: &str) -> Result<(), Failure> {
        if !self.is_cut_off(head)? || !self.has_remote()? {
            return Ok(());
        }
        let name = format!("refs/heads/{branch}");
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--unshallow",
            REMOTE,
            &name,
        ];
        let failure = format!("the older commits of `{branch}` cannot be fetched");
        self.demand_remote(&arguments, &failure)?;
        Ok(())
    }

    /// Refuses a clone that lacks what is below the commit that is checked out: what is not here must
    /// not be taken for what never was, such as an older release or a breaking change.
    pub(crate) fn require_history(&self) -> Result<(), Failure> {
        let head = self.head()?;
        self.require_history_of(&head)?;
        self.require_tags()
    }

    /// Refuses a clone that lacks commits below `head`.
    pub(crate) fn require_history_of(&self, head: &str) -> Result<(), Failure> {
        match self.is_cut_off(head)? {
            true => Err(shallow(&format!("commits below {}", short(head)))),
            false => Ok(()),
        }
    }

    /// Refuses a clone that lacks commits of `head` that are not in the history of `base`.
    pub(super) fn require_range(&self, base: &str, head: &str) -> Result<(), Failure> {
        for commit in self.cut_off()? {
            if self.is_ancestor(&commit, head)? == Some(true)
                && self.is_ancestor(&commit, base)? != Some(true)
            {
                let (base, head) = (short(base), short(head));
                return Err(shallow(&format!("commits between {base} and {head}")));
            }
        }
        Ok(())
    }

    /// Refuses a shallow clone, in which a commit that is not here may well exist.
    pub(crate) fn require_commit(&self, name: &str) -> Result<(), Failure> {
        match self.cut_off()?.is_empty() {
            true => Ok(()),
            false => Err(shallow(&format!("`{name}`"))),
        }
    }

    /// Refuses a clone into which git fetches no tags, as `git clone --no-tags` sets it up.
    ///
    /// Source: git's documentation, "git-config", `remote.<name>.tagOpt`.
    fn require_tags(&self) -> Result<(), Failure> {
        let none = self.config(&format!("remote.{REMOTE}.tagOpt"));
        if none.as_deref() != Some("--no-tags") {
            return Ok(());
        }
        let any = ["for-each-ref", "--count=1", "refs/tags"];
        match self.demand(&any, "the tags cannot be listed")?.is_empty() {
            true => Err(Failure::new(
                "this clone was made without tags, so releases cannot be told from it",
            )
            .help("fetch them with `git fetch --tags`; in a workflow, give actions/checkout `fetch-depth: 0`")),
            false => Ok(()),
        }
    }

    /// Returns true if a commit that was cloned without its parents is below `head`.
    fn is_cut_off(&self, head: &str) -> Result<bool, Failure> {
        for commit in self.cut_off()? {
            if self.is_ancestor(&commit, head)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the commits that were cloned without their parents.
    ///
    /// git lists them in the file `shallow` (git's documentation, "gitrepository-layout").
    fn cut_off(&self) -> Result<Vec<String>, Failure> {
        let listed = std::fs::read_to_string(self.shallow_file()?).unwrap_or_default();
        Ok(listed.lines().map(str::to_owned).collect())
    }

    fn shallow_file(&self) -> Result<&Path, Failure> {
        if let Some(known) = self.shallow.get() {
            return Ok(known);
        }
        let path = self.demand(
            &[
                "rev-parse",
                "--path-format=absolute",
                "--git-path",
                "shallow",
            ],
            "git does not tell where it notes cut-off histories",
        )?;
        Ok(self.shallow.get_or_init(|| PathBuf::from(path.trim())))
    }
}

fn shallow(lacks: &str) -> Failure {
    Failure::new(format!("this clone is shallow: it lacks {lacks}")).help(
        "fetch them with `git fetch --unshallow --tags`; in a workflow, give actions/checkout `fetch-depth: 0`",
    )
}
