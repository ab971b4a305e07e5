//! Rules of what concerns the whole repository.

use crate::finding::{Finding, rules, suggest};
use crate::manifest::draft::Leaf;
use crate::manifest::draft::{KeyPath, Reader, Scalar};
use crate::manifest::{
    Config, DispatchInputBlock, GitMode, InputKind, InputName, RunActivity, SCHEMA_VERSION,
};

/// Inputs of `workflow_dispatch` that GitHub takes.
///
/// Source: GitHub's workflow syntax, `on.workflow_dispatch.inputs`.
const MAX_DISPATCH_INPUTS: usize = 25;
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
        reader.report(finding.help("add `environments`, or move what publishes to `publish`"));
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
            reader.report(finding.help(format!("add `schema_version: {SCHEMA_VERSION}`")));
        }
        Some(version) if version > SCHEMA_VERSION => {
            let message = format!(
                "schema version {version} needs a newer cascade; this one reads {SCHEMA_VERSION}"
            );
            reader.report(Finding::new(&rules::SCHEMA_VERSION, at, message).help("update cascade"));
        }
        Some(version) if version < 0 => {
            let message = format!("a schema version is never negative, found {version}");
            let help = format!("write `schema_version: {SCHEMA_VERSION}`");
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
            let message = format!("generated workflows do not use `{action}`");
            reader.report(Finding::new(&rules::ACTION_PIN, here.as_key(), message).help(help));
        } else if pin.as_str().contains('/') && !pin.as_str().starts_with("refs/") {
            let message = format!("`{pin}` would replace `{action}` by another action");
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
            let message = format!("`{key}` and `{key}_app` are two sources of one token");
            let here = at.key(&format!("{key}_app")).as_key();
            reader.report(
                Finding::new(&rules::TWO_TOKENS, here, message)
                    .help("keep the App, whose tokens expire by themselves"),
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
                    format!("`mode: custom` needs `{key}`"),
                );
                reader.report(finding.help("a commit names its author and an address"));
            }
        }
    } else if let Some((key, _)) = given.iter().find(|(_, present)| *present) {
        let message = format!("`{key}` belongs to `mode: custom`, and the mode is `{mode}`");
        reader.report(
            Finding::new(&rules::GIT_IDENTITY, at.key(key).as_key(), message)
                .help("write `mode: custom`, or remove it"),
        );
    }
    if git.gpg_key_id.is_some() != git.gpg_key_secret.is_some() {
        let (there, missing) = if git.gpg_key_id.is_some() {
            ("gpg_key_id", "gpg_key_secret")
        } else {
            ("gpg_key_secret", "gpg_key_id")
        };
        let message = format!("`{there}` needs `{missing}`");
        reader.report(
            Finding::new(&rules::GIT_IDENTITY, at.key(there).as_key(), message)
                .help("a key is named by its id and held by a secret"),
        );
    }
}

fn dispatch_inputs(config: &Config, at: &KeyPath, reader: &mut Reader) {
    let at = at.key("dispatch_inputs");
    let total = config.dispatch_inputs.len() + 1;
    if total > MAX_DISPATCH_INPUTS {
        let message = format!(
            "GitHub takes {MAX_DISPATCH_INPUTS} dispatch inputs, and with `dry_run` these are {total}"
        );
        let help = "group settings into one input, or move them to variables of the repository";
        reader.report(
            Finding::new(&rules::TOO_MANY_DISPATCH_INPUTS, at.as_key(), message).help(help),
        );
    }
    for (name, input) in &config.dispatch_inputs {
        let here = at.key(name);
        if RESERVED_INPUTS.contains(&name.as_str()) {
            let message = format!("`{name}` is an input that cascade itself defines");
            reader.report(
                Finding::new(&rules::RESERVED_NAME, here.as_key(), message)
                    .help("choose another name"),
            );
        } else if let Err(problem) = InputName::parse(name) {
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
            "a choice needs `options`",
        );
        reader.report(finding.help("list the words, the default among them"));
    }
    if kind != InputKind::Choice && !input.options.is_empty() {
        let message = format!("`options` belong to `type: choice`, and the type is `{kind}`");
        reader.report(
            Finding::new(&rules::DISPATCH_INPUT, options.as_key(), message)
                .help("write `type: choice`"),
        );
    }
    let Some(default) = &input.default else {
        return;
    };
    let fits = match kind {
        InputKind::String => true,
        InputKind::Boolean => matches!(default, Scalar::Bool(_)),
        InputKind::Number => matches!(default, Scalar::Int(_) | Scalar::Float(_)),
        InputKind::Choice => input.options.is_empty() || input.options.contains(&default.text()),
    };
    if !fits {
        let text = default.text();
        let (message, help) = match kind {
            InputKind::Choice => (
                format!("the default `{text}` is not an option"),
                format!("the options are {}", input.options.join(", ")),
            ),
            _ => (
                format!("the default `{text}` is no {kind}"),
                format!("write a {kind}, or change `type`"),
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
    let mut never = |path: KeyPath, why: &str, help: &str| {
        if reader.is_known(&path) {
            let message = format!("this trigger never fires: {why}");
            let finding = Finding::new(&rules::EMPTY_TRIGGER, path.as_key(), message);
            reader.report(finding.help(help));
        }
    };
    let name_one = "name at least one, or remove the trigger";
    if let Some(dispatch) = &extra.repository_dispatch
        && dispatch.types.is_empty()
    {
        let types = at.key("repository_dispatch").key("types");
        never(types, "it names no type", name_one);
    }
    let Some(run) = &extra.workflow_run else {
        return;
    };
    let at = at.key("workflow_run");
    if run.workflows.is_empty() {
        never(at.key("workflows"), "it names no workflow", name_one);
    }
    if !run.types.is_empty() && !run.types.contains(&RunActivity::Completed) {
        let why = "only a run that is `completed` can have succeeded";
        never(at.key("types"), why, "add `completed`, or remove `types`");
    }
}
