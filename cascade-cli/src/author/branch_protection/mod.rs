//! `branch-protection`: what keeps branches safe and still lets cascade write.
//!
//! | file | what is there |
//! |---|---|
//! | `ruleset` | the rulesets that a pipeline needs |
//! | `apply` | setting them on GitHub |

mod apply;
mod ruleset;

pub(super) use apply::keep_state;

use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::Workspace;
use cascade_core::manifest::Branch;
use cascade_core::pipeline::{Component, Credential, Settings};
use ruleset::{Actor, Branches, Ruleset};
use serde_json::{Value, json};

/// The reason why there is no classic protection, where the state is in the manifest.
const CHOICE: &str = "These are rulesets and no classic branch protection: its required checks have no \
                      bypass list, so cascade could never write state past them, and whoever bypasses a \
                      ruleset bypasses all of its rules.";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Set them, with the token of the environment
    ///
    /// Rulesets of the same names are replaced; others stay.
    #[arg(long)]
    apply: bool,
    /// A check that a pull request into the trunk must pass; may be repeated
    #[arg(long = "check", value_name = "NAME")]
    checks: Vec<String>,
    /// The slug of the App that writes state
    ///
    /// It bypasses the rules. May be repeated.
    #[arg(long = "bypass-app", value_name = "SLUG")]
    apps: Vec<String>,
    /// The login of the account that writes state
    ///
    /// It bypasses the rules. May be repeated.
    #[arg(long = "bypass-user", value_name = "LOGIN")]
    users: Vec<String>,
    /// Let the repository's deploy keys that can write bypass the rules
    #[arg(long = "bypass-deploy-key")]
    deploy_key: bool,
}

impl Args {
    fn actors(&self) -> Vec<Actor> {
        let apps = self.apps.iter().cloned().map(Actor::App);
        let users = self.users.iter().cloned().map(Actor::User);
        let keys = self.deploy_key.then_some(Actor::DeployKey);
        apps.chain(users).chain(keys).collect()
    }
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("branch-protection")?;
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let actors = args.actors();
    let branches = Branches {
        trunk: workspace.settings.trunk.as_str(),
        state: workspace.settings.state_branch.as_ref().map(Branch::as_str),
        hotfixes: hotfixed(&components),
    };
    let rulesets = ruleset::all(branches, &args.checks, !actors.is_empty());
    let mut notes = advice(&actors, &workspace.settings, branches);
    let applies = args.apply && !workspace.dry_run;
    if applies {
        notes.extend(apply::apply(&workspace, &rulesets, &actors)?);
    }
    let text = match terminal.json() {
        true => json::pretty(&document(branches, &rulesets, &actors, (&notes, applies))),
        false => spoken(branches, &rulesets, &actors, (&notes, applies)),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

/// Returns the pattern of the branches that hotfixes go to, if there are any.
fn hotfixed(components: &[Component]) -> Option<&'static str> {
    let mut components = components.iter();
    let component = components.find(|each| each.environments.len() > 1)?;
    Some(match component.identity {
        Some(_) => "refs/heads/env/*/*",
        None => "refs/heads/env/*",
    })
}

/// Returns why the rulesets are as they are.
fn choice(branches: Branches<'_>) -> String {
    match branches.state {
        None => CHOICE.to_owned(),
        Some(state) => format!(
            "Nobody bypasses the rules of `{}`: cascade writes the state to `{state}`.",
            branches.trunk
        ),
    }
}

fn document(
    branches: Branches<'_>,
    rulesets: &[Ruleset],
    actors: &[Actor],
    (notes, applied): (&[String], bool),
) -> Value {
    let actors: Vec<Value> = actors.iter().map(Actor::json).collect();
    let bodies: Vec<Value> = rulesets.iter().map(|each| each.body(&actors)).collect();
    json!({
        "version": json::VERSION,
        "branch": branches.trunk,
        "state_branch": branches.state,
        "rulesets": bodies,
        "choice": choice(branches),
        "advice": notes,
        "applied": applied,
    })
}

fn advice(actors: &[Actor], settings: &Settings, branches: Branches<'_>) -> Vec<String> {
    if !actors.is_empty() {
        return Vec::new();
    }
    if let Some(state) = branches.state {
        return advice_for_branch(state, branches.hotfixes.is_some(), &settings.state_token);
    }
    vec![match &settings.state_token {
        token if token.is_github() => {
            "GITHUB_TOKEN writes state, and can be on no bypass list: set `state_token_app` or \
             `state_token`, and name its owner with `--bypass-app` or `--bypass-user`"
                .to_owned()
        }
        Credential::App { app_id, .. } => {
            format!("the App of {app_id} writes state: name its slug with `--bypass-app`")
        }
        Credential::Secret(name) => {
            format!("the secret {name} writes state: name its owner with `--bypass-user`")
        }
    }]
}

fn advice_for_branch(state: &str, hotfixes: bool, token: &Credential) -> Vec<String> {
    let mut advice = Vec::new();
    if hotfixes && token.is_github() {
        advice.push(
            "GITHUB_TOKEN makes the branches of hotfixes, and can be on no bypass list: set \
             `state_token_app` or `state_token`, and name its owner with `--bypass-app` or \
             `--bypass-user`"
                .to_owned(),
        );
    }
    if !token.is_github() {
        advice.push(format!(
            "everybody who may write to the repository can push to `{state}`: name the owner of \
             the state token with `--bypass-app` or `--bypass-user`, and nobody else can"
        ));
    }
    advice
}

fn spoken(
    branches: Branches<'_>,
    rulesets: &[Ruleset],
    actors: &[Actor],
    (notes, applied): (&[String], bool),
) -> String {
    let names: Vec<String> = actors.iter().map(ToString::to_string).collect();
    let bypass = match names.is_empty() {
        true => "nobody".to_owned(),
        false => names.join(", "),
    };
    let mut text = String::new();
    for ruleset in rulesets {
        text.push_str(&format!("{}\n", ruleset.name));
        let mut line = |what: &str, value: &str| text.push_str(&format!("  {what:<12}{value}\n"));
        line(
            "branches",
            ruleset.pattern.trim_start_matches("refs/heads/"),
        );
        for rule in &ruleset.rules {
            line("rule", &rule.to_string());
        }
        match ruleset.is_bypassed {
            true => line("bypassed by", &bypass),
            false => line("bypassed by", "nobody"),
        }
        text.push('\n');
    }
    text.push_str(&format!("{}\n", choice(branches)));
    for note in notes {
        text.push_str(&format!("\nNote: {note}\n"));
    }
    text.push_str(match applied {
        true => "\nSet.\n",
        false => "\nNothing was set; `--apply` does.\n",
    });
    text
}
