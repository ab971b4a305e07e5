//! Branches whose history was cut off when they were cloned.

use super::Git;
use super::remote::REMOTE;
use crate::cli::error::Failure;
use cascade_core::commits::short;
use cascade_core::lifecycle::History;

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
        match self.is_cut_off(&head)? {
            false => Ok(()),
            true => Err(Failure::new(format!(
                "this clone is shallow: it lacks commits below {}, and maybe tags",
                short(&head)
            ))
            .help(
                "fetch them with `git fetch --unshallow --tags`; in a workflow, give actions/checkout `fetch-depth: 0`",
            )),
        }
    }

    /// Returns true if a commit that was cloned without its parents is below `head`.
    ///
    /// git lists those commits in the file `shallow` (git's documentation, "gitrepository-layout").
    fn is_cut_off(&self, head: &str) -> Result<bool, Failure> {
        let path = self.demand(
            &[
                "rev-parse",
                "--path-format=absolute",
                "--git-path",
                "shallow",
            ],
            "git does not tell where it notes cut-off histories",
        )?;
        let Ok(listed) = std::fs::read_to_string(path.trim()) else {
            return Ok(false);
        };
        for commit in listed.lines() {
            if self.contains(head, commit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
