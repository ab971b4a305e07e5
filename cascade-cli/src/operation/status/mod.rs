//! `status`: what the state records, and what is known besides.

mod callback;
mod collect;
mod consistency;
mod document;
mod environment;
mod overview;
mod page;
mod watch;

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Session};
use cascade_core::commits::short;
use cascade_core::finding::{Message, suggest};
use cascade_core::manifest::TimeSpan;
use cascade_core::pipeline::Component;
use cascade_core::protocol::variable;
use cascade_core::summary::{self, Summary};
use clap::{Subcommand, ValueEnum};
use collect::{Collected, collect};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// The time that `--watch` waits by default.
const INTERVAL: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    /// The format
    #[arg(
        long,
        value_enum,
        default_value_t = Format::Table,
        hide_default_value = true,
        value_name = "FORMAT"
    )]
    format: Format,
    /// Write the page as `index.html` of a folder
    #[arg(long, value_name = "FOLDER", env = variable::CASCADE_BOARD.as_str())]
    site: Option<PathBuf>,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
    /// Show it again and again, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// The time in between, like `30s`
    #[arg(long, value_name = "SPAN", requires = "watch")]
    interval: Option<String>,
    #[command(subcommand)]
    about: Option<About>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables, or JSON with `--json`.
    Table,
    /// One page that needs nothing else.
    Html,
}

impl Args {
    /// Refuses options that contradict each other.
    fn require_one_format(&self, terminal: &Terminal) -> Result<(), Failure> {
        let html = self.format == Format::Html;
        let refused = match (html, terminal.json(), self.watch) {
            (true, true, _) => "`--json` and `--format html` are two formats",
            (true, _, true) => "`--watch` shows tables and writes no page",
            (_, true, true) => "`--watch` shows tables and writes no JSON",
            _ => return Ok(()),
        };
        Err(Failure::new(refused).help("leave one of the options out"))
    }

    fn interval(&self) -> Result<Duration, Failure> {
        let Some(text) = &self.interval else {
            return Ok(INTERVAL);
        };
        let span: Result<TimeSpan, _> = text.parse();
        let seconds = span.map(TimeSpan::seconds).map_err(|_| {
            Failure::new(format!("`{text}` is not an interval")).help("write `30s` or `5m`")
        })?;
        Ok(Duration::from_secs(seconds))
    }
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
        None => everything(args, request, terminal),
        Some(About::Consistency { fix }) => consistency::run(*fix, request, terminal),
        Some(About::Entry(entry)) => one(entry, request, terminal),
    }
}

/// Shows everything that is known, of each component.
fn everything(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    args.require_one_format(terminal)?;
    if args.watch {
        return watch::run(args.interval()?, request, terminal);
    }
    let actions = Actions::new(args.gha_output)?;
    let collected = collect(request, terminal)?;
    actions.summarise(&summarised(&collected))?;
    if let Some(folder) = &args.site {
        page::write(folder, &collected, terminal)?;
        return Ok(ExitStatus::Success);
    }
    match args.format {
        Format::Html => terminal.out(&page::render(&collected, terminal))?,
        Format::Table if terminal.json() => terminal.out(&json(&collected, request))?,
        Format::Table => terminal.say(&text(&collected, request))?,
    }
    Ok(ExitStatus::Success)
}

/// Returns what the summary of a run shows.
fn summarised(collected: &Collected) -> Summary {
    let mut table = summary::Table::new(["environment", "version", "age", "waiting", "notes"]);
    for part in &collected.parts {
        let component = part.component.name();
        table = table.rows(overview::rows(&part.board).into_iter().map(|row| {
            let [name, version, _, _, age, _, waiting, notes] = row;
            let name = component.map_or_else(|| name.clone(), |of| format!("{of}/{name}"));
            [name, version, age, waiting, notes]
        }));
    }
    Summary::titled("Status").table(table)
}

fn json(collected: &Collected, request: &Request) -> String {
    match collected.parts.as_slice() {
        [part] if is_meant(&part.component, request) => json::pretty(&overview::json(part)),
        all => {
            let documents = all.iter().filter_map(|part| {
                let name = part.component.name()?.to_owned();
                Some((name, overview::json(part)))
            });
            let documents: Map<String, Value> = documents.collect();
            json::pretty(&json!({ "version": json::VERSION, "components": documents }))
        }
    }
}

fn text(collected: &Collected, request: &Request) -> String {
    match collected.parts.as_slice() {
        [part] if is_meant(&part.component, request) => overview::text(part),
        all => {
            let texts = all.iter().map(|part| {
                let name = part.component.name().unwrap_or_default();
                format!("{name}\n\n{}", overview::text(part))
            });
            texts.collect::<Vec<_>>().join("\n")
        }
    }
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
