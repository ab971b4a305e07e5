//! Rules of what concerns the whole repository.

use super::platform;
use crate::finding::message::Setting;
use crate::finding::{Finding, Message, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    Config, DispatchInputBlock, GitMode, InputKind, InputName, RunActivity, SCHEMA_VERSION,
};
use crate::message;
use crate::scalar::Scalar;
use std::str::FromStr;

/// Names of dispatch inputs that the generated workflows themselves have.
const RESERVED_INPUTS: &[&str] = &["environment", "dry_run"];
/// Actions that generated workflows use.
pub(crate) const ACTIONS: &[&str] = &[
    "actions/checkout",
    "actions/create-github-app-token",
    "actions/download-artifact",
    "actions/upload-artifact",
];

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let at = &config.at;
    schema_version(config, at, reader);
    pins(config, at, reader);
    tokens(config, at, reader);
    git(config, at, reader);
}

/// Rules of what starts a run; each component has its own.
pub(super) fn check_component(config: &Config, reader: &mut Reader) {
    let deploys = config.at.key("deploys");
    if config.environments.is_empty()
        && !config.deploys.is_empty()
        && reader.is_known(&config.at.key("environments"))
    {
        let finding = Finding::new(
            &rules::DEPLOY_TO_NOWHERE,
            deploys.as_key(),
            "there is no environment to deploy to",
        );
        reader.report(finding.help(message!(
            "add {}, or move what publishes to {}",
            key = "environments",
            key = "publish"
        )));
    }
    dispatch_inputs(config, &config.at, reader);
    extra_triggers(config, &config.at, reader);
}

fn schema_version(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let at = at.key("schema_version");
    match config.schema_version.written().map(|version| version.get()) {
        None | Some(0) if reader.is_known(&at) => {
            let finding = Finding::new(
                &rules::NO_SCHEMA_VERSION,
                at,
                "the manifest does not say its schema version",
            );
            reader.report(finding.help(message!(
                "add {}",
                setting = Setting::new("schema_version", SCHEMA_VERSION)
            )));
        }
        Some(version) if version > SCHEMA_VERSION => {
            let message = message!(
                "schema version {} needs a newer cascade; this one reads {}",
                text = version,
                text = SCHEMA_VERSION
            );
            reader.report(Finding::new(&rules::SCHEMA_VERSION, at, message).help("update cascade"));
        }
        Some(version) if version < 0 => {
            let message = message!(
                "a schema version is never negative, found {}",
                text = version
            );
            let help = message!(
                "write {}",
                setting = Setting::new("schema_version", SCHEMA_VERSION)
            );
            reader.report(Finding::new(&rules::SCHEMA_VERSION, at, message).help(help));
        }
        _ => {}
    }
}

fn pins(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let at = at.key("action_pins");
    for (action, pin) in &config.action_pins {
        let here = at.key(action);
        if !ACTIONS.contains(&action.as_str()) {
            let help = suggest::among(action, ACTIONS.iter().copied(), "the actions are");
            let message = message!("generated workflows do not use {}", value = action);
            reader.report(Finding::new(&rules::UNUSED_PIN, here.as_key(), message).help(help));
        } else if pin.reference().contains('/') && !pin.reference().starts_with("refs/") {
            let message = message!(
                "{} would replace {} by another action",
                value = pin,
                value = action
            );
            reader.report(
                Finding::new(&rules::ACTION_PIN, here, message)
                    .help("write a commit or a tag of the same action"),
            );
        }
    }
}

fn tokens(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let pairs = [
        (
            "release_token",
            config.release_token.is_some(),
            config.release_token_app.is_some(),
        ),
        (
            "state_token",
            config.state_token.is_some(),
            config.state_token_app.is_some(),
        ),
    ];
    for (key, token, app) in pairs {
        if token && app {
            let message = message!(
                "{} and {} are two sources of one token",
                key = key,
                key = format_args!("{key}_app")
            );
            let here = at.key(&format!("{key}_app")).as_key();
            reader.report(
                Finding::new(&rules::TWO_TOKENS, here, message)
                    .help("keep the App, whose tokens expire by themselves")
                    .related(at.key(key).as_key(), "the other source"),
            );
        }
    }
}

fn git(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let Some(git) = config.git.written() else {
        return;
    };
    let at = at.key("git");
    let mode = *git.mode.get();
    let given = [
        ("user_name", git.user_name.is_some()),
        ("user_email", git.user_email.is_some()),
        ("gpg_key_id", git.gpg_key_id.is_some()),
        ("gpg_key_secret", git.gpg_key_secret.is_some()),
    ];
    if mode == GitMode::Custom {
        for (key, present) in &given[..2] {
            if !present && reader.is_known(&at.key(key)) {
                let finding = Finding::new(
                    &rules::GIT_IDENTITY,
                    at.key("mode"),
                    message!(
                        "{} needs {}",
                        setting = Setting::word("mode", "custom"),
                        key = key
                    ),
                );
                reader.report(finding.help("a commit names its author and an address"));
            }
        }
    } else if let Some((key, _)) = given.iter().find(|(_, present)| *present) {
        let message = message!(
            "{} belongs to {}, and the mode is {}",
            key = key,
            setting = Setting::word("mode", "custom"),
            value = mode
        );
        reader.report(
            Finding::new(&rules::GIT_IDENTITY, at.key(key).as_key(), message).help(message!(
                "write {}, or remove it",
                setting = Setting::word("mode", "custom")
            )),
        );
    }
    if git.gpg_key_id.is_some() && git.gpg_key_secret.is_none() {
        let message = message!("{} needs {}", key = "gpg_key_id", key = "gpg_key_secret");
        reader.report(
            Finding::new(&rules::GIT_IDENTITY, at.key("gpg_key_id").as_key(), message)
                .help("the id names a key, and a secret holds it"),
        );
    }
}

