//! Commits that are changes: all but cascade's own, which write the state.
//!
//! A write of state is known by what it does. It changes the manifest alone, and there nothing of the
//! configuration. Its subject proves nothing: anybody can write one like it.

use super::{Session, Workspace};
use crate::cli::error::Failure;
use crate::cli::terminal::Terminal;
use cascade_core::commits::Commit;
use cascade_core::lifecycle::History;
use cascade_core::manifest::yaml::Manifest;
use std::collections::HashSet;

impl Session {
    /// Returns the commits of `head` that are not in the history of `base`, newest first, without
    /// writes of state; of a component, those that change a file which it watches.
    pub(crate) fn changes(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Failure> {
        let mut commits = self.git.commits_of(&self.component, base, head)?;
        let base = match base {
            Some(base) => self.git.resolve(base)?,
            None => None,
        };
        let writes = self.state_writes(base.as_deref(), head)?;
        commits.retain(|commit| !writes.contains(&commit.sha));
        Ok(commits)
    }

    /// Says, to whoever wants details, which tags count less than a version does.
    pub(crate) fn tell_ignored_tags(&self, terminal: &Terminal) -> Result<(), Failure> {
        if !terminal.verbose() {
            return Ok(());
        }
        let tags = self.git.tagged()?;
        let names = tags.commits.iter().map(|tag| tag.name.as_str());
        let ignored = self.component.tag_grammar.ignored(names, tags.others);
        for line in ignored.to_string().lines() {
            terminal.trace(|| line.to_owned());
        }
        Ok(())
    }
}

impl Workspace {
    fn state_writes(&self, base: Option<&str>, head: &str) -> Result<HashSet<String>, Failure> {
        let path = self.project.location.shown();
        let mut writes = HashSet::new();
        for (sha, files) in self.git.touching_since(base, head, &path)? {
            if files == [path.as_str()] && self.same_config(&sha, &format!("{sha}^"), &path)? {
                writes.insert(sha);
            }
        }
        Ok(writes)
    }

    /// Returns the newest commit under `start` that is more than a write of state.
    pub(crate) fn newest_change(&self, start: &str) -> Result<String, Failure> {
        let path = self.project.location.shown();
        // Mostly the newest commit is one, or the one below it.
        let mut count = 3;
        loop {
            let line = self.git.first_parents(start, count)?;
            for pair in line.windows(2) {
                if pair[0].1 != [path.as_str()]
                    || !self.same_config(&pair[0].0, &pair[1].0, &path)?
                {
                    return Ok(pair[0].0.clone());
                }
            }
            if line.len() < count {
                self.git.require_history_of(start)?;
                let last = line.into_iter().next_back();
                return Ok(last.map_or_else(|| start.to_owned(), |(sha, _)| sha));
            }
            count *= 8;
        }
    }

    /// Returns true if two versions of the manifest configure the same pipeline.
    fn same_config(&self, commit: &str, parent: &str, path: &str) -> Result<bool, Failure> {
        let config = |commit: &str| -> Result<_, Failure> {
            let bytes = self.git.show(commit, path)?.unwrap_or_default();
            let manifest = Manifest::read(&bytes, &self.project.key).ok();
            Ok(manifest.map(|manifest| manifest.config().clone()))
        };
        let now = config(commit)?;
        Ok(now.is_some() && now == config(parent)?)
    }
}
