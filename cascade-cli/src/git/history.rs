//! What a plan asks of git.

use super::Git;
use super::command::{complains, explained, names};
use crate::cli::error::Failure;
use cascade_core::commits::Commit;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::history::Tag;

/// Asks for commits as [`commits`] reads them.
///
/// With `log.showSignature` git would put what it says of signatures between them.
const LOG: [&str; 4] = [
    "log",
    "--no-show-signature",
    "--format=%H%x00%P%x00%an%x00%B%x00",
    "--end-of-options",
];

fn commits(log: &str) -> Vec<Commit> {
    let mut fields = log.split('\0');
    let mut commits = Vec::new();
    while let (Some(sha), Some(parents), Some(author), Some(message)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    {
        commits.push(Commit {
            sha: sha.trim_start().to_owned(),
            author: author.to_owned(),
            message: message.trim_end().to_owned(),
            is_merge: parents.contains(' '),
        });
    }
    commits
}

impl Git {
    /// Returns true if a commit is another one or in its history, as far as it is here; `None` if
    /// one of them is not.
    pub(super) fn is_ancestor(
        &self,
        ancestor: &str,
        descendant: &str,
    ) -> Result<Option<bool>, Failure> {
        let output = self.run(&[
            "merge-base",
            "--is-ancestor",
            "--end-of-options",
            ancestor,
            descendant,
        ])?;
        match output.status.code() {
            Some(0) => return Ok(Some(true)),
            Some(1) if !complains(&output) => return Ok(Some(false)),
            _ => {}
        }
        for commit in [ancestor, descendant] {
            if self.resolve(commit)?.is_none() {
                return Ok(None);
            }
        }
        let failure = format!("git cannot tell whether {descendant} contains {ancestor}");
        Err(explained(&failure, &output))
    }
}

impl History for Git {
    type Error = Failure;

    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Failure> {
        match self.is_ancestor(ancestor, descendant)? {
            Some(true) => return Ok(true),
            Some(false) => self.require_history_of(descendant)?,
            None => self.require_commit(ancestor)?,
        }
        Ok(false)
    }

    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, Failure> {
        for commit in [base, head] {
            if self.resolve(commit)?.is_none() {
                self.require_commit(commit)?;
                return Ok(None);
            }
        }
        let arguments = [
            "diff",
            "--name-only",
            "--no-renames",
            // Of a submodule, its own setting counts more than the general one.
            "--ignore-submodules=none",
            "-z",
            "--end-of-options",
            base,
            head,
        ];
        let files = self.demand(&arguments, "changed files cannot be listed")?;
        Ok(Some(names(&files)))
    }

    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Failure> {
        let base = match base {
            Some(base) => self.resolve(base)?,
            None => None,
        };
        let range = match &base {
            Some(base) => {
                self.require_range(base, head)?;
                format!("{base}..{head}")
            }
            None => {
                self.require_history_of(head)?;
                head.to_owned()
            }
        };
        let mut arguments = LOG.to_vec();
        arguments.push(&range);
        let failure = format!("the commits up to {head} cannot be listed");
        Ok(commits(&self.demand(&arguments, &failure)?))
    }

    fn tags(&self) -> Result<Vec<Tag>, Failure> {
        self.require_history()?;
        let format = "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)";
        let listed = self.demand(
            &["for-each-ref", format, "refs/tags"],
            "the tags cannot be listed",
        )?;
        let tags = listed.lines().filter_map(|line| {
            let mut parts = line.split('\0');
            let (name, object) = (parts.next()?, parts.next()?);
            let peeled = parts.next().filter(|peeled| !peeled.is_empty());
            Some(Tag {
                name: name.to_owned(),
                sha: peeled.unwrap_or(object).to_owned(),
            })
        });
        Ok(tags.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_field_by_field() {
        let log = "a1\0p\0ada\0feat: one\n\nbody\n\0\nb2\0p q\0bob\0Merge\n\0\n";
        let commits = commits(log);
        let read: Vec<_> = commits
            .iter()
            .map(|each| (each.sha.as_str(), each.message.as_str(), each.is_merge))
            .collect();
        assert_eq!(
            read,
            [("a1", "feat: one\n\nbody", false), ("b2", "Merge", true)]
        );
        assert_eq!(commits[1].author, "bob");
    }
}
