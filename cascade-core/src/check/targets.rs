//! Rules of repositories that are the targets of deployments.

use super::{lower, strategies};
use crate::finding::message::Setting;
use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    Config, Declared, DeployBlock, DeployTargetBlock, Repository, TargetMode, TimeSpan,
};
use crate::message;
use crate::pipeline::Credential;

/// The longest wait for a pull request: a hosted runner works six hours, and a job needs a margin.
const LONGEST: TimeSpan = TimeSpan::from_seconds(5 * 3600);
/// The same with the token of an App, which lasts an hour.
///
/// Source: GitHub, "Generating an installation access token for a GitHub App".
const LONGEST_WITH_APP: TimeSpan = TimeSpan::from_seconds(55 * 60);
/// Folders of branches that hotfixes use: `env/<environment>` and `hotfix/<environment>/<commit>`.
const HOTFIXES: [&str; 2] = ["env/", "hotfix/"];

/// Returns true if a deploy calls no workflow of this repository.
pub(super) fn is_silent(deploy: &DeployBlock) -> bool {
    let target = deploy.deploy_target.as_ref();
    match target.and_then(|target| target.mode.get()) {
        Some(TargetMode::Dispatch) => true,
        Some(TargetMode::Gitops) => deploy.workflow.is_none(),
        None => false,
    }
}

/// Returns how a deploy reaches its target; where that was not understood, as if the workflow were
/// somewhere else, so that nothing is said of its file.
pub(super) fn mode(deploy: &DeployBlock, reader: &Reader) -> Option<TargetMode> {
    match &deploy.deploy_target {
        Some(target) => Some(target.mode.get().copied().unwrap_or(TargetMode::Dispatch)),
        None if reader.is_known(&deploy.at.key("deploy_target")) => None,
        None => Some(TargetMode::Dispatch),
    }
}

pub(super) fn check(config: &Config, reader: &mut Reader) {
    for deploy in &config.deploys {
        let Some(target) = &deploy.deploy_target else {
            workflow(deploy, reader);
            continue;
        };
        match target.mode.get() {
            Some(TargetMode::Gitops) => gitops(config, target, reader),
            Some(TargetMode::Dispatch) => dispatch(deploy, target, reader),
            None => continue,
        }
        rollout(deploy, target, reader);
        uncalled(deploy, reader);
        token(target, reader);
    }
}

/// Without a target, a workflow deploys.
fn workflow(deploy: &DeployBlock, reader: &mut Reader) {
    if deploy.workflow.is_none() && reader.is_known(&deploy.at.key("deploy_target")) {
        reader.missing(&deploy.at.key("workflow"));
    }
}

fn gitops(config: &Config, target: &DeployTargetBlock, reader: &mut Reader) {
    let at = &target.at;
    for (key, given) in [
        ("path", target.path.is_some()),
        ("field", target.field.is_some()),
    ] {
        if !given && reader.is_known(&at.key(key)) {
            let message = message!(
                "{} needs {}",
                setting = Setting::word("mode", "gitops"),
                key = key
            );
            let finding = Finding::new(&rules::OPTIONAL_WORKFLOW, at.key("mode"), message);
            reader.report(finding.help("name the file that is written, and the field in it"));
        }
    }
    let timeout = target.timeout.get();
    let awaited = *target.pull_request.get() || !reader.is_known(&at.key("pull_request"));
    if target.timeout.is_written() && !awaited {
        let message = message!("nothing is waited for without {}", key = "pull_request");
        let help = message!(
            "write {}, or remove it",
            setting = Setting::new("pull_request", true)
        );
        refuse(at.key("timeout").as_key(), message, help, reader);
    } else if *timeout > longest(config, target) {
        let message = message!(
            "a job cannot wait {}; at most {}",
            text = timeout,
            text = longest(config, target)
        );
        let help = message!(
            "wait for less; with {} in place of an App, at most {}",
            key = "token",
            text = LONGEST
        );
        refuse(at.key("timeout"), message, help, reader);
    }
    own_branches(config, target, reader);
    shared(config, target, reader);
}

/// Returns how long a job can wait with the token of a target.
fn longest(config: &Config, target: &DeployTargetBlock) -> TimeSpan {
    let own = lower::credential(target.token.as_ref(), target.token_app.as_ref());
    let default = || lower::state_token(config).filter(|_| target.repo.is_none());
    match own.or_else(default) {
        Some(Credential::App { .. }) => LONGEST_WITH_APP,
        _ => LONGEST,
    }
}

/// In this repository a deployment may write neither what is deployed nor what hotfixes use.
fn own_branches(config: &Config, target: &DeployTargetBlock, reader: &mut Reader) {
    let at = &target.at;
    let (Some(trunk), None) = (config.trunk_branch.get(), &target.repo) else {
        return;
    };
    if !reader.is_known(&at.key("repo")) || !reader.is_known(&at.key("branch")) {
        return;
    }
    let help = message!(
        "name another branch, or another repository in {}",
        key = "repo"
    );
    let Some(branch) = &target.branch else {
        let message = "a deployment that changes the trunk would have to be deployed, too";
        return refuse(at.key("mode"), message, help, reader);
    };
    let names = config.environments.iter();
    let names = names.filter_map(|environment| environment.name.get());
    for name in names {
        let branch = branch.of(name.as_str());
        let message = if branch == trunk.as_str() {
            message!(
                "{} is the trunk: a deployment that changes it would have to be deployed, too",
                value = branch
            )
        } else if let Some(folder) = HOTFIXES.iter().find(|each| branch.starts_with(**each)) {
            message!("hotfixes use the branches below {}", value = folder)
        } else {
            continue;
        };
        return refuse(at.key("branch"), message, help, reader);
    }
}

