//! The permissions of a call.
//!
//! Source: GitHub's documentation of reusable workflows: the caller's permissions can only be kept
//! or lowered by the called workflow, and a run that asks for more does not start.

use super::super::contracts::Lookup;
use crate::draft::Reader;
use crate::finding::{Finding, rules};
use crate::pipeline::{Access, Common, PermissionSet};

pub(super) fn check(common: &Common<'_>, contract: &Lookup<'_>, reader: &mut Reader) -> PermissionSet {
    let asked = match contract {
        Lookup::Known(contract) => contract.permissions.as_ref(),
        _ => None,
    };
    let Some(granted) = common.permissions else {
        return asked.cloned().unwrap_or_else(|| PermissionSet([("contents", Access::Read)].into()));
    };
    let at = common.at.key("permissions");
    let file = common.workflow.map_or("the workflow", |workflow| workflow.file_name());
    for (scope, access) in asked.iter().flat_map(|asked| &asked.0) {
        let given = granted.access(scope);
        if given < *access && reader.is_known(&at.key(scope)) {
            let message = format!("`{file}` asks for `{scope}: {access}`, and is given `{given}`");
            let written = granted.0.contains_key(scope);
            let at = if written { at.key(scope) } else { at.as_key() };
            let help = format!("add `{scope}: {access}`, or ask for less in the file");
            reader.report(Finding::new(&rules::MISSING_PERMISSION, at, message).help(help));
        }
    }
    granted.clone()
}
