//! The history of git, as a plan asks for it.

use super::Git;
use super::command::{complains, explained, names};
use crate::cli::error::Failure;
use cascade_core::changes::Patterns;
use cascade_core::commits::{Commit, Person, co_authors};
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::history::Tag;
use std::collections::HashSet;

/// Asks for commits as [`commits`] reads them.
///
/// With `log.showSignature` git would put what it says of signatures between them.
const LOG: [&str; 5] = [
    "log",
    // Clocks differ, and a revert must come before what it reverts.
    "--date-order",
    "--no-show-signature",
    "--format=%H%x00%P%x00%aN%x00%aE%x00%B%x00",
    "--end-of-options",
];

/// Reads records whose fields end with a NUL each.
pub(super) fn records<const FIELDS: usize>(log: &str) -> impl Iterator<Item = [&str; FIELDS]> {
    let mut fields = log.split('\0');
    std::iter::from_fn(move || {
        let mut record = [""; FIELDS];
        for field in &mut record {
            *field = fields.next()?;
        }
        Some(record)
    })
}

fn commits(log: &str) -> Vec<Commit> {
    let commits = records(log);
    commits
        .map(|[sha, parents, name, email, message]| Commit {
            sha: sha.trim_start().to_owned(),
            parents: parents.split_whitespace().map(str::to_owned).collect(),
            author: Person {
                name: name.to_owned(),
                email: email.to_owned(),
            },
            co_authors: co_authors(message),
            message: message.trim_end().to_owned(),
        })
        .collect()
}

/// Reads commits, each behind a one, with their files.
pub(super) fn files_by_commit(log: &str) -> Vec<(String, Vec<String>)> {
    let commits = log.split('\u{1}').skip(1).map(|record| {
        let mut parts = record.split('\0').map(|part| part.trim_start_matches('\n'));
        let sha = parts.next().unwrap_or_default().to_owned();
        let files = parts.filter(|part| !part.is_empty()).map(str::to_owned);
        (sha, files.collect())
    });
    commits.collect()
}

impl Git {
    /// Gives further authors the names of the mailmap, as git gives them to authors.
    fn map_co_authors(&self, commits: &mut [Commit]) -> Result<(), Failure> {
        let people = commits.iter_mut().flat_map(|commit| &mut commit.co_authors);
        let people: Vec<&mut Person> = people.collect();
        if people.is_empty() {
            return Ok(());
        }
        let asked: String = people
            .iter()
            .map(|person| format!("{} <{}>\n", person.name, person.email))
            .collect();
        let failure = "the mailmap cannot be read";
        let mapped = self.with_input(&["check-mailmap", "--stdin"], asked.as_bytes(), failure)?;
        for (person, line) in people.into_iter().zip(mapped.lines()) {
            if let Some(mapped) = Person::parse(line) {
                *person = mapped;
            }
        }
        Ok(())
    }

    /// Returns the commits of `head` that are not in the history of `base` and change a file, with
    /// every file that each of them changes.
    pub(crate) fn touching_since(
        &self,
        base: Option<&str>,
        head: &str,
        path: &str,
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        let excluded = base.map(|base| format!("^{base}"));
        let mut arguments = vec![
            "log",
            "--no-show-signature",
            "--full-diff",
            "--no-renames",
            "--name-only",
            "-z",
            "--format=%x01%H",
        ];
        arguments.extend(excluded.as_deref());
        arguments.extend([head, "--", path]);
        let failure = format!("the history of {path} cannot be read");
        Ok(files_by_commit(&self.demand(&arguments, &failure)?))
    }

    /// Returns every commit of `head` that is not in the history of `base`, with the files that it
    /// changes; a merge changes what it brings to its first parent.
    ///
    /// Source: git-log(1), `--diff-merges`: by default the log of a merge lists no files.
    fn files_of_commits(
        &self,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        let base = match base {
            Some(base) => self.resolve(base)?,
            None => None,
        };
        let excluded = base.map(|base| format!("^{base}"));
        let mut arguments = vec![
            "log",
            "--no-show-signature",
            "--no-renames",
            "--diff-merges=first-parent",
            "--ignore-submodules=none",
            "--name-only",
            "-z",
            "--format=%x01%H",
        ];
        arguments.extend(excluded.as_deref());
        arguments.extend([head, "--"]);
        let failure = format!("the files of the commits up to {head} cannot be listed");
        Ok(files_by_commit(&self.demand(&arguments, &failure)?))
    }

    /// Returns true if a commit is another one or in its history, as far as it is here; `None` if
    /// one of them is not.
    pub(super) fn is_ancestor(
        &self,
        ancestor: &str,
        descendant: &str,
    ) -> Result<Option<bool>, Failure> {
        if ancestor == descendant {
            return Ok(self.resolve(ancestor)?.map(|_| true));
        }
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
        let mut commits = commits(&self.demand(&arguments, &failure)?);
        self.map_co_authors(&mut commits)?;
        Ok(commits)
    }

    fn commits_in(
        &self,
        paths: &Patterns,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, Failure> {
        let mut commits = self.commits(base, head)?;
        if commits.is_empty() {
            return Ok(commits);
        }
        let files = self.files_of_commits(base, head)?;
        let changed = files.into_iter();
        let inside = changed.filter(|(_, files)| paths.include_any(files));
        let inside: HashSet<String> = inside.map(|(sha, _)| sha).collect();
        commits.retain(|commit| inside.contains(&commit.sha));
        Ok(commits)
    }

    fn tags(&self) -> Result<Vec<Tag>, Failure> {
        Ok(self.tagged()?.commits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_field_by_field() {
        let log = "a1\0p\0ada\0a@x\0feat: one\n\nbody\n\0\nb2\0p q\0bob\0b@x\0Merge\n\0\n";
        let commits = commits(log);
        let read: Vec<_> = commits
            .iter()
            .map(|each| (each.sha.as_str(), each.message.as_str(), each.is_merge()))
            .collect();
        assert_eq!(
            read,
            [("a1", "feat: one\n\nbody", false), ("b2", "Merge", true)]
        );
        assert_eq!(commits[1].author.email, "b@x");
    }
}
