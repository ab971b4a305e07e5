//! Permissions of a job's token.
//!
//! Source: GitHub's workflow syntax, `permissions`.

use super::choice::choice;
use crate::finding::{Finding, Message, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::{Leaf, Node, Reader, Shape, Value};
use crate::message;
use std::collections::BTreeMap;

/// Every scope that a job's token can have, in alphabetical order.
pub const SCOPES: &[&str] = &[
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
];

choice! {
    /// How much a token may do in a scope.
    pub enum Access {
        /// Nothing.
        None = "none",
        /// Read.
        Read = "read",
        /// Read and write.
        Write = "write",
    }
}

/// The complete set of permissions of a caller job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermissionSet(pub BTreeMap<&'static str, Access>);

impl PermissionSet {
    /// The scope as GitHub spells it: `id_token` is `id-token`.
    #[must_use]
    pub fn scope(key: &str) -> Option<&'static str> {
        let key = key.replace('_', "-");
        SCOPES.iter().find(|scope| **scope == key).copied()
    }

    /// How much the set allows in a scope.
    #[must_use]
    pub fn access(&self, scope: &str) -> Access {
        self.0.get(scope).copied().unwrap_or(Access::None)
    }
}

impl Value for PermissionSet {
    const SHAPE: Shape = Shape::Map(&<Access as Leaf>::SHAPE);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let Node::Map(map) = node else {
            let accesses = Message::list(Access::WORDS.iter().map(Message::value), " or ");
            let expected = message!("a mapping from scopes to {}", part = accesses);
            reader.wrong_type(node, at, expected);
            return None;
        };
        let mut set = Self::default();
        for (key, value) in map {
            let here = at.key(key);
            let Some(scope) = Self::scope(key) else {
                let help = suggest::among(key, SCOPES.iter().copied(), "the permissions are");
                let message = message!("unknown permission {}", key = key);
                reader.report(
                    Finding::new(&rules::UNKNOWN_PERMISSION, here.as_key(), message).help(help),
                );
                continue;
            };
            let Some(access) = <Access as Value>::read(value, &here, reader) else {
                continue;
            };
            if scope == "id-token" && access == Access::Read {
                let message = message!("{} has no read access", value = "id-token");
                reader.report(
                    Finding::new(&rules::UNKNOWN_PERMISSION, here, message).help(message!(
                        "write {} or {}",
                        value = "write",
                        value = "none"
                    )),
                );
            } else if set.0.insert(scope, access).is_some() {
                let message = message!("{} stands twice", name = scope);
                let mut earlier = map.keys().take_while(|other| *other != key);
                let mut finding = Finding::new(&rules::DUPLICATE_NAME, here.as_key(), message);
                if let Some(first) = earlier.find(|other| Self::scope(other) == Some(scope)) {
                    finding = finding.related(at.key(first).as_key(), "the first spelling");
                }
                reader.report(finding);
            }
        }
        if set.0.len() < map.len() {
            reader.unknown(at);
        }
        Some(set)
    }
}
