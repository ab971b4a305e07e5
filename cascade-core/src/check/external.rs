//! Rules of other repositories.

use super::{environments, lower};
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    Cadence, Config, ExternalBlock, ExternalDeployBlock, ExternalMode, Name, NotifyBlock,
    SecretName, Source,
};
use crate::message;
use crate::protocol::job::comparable;
use std::collections::HashMap;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    for entry in &config.external {
        match mode(entry) {
            ExternalMode::Push => push(config, entry, reader),
            ExternalMode::Pull => pull(config, entry, reader),
        }
        for deploy in &entry.deploys {
            on_update(deploy, reader);
        }
    }
    names(config, reader);
    notify(config, reader);
}

pub(super) fn mode(entry: &ExternalBlock) -> ExternalMode {
    *entry.mode.get()
}

/// The name that a pulled version is recorded under when the entry has no deploys.
pub(super) fn entry_name(entry: &ExternalBlock) -> Option<String> {
    entry
        .name
        .as_ref()
        .map(|name| name.as_str().to_owned())
        .or_else(|| Some(entry.repo.get()?.name().replace('.', "-")))
}

/// Every name under which an external version is recorded.
pub(super) fn external_names(config: &Config) -> Vec<String> {
    let names = config.external.iter().flat_map(|entry| {
        let deploys: Vec<String> = entry
            .deploys
            .iter()
            .filter_map(|deploy| deploy.name.get().map(Name::to_string))
            .collect();
        if deploys.is_empty() {
            entry_name(entry).into_iter().collect()
        } else {
            deploys
        }
    });
    names.collect()
}

fn push(config: &Config, entry: &ExternalBlock, reader: &mut Reader) {
    let at = &entry.at;
    for (index, name) in entry.environments.iter().enumerate() {
        environments::known(config, name, &at.key("environments").index(index), reader);
    }
    if entry.deploys.is_empty() && reader.is_known(&at.key("deploys")) {
        let finding = Finding::new(
            &rules::EXTERNAL_DEPLOYS,
            at.key("repo"),
            message!("a repository that pushes needs {}", key = "deploys"),
        );
        reader.report(finding.help(message!(
            "name what it deploys, or write {} to ask it for versions",
            setting = Setting::word("mode", "pull")
        )));
        // Without a mode, the keys of the other one only say so again.
        if !entry.mode.is_written() {
            return;
        }
    }
    let keys = [
        ("source", entry.source.is_written()),
        ("version", entry.version.is_some()),
        ("tag_prefix", entry.tag_prefix.is_written()),
        ("branch", entry.branch.is_some()),
        ("cadence", entry.cadence.is_written()),
        ("schedule", entry.schedule.is_written()),
        ("read_token", entry.read_token.is_some()),
        ("private", entry.private.is_written()),
        ("environment", entry.environment.is_some()),
        ("name", entry.name.is_some()),
    ];
    other_direction(at, &keys, ExternalMode::Pull, reader);
    if entry.token.is_some() {
        let finding = Finding::new(
            &rules::EXTERNAL_MODE,
            at.key("token").as_key(),
            "a push entry holds no token",
        );
        reader.report(finding.help(message!(
            "the other repository holds the one that dispatches: see {} there",
            key = "notify.token"
        )));
    }
}

fn other_direction(at: &KeyPath, keys: &[(&str, bool)], owner: ExternalMode, reader: &mut Reader) {
    for (key, _) in keys.iter().filter(|(_, given)| *given) {
        let message = message!(
            "{} belongs to {}",
            key = key,
            setting = Setting::word("mode", owner)
        );
        reader.report(
            Finding::new(&rules::EXTERNAL_MODE, at.key(key).as_key(), message).help(message!(
                "write {}, or remove it",
                setting = Setting::word("mode", owner)
            )),
        );
    }
}

