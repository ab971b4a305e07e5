//! What concerns the whole repository.

use crate::check::cli;
use crate::manifest::draft::Leaf;
use crate::manifest::{
    ACTION_FOLDER, Branch, Config, MANIFEST_FILE, MANIFEST_KEY, PinMode, RelativePath, SecretName,
    Token, TokenAppBlock,
};
use crate::pipeline::{Credential, Settings};

pub(in crate::check) fn settings(config: &Config) -> Option<Settings> {
    let state_token = state_token(config)?;
    let release_token = credential(
        config.release_token.as_ref(),
        config.release_token_app.as_ref(),
    );
    Some(Settings {
        description: config.description.clone(),
        trunk: config.trunk_branch.get()?.clone(),
        manifest_file: config
            .manifest_file
            .as_ref()
            .map_or(MANIFEST_FILE, RelativePath::as_str)
            .to_owned(),
        manifest_key: config
            .manifest_key
            .clone()
            .unwrap_or_else(|| MANIFEST_KEY.to_owned()),
        action_folder: config
            .action_folder
            .as_ref()
            .map_or(ACTION_FOLDER, RelativePath::as_str)
            .trim_end_matches('/')
            .to_owned(),
        cli: cli::lower(config.cli.as_ref())?,
        cli_version: cli::lower_version(config),
        pin_mode: config.pin_mode.unwrap_or(PinMode::Sha),
        action_pins: config
            .action_pins
            .iter()
            .map(|(action, pin)| (action.clone(), pin.clone()))
            .collect(),
        release_token: release_token.unwrap_or_else(|| state_token.clone()),
        state_branch: state_branch(config)?,
        state_token,
        git: config.git.clone(),
        integration: None,
        drift_check: config
            .drift_check
            .clone()
            .filter(|block| block.enabled == Some(true)),
        merge_queue: config
            .merge_queue
            .as_ref()
            .is_some_and(|block| block.enabled == Some(true)),
        reconcile: config
            .reconcile
            .clone()
            .filter(|block| block.enabled == Some(true)),
        telemetry: config
            .telemetry
            .clone()
            .filter(|block| block.enabled == Some(true)),
    })
}

fn state_branch(config: &Config) -> Option<Option<Branch>> {
    match &config.state {
        Some(block) => block.branch.get().cloned().map(Some),
        None => Some(None),
    }
}

/// What writes state.
pub(in crate::check) fn state_token(config: &Config) -> Option<Credential> {
    let github = || {
        SecretName::parse("GITHUB_TOKEN")
            .ok()
            .map(Credential::Secret)
    };
    credential(config.state_token.as_ref(), config.state_token_app.as_ref()).or_else(github)
}

fn credential(token: Option<&Token>, app: Option<&TokenAppBlock>) -> Option<Credential> {
    if let Some(token) = token {
        return Some(Credential::Secret(token.0.clone()));
    }
    let app = app?;
    Some(Credential::App {
        app_id: app.app_id.get()?.clone(),
        private_key: app.private_key.get()?.clone(),
    })
}
