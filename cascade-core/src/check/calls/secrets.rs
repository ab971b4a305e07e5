//! The secrets of a call.

use super::super::contracts::Lookup;
use crate::contract::Contract;
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Secrets};
use crate::message;
use crate::pipeline::PassedSecrets;
use std::collections::BTreeMap;

/// The secrets of a callback; `stages` are the workflows of its strategy, which share them.
pub(super) fn check(
    common: &Common<'_>,
    contract: &Lookup,
    stages: &[Lookup],
    reader: &mut Reader,
) -> PassedSecrets {
    let mut passed = passed(common);
    inherited(common, contract, reader);
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
            .filter(|name| !stages.iter().any(|stage| may_take(stage, name)))
        {
            let help = suggest::among(
                name,
                contract.secrets.keys().map(String::as_str),
                "it declares",
            );
            let declared = contract.secrets.keys().map(String::as_str);
            if let Some(meant) = suggest::nearest(name, declared) {
                reader.unknown(&at.key(meant));
            }
            let message = message!("{} declares no secret {}", value = file, name = name);
            reader.report(
                Finding::new(&rules::UNKNOWN_SECRET, at.key(name).as_key(), message).help(help),
            );
        }
    }
    declared_only(&mut passed, contract);
    let workflow = common.at.key("workflow");
    required(common, &passed, contract, &workflow, reader);
    passed
}

/// Reports every secret that goes to another repository, unnamed.
fn inherited(common: &Common<'_>, contract: &Lookup, reader: &mut Reader) {
    let help = "GitHub refuses it outside of the caller's organization or enterprise; name the secrets that it needs";
    let remote = common
        .workflow
        .filter(|workflow| workflow.local().is_none());
    if let (Some(Secrets::Inherit), Some(remote)) = (common.secrets, remote) {
        let message = message!("{} gets every secret of this repository", value = remote);
        let at = common.at.key("secrets");
        reader.report(Finding::new(&rules::INHERITED_SECRETS, at, message).help(help));
    }
    let Lookup::Known(contract) = contract else {
        return;
    };
    for remote in &contract.inherited_by {
        let message = message!("{}, which it calls, gets every secret", value = remote);
        let at = common.at.key("workflow");
        reader.report(Finding::new(&rules::INHERITED_SECRETS, at, message).help(help));
    }
}

/// The secrets of a strategy's stage: those of the deploy's that its workflow declares.
pub(super) fn of_stage(
    common: &Common<'_>,
    at: &KeyPath,
    contract: &Lookup,
    reader: &mut Reader,
) -> PassedSecrets {
    let mut passed = passed(common);
    let Lookup::Known(contract) = contract else {
        return passed;
    };
    declared_only(&mut passed, contract);
    required(common, &passed, contract, at, reader);
    passed
}

/// Returns true if a workflow declares a secret, or cannot be read.
fn may_take(workflow: &Lookup, secret: &str) -> bool {
    match workflow {
        Lookup::Known(contract) => contract.secrets.contains_key(secret),
        _ => true,
    }
}

fn declared_only(passed: &mut PassedSecrets, contract: &Contract) {
    if let PassedSecrets::Named(names) = passed {
        names.retain(|name, _| contract.secrets.contains_key(name));
    }
}

fn passed(common: &Common<'_>) -> PassedSecrets {
    match common.secrets {
        None => PassedSecrets::None,
        Some(Secrets::Inherit) => PassedSecrets::Inherit,
        Some(Secrets::Named(names)) => {
            let names: BTreeMap<_, _> = names
                .iter()
                .map(|(callee, caller)| (callee.clone(), caller.clone()))
                .collect();
            PassedSecrets::Named(names)
        }
    }
}

fn required(
    common: &Common<'_>,
    passed: &PassedSecrets,
    contract: &Contract,
    workflow: &KeyPath,
    reader: &mut Reader,
) {
    let file = common
        .workflow
        .map_or("the workflow", |workflow| workflow.file_name());
    let at = common.at.key("secrets");
    let secrets = contract.secrets.iter();
    for (name, _) in secrets.filter(|(_, secret)| secret.required) {
        let given = match passed {
            PassedSecrets::None => false,
            PassedSecrets::Inherit => true,
            PassedSecrets::Named(names) => names.contains_key(name),
        };
        if !given && reader.is_known(&at) && reader.is_known(&at.key(name)) {
            let message = message!(
                "{} requires secret {}, and nothing passes it",
                value = file,
                name = name
            );
            let help = message!(
                "add {}, callee's name to caller's name",
                setting = Setting::new("secrets", Sample::map([(name, name.as_str())]))
            );
            reader
                .report(Finding::new(&rules::MISSING_SECRET, workflow.clone(), message).help(help));
        }
    }
}