fn pull(config: &Config, entry: &ExternalBlock, reader: &mut Reader) {
    let at = &entry.at;
    other_direction(
        at,
        &[
            ("verify_source", entry.verify_source.is_written()),
            ("environments", !entry.environments.is_empty()),
        ],
        ExternalMode::Push,
        reader,
    );
    let source = *entry.source.get();
    let mut belongs = |key: &str, given: bool, owner: Source| {
        if given && source != owner {
            let message = message!(
                "{} applies to {} only",
                key = key,
                setting = Setting::word("source", owner)
            );
            let help = message!(
                "write {}, or remove it",
                setting = Setting::word("source", owner)
            );
            reader.report(
                Finding::new(&rules::EXTERNAL_SOURCE, at.key(key).as_key(), message).help(help),
            );
        }
    };
    belongs("version", entry.version.is_some(), Source::Tag);
    belongs("tag_prefix", entry.tag_prefix.is_written(), Source::Tag);
    belongs("branch", entry.branch.is_some(), Source::Commit);
    if entry.schedule.is_written() && *entry.cadence.get() != Cadence::Poll {
        let finding = Finding::new(
            &rules::EXTERNAL_SCHEDULE,
            at.key("schedule").as_key(),
            message!(
                "{} applies to {} only",
                key = "schedule",
                setting = Setting::word("cadence", "poll")
            ),
        );
        reader.report(finding.help(message!(
            "write {}, or remove the schedule: every run resolves the version",
            setting = Setting::word("cadence", "poll")
        )));
    }
    credentials(config, entry, reader);
    if let Some(name) = &entry.environment {
        environments::known(config, name, &at.key("environment"), reader);
    }
}

fn credentials(config: &Config, entry: &ExternalBlock, reader: &mut Reader) {
    let at = &entry.at;
    if entry.token.is_some() {
        let finding = Finding::new(
            &rules::PULL_TOKEN,
            at.key("token").as_key(),
            message!("a pull holds no credential but {}", key = "read_token"),
        );
        reader.report(finding.help(message!(
            "name a secret that can only read under {}",
            key = "read_token"
        )));
    }
    if let Some(token) = &entry.read_token {
        let shared = writers(config).any(|writer| writer == token.as_str());
        if shared {
            let message = message!("{} can write, and a pull only reads", value = token);
            reader.report(
                Finding::new(&rules::PULL_TOKEN, at.key("read_token"), message)
                    .help("name a secret that can only read"),
            );
        }
    }
}

/// The secrets of this pipeline that can do more than read.
fn writers(config: &Config) -> impl Iterator<Item = &str> {
    let tokens = [config.state_token.as_ref(), config.release_token.as_ref()];
    let apps = [
        config.state_token_app.as_ref(),
        config.release_token_app.as_ref(),
    ];
    let keys = apps.into_iter().flatten();
    let keys = keys.filter_map(|app| app.private_key.get()?.secret());
    let notify = config.notify.as_ref().and_then(|it| it.token.written());
    let tokens = tokens.into_iter().flatten().map(|token| token.0.as_str());
    tokens
        .chain(keys.map(SecretName::as_str))
        .chain(notify.map(SecretName::as_str))
        .chain(["GITHUB_TOKEN", "PRIMARY_REPO_TOKEN"])
}

fn on_update(deploy: &ExternalDeployBlock, reader: &mut Reader) {
    let Some(update) = &deploy.on_update else {
        return;
    };
    let at = update.at.key("deploy");
    let workflow = update
        .deploy
        .as_ref()
        .and_then(|deploy| deploy.workflow.as_ref());
    if workflow.is_none() && reader.is_known(&at) && reader.is_known(&at.key("workflow")) {
        let reported = reader
            .findings()
            .iter()
            .any(|finding| finding.at.parent().as_ref() == Some(&at));
        if !reported {
            let at = if update.deploy.is_some() {
                at.as_key()
            } else {
                update.at.as_key()
            };
            let finding = Finding::new(
                &rules::ON_UPDATE,
                at,
                message!("an update that deploys needs a {}", key = "workflow"),
            );
            reader.report(finding.help(message!(
                "write {}, or remove {} to record only",
                setting = Setting::new(
                    "deploy",
                    Sample::map([("workflow", ".github/workflows/deploy.yaml")])
                ),
                key = "on_update"
            )));
        }
    }
}

