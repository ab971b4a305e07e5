//! Rules of GitHub Enterprise Server: what is lost on it, and what cannot work there.

use crate::finding::message::Setting;
use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{CliSource, Config};
use crate::message;
use crate::pipeline::{Feature, Platform};

/// The actions of which a server needs version 3.
const ARTIFACT_ACTIONS: [&str; 2] = ["actions/download-artifact", "actions/upload-artifact"];

/// The platform that a configuration names.
pub(super) fn lower(config: &Config) -> Platform {
    match &config.platform.get().ghes {
        Some(version) => Platform::Server(version.clone()),
        None => Platform::Cloud,
    }
}

/// Rules of one component; the repository is one, if it has no others.
pub(super) fn check_component(config: &Config, reader: &mut Reader) {
    let platform = lower(config);
    let runs_on = config.at.key("runs_on");
    if !platform.knows(Feature::HostedRunners)
        && let Some(label) = config.runs_on.get().hosted()
    {
        let message = message!(
            "{} is a runner of github.com; a server has only its own",
            value = label
        );
        let help = message!(
            "name your runners in {}, or give one of them this label",
            key = "runs_on"
        );
        reader.report(Finding::new(&rules::SERVER_LACKS, runs_on, message).help(help));
    }
    artifacts(config, &platform, reader);
    companions(config, &platform, reader);
    pages(config, &platform, reader);
}

/// Rules of the whole repository.
pub(super) fn check(config: &Config, reader: &mut Reader) {
    let platform = lower(config);
    let at = config.at.key("platform").key("ghes");
    let mut warn = |feature: Feature, message: Message, help: Message| {
        if !platform.knows(feature) {
            let finding = Finding::new(&rules::SERVER_LACKS, at.clone(), message);
            reader.report(finding.help(help));
        }
    };
    warn(
        Feature::Queue,
        message!(
            "the server does not know {}: of the runs that wait for another one, GitHub keeps the latest",
            value = "queue: max"
        ),
        message!(
            "a promotion, a report or a rollback that was cancelled while it waited says so in its run: start it again"
        ),
    );
    if approves(config) {
        warn(
            Feature::EnvironmentWithoutDeployment,
            message!(
                "the server does not know {}: each approval shows as one more deployment of its environment",
                value = "deployment: false"
            ),
            message!("the deployments that cascade records itself stay as they are"),
        );
    }
}

fn approves(config: &Config) -> bool {
    let mut environments = config.environments.iter();
    environments.any(|environment| environment.gha_environment.is_some())
}

/// Refuses artifact actions that a server refuses.
fn artifacts(config: &Config, platform: &Platform, reader: &mut Reader) {
    if platform.knows(Feature::ArtifactsV4) {
        return;
    }
    let Some(at) = artifacts_of(config) else {
        return;
    };
    let is_pinned = |action: &&str| {
        let pin = config.action_pins.get(*action);
        pin.is_some_and(|pin| is_version_3(pin.as_str()))
    };
    let Some(action) = ARTIFACT_ACTIONS.iter().find(|action| !is_pinned(action)) else {
        return;
    };
    let message = message!(
        "this hands on artifacts, and the server takes them from version 3 of {} alone",
        value = action
    );
    let [download, upload] = ARTIFACT_ACTIONS;
    let help = message!(
        "pin {} and {} under {} to a tag of version 3, such as {}",
        value = download,
        value = upload,
        key = "action_pins",
        value = "v3"
    );
    reader.report(Finding::new(&rules::SERVER_REFUSES, at.as_key(), message).help(help));
}

/// Refuses what reads an artifact of another run, which no version 3 of `actions/download-artifact`
/// can: comments on pull requests, and the adoption of pins.
fn companions(config: &Config, platform: &Platform, reader: &mut Reader) {
    if platform.knows(Feature::ArtifactsV4) {
        return;
    }
    let mut refuse = |at: &KeyPath, help: Message| {
        let message = "this needs the artifact of another run, and the server hands it to none";
        reader.report(Finding::new(&rules::SERVER_REFUSES, at.as_key(), message).help(help));
    };
    for check in [config.drift_check.get(), config.pr_preview.get()] {
        if *check.enabled.get() && *check.comment.get() {
            let help = message!(
                "write {}: the result stays in the summary of the run",
                setting = Setting::new("comment", false)
            );
            refuse(&check.at, help);
        }
    }
    let reconcile = config.reconcile.get();
    if *reconcile.enabled.get() {
        refuse(
            &reconcile.at,
            message!(
                "remove it, and take bumps with {}",
                value = "cascade reconcile"
            ),
        );
    }
}

/// Refuses pages: `actions/upload-pages-artifact` hands them over with version 4 of
/// `actions/upload-artifact` inside, which a server does not take.
///
/// Sources: the `action.yml` of `actions/upload-pages-artifact` at version 4; the README of
/// `actions/upload-artifact`, "v4", for servers.
fn pages(config: &Config, platform: &Platform, reader: &mut Reader) {
    let board = config.board.get();
    let published = *board.enabled.get() && *board.pages.get();
    if platform.knows(Feature::ArtifactsV4) || !published {
        return;
    }
    let message = message!(
        "{} hands the page over with version 4 of artifacts, and the server takes none",
        value = "actions/upload-pages-artifact"
    );
    let help = message!(
        "write {}: the page is an artifact of the run then",
        setting = Setting::new("pages", false)
    );
    let at = board.at.key("pages").as_key();
    reader.report(Finding::new(&rules::SERVER_REFUSES, at, message).help(help));
}

/// The first key that makes generated workflows hand on artifacts.
fn artifacts_of(config: &Config) -> Option<KeyPath> {
    let cli = config.cli.as_ref();
    let built = cli.filter(|cli| matches!(cli.source.get(), CliSource::Git | CliSource::Workspace));
    let build = config
        .builds
        .iter()
        .find(|build| !build.artifacts.is_empty());
    let board = config.board.written();
    let board = board.filter(|board| *board.enabled.get());
    built
        .map(|cli| cli.at.key("source"))
        .or_else(|| build.map(|build| build.at.key("artifacts")))
        .or_else(|| board.map(|board| board.at.key("enabled")))
}

/// Returns true for a tag of version 3, whole or not.
fn is_version_3(pin: &str) -> bool {
    pin == "v3" || pin.starts_with("v3.")
}
