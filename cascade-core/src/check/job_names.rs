//! Names that would give a callback's job the id of a job that another callback already has.

use super::callbacks::Index;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Config, Name};
use crate::message;
use crate::pipeline::CallbackKind;
use crate::protocol::job::{comparable, owners};
use std::collections::HashMap;

pub(super) fn check(config: &Config, index: &Index<'_>, reader: &mut Reader) {
    for kind in [CallbackKind::Build, CallbackKind::Deploy] {
        let own = index.entries.iter().filter(|entry| entry.kind == kind);
        let mut named: Vec<(&Name, KeyPath)> = own
            .map(|entry| (entry.name, entry.common.at.key("name")))
            .collect();
        if kind == CallbackKind::Deploy {
            named.extend(external(config));
        }
        check_section(&named, reader);
    }
}

/// Returns the deploys of other repositories' artifacts, whose jobs stand beside the pipeline's own.
fn external(config: &Config) -> impl Iterator<Item = (&Name, KeyPath)> {
    let deploys = config.external.iter().flat_map(|entry| &entry.deploys);
    deploys.filter_map(|deploy| Some((deploy.name.get()?, deploy.at.key("name"))))
}

fn check_section(named: &[(&Name, KeyPath)], reader: &mut Reader) {
    let known: HashMap<String, (&Name, &KeyPath)> = named
        .iter()
        .map(|(name, at)| (comparable(name.as_str()), (*name, at)))
        .collect();
    for (name, at) in named {
        for owner in owners(name.as_str()) {
            let end = &name.as_str()[owner.len()..];
            let Some((owner, owner_at)) = known.get(&owner) else {
                continue;
            };
            let message = message!("{} is the name of a job of {}", name = name, name = owner);
            let help = message!(
                "rename it: {} has jobs that end in {}",
                name = owner,
                value = end
            );
            let finding = Finding::new(&rules::COLLIDING_NAMES, at.clone(), message);
            let related = (*owner_at).clone();
            reader.report(
                finding
                    .help(help)
                    .related(related, "the one that has the job"),
            );
        }
    }
}
