//! Rules of the upkeep of a fork.

use super::callbacks::Index;
use super::calls::{Calls, Purpose};
use super::contracts::Workflows;
use super::lower;
use crate::contract::Contracts;
use crate::finding::message::Setting;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Access, Config, Declared, IntegrationBlock, Name};
use crate::message;
use crate::pipeline::{Callback, Credential, Integration, Labels, Monitor};
use std::collections::HashMap;
use std::str::FromStr;

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
    if let Some(after) = monitor.stale_after.written()
        && after.seconds() < 3600
    {
        let message = message!(
            "{} is at least 1h, found {}",
            key = "stale_after",
            text = after
        );
        let at = monitor.at.key("stale_after");
        reader.report(
            Finding::new(&rules::INTEGRATION_MONITOR, at, message)
                .help("a person needs time to act before somebody is told"),
        );
    }
}

fn branches(config: &Config, integration: &IntegrationBlock, reader: &mut Reader) {
    let at = &integration.at;
    let mut taken: HashMap<&str, (&str, Option<KeyPath>)> = HashMap::new();
    if let Some(trunk) = config.trunk_branch.get() {
        let key = "trunk_branch";
        taken.insert(trunk.as_str(), (key, Some(config.at.key(key))));
    }
    let branches = [
        ("mirror_branch", &integration.mirror_branch),
        ("integration_branch", &integration.integration_branch),
    ];
    for (key, given) in branches {
        let branch = given.get().as_str();
        if let Some((other, written)) = taken.get(branch) {
            let message = message!(
                "{} and {} are both {}",
                key = key,
                key = other,
                value = branch
            );
            let here = place(at, key, key == "mirror_branch" && !given.is_written());
            let mut finding = Finding::new(&rules::INTEGRATION_BRANCHES, here, message)
                .help("mirror, integration and trunk are three branches");
            if let Some(written) = written {
                finding = finding.related(written.clone(), "the other branch");
            }
            reader.report(finding);
        }
        taken.insert(branch, (key, given.is_written().then(|| at.key(key))));
    }
}

fn place(at: &KeyPath, key: &str, defaulted: bool) -> KeyPath {
    if defaulted { at.as_key() } else { at.key(key) }
}

fn labels(integration: &IntegrationBlock, reader: &mut Reader) {
    let labels = integration.labels.get();
    let mut taken: HashMap<String, (&str, bool)> = HashMap::new();
    for (key, label) in labels.each() {
        let (at, is_written) = (labels.at.key(key), label.is_written());
        let label = label.get();
        let good = !label.trim().is_empty()
            && label.chars().count() <= MAX_LABEL
            && !label.contains([',', '\n']);
        if is_written && !good {
            let message = message!("{} cannot be a label", value = label);
            let help = message!("use 1 to {} characters, no comma", text = MAX_LABEL);
            reader.report(Finding::new(&rules::INTEGRATION_LABELS, at.clone(), message).help(help));
        }
        if let Some((other, other_is_written)) =
            taken.insert(label.to_lowercase(), (key, is_written))
        {
            let message = message!(
                "{} and {} are both the label {}",
                key = key,
                key = other,
                value = label
            );
            let other = labels.at.key(other);
            let here = if is_written { at } else { other.clone() };
            let mut finding = Finding::new(&rules::INTEGRATION_LABELS, here, message)
                .help("labels carry the state: each needs its own");
            if is_written && other_is_written {
                finding = finding.related(other, "the other label");
            }
            reader.report(finding);
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
    let name = Name::from_str("validate").ok();
    let mut calls = Calls::new(config, &index, &workflows);
    let callback = calls.call(Purpose::Validate, name, block.common(), reader)?;
    harmless(&block.at, &callback, reader);
    Some(callback)
}

/// Checks that the callback only reads, since it runs what the upstream wrote.
fn harmless(at: &KeyPath, callback: &Callback, reader: &mut Reader) {
    let reads = |(scope, access): (&&str, &Access)| {
        *access == Access::None || (*scope == "contents" && *access == Access::Read)
    };
    if callback.permissions.0.iter().all(reads) {
        return;
    }
    let message = "what an integration must pass may only read the repository's contents";
    let finding = Finding::new(&rules::INTEGRATION_VALIDATE, at.key("workflow"), message);
    reader.report(finding.help(message!(
        "it runs what the upstream wrote: let its jobs ask for {} at most",
        setting = Setting::permission("contents", "read")
    )));
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
