//! The history of one file, and the graph of commits, each read by one process.

use super::Git;
use super::history::{files_by_commit, records};
use crate::cli::error::Failure;

/// A commit that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) sha: String,
    /// The commits before it that changed the same file.
    pub(crate) parents: Vec<String>,
    /// The second in which it was made.
    pub(crate) second: u64,
    pub(crate) author: String,
    pub(crate) message: String,
}

/// A commit with its parents, and the second in which it was made.
pub(crate) type Noded = (String, Vec<String>, u64);

impl Git {
    /// Returns the commits up to `head` that changed a file, parents before children, whatever their
    /// clocks say.
    ///
    /// Source: git-log(1), "History Simplification": with `--parents`, the parents of a commit are
    /// those before it that changed the path.
    pub(crate) fn log_of(&self, head: &str, path: &str) -> Result<Vec<Logged>, Failure> {
        let arguments = [
            "log",
            "--no-show-signature",
            "--parents",
            "--topo-order",
            "--reverse",
            "--format=%H%x00%P%x00%ct%x00%aN%x00%B%x00",
            head,
            "--",
            path,
        ];
        let log = self.demand(&arguments, &format!("the history of {path} cannot be read"))?;
        Ok(logged(&log))
    }

    /// Returns every commit that is part of one of these, as far as they are here.
    pub(crate) fn graph_of(&self, heads: &[&str]) -> Result<Vec<Noded>, Failure> {
        if heads.is_empty() {
            return Ok(Vec::new());
        }
        let arguments = [
            "rev-list",
            "--parents",
            "--timestamp",
            "--ignore-missing",
            "--stdin",
        ];
        let failure = "the commits that were deployed cannot be listed";
        let listed = self.with_input(&arguments, heads.join("\n").as_bytes(), failure)?;
        Ok(listed.lines().filter_map(node).collect())
    }

    /// Returns every commit that is part of one of these, with the files that it changes.
    pub(crate) fn files_up_to(
        &self,
        heads: &[&str],
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        if heads.is_empty() {
            return Ok(Vec::new());
        }
        let arguments = [
            "log",
            "--no-show-signature",
            "--no-renames",
            "--diff-merges=first-parent",
            "--ignore-submodules=none",
            "--name-only",
            "-z",
            "--format=%x01%H",
            "--ignore-missing",
            "--stdin",
        ];
        let failure = "the files of the commits that were deployed cannot be listed";
        let log = self.with_input(&arguments, heads.join("\n").as_bytes(), failure)?;
        Ok(files_by_commit(&log))
    }
}

fn logged(log: &str) -> Vec<Logged> {
    let commits = records(log);
    commits
        .map(|[sha, parents, second, author, message]| Logged {
            sha: sha.trim_start().to_owned(),
            parents: parents.split_whitespace().map(str::to_owned).collect(),
            // Before 1970 a second is negative.
            second: second.parse().unwrap_or_default(),
            author: author.to_owned(),
            message: message.trim_end().to_owned(),
        })
        .collect()
}

/// Reads `<second> <commit> <parent>...`.
fn node(line: &str) -> Option<Noded> {
    let mut words = line.split(' ');
    let second = words.next()?.parse().unwrap_or_default();
    let sha = words.next()?.to_owned();
    Some((sha, words.map(str::to_owned).collect(), second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_names_what_each_commit_follows() {
        let commits = logged("a1\0\x005\0Ada\0one\n\nRun: x\n\0\nb2\0a1 c3\x006\0Bob\0two\n\0\n");
        let read: Vec<_> = commits
            .iter()
            .map(|each| (each.sha.as_str(), each.parents.len(), each.second))
            .collect();
        assert_eq!(read, [("a1", 0, 5), ("b2", 2, 6)]);
        assert_eq!(commits[0].message, "one\n\nRun: x");
    }

    #[test]
    fn a_node_without_parents_begins_a_history() {
        assert_eq!(node("5 a1"), Some(("a1".to_owned(), Vec::new(), 5)));
        let parents = vec!["a1".to_owned(), "c3".to_owned()];
        assert_eq!(node("-6 b2 a1 c3"), Some(("b2".to_owned(), parents, 0)));
    }
}