fn dispatch_inputs(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let at = at.key("dispatch_inputs");
    let total = config.dispatch_inputs.len() + 1;
    let most = platform::lower(config).dispatch_inputs();
    if total > most {
        let message = message!(
            "GitHub takes {} dispatch inputs, and with {} these are {}",
            text = most,
            value = "dry_run",
            text = total
        );
        let help = "group settings into one input, or move them to variables of the repository";
        reader.report(
            Finding::new(&rules::TOO_MANY_DISPATCH_INPUTS, at.as_key(), message).help(help),
        );
    }
    for (name, input) in &config.dispatch_inputs {
        let here = at.key(name);
        if RESERVED_INPUTS
            .iter()
            .any(|reserved| reserved.eq_ignore_ascii_case(name))
        {
            let message = message!("{} is an input that cascade itself defines", name = name);
            reader.report(
                Finding::new(&rules::RESERVED_NAME, here.as_key(), message)
                    .help("choose another name"),
            );
        } else if let Err(problem) = InputName::from_str(name) {
            reader.report(problem.at(here.as_key()));
        }
        dispatch_input(input, &here, reader);
    }
}

fn dispatch_input(input: &DispatchInputBlock, at: &KeyPath, reader: &mut Reader) {
    let kind = *input.r#type.get();
    let options = at.key("options");
    if kind == InputKind::Choice && input.options.is_empty() && reader.is_known(&options) {
        let finding = Finding::new(
            &rules::DISPATCH_INPUT,
            at.key("type"),
            message!("a choice needs {}", key = "options"),
        );
        reader.report(finding.help("list the words, the default among them"));
    }
    if kind != InputKind::Choice && !input.options.is_empty() {
        let message = message!(
            "{} belong to {}, and the type is {}",
            key = "options",
            setting = Setting::word("type", "choice"),
            value = kind
        );
        reader.report(
            Finding::new(&rules::DISPATCH_INPUT, options.as_key(), message).help(message!(
                "write {}",
                setting = Setting::word("type", "choice")
            )),
        );
    }
    let Some(default) = &input.default else {
        return;
    };
    let fits = match kind {
        InputKind::String | InputKind::Environment => true,
        InputKind::Boolean => matches!(default, Scalar::Bool(_)),
        InputKind::Number => matches!(default, Scalar::Int(_) | Scalar::Float(_)),
        InputKind::Choice => input.options.is_empty() || input.options.contains(&default.text()),
    };
    if !fits {
        let text = default.text();
        let (message, help) = match kind {
            InputKind::Choice => (
                message!("the default {} is not an option", value = text),
                message!("the options are {}", text = input.options.join(", ")),
            ),
            _ => (
                message!("the default {} is no {}", value = text, text = kind),
                message!("write a {}, or change {}", text = kind, key = "type"),
            ),
        };
        reader.report(Finding::new(&rules::DISPATCH_INPUT, at.key("default"), message).help(help));
    }
}

fn extra_triggers(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let Some(extra) = config.extra_triggers.written() else {
        return;
    };
    let at = at.key("extra_triggers");
    let mut never = |path: KeyPath, why: Message, help: Message| {
        if reader.is_known(&path) {
            let message = message!("this trigger never fires: {}", part = why);
            let finding = Finding::new(&rules::EMPTY_TRIGGER, path.as_key(), message);
            reader.report(finding.help(help));
        }
    };
    let name_one = || "name at least one, or remove the trigger".into();
    if let Some(dispatch) = &extra.repository_dispatch
        && dispatch.types.is_empty()
    {
        let types = at.key("repository_dispatch").key("types");
        never(types, "it names no type".into(), name_one());
    }
    let Some(run) = &extra.workflow_run else {
        return;
    };
    let at = at.key("workflow_run");
    if run.workflows.is_empty() {
        never(
            at.key("workflows"),
            "it names no workflow".into(),
            name_one(),
        );
    }
    if !run.types.is_empty() && !run.types.contains(&RunActivity::Completed) {
        let why = message!(
            "only a run that is {} can have succeeded",
            value = "completed"
        );
        never(
            at.key("types"),
            why,
            message!("add {}, or remove {}", value = "completed", key = "types"),
        );
    }
}
