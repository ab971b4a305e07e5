//! The settings of the whole repository.

use super::blocks;
use crate::check::{cli, platform};
use crate::manifest::{Branch, Config, RelativePath, SecretName, Token, TokenAppBlock};
use crate::pipeline::{Credential, Settings};
use std::str::FromStr;

pub(in crate::check) fn settings(config: &Config) -> Option<Settings> {
    let state_token = state_token(config)?;
    let own_release_token = credential(
        config.release_token.as_ref(),
        config.release_token_app.as_ref(),
    );
    Some(Settings {
        description: config.description.clone(),
        trunk: config.trunk_branch.get()?.clone(),
        platform: platform::lower(config),
        manifest_file: config.manifest_file.get().to_string(),
        manifest_key: config.manifest_key.get().clone(),
        action_folder: action_folder(config.action_folder.get()),
        cli: cli::lower(config.cli.as_ref())?,
        cli_version: cli::lower_version(config),
        runs_on: config.runs_on.get().clone(),
        job_timeout_minutes: *config.job_timeout_minutes.get(),
        pin_mode: *config.pin_mode.get(),
        action_pins: config
            .action_pins
            .iter()
            .map(|(action, pin)| (action.clone(), pin.clone()))
            .collect(),
        own_release_token,
        state_branch: state_branch(config)?,
        state_token,
        git: blocks::git_identity(config.git.get()),
        integration: None,
        drift_check: blocks::preview(config.drift_check.get()),
        merge_queue: blocks::is_enabled(config.merge_queue.get()),
        reconcile: blocks::reconcile(config.reconcile.get()),
        board: blocks::board(config.board.get()),
        telemetry: blocks::telemetry(config.telemetry.get())?,
    })
}

/// A bare name is a folder where GitHub keeps a repository's own actions.
fn action_folder(folder: &RelativePath) -> String {
    let folder = folder.as_str().trim_end_matches('/');
    match folder.contains('/') {
        true => folder.to_owned(),
        false => format!(".github/actions/{folder}"),
    }
}

fn state_branch(config: &Config) -> Option<Option<Branch>> {
    match &config.state {
        Some(block) => block.branch.get().cloned().map(Some),
        None => Some(None),
    }
}

/// Returns the credential that writes state.
pub(in crate::check) fn state_token(config: &Config) -> Option<Credential> {
    let github = || {
        SecretName::from_str("GITHUB_TOKEN")
            .ok()
            .map(Credential::Secret)
    };
    credential(config.state_token.as_ref(), config.state_token_app.as_ref()).or_else(github)
}

pub(in crate::check) fn credential(
    token: Option<&Token>,
    app: Option<&TokenAppBlock>,
) -> Option<Credential> {
    if let Some(token) = token {
        return Some(Credential::Secret(token.0.clone()));
    }
    let app = app?;
    Some(Credential::App {
        app_id: app.app_id.get()?.clone(),
        private_key: app.private_key.get()?.clone(),
    })
}
