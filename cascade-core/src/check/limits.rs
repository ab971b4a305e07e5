//! Limits of the platform on what one run calls.
//!
//! Sources stand at the limits of [`Platform`](crate::pipeline::Platform).

use super::contracts::{Lookup, Workflows};
use super::{platform, strategies};
use crate::finding::{Finding, rules};
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Config, Declared, WorkflowRef};
use crate::message;
use crate::pipeline::Platform;
use std::collections::BTreeSet;
use std::str::FromStr;

/// Levels that cascade's own files take: the operation's workflow, and the deploy path that it calls.
const OWN_LEVELS: usize = 2;

pub(super) fn check(config: &Config, workflows: &Workflows<'_>, reader: &mut Reader) {
    let declared = config
        .builds
        .iter()
        .map(Declared::common)
        .chain(config.deploys.iter().map(Declared::common));
    let single = [
        config.validate.as_ref().map(Declared::common),
        config.publish.as_ref().map(Declared::common),
    ];
    let calls: Vec<_> = single.into_iter().flatten().chain(declared).collect();
    let mut distinct: BTreeSet<&WorkflowRef> =
        calls.iter().filter_map(|common| common.workflow).collect();
    for deploy in &config.deploys {
        distinct.extend(
            strategies::callbacks(deploy)
                .into_iter()
                .map(|(workflow, _)| workflow),
        );
    }
    let promoted = || {
        let deploys = config.external.iter().flat_map(|entry| &entry.deploys);
        deploys.filter_map(|deploy| deploy.workflow.as_ref())
    };
    distinct.extend(promoted());
    let platform = platform::lower(config);
    let mut nested = BTreeSet::new();
    let mut deepest = BTreeSet::new();
    for workflow in &distinct {
        let depth = depth(workflow, workflows, &mut nested, 1);
        if depth + OWN_LEVELS > platform.call_levels() {
            deepest.insert(*workflow);
        }
    }
    let own = usize::from(!config.deploys.is_empty() || promoted().next().is_some());
    let total = distinct.len()
        + nested
            .iter()
            .filter(|path| !is_named(&distinct, path))
            .count()
        + own;
    too_many(config, (total, platform.called_workflows()), reader);
    too_deep(&calls, &deepest, platform.call_levels(), reader);
}

fn too_many(config: &Config, (total, most): (usize, usize), reader: &mut Reader) {
    if total > most {
        let message = message!(
            "a run would call {} distinct workflows; GitHub takes {}",
            text = total,
            text = most
        );
        let at = if config.deploys.is_empty() {
            config.at.key("builds")
        } else {
            config.at.key("deploys")
        };
        let help = "let several callbacks share a workflow file and tell them apart by an input";
        reader.report(Finding::new(&rules::TOO_MANY_WORKFLOWS, at.as_key(), message).help(help));
    }
}

fn too_deep(
    calls: &[Common<'_>],
    deepest: &BTreeSet<&WorkflowRef>,
    levels: usize,
    reader: &mut Reader,
) {
    for common in calls.iter().filter(|common| {
        common
            .workflow
            .is_some_and(|workflow| deepest.contains(workflow))
    }) {
        let message = message!(
            "workflows nest deeper than {} levels, cascade's {} included",
            text = levels,
            text = OWN_LEVELS
        );
        let at = common.at.key("workflow");
        reader.report(
            Finding::new(&rules::TOO_MANY_WORKFLOWS, at, message)
                .help("call fewer workflows from workflows, and none in a circle"),
        );
    }
}

fn is_named(distinct: &BTreeSet<&WorkflowRef>, path: &str) -> bool {
    distinct
        .iter()
        .any(|workflow| workflow.local() == Some(path))
}

/// Levels of workflows from this one down; what it calls is added to `nested`.
fn depth(
    workflow: &WorkflowRef,
    workflows: &Workflows<'_>,
    nested: &mut BTreeSet<String>,
    level: usize,
) -> usize {
    let Lookup::Known(contract) = workflows.peek(workflow) else {
        return 1;
    };
    // Callers in a circle have no end.
    if level > Platform::Cloud.call_levels() {
        return 1;
    }
    let below = contract.nested.iter().map(|path| {
        nested.insert(path.trim_start_matches("./").to_owned());
        WorkflowRef::from_str(path)
            .map_or(1, |workflow| depth(&workflow, workflows, nested, level + 1))
    });
    1 + below.max().unwrap_or(0)
}
