//! The permissions of a call.
//!
//! Source: GitHub's documentation of reusable workflows: the caller's permissions can only be kept
//! or lowered by the called workflow, and a run that asks for more does not start.

use super::super::contracts::Lookup;
use crate::contract::Asked;
use crate::finding::message::Setting;
use crate::finding::{Finding, rules};
use crate::manifest::draft::Reader;
use crate::manifest::{Access, Common, PermissionSet};
use crate::message;

pub(super) fn check(common: &Common<'_>, contract: &Lookup, reader: &mut Reader) -> PermissionSet {
    let asked = match contract {
        Lookup::Known(contract) => Some(&contract.permissions),
        _ => None,
    };
    let Some(granted) = common.permissions else {
        return ungranted(asked);
    };
    let at = common.at.key("permissions");
    let file = common
        .workflow
        .map_or("the workflow", |workflow| workflow.file_name());
    for (scope, access) in asked.iter().flat_map(|asked| &asked.set.0) {
        let given = granted.access(scope);
        if given < *access && reader.is_known(&at) && reader.is_known(&at.key(scope)) {
            let message = message!(
                "{} asks for {}, and is given {}",
                value = file,
                value = format_args!("{scope}: {access}"),
                value = given
            );
            let written = granted.0.contains_key(scope);
            let at = if written { at.key(scope) } else { at.as_key() };
            let help = message!(
                "add {}, or ask for less in the file",
                setting = Setting::permission(scope, access)
            );
            reader.report(Finding::new(&rules::MISSING_PERMISSION, at, message).help(help));
        }
    }
    granted.clone()
}

/// Returns the permissions of a call for which the author declares none: exactly those that the
/// file asks for, and reading the repository where the file does not say either.
pub(in crate::check) fn ungranted(asked: Option<&Asked>) -> PermissionSet {
    let mut set = asked.map(|asked| asked.set.clone()).unwrap_or_default();
    if asked.is_none_or(|asked| asked.undeclared) {
        set.0.entry("contents").or_insert(Access::Read);
    }
    set
}
