//! `status`: what the state records.

mod callback;
mod consistency;
mod document;
mod environment;
mod overview;

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::run::{Session, Workspace};
use cascade_core::commits::short;
use cascade_core::finding::{Message, suggest};
use cascade_core::pipeline::Component;
use cascade_core::state::Scope;
use clap::Subcommand;
use serde_json::{Map, Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    about: Option<About>,
}

#[derive(Debug, Subcommand)]
enum About {
    /// What of the repository does not fit the state: branches, tags and commits
    Consistency {
        /// Mend what can be mended
        #[arg(long)]
        fix: bool,
    },
    #[command(flatten)]
    Entry(Entry),
}

#[derive(Debug, Subcommand)]
enum Entry {
    /// One environment, and what it held before
    Env {
        /// Its name
        name: String,
    },
    /// One build in every environment
    Build {
        /// Its name
        name: String,
    },
    /// One deploy in every environment
    Deploy {
        /// Its name
        name: String,
    },
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    match &args.about {
        None => everything(request, terminal),
        Some(About::Consistency { fix }) => consistency::run(*fix, request, terminal),
        Some(About::Entry(entry)) => one(entry, request, terminal),
    }
}

/// Shows everything that is recorded, of each component.
fn everything(request: &Request, terminal: &Terminal) -> CommandResult {
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let whole = workspace.managed_with_begun(terminal)?;
    let part = |component: &Component| Scope::of(component.name()).part(&whole);
    terminal.out(&match (terminal.json(), components.as_slice()) {
        (true, [component]) if is_meant(component, request) => {
            json::pretty(&overview::json(component, &part(component)))
        }
        (false, [component]) if is_meant(component, request) => {
            overview::text(component, &part(component))
        }
        (true, all) => {
            let documents = all.iter().filter_map(|each| {
                let document = overview::json(each, &part(each));
                Some((each.name()?.to_owned(), document))
            });
            let documents: Map<String, Value> = documents.collect();
            json::pretty(&json!({ "version": json::VERSION, "components": documents }))
        }
        (false, all) => {
            let texts = all.iter().map(|each| {
                let name = each.name().unwrap_or_default();
                format!("{name}\n\n{}", overview::text(each, &part(each)))
            });
            texts.collect::<Vec<_>>().join("\n")
        }
    })?;
    Ok(ExitStatus::Success)
}

/// Returns true if a component is the one that was asked about, and not one of a list.
fn is_meant(component: &Component, request: &Request) -> bool {
    component.identity.is_none() || request.component.is_some()
}

/// Shows one environment, build or deploy.
fn one(entry: &Entry, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let managed = session.managed_with_begun(terminal)?;
    let (component, state) = (&session.component, &managed.state);
    let (text, document) = match entry {
        Entry::Env { name } => {
            let names = component.environments.iter().map(|each| each.name.as_str());
            let name = known(name, "environment", names)?;
            (
                environment::text(name, state),
                environment::json(name, state),
            )
        }
        Entry::Build { name } => {
            let names = component
                .builds
                .iter()
                .map(|each| each.callback.name.as_str());
            let name = known(name, "build", names)?;
            (
                callback::build_text(component, name, state),
                callback::build_json(component, name, state),
            )
        }
        Entry::Deploy { name } => {
            let names = component
                .deploys
                .iter()
                .map(|each| each.callback.name.as_str());
            let name = known(name, "deploy", names)?;
            (
                callback::deploy_text(component, name, state),
                callback::deploy_json(component, name, state),
            )
        }
    };
    terminal.out(&if terminal.json() {
        json::pretty(&document)
    } else {
        text
    })?;
    Ok(ExitStatus::Success)
}

fn known<'a>(
    wanted: &str,
    what: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<&'a str, Failure> {
    names.clone().find(|name| *name == wanted).ok_or_else(|| {
        let help = suggest::among(wanted, names, Message::text(format!("the {what}s are")));
        Failure::new(format!("there is no {what} `{wanted}`")).help(help)
    })
}

fn word(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn commit(sha: Option<&String>) -> String {
    sha.map_or_else(String::new, |sha| short(sha).to_owned())
}

/// `name=value` for each recorded output.
fn pairs(outputs: &indexmap::IndexMap<String, String>) -> String {
    let pairs: Vec<String> = outputs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_short_and_empty_where_nothing_is_recorded() {
        assert_eq!(word(None), "");
        assert_eq!(commit(None), "");
        assert_eq!(commit(Some(&"0123456789abcdef".to_owned())), "0123456");
        let outputs = [("image", "app:1"), ("url", "x")];
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs(&outputs.into()), "image=app:1 url=x");
    }
}