fn names(config: &Config, reader: &mut Reader) {
    let mut seen: HashMap<String, KeyPath> = HashMap::new();
    for entry in &config.external {
        if mode(entry) == ExternalMode::Pull && entry.deploys.is_empty() {
            let key = if entry.name.is_some() { "name" } else { "repo" };
            unique(entry_name(entry), entry.at.key(key), &mut seen, reader);
        }
        for deploy in &entry.deploys {
            unique(
                deploy.name.get().map(Name::to_string),
                deploy.at.key("name"),
                &mut seen,
                reader,
            );
            shared(config, deploy, reader);
        }
    }
}

/// Checks that no other deploy has the name of a promoted artifact: in the deploy path, names are
/// jobs.
fn shared(config: &Config, deploy: &ExternalDeployBlock, reader: &mut Reader) {
    let Some(name) = deploy.name.get().filter(|_| deploy.workflow.is_some()) else {
        return;
    };
    let same = |other: &Name| comparable(other.as_str()) == comparable(name.as_str());
    let mut deploys = config.deploys.iter();
    if let Some(own) = deploys.find(|own| own.name.get().is_some_and(same)) {
        let message = message!("{} is a deploy of this repository too", name = name);
        reader.report(
            Finding::new(&rules::EXTERNAL_NAME, deploy.at.key("name"), message)
                .help("both would be deployed by the job of this name: rename one")
                .related(own.at.key("name"), "the deploy of this repository"),
        );
    }
}

fn unique(
    name: Option<String>,
    at: KeyPath,
    seen: &mut HashMap<String, KeyPath>,
    reader: &mut Reader,
) {
    let Some(name) = name else { return };
    let Some(first) = seen.get(&comparable(&name)) else {
        seen.insert(comparable(&name), at);
        return;
    };
    let message = message!("the external name {} is taken", name = name);
    let help = message!(
        "versions are recorded by name: give this one a {} of its own",
        key = "name"
    );
    reader.report(
        Finding::new(&rules::EXTERNAL_NAME, at, message)
            .help(help)
            .related(first.clone(), "the first of this name"),
    );
}

/// Checks that a report has a name, and goes to a file that a repository can dispatch.
fn reported(config: &Config, notify: &NotifyBlock, reader: &mut Reader) {
    let at = notify.at.key("deploy_name");
    if lower::reported_as(config, notify).is_none() && reader.is_known(&at) {
        let message = message!(
            "{} is required without deploys and builds",
            key = "deploy_name"
        );
        reader.report(
            Finding::new(&rules::MISSING_KEY, notify.at.as_key(), message).help(message!(
                "write {}: the name of the deploy in the other repository",
                key = "deploy_name"
            )),
        );
    }
    let workflow = notify.workflow.get();
    let name = lower::file_name(workflow);
    if name.contains('/') || !(name.ends_with(".yaml") || name.ends_with(".yml")) {
        let message = message!(
            "{} is not a workflow that can be dispatched",
            value = workflow
        );
        let help = message!("name a file of its {}", value = ".github/workflows");
        let at = notify.at.key("workflow");
        reader.report(Finding::new(&rules::INVALID_WORKFLOW_REFERENCE, at, message).help(help));
    }
}

fn notify(config: &Config, reader: &mut Reader) {
    if let Some(notify) = &config.notify {
        reported(config, notify, reader);
    }
    let mut entries = config.external.iter();
    let receiver = entries.find(|entry| mode(entry) == ExternalMode::Push);
    if let (Some(_), Some(receiver)) = (&config.notify, receiver) {
        let message = "a repository that receives versions does not report its own";
        let at = config.at.key("notify").as_key();
        let help = message!(
            "remove {}, or pull the versions instead of receiving them",
            key = "notify"
        );
        reader.report(
            Finding::new(&rules::NOTIFY_AND_RECEIVE, at, message)
                .help(help)
                .related(receiver.at.key("repo"), "whose versions are received"),
        );
    }
}
