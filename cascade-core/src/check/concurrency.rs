//! Concurrency groups of callbacks, in which calls of one run meet.
//!
//! A group at the top of a called file is evaluated for each call, in the context of the caller, and
//! holds one run and one that waits; a further one cancels the waiting one, or with
//! `cancel-in-progress` the running one. Source: GitHub's documentation, "Workflow syntax for GitHub
//! Actions", `concurrency`, and "Reusing workflow configurations".

use super::callbacks::Index;
use super::contracts::{Lookup, Workflows};
use crate::contract::Concurrency;
use crate::expression::Template;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Config, Declared, MatrixBlock};
use crate::message;
use crate::pipeline::CallbackKind;
use std::collections::HashMap;

/// The beginning of the groups of generated files.
const OWN: &str = "cascade-";

/// Calls that share a group, and where the first of them is declared.
type Shared = HashMap<(CallbackKind, String), (usize, KeyPath)>;

pub(super) fn check(
    config: &Config,
    index: &Index<'_>,
    workflows: &Workflows<'_>,
    reader: &mut Reader,
) {
    let mut shared = Shared::new();
    for entry in &index.entries {
        let Some(concurrency) = group(&entry.common, workflows) else {
            continue;
        };
        let at = entry.common.at.key("workflow");
        if of_caller(&concurrency, &at, reader) {
            continue;
        }
        let name = Some(entry.name);
        let build = config.builds.iter().find(|build| build.name.get() == name);
        let matrix = build.filter(|_| entry.kind == CallbackKind::Build);
        let matrix = matrix.and_then(|build| build.matrix.as_ref());
        let calls = matrix.map_or(1, |matrix| in_one_group(matrix, &concurrency));
        let reads = inputs(&concurrency.group);
        let key = match reads.is_empty() {
            true => concurrency.group.to_lowercase(),
            // Callbacks are given different values.
            false => format!("{} {}", entry.name, concurrency.group),
        };
        let held = shared.entry((entry.kind, key));
        let (total, first) = held.or_insert_with(|| (0, at.clone()));
        *total += calls;
        if *total > allowed(&concurrency) {
            reader.report(colliding(&concurrency, &at, first));
        }
    }
    let validate = config.validate.iter().map(Declared::common);
    let publish = config.publish.iter().map(Declared::common);
    for common in validate.chain(publish) {
        if let Some(concurrency) = group(&common, workflows) {
            of_caller(&concurrency, &common.at.key("workflow"), reader);
        }
    }
}

fn group(common: &Common<'_>, workflows: &Workflows<'_>) -> Option<Concurrency> {
    match workflows.peek(common.workflow?) {
        Lookup::Known(contract) => contract.concurrency.clone(),
        _ => None,
    }
}

/// Reports a group that a generated workflow holds while it waits for the call.
fn of_caller(concurrency: &Concurrency, at: &KeyPath, reader: &mut Reader) -> bool {
    let is_own = concurrency.group.to_lowercase().starts_with(OWN);
    if is_own {
        let message = message!(
            "the concurrency group {} may be the caller's, which waits for this call",
            value = &concurrency.group
        );
        let help = message!("choose a group that does not begin with {}", value = OWN);
        reader.report(Finding::new(&rules::CALLBACK_CONCURRENCY, at.clone(), message).help(help));
    }
    is_own
}

/// Returns how many calls of a matrix meet in one group.
fn in_one_group(matrix: &MatrixBlock, concurrency: &Concurrency) -> usize {
    if matrix
        .max_parallel
        .as_ref()
        .is_some_and(|most| most.get() == 1)
    {
        return 1;
    }
    let read = inputs(&concurrency.group);
    let tells = |name: &str| read.iter().any(|input| input.eq_ignore_ascii_case(name));
    let others = matrix.dimensions.iter().filter(|(name, _)| !tells(name));
    others.map(|(_, values)| values.len()).product()
}

fn inputs(group: &str) -> Vec<String> {
    let template = Template::parse(group);
    let template = template.iter();
    template
        .flat_map(|template| template.inputs().map(str::to_owned))
        .collect()
}

/// Returns how many calls a group takes without cancelling one of them.
const fn allowed(concurrency: &Concurrency) -> usize {
    match (concurrency.cancels, concurrency.queues) {
        (true, _) => 1,
        (false, true) => usize::MAX,
        (false, false) => 2,
    }
}

fn colliding(concurrency: &Concurrency, at: &KeyPath, first: &KeyPath) -> Finding {
    let message = message!(
        "calls of one run share the concurrency group {}, in which one cancels another",
        value = &concurrency.group
    );
    let help = message!(
        "name the group by what tells the calls apart, such as {}, or remove it: cascade has its own",
        value = "${{ inputs.deploy_name }}"
    );
    let finding = Finding::new(&rules::CALLBACK_CONCURRENCY, at.clone(), message).help(help);
    match first == at {
        true => finding,
        false => finding.related(first.clone(), "another call in this group"),
    }
}
