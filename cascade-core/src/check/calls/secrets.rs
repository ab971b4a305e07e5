//! The secrets of a call.

use super::super::contracts::Lookup;
use crate::draft::Reader;
use crate::finding::{Finding, rules, suggest};
use crate::pipeline::{Common, PassedSecrets, Secrets};
use std::collections::BTreeMap;

pub(super) fn check(common: &Common<'_>, contract: &Lookup, reader: &mut Reader) -> PassedSecrets {
    let passed = match common.secrets {
        None => PassedSecrets::None,
        Some(Secrets::Inherit) => PassedSecrets::Inherit,
        Some(Secrets::Named(names)) => {
            let names: BTreeMap<_, _> = names
                .iter()
                .map(|(callee, caller)| (callee.clone(), caller.clone()))
                .collect();
            PassedSecrets::Named(names)
        }
    };
    let Lookup::Known(contract) = contract else {
        return passed;
    };
    let file = common
        .workflow
        .map_or("the workflow", |workflow| workflow.file_name());
    let at = common.at.key("secrets");
    if let Some(Secrets::Named(names)) = common.secrets {
        for name in names
            .keys()
            .filter(|name| !contract.secrets.contains_key(*name))
        {
            let help = suggest::among(
                name,
                contract.secrets.keys().map(String::as_str),
                "it declares",
            );
            let message = format!("`{file}` declares no secret `{name}`");
            reader.report(
                Finding::new(&rules::UNKNOWN_SECRET, at.key(name).as_key(), message).help(help),
            );
        }
    }
    for (name, _) in contract
        .secrets
        .iter()
        .filter(|(_, secret)| secret.required)
    {
        let given = match &passed {
            PassedSecrets::None => false,
            PassedSecrets::Inherit => true,
            PassedSecrets::Named(names) => names.contains_key(name),
        };
        if !given && reader.is_known(&at) && reader.is_known(&at.key(name)) {
            let message = format!("`{file}` requires secret `{name}`, and nothing passes it");
            let help =
                format!("add `secrets: {{ {name}: {name} }}`, callee's name to caller's name");
            reader.report(
                Finding::new(&rules::MISSING_SECRET, common.at.key("workflow"), message).help(help),
            );
        }
    }
    passed
}