/// Warns where one environment would write over what another one has.
fn shared(config: &Config, target: &DeployTargetBlock, reader: &mut Reader) {
    let (Some(path), Some(field)) = (&target.path, &target.field) else {
        return;
    };
    let branch = target.branch.as_ref();
    let differs = path.differs() || field.differs() || branch.is_some_and(|name| name.differs());
    if config.environments.len() < 2 || differs || !reader.is_known(&target.at.key("branch")) {
        return;
    }
    let message = message!(
        "every environment writes {} of {}",
        value = field.as_str(),
        value = path.as_str()
    );
    let help = message!(
        "write {} where the environments differ, in {}, {} or {}",
        value = "{environment}",
        key = "path",
        key = "field",
        key = "branch"
    );
    let at = target.at.key("path");
    reader.report(Finding::new(&rules::SHARED_TARGET, at, message).help(help));
}

fn dispatch(deploy: &DeployBlock, target: &DeployTargetBlock, reader: &mut Reader) {
    let at = &target.at;
    let others = [
        ("path", target.path.is_some()),
        ("field", target.field.is_some()),
        ("value", target.value.is_written()),
        ("track_sha", target.track_sha.is_written()),
        ("pull_request", target.pull_request.is_written()),
        ("timeout", target.timeout.is_written()),
    ];
    if let Some((key, _)) = others.iter().find(|(_, given)| *given) {
        let message = message!(
            "{} belongs to {}",
            key = key,
            setting = Setting::word("mode", "gitops")
        );
        let finding = Finding::new(&rules::OPTIONAL_WORKFLOW, at.key(key).as_key(), message);
        reader.report(finding.help(message!(
            "write {}, or remove it",
            setting = Setting::word("mode", "gitops")
        )));
    }
    let place = deploy.at.key("workflow");
    match &deploy.workflow {
        None => reader.missing(&place),
        Some(workflow) if workflow.local().is_none() => {
            let message = message!("{} is called, not dispatched", value = workflow);
            let help = message!(
                "write its path, such as {}, and the repository in {}",
                value = ".github/workflows/deploy.yaml",
                key = "deploy_target.repo"
            );
            refuse(place, message, help, reader);
        }
        Some(_) => {}
    }
}

/// A target has no part that only some users reach.
fn rollout(deploy: &DeployBlock, target: &DeployTargetBlock, reader: &mut Reader) {
    if strategies::is_staged(deploy) {
        let message = "a target is changed at once, so it has no strategy";
        let help = "remove the strategy, or let a workflow deploy";
        refuse(target.at.as_key(), message, help, reader);
    }
}

/// Reports what belongs to a call where nothing is called.
fn uncalled(deploy: &DeployBlock, reader: &mut Reader) {
    if !is_silent(deploy) {
        return;
    }
    let common = deploy.common();
    let dispatched = matches!(&deploy.deploy_target, Some(target) if target.mode.get() == Some(&TargetMode::Dispatch));
    let inputs = !dispatched && reader.is_known(&deploy.at.key("workflow"));
    let keys = [
        ("secrets", common.secrets.is_some()),
        ("permissions", common.permissions.is_some()),
        ("state_tags", !common.state_tags.is_empty()),
        ("auto_commits", deploy.auto_commits.is_written()),
        ("artifact_upload", common.artifact_upload.is_some()),
        ("inputs", inputs && !common.inputs.is_empty()),
        ("env_inputs", inputs && !common.env_inputs.is_empty()),
    ];
    for (key, _) in keys.iter().filter(|(_, given)| *given) {
        let message = message!("{} belongs to a workflow that is called", key = key);
        let help = "remove it: cascade itself changes the target";
        refuse(deploy.at.key(key).as_key(), message, help, reader);
    }
}

fn token(target: &DeployTargetBlock, reader: &mut Reader) {
    let at = &target.at;
    if target.token.is_some() && target.token_app.is_some() {
        let message = message!(
            "{} and {} are two sources of one token",
            key = "token",
            key = "token_app"
        );
        let finding = Finding::new(&rules::TWO_TOKENS, at.key("token_app").as_key(), message);
        reader.report(finding.help("keep the App, whose tokens expire by themselves"));
    }
    let elsewhere: Option<&Repository> = target.repo.as_ref();
    let token = lower::credential(target.token.as_ref(), None);
    if let (Some(repository), Some(token)) = (elsewhere, token)
        && token.is_github()
    {
        let message = message!(
            "{} reaches this repository alone, not {}",
            value = "GITHUB_TOKEN",
            value = repository
        );
        let finding = Finding::new(&rules::TARGET_TOKEN, at.key("token"), message);
        reader.report(finding.help(message!(
            "name a secret with a token for {}, or an App in {}",
            value = repository,
            key = "token_app"
        )));
    }
}

fn refuse(at: KeyPath, message: impl Into<Message>, help: impl Into<Message>, reader: &mut Reader) {
    reader.report(Finding::new(&rules::DEPLOY_TARGET, at, message).help(help));
}
