//! What is declared, before and after it is checked.

use super::Root;
use crate::finding::{Finding, Severity};
use crate::manifest::draft::{Map, Node};
use crate::normalize::inherit;
use std::fmt;
use std::path::Path;

/// A declared pipeline that nobody has checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The body of the configuration.
    pub node: Node,
    /// The repository that it is for.
    pub root: Root,
}

impl Draft {
    /// A draft for the repository `root`.
    #[must_use]
    pub const fn new(node: Node, root: Root) -> Self {
        Self { node, root }
    }

    /// With what the component `name` declares itself; what is here already holds.
    #[must_use]
    pub fn component(mut self, name: &str, own: Self) -> Self {
        let Node::Map(config) = &mut self.node else {
            return self;
        };
        let components = config
            .entry("components".to_owned())
            .or_insert_with(|| Node::Map(Map::new()));
        if let (Node::Map(components), Node::Map(declared)) = (components, own.node) {
            let placed = match components.shift_remove(name) {
                Some(Node::Map(placed)) => placed,
                _ => Map::new(),
            };
            let merged = inherit(&declared, &placed);
            components.insert(name.to_owned(), Node::Map(merged));
        }
        self
    }
}

/// A declared pipeline that keeps every rule that needs no files.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    draft: Draft,
    warnings: Vec<Finding>,
}

impl Definition {
    pub(super) const fn new(draft: Draft, warnings: Vec<Finding>) -> Self {
        Self { draft, warnings }
    }

    /// The body of the configuration.
    #[must_use]
    pub const fn node(&self) -> &Node {
        &self.draft.node
    }

    /// Returns the folder that the code names as the repository, if it names one.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        match &self.draft.root {
            Root::Named(root) => Some(root),
            Root::Around | Root::Package(_) => None,
        }
    }

    /// What is worth knowing about it.
    #[must_use]
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// What was declared.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        self.draft
    }
}

/// Everything that was found in a declared pipeline, with at least one error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub(super) const fn new(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Everything, warnings included.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What is wrong.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        let wrong = |finding: &&Finding| finding.rule.severity == Severity::Error;
        self.findings.iter().filter(wrong)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, finding) in self.findings.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}
