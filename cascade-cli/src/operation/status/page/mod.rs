//! `status --format html`: one page that loads nothing, and needs no script.

mod lists;
mod measures;
mod place;

use super::collect::{Collected, Part};
use crate::cli::error::Failure;
use crate::cli::save::save;
use crate::cli::terminal::Terminal;
use crate::operation::metrics::{USUAL, measured};
use crate::page::frame;
use crate::run::Workspace;
use cascade_core::commits::short;
use cascade_core::delivery::{Report, Window};
use cascade_core::time::Time;
use maud::{Markup, html};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The addresses that a page links to.
pub(super) struct Links {
    /// The page of the repository on its host, if it is known.
    repository: Option<String>,
}

/// Writes the page into a folder, as the page that a web server shows for it.
pub(super) fn write(
    folder: &Path,
    collected: &Collected,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let file = folder.join("index.html");
    let page = render(collected, terminal);
    let shown = file.display();
    fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot write {shown}")).cause(error))?;
    save(&file, page.as_bytes())?;
    terminal.out(&format!("{shown}\n"))
}

/// Renders the page of some components.
pub(super) fn render(collected: &Collected, terminal: &Terminal) -> String {
    let workspace = &collected.workspace;
    let now = workspace.clock.now();
    let links = Links::of(workspace);
    let metrics = metrics(collected, now, terminal);
    let name = name(workspace);
    let several = collected
        .parts
        .iter()
        .any(|part| part.component.identity.is_some());
    let content = html! {
        div class="broad" {
            h1 { "Status of " (name) }
            p class="quiet" { "As of " (moment(&now.to_string())) "." }
            @for part in &collected.parts {
                @if several { h2 { (part.component.name().unwrap_or_default()) } }
                (component(part, &links))
                (lists::integrations(part, &links))
            }
            (measures::section(&metrics))
        }
    };
    frame(&format!("Status of {name}"), &content)
}

fn component(part: &Part, links: &Links) -> Markup {
    let name = part.component.name();
    html! {
        section aria-label=(named("Environments", name)) {
            h2 { "Environments" }
            ol class="places" {
                @for place in &part.board.places { li { (place::card(place, links)) } }
            }
            p { "Latest release: " (latest(part, links)) }
        }
        (lists::externals(part))
        (lists::hotfixes(part, links))
    }
}

fn latest(part: &Part, links: &Links) -> Markup {
    let latest = &part.board.latest_release;
    html! {
        @match &latest.version {
            Some(version) => {
                strong { (version) }
                @if let Some(sha) = &latest.sha { " " (links.commit(sha)) }
                @if let Some(at) = &latest.released_on { ", " (moment(at)) }
                @if let Some(by) = &latest.released_by { " by " (by) }
            }
            None => "none",
        }
    }
}

/// Measures the last 90 days; an error is the reason for which nobody can.
fn metrics(collected: &Collected, now: Time, terminal: &Terminal) -> Result<Report, String> {
    let until = now + Duration::from_secs(1);
    let window = Window {
        since: until - USUAL,
        until,
    };
    let workspace = &collected.workspace;
    let components = collected.parts.iter().map(|part| part.component.clone());
    let components: Vec<_> = components.collect();
    let delivered = workspace.delivered(terminal);
    delivered
        .and_then(|delivered| measured(workspace, &components, &delivered, window))
        .map_err(|failure| failure.to_string())
}

fn name(workspace: &Workspace) -> String {
    let folder = || {
        let folder = workspace.root().file_name();
        folder.map(|name| name.to_string_lossy().into_owned())
    };
    let repository = workspace.environment.repository.clone();
    repository.or_else(folder).unwrap_or_default()
}

/// Returns a label that no other part of the page has.
fn named(what: &str, component: Option<&str>) -> String {
    match component {
        Some(component) => format!("{what} of {component}"),
        None => what.to_owned(),
    }
}

/// Renders a time; its text is what a machine reads, too.
fn moment(at: &str) -> Markup {
    let shown = at.replace('T', " ").replace('Z', " UTC");
    html! { time datetime=(at) { (shown) } }
}

impl Links {
    fn of(workspace: &Workspace) -> Self {
        let environment = &workspace.environment;
        let server = environment.server_url.trim_end_matches('/');
        let repository = environment.repository.as_ref();
        Self {
            repository: repository
                .filter(|_| server.starts_with("https://") || server.starts_with("http://"))
                .map(|repository| format!("{server}/{repository}")),
        }
    }

    /// Renders a commit, as a link where its page is known.
    fn commit(&self, sha: &str) -> Markup {
        let shown = html! { code { (short(sha)) } };
        let is_name = sha.bytes().all(|byte| byte.is_ascii_hexdigit());
        match self.repository.as_ref().filter(|_| is_name) {
            Some(repository) => html! { a href=(format!("{repository}/commit/{sha}")) { (shown) } },
            None => shown,
        }
    }

    /// Renders a number of an issue or a pull request.
    fn number(&self, kind: &str, number: u64) -> Markup {
        let shown = format!("#{number}");
        match &self.repository {
            Some(repository) => {
                html! { a href=(format!("{repository}/{kind}/{number}")) { (shown) } }
            }
            None => html! { (shown) },
        }
    }
}

/// Renders a link to the page of a run; what is no address of the web is text.
fn run(address: &str) -> Markup {
    match address.starts_with("https://") || address.starts_with("http://") {
        true => html! { a href=(address) { "run" } },
        false => html! { (address) },
    }
}
