//! Rules of the upkeep of a fork.

use super::callbacks::Index;
use super::calls::{Calls, Purpose};
use super::contracts::Workflows;
use super::lower;
use crate::contract::Contracts;
use crate::finding::{Finding, rules};
use crate::manifest::draft::{KeyPath, Reader};
use crate::manifest::{Access, Config, Declared, IntegrationBlock, ValidateBlock};
use crate::pipeline::{Callback, Credential, Integration, Labels, Monitor, PassedSecrets};
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
    let monitor = integration.monitor.get();
    if let Some(after) = monitor.stale_after.written() {
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
    let mut taken: HashMap<&str, &str> = HashMap::new();
    if let Some(trunk) = config.trunk_branch.get() {
        taken.insert(trunk.as_str(), "trunk_branch");
    }
    let branches = [
        ("mirror_branch", &integration.mirror_branch),
        ("integration_branch", &integration.integration_branch),
    ];
    for (key, given) in branches {
        let branch = given.get().as_str();
        if let Some(other) = taken.get(branch) {
            let message = format!("`{key}` and `{other}` are both `{branch}`");
            let here = place(at, key, key == "mirror_branch" && !given.is_written());
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
    let labels = integration.labels.get();
    let mut taken: HashMap<String, &str> = HashMap::new();
    for (key, label) in labels.each() {
        let (at, is_written) = (labels.at.key(key), label.is_written());
        let label = label.get();
        let good = !label.trim().is_empty()
            && label.chars().count() <= MAX_LABEL
            && !label.contains([',', '\n']);
        if is_written && !good {
            let finding = Finding::new(
                &rules::INTEGRATION_LABELS,
                at.clone(),
                format!("`{label}` cannot be a label"),
            );
            reader.report(finding.help(format!("use 1 to {MAX_LABEL} characters, no comma")));
        }
        if let Some(other) = taken.insert(label.to_lowercase(), key) {
            let message = format!("`{key}` and `{other}` are both the label `{label}`");
            let at = match is_written {
                true => at,
                false => labels.at.key(other),
            };
            reader.report(
                Finding::new(&rules::INTEGRATION_LABELS, at, message)
                    .help("labels carry the state: each needs its own"),
            );
        }
    }
}

/// Checks what an integration must pass.
pub(super) fn validated(
    config: &Config,
    contracts: &Contracts<'_>,
    reader: &mut Reader,
) -> Option<Callback> {
    let block = config.integration.as_ref()?.validate.as_ref()?;
    let index = Index::new(config);
    let workflows = Workflows::new(contracts);
    let name = Some(block.name.get().clone());
    let mut calls = Calls::new(config, &index, &workflows);
    let callback = calls.call(Purpose::Validate, name, block.common(), reader)?;
    harmless(block, &callback, reader);
    Some(callback)
}

/// It runs what the upstream wrote.
fn harmless(block: &ValidateBlock, callback: &Callback, reader: &mut Reader) {
    let mut finding = |key: &str, message: &str| {
        let finding = Finding::new(&rules::INTEGRATION_VALIDATE, block.at.key(key), message);
        reader.report(
            finding.help("it runs what the upstream wrote: give it `contents: read` and no secret"),
        );
    };
    if callback.secrets != PassedSecrets::None {
        finding("secrets", "what an integration must pass gets no secrets");
    }
    let reads = |(scope, access): (&&str, &Access)| {
        *access == Access::None || (*scope == "contents" && *access == Access::Read)
    };
    if !callback.permissions.0.iter().all(reads) {
        finding(
            "workflow",
            "what an integration must pass may only read the repository's contents",
        );
    }
}

/// Fills in the defaults.
pub(super) fn lower(config: &Config, validate: Option<Callback>) -> Option<Integration> {
    let block = config.integration.as_ref()?;
    let monitor = block.monitor.get();
    Some(Integration {
        upstream: block.upstream.get()?.clone(),
        upstream_branch: block.upstream_branch.get().clone(),
        mirror: block.mirror_branch.get().clone(),
        branch: block.integration_branch.get().clone(),
        validate,
        sync_schedule: block.sync_schedule.get().clone(),
        monitor: Monitor {
            schedule: monitor.schedule.get().clone(),
            stale_after: *monitor.stale_after.get(),
            auto_trigger: *monitor.auto_trigger.get(),
            retry: *monitor.retry.get(),
            max_retries: u8::try_from(monitor.max_retries.get().get()).unwrap_or(u8::MAX),
            report: *monitor.report.get(),
        },
        labels: Labels::new(block.labels.get()),
        token: match &block.token {
            Some(token) => Credential::Secret(token.0.clone()),
            None => lower::state_token(config)?,
        },
        upstream_workflows: *block.upstream_workflows.get(),
    })
}
