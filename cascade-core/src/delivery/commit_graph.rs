//! The commits that deployments brought.

use crate::time::Time;
use std::collections::{HashMap, HashSet};

/// A commit of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// The commits that it follows.
    pub parents: Vec<String>,
    /// The time at which it was committed.
    pub at: Time,
}

/// The commits of a repository, and which of them are changes.
#[derive(Debug, Clone, Default)]
pub struct CommitGraph {
    nodes: HashMap<String, Node>,
    /// Writes of state, which nobody waits for.
    records: HashSet<String>,
    /// The commits that change a component, by its name.
    inside: HashMap<String, HashSet<String>>,
}

impl CommitGraph {
    /// Returns a graph of these commits; `records` are writes of state.
    #[must_use]
    pub fn new(
        nodes: impl IntoIterator<Item = (String, Node)>,
        records: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            nodes: nodes.into_iter().collect(),
            records: records.into_iter().collect(),
            inside: HashMap::new(),
        }
    }

    /// Says which commits change a component.
    pub fn component(&mut self, name: &str, commits: impl IntoIterator<Item = String>) {
        let commits = commits.into_iter().collect();
        self.inside.insert(name.to_owned(), commits);
    }

    /// Returns the commits that are part of `head` and of nothing in `reached`, and reaches them;
    /// `None` if `head` is not a commit that is here.
    pub(super) fn reach<'a>(
        &'a self,
        head: &str,
        reached: &mut HashSet<&'a str>,
    ) -> Option<Vec<&'a str>> {
        let (head, _) = self.nodes.get_key_value(head)?;
        let mut waiting = vec![head.as_str()];
        let mut new = Vec::new();
        while let Some(sha) = waiting.pop() {
            let Some((sha, node)) = self.nodes.get_key_value(sha) else {
                continue;
            };
            if reached.insert(sha) {
                new.push(sha.as_str());
                waiting.extend(node.parents.iter().map(String::as_str));
            }
        }
        Some(new)
    }

    /// Returns the time of a commit that is here.
    pub(super) fn time(&self, sha: &str) -> Option<Time> {
        self.nodes.get(sha).map(|node| node.at)
    }

    /// Returns the name of a commit, borrowed from the graph.
    pub(super) fn name(&self, sha: &str) -> Option<&str> {
        let (name, _) = self.nodes.get_key_value(sha)?;
        Some(name)
    }

    /// Returns true for a commit that somebody made to change this component: neither a merge, nor a
    /// write of state, nor one that concerns other components alone.
    pub(super) fn is_change(&self, sha: &str, component: Option<&str>) -> bool {
        let Some(node) = self.nodes.get(sha) else {
            return false;
        };
        let inside = component.and_then(|name| self.inside.get(name));
        let concerns = inside.is_none_or(|inside| inside.contains(sha));
        node.parents.len() < 2 && !self.records.contains(sha) && concerns
    }
}
