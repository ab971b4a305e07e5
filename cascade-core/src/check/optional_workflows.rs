//! Rules of releases and of optional workflows.

use super::callbacks::Index;
use super::lower::state_token;
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Config, Reference, ReleaseBuildBlock, TelemetryAdapter};
use crate::message;
use crate::pipeline::CallbackKind;
use std::str::FromStr;

pub(super) fn check(config: &Config, index: &Index<'_>, reader: &mut Reader) {
    rollback(config, reader);
    if let Some(release) = &config.release_build {
        release_build(config, release, index, reader);
    }
    telemetry(config, reader);
    changelog(config, reader);
    reconcile(config, reader);
}

/// `GITHUB_TOKEN` can never be granted what a change of workflow files needs.
///
/// Source: GitHub, "Permissions required for GitHub Apps", `workflows`, which is no permission of
/// "Workflow syntax", `permissions`.
fn reconcile(config: &Config, reader: &mut Reader) {
    let Some(reconcile) = config.reconcile.written() else {
        return;
    };
    let keys = ["state_token", "state_token_app"];
    let is_known = keys.iter().all(|key| reader.is_known(&config.at.key(key)));
    let suffices = state_token(config).is_none_or(|token| !token.is_github());
    if !*reconcile.enabled.get() || suffices || !is_known {
        return;
    }
    let message = message!(
        "{} may not change workflow files, which {} does",
        value = "GITHUB_TOKEN",
        key = "reconcile"
    );
    let at = reconcile.at.key("enabled");
    let finding = Finding::new(&rules::RECONCILE_TOKEN, at, message);
    reader.report(finding.help(message!(
        "set {} or {}, which may write contents and workflows",
        key = "state_token_app",
        key = "state_token"
    )));
}

fn rollback(config: &Config, reader: &mut Reader) {
    let Some(dispatch) = config
        .rollback
        .as_ref()
        .and_then(|rollback| rollback.repository_dispatch.as_ref())
    else {
        return;
    };
    let types = dispatch.at.key("types");
    if dispatch.types.is_empty() && reader.is_known(&types) {
        let finding = Finding::new(
            &rules::ROLLBACK_SIGNAL,
            dispatch.at.as_key(),
            message!("a signal without {} never comes", key = "types"),
        );
        reader.report(finding.help(message!(
            "write {}",
            setting = Setting::new("types", Sample::list(["rollback-requested"]))
        )));
    }
    if config.environments.len() < 2 {
        let message = "there is no rollback with fewer than two environments";
        let help = "the first environment is undone by a revert on trunk; add an environment, or remove the signal";
        reader
            .report(Finding::new(&rules::UNUSED_SIGNAL, dispatch.at.as_key(), message).help(help));
    }
}

fn release_build(
    config: &Config,
    release: &ReleaseBuildBlock,
    index: &Index<'_>,
    reader: &mut Reader,
) {
    let at = &release.at;
    let disabled = *release.disabled.get();
    let others = [
        ("tag", release.tag.is_some()),
        ("workflow", release.workflow.is_some()),
        ("tag_only", *release.tag_only.get()),
    ];
    if let Some((key, _)) = others.iter().find(|(_, given)| disabled && *given) {
        let message = message!("{} of a release that is disabled", key = key);
        reader.report(
            Finding::new(&rules::RELEASE_BUILD, at.key(key).as_key(), message)
                .help(message!("remove it, or {}", key = "disabled")),
        );
    }
    if let Some(workflow) = &release.workflow {
        let file = workflow.strip_prefix("./").unwrap_or(workflow);
        let name = file.strip_prefix(".github/workflows/").unwrap_or(file);
        let good = !name.contains('/') && (name.ends_with(".yaml") || name.ends_with(".yml"));
        if !good {
            let message = message!(
                "{} is not a workflow that can be dispatched",
                value = workflow
            );
            let help = message!(
                "name a file of this repository's {} with {}",
                value = ".github/workflows",
                value = "on: workflow_dispatch"
            );
            reader.report(
                Finding::new(&rules::RELEASE_BUILD, at.key("workflow"), message).help(help),
            );
        }
    }
    if let Some(tag) = &release.tag {
        release_tag(tag, at.key("tag"), &config.at, index, reader);
    }
}

fn release_tag(tag: &str, at: KeyPath, asking: &KeyPath, index: &Index<'_>, reader: &mut Reader) {
    let spelled = if tag.contains(".outputs.") {
        tag.to_owned()
    } else {
        tag.replacen('.', ".outputs.", 1)
    };
    let message = match Reference::from_str(&spelled) {
        Ok(Reference::Output { callback, .. }) => {
            let found = index.find(&callback, asking);
            if found.is_some_and(|entry| entry.kind == CallbackKind::Build) {
                return;
            }
            message!("no build is named {}", name = callback)
        }
        _ => message!("{} is not an output of a build", value = tag),
    };
    let help = message!(
        "write {}, the output that names the tag",
        value = "build.output"
    );
    reader.report(Finding::new(&rules::RELEASE_TAG, at, message).help(help));
}

fn telemetry(config: &Config, reader: &mut Reader) {
    let Some(telemetry) = config.telemetry.written() else {
        return;
    };
    let wants = *telemetry.adapter.get() == TelemetryAdapter::Webhook;
    let at = &telemetry.at;
    if wants && telemetry.webhook.is_none() && reader.is_known(&at.key("webhook")) {
        let finding = Finding::new(
            &rules::OPTIONAL_WORKFLOW,
            at.key("adapter"),
            message!("the webhook adapter needs {}", key = "webhook"),
        );
        reader.report(finding.help(message!(
            "write {}",
            setting = Setting::new(
                "webhook",
                Sample::map([("url", "https://..."), ("secret_name", "NAME")])
            )
        )));
    }
    if !wants && telemetry.webhook.is_some() && reader.is_known(&at.key("adapter")) {
        let finding = Finding::new(
            &rules::OPTIONAL_WORKFLOW,
            at.key("webhook").as_key(),
            message!(
                "{} belongs to {}",
                key = "webhook",
                setting = Setting::word("adapter", "webhook")
            ),
        );
        reader.report(finding.help(message!(
            "write {}, or remove it",
            setting = Setting::word("adapter", "webhook")
        )));
    }
}

fn changelog(config: &Config, reader: &mut Reader) {
    let Some(changelog) = config.changelog.written() else {
        return;
    };
    if *changelog.disabled.get() && changelog.workflow.is_some() {
        let at = changelog.at.key("workflow").as_key();
        let finding = Finding::new(
            &rules::OPTIONAL_WORKFLOW,
            at,
            message!("{} of a changelog that is disabled", key = "workflow"),
        );
        reader.report(finding.help(message!("remove it, or {}", key = "disabled")));
    }
}
