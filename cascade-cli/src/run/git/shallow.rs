//! Branches whose history was cut off when they were cloned.

use super::Git;
use super::remote::REMOTE;
use crate::error::Failure;
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
