//! The permissions that the jobs of a workflow ask for.

use crate::manifest::{Access, PermissionSet, SCOPES};

/// The permissions that the jobs of a workflow ask for, added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The most that any job asks for, by scope.
    pub set: PermissionSet,
    /// True if some job says nothing, and so gets whatever the caller grants.
    pub undeclared: bool,
}

impl Asked {
    pub(super) fn add_all(&mut self, access: Access) {
        for scope in SCOPES {
            let grants =
                access != Access::None && !(*scope == "id-token" && access == Access::Read);
            if grants {
                self.add(scope, access);
            }
        }
    }

    pub(super) fn add(&mut self, scope: &'static str, access: Access) {
        let known = self.set.0.entry(scope).or_insert(Access::None);
        *known = access.max(*known);
    }
}
