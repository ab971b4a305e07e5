//! `log`: who deployed what, when, and by which run.

use super::period::Period;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::github::Approval;
use crate::run::Workspace;
use cascade_core::commits::short;
use cascade_core::delivery::{Event, Gap, Kind, Window};
use cascade_core::finding::{Message, suggest};
use cascade_core::pipeline::Component;
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this environment; `release` for releases
    #[arg(short, long, value_name = "NAME")]
    environment: Option<String>,
    /// Only what changed this deploy
    #[arg(long, value_name = "NAME")]
    deploy: Option<String>,
    /// Only what this person or bot did
    #[arg(long, value_name = "LOGIN")]
    actor: Option<String>,
    /// Only these kinds of events, with commas between them
    ///
    /// deployed, hotfixed, rolled-back, incomplete, restored, rollout-failed, external, released.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kind: Vec<Kind>,
    /// Ask GitHub who approved each run
    #[arg(long)]
    approvals: bool,
    #[command(flatten)]
    period: Period,
}

/// An event as a line of JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    event: &'a Event,
    /// Those who approved it; null if nobody asked, or GitHub does not tell.
    approved_by: Option<Vec<String>>,
}

/// The approvals of runs that were asked about, by the page of the run.
type Approvals = IndexMap<String, Option<Vec<Approval>>>;

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let window = args.period.window(workspace.clock.now(), None)?;
    let by = args.actor.as_deref();
    let history = workspace.delivered(terminal)?.history;
    args.require_names(&components, &history.events)?;
    for gap in history.gaps.iter().filter(|gap| window.contains(gap.at)) {
        terminal.note(&format!("warning: {}", missing(gap)));
    }
    let component = request.component.as_deref();
    let wanted = |event: &&Event| {
        component.is_none_or(|name| event.component.as_deref() == Some(name))
            && by.is_none_or(|name| event.by == name)
            && args.wants(event, window)
    };
    let events: Vec<&Event> = history.events.iter().filter(wanted).collect();
    let approvals = match args.approvals {
        true => approvals(&workspace, &events, terminal)?,
        false => Approvals::new(),
    };
    let lines = events.into_iter().map(|event| Line {
        approved_by: approved(event, &components, &approvals),
        event,
    });
    let lines: Vec<Line<'_>> = lines.collect();
    match terminal.json() {
        true => terminal.out(&json_lines(&lines)?)?,
        false => terminal.say(&table(&lines, args.approvals))?,
    }
    Ok(ExitStatus::Success)
}

/// Says that a commit is missing.
pub(super) fn missing(gap: &Gap) -> String {
    let version = gap.missing.version.as_deref().unwrap_or("a version");
    let place = match &gap.component {
        Some(component) => format!("{component}/{}", gap.environment),
        None => gap.environment.clone(),
    };
    format!(
        "the commit that recorded {version} in {place} is missing: {} of {} remembers it, and no commit before it has it",
        short(&gap.commit),
        gap.at
    )
}

impl Args {
    fn wants(&self, event: &Event, window: Window) -> bool {
        let moved = |name: &String| {
            let mut moved = event.deploys.iter().chain(&event.external);
            moved.any(|each| each.name == *name)
        };
        window.contains(event.at)
            && (self.kind.is_empty() || self.kind.contains(&event.kind))
            && self
                .environment
                .as_ref()
                .is_none_or(|name| event.environment == *name)
            && self.deploy.as_ref().is_none_or(moved)
    }

    /// Refuses an environment or a deploy that neither the pipeline has nor its history.
    fn require_names(&self, components: &[Component], events: &[Event]) -> Result<(), Failure> {
        let environments = components.iter().flat_map(|each| &each.environments);
        let environments = environments.map(|each| each.name.as_str());
        let recorded = events.iter().map(|event| event.environment.as_str());
        let environments = environments.chain(["release"]).chain(recorded);
        require("environment", self.environment.as_deref(), environments)?;
        let deploys = components.iter().flat_map(Component::deploy_callbacks);
        let deploys = deploys.map(|callback| callback.name.as_str());
        let recorded = events
            .iter()
            .flat_map(|event| event.deploys.iter().chain(&event.external));
        let deploys = deploys.chain(recorded.map(|each| each.name.as_str()));
        require("deploy", self.deploy.as_deref(), deploys)
    }
}

