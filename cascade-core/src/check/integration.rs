//! Rules of the upkeep of a fork.

use super::callbacks::Index;
use super::calls::{Calls, Purpose};
use super::contracts::Workflows;
use super::lower;
use crate::contract::Contracts;
use crate::finding::{Finding, rules};
use crate::manifest::draft::{KeyPath, Leaf, Reader};
use crate::manifest::{
    Access, Branch, Config, Declared, IntegrationBlock, LabelsBlock, MonitorBlock, Name,
    UpstreamWorkflows, ValidateBlock,
};
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

/// The branches that the two are unless the manifest says otherwise.
pub(super) const MIRROR: &str = "fork_upstream";
pub(super) const BRANCH: &str = "fork_integration";

fn branches(config: &Config, integration: &IntegrationBlock, reader: &mut Reader) {
    let at = &integration.at;
    let mut taken: HashMap<&str, &str> = HashMap::new();
    if let Some(trunk) = config.trunk_branch.get() {
        taken.insert(trunk.as_str(), "trunk_branch");
    }
    let (mirror, branch) = (
        integration.mirror_branch.as_ref(),
        integration.integration_branch.as_ref(),
    );
    let branches = [
        ("mirror_branch", mirror, MIRROR),
        ("integration_branch", branch, BRANCH),
    ];
    for (key, given, default) in branches {
        let branch = given.map_or(default, Branch::as_str);
        if let Some(other) = taken.get(branch) {
            let message = format!("`{key}` and `{other}` are both `{branch}`");
            let here = place(at, key, key == "mirror_branch" && given.is_none());
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
    for each in LabelsBlock::each(Some(labels)) {
        let (at, label) = (labels.at.key(each.key), each.name());
        let good = !label.trim().is_empty()
            && label.chars().count() <= MAX_LABEL
            && !label.contains([',', '\n']);
        if each.given.is_some() && !good {
            let finding = Finding::new(
                &rules::INTEGRATION_LABELS,
                at.clone(),
                format!("`{label}` cannot be a label"),
            );
            reader.report(finding.help(format!("use 1 to {MAX_LABEL} characters, no comma")));
        }
        if let Some(other) = taken.insert(label.to_lowercase(), each.key) {
            let message = format!("`{}` and `{other}` are both the label `{label}`", each.key);
            let at = match each.given {
                Some(_) => at,
                None => labels.at.key(other),
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
    let name = block.name.clone().or_else(|| Name::parse("validate").ok());
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
    let monitor = block.monitor.as_ref();
    let flag = |value: fn(&MonitorBlock) -> Option<bool>| monitor.and_then(value).unwrap_or(true);
    let retries = monitor.and_then(|monitor| monitor.max_retries);
    let token = block.token.as_ref();
    Some(Integration {
        upstream: block.upstream.get()?.clone(),
        upstream_branch: or(block.upstream_branch.as_ref(), "main")?,
        mirror: or(block.mirror_branch.as_ref(), MIRROR)?,
        branch: or(block.integration_branch.as_ref(), BRANCH)?,
        validate,
        sync_schedule: or(block.sync_schedule.as_ref(), "0 0 * * *")?,
        monitor: Monitor {
            schedule: or(monitor.and_then(|it| it.schedule.as_ref()), "0 */6 * * *")?,
            stale_after: or(monitor.and_then(|it| it.stale_after.as_ref()), "48h")?,
            auto_trigger: flag(|it| it.auto_trigger),
            retry: flag(|it| it.retry),
            max_retries: retries.map_or(3, |most| u8::try_from(most.get()).unwrap_or(3)),
            report: flag(|it| it.report),
        },
        labels: Labels::new(block.labels.as_ref()),
        token: match token {
            Some(token) => Credential::Secret(token.0.clone()),
            None => lower::state_token(config)?,
        },
        upstream_workflows: block
            .upstream_workflows
            .unwrap_or(UpstreamWorkflows::Exclude),
    })
}

fn or<T: Leaf + Clone>(given: Option<&T>, default: &str) -> Option<T> {
    given.cloned().or_else(|| T::parse(default).ok())
}
