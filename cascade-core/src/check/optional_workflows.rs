//! Rules of releases and of optional workflows.

use super::callbacks::Index;
use crate::finding::{Finding, rules};
use crate::manifest::draft::Leaf;
use crate::manifest::draft::Reader;
use crate::manifest::{Config, Reference, ReleaseBuildBlock, TargetMode, TelemetryAdapter};
use crate::pipeline::CallbackKind;

pub(super) fn check(config: &Config, index: &Index<'_>, reader: &mut Reader) {
    rollback(config, reader);
    if let Some(release) = &config.release_build {
        release_build(config, release, index, reader);
    }
    telemetry(config, reader);
    deploy_targets(config, reader);
    changelog(config, reader);
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
            "a signal without `types` never comes",
        );
        reader.report(finding.help("write `types: [rollback-requested]`"));
    }
    if config.environments.len() < 2 {
        let message = "there is no rollback with fewer than two environments";
        let help = "the first environment is undone by a revert on trunk; add an environment, or remove the signal";
        reader.report(
            Finding::new(&rules::ROLLBACK_SIGNAL, dispatch.at.as_key(), message).help(help),
        );
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
        let message = format!("`{key}` of a release that is disabled");
        reader.report(
            Finding::new(&rules::RELEASE_BUILD, at.key(key).as_key(), message)
                .help("remove it, or `disabled`"),
        );
    }
    if let Some(workflow) = &release.workflow {
        let file = workflow.strip_prefix("./").unwrap_or(workflow);
        let name = file.strip_prefix(".github/workflows/").unwrap_or(file);
        let good = !name.contains('/') && (name.ends_with(".yaml") || name.ends_with(".yml"));
        if !good {
            let message = format!("`{workflow}` is not a workflow that can be dispatched");
            let help =
                "name a file of this repository's `.github/workflows` with `on: workflow_dispatch`";
            reader.report(
                Finding::new(&rules::RELEASE_BUILD, at.key("workflow"), message).help(help),
            );
        }
    }
    let Some(tag) = &release.tag else { return };
    let here = at.key("tag");
    let spelled = if tag.contains(".outputs.") {
        tag.clone()
    } else {
        tag.replacen('.', ".outputs.", 1)
    };
    match Reference::parse(&spelled) {
        Ok(Reference::Output { callback, .. }) => {
            let found = index.find(&callback, &config.at);
            if found.is_none_or(|entry| entry.kind != CallbackKind::Build) {
                let message = format!("no build is named `{callback}`");
                reader.report(
                    Finding::new(&rules::RELEASE_TAG, here, message)
                        .help("write `build.output`, the output that names the tag"),
                );
            }
        }
        _ => {
            let message = format!("`{tag}` is not an output of a build");
            reader.report(
                Finding::new(&rules::RELEASE_TAG, here, message)
                    .help("write `build.output`, the output that names the tag"),
            );
        }
    }
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
            "the webhook adapter needs `webhook`",
        );
        reader.report(finding.help("write `webhook: { url: https://..., secret_name: NAME }`"));
    }
    if !wants && telemetry.webhook.is_some() && reader.is_known(&at.key("adapter")) {
        let finding = Finding::new(
            &rules::OPTIONAL_WORKFLOW,
            at.key("webhook").as_key(),
            "`webhook` belongs to `adapter: webhook`",
        );
        reader.report(finding.help("write `adapter: webhook`, or remove it"));
    }
}

fn deploy_targets(config: &Config, reader: &mut Reader) {
    for target in config
        .deploys
        .iter()
        .filter_map(|deploy| deploy.deploy_target.as_ref())
    {
        let at = &target.at;
        match target.mode.get() {
            Some(TargetMode::Gitops) => {
                for (key, given) in [
                    ("path", target.path.is_some()),
                    ("field", target.field.is_some()),
                ] {
                    if !given && reader.is_known(&at.key(key)) {
                        let finding = Finding::new(
                            &rules::OPTIONAL_WORKFLOW,
                            at.key("mode"),
                            format!("`mode: gitops` needs `{key}`"),
                        );
                        reader.report(
                            finding.help("name the file that is written, and the field in it"),
                        );
                    }
                }
            }
            Some(TargetMode::Dispatch) => {
                let extra = [
                    ("path", target.path.is_some()),
                    ("field", target.field.is_some()),
                    ("value", target.value.is_some()),
                ];
                if let Some((key, _)) = extra.iter().find(|(_, given)| *given) {
                    let finding = Finding::new(
                        &rules::OPTIONAL_WORKFLOW,
                        at.key(key).as_key(),
                        format!("`{key}` belongs to `mode: gitops`"),
                    );
                    reader.report(finding.help("write `mode: gitops`, or remove it"));
                }
            }
            None => {}
        }
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
            "`workflow` of a changelog that is disabled",
        );
        reader.report(finding.help("remove it, or `disabled`"));
    }
}