/// Refuses a name that is not among those that are known.
fn require<'a>(
    what: &str,
    name: Option<&str>,
    known: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let known: IndexSet<&str> = known.collect();
    match name {
        Some(name) if !known.contains(name) => {
            let lead = Message::text(format!("the {what}s are"));
            let help = suggest::among(name, known, lead);
            Err(Failure::new(format!("there is no {what} `{name}`")).help(help))
        }
        _ => Ok(()),
    }
}

/// Asks GitHub about each run; one that it does not tell about stays unknown.
fn approvals(
    workspace: &Workspace,
    events: &[&Event],
    terminal: &Terminal,
) -> Result<Approvals, Failure> {
    let github = workspace.github()?.ok_or_else(|| {
        Failure::new("GitHub cannot be asked who approved a run")
            .help("`--approvals` needs GITHUB_REPOSITORY, and GITHUB_TOKEN with `actions: read`")
    })?;
    let mut approvals = Approvals::new();
    for run in events.iter().filter_map(|event| event.run.as_ref()) {
        if approvals.contains_key(run) {
            continue;
        }
        let own = format!("/{}/actions/runs/", github.repository());
        let id = run.split_once(&own).map(|(_, id)| id);
        let answer = id.map(|id| github.approvals(id)).transpose();
        let told = answer.map(Option::flatten).unwrap_or_else(|failure| {
            terminal.note(&format!(
                "warning: nobody tells who approved {run}: {failure}"
            ));
            None
        });
        approvals.insert(run.clone(), told);
    }
    Ok(approvals)
}

/// Returns who approved an event; `None` if that is not known.
fn approved(event: &Event, components: &[Component], approvals: &Approvals) -> Option<Vec<String>> {
    let all = approvals.get(event.run.as_ref()?)?.as_ref()?;
    let mut own = components.iter();
    let own = own.find(|each| each.name() == event.component.as_deref())?;
    let environment = own
        .environments
        .iter()
        .find(|each| each.name.as_str() == event.environment);
    let named = environment.and_then(|each| each.gha_environment.as_deref());
    let name = named.unwrap_or(&event.environment);
    let approved = all
        .iter()
        .filter(|each| each.environments.iter().any(|each| each == name));
    Some(approved.map(|each| each.by.clone()).collect())
}

fn json_lines(lines: &[Line<'_>]) -> Result<String, Failure> {
    let mut text = String::new();
    for line in lines {
        let json = serde_json::to_string(line);
        let json = json.map_err(|error| Failure::new("an event is no JSON").cause(error))?;
        text.push_str(&json);
        text.push('\n');
    }
    Ok(text)
}

fn table(lines: &[Line<'_>], approvals: bool) -> String {
    let approved = if approvals { "APPROVED" } else { "RUN" };
    let mut table = Table::new([
        "WHEN", "WHERE", "WHAT", "VERSION", "DEPLOYS", "BY", approved, "COMMIT",
    ]);
    for line in lines {
        let event = line.event;
        let last = match (approvals, &line.approved_by) {
            (true, Some(people)) => people.join(" "),
            (true, None) => "unknown".to_owned(),
            (false, _) => event.run.clone().unwrap_or_default(),
        };
        table.row([
            event.at.to_string(),
            place(event),
            event.kind.to_string(),
            version(event),
            names(event),
            event.by.clone(),
            last,
            short(&event.commit).to_owned(),
        ]);
    }
    table.render()
}

fn place(event: &Event) -> String {
    match &event.component {
        Some(component) => format!("{component}/{}", event.environment),
        None => event.environment.clone(),
    }
}

fn version(event: &Event) -> String {
    let sha = || event.to.sha.as_deref().map(|sha| short(sha).to_owned());
    event.to.version.clone().or_else(sha).unwrap_or_default()
}

/// Returns what changed: deploys, and artifacts of other repositories with their versions.
fn names(event: &Event) -> String {
    let deploys = event.deploys.iter().map(|each| each.name.clone());
    let external = event.external.iter().map(|each| {
        let version = each.to.version.as_deref().unwrap_or_default();
        format!("{}@{version}", each.name)
    });
    let names: Vec<String> = deploys.chain(external).collect();
    names.join(" ")
}
