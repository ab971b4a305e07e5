//! Rules of the upkeep of a fork.

use crate::draft::{KeyPath, Reader};
use crate::finding::{Finding, rules};
use crate::pipeline::{Config, IntegrationBlock, LabelsBlock};
use std::collections::HashMap;

/// Characters of a label that GitHub takes.
///
/// Source: GitHub's REST API, labels.
const MAX_LABEL: usize = 50;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let Some(integration) = &config.integration else {
        return;
    };
    branches(config, integration, reader);
    labels(integration, reader);
    if let Some(stale) = integration
        .monitor
        .as_ref()
        .and_then(|monitor| Some((monitor, monitor.stale_after?)))
    {
        let (monitor, after) = stale;
        if after.seconds() < 3600 {
            let message = format!("`stale_after` is at least 1h, found {after}");
            let at = monitor.at.key("stale_after");
            reader.report(
                Finding::new(&rules::INTEGRATION_MONITOR, at, message)
                    .help("a person needs time to act before somebody is told"),
            );
        }
    }
}

fn branches(config: &Config, integration: &IntegrationBlock, reader: &mut Reader) {
    let at = &integration.at;
    let name = |branch: &Option<crate::pipeline::Branch>, default: &str| {
        branch
            .as_ref()
            .map_or_else(|| default.to_owned(), |branch| branch.as_str().to_owned())
    };
    let mut taken: HashMap<String, &str> = HashMap::new();
    if let Some(trunk) = config.trunk_branch.get() {
        taken.insert(trunk.as_str().to_owned(), "trunk_branch");
    }
    let branches = [
        (
            "mirror_branch",
            name(&integration.mirror_branch, "fork_upstream"),
        ),
        (
            "integration_branch",
            name(&integration.integration_branch, "fork_integration"),
        ),
    ];
    for (key, branch) in branches {
        if let Some(other) = taken.get(&branch) {
            let message = format!("`{key}` and `{other}` are both `{branch}`");
            let here = place(
                at,
                key,
                key == "mirror_branch" && integration.mirror_branch.is_none(),
            );
            reader.report(
                Finding::new(&rules::INTEGRATION_BRANCHES, here, message)
                    .help("mirror, integration and trunk are three branches"),
            );
        }
        taken.insert(branch, key);
    }
}

fn place(at: &KeyPath, key: &str, defaulted: bool) -> KeyPath {
    if defaulted { at.as_key() } else { at.key(key) }
}

fn labels(integration: &IntegrationBlock, reader: &mut Reader) {
    let Some(labels) = &integration.labels else {
        return;
    };
    let mut taken: HashMap<String, &str> = HashMap::new();
    for (key, given, default) in named(labels) {
        let at = labels.at.key(key);
        let label = given.map_or(default, String::as_str);
        let good = !label.trim().is_empty()
            && label.chars().count() <= MAX_LABEL
            && !label.contains([',', '\n']);
        if given.is_some() && !good {
            let finding = Finding::new(
                &rules::INTEGRATION_LABELS,
                at.clone(),
                format!("`{label}` cannot be a label"),
            );
            reader.report(finding.help(format!("use 1 to {MAX_LABEL} characters, no comma")));
        }
        if let Some(other) = taken.insert(label.to_lowercase(), key) {
            let message = format!("`{key}` and `{other}` are both the label `{label}`");
            let at = if given.is_some() {
                at
            } else {
                labels.at.key(other)
            };
            reader.report(
                Finding::new(&rules::INTEGRATION_LABELS, at, message)
                    .help("labels carry the state: each needs its own"),
            );
        }
    }
}

fn named(labels: &LabelsBlock) -> [(&'static str, Option<&String>, &'static str); 9] {
    [
        ("sync", labels.sync.as_ref(), "upstream-sync"),
        ("human", labels.human.as_ref(), "human-required"),
        ("active", labels.active.as_ref(), "cascade-active"),
        ("blocked", labels.blocked.as_ref(), "cascade-blocked"),
        ("failed", labels.failed.as_ref(), "cascade-failed"),
        ("ready", labels.ready.as_ref(), "production-ready"),
        ("escalated", labels.escalated.as_ref(), "cascade-escalated"),
        (
            "trigger_failed",
            labels.trigger_failed.as_ref(),
            "cascade-trigger-failed",
        ),
        (
            "high_priority",
            labels.high_priority.as_ref(),
            "high-priority",
        ),
    ]
}
