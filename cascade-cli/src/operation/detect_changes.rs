//! `detect-changes`: which callbacks a change concerns.

use super::plans;
use super::revision::{named, named_or_newest};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Outputs, Session, Workspace};
use cascade_core::lifecycle::promotion_order::promotion_order;
use cascade_core::lifecycle::selection::{Reason, Recorded, Selection, select};
use cascade_core::pipeline::Component;
use cascade_core::protocol::output;
use cascade_core::state::{Build, Deploy, Environment, Held};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The commit to compare with; by default the one recorded for each callback
    #[arg(long, value_name = "COMMIT")]
    base_sha: Option<String>,
    /// The commit that is asked about
    ///
    /// By default the newest that is more than a write of state.
    #[arg(long, value_name = "COMMIT")]
    head_sha: Option<String>,
    /// Write outputs for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let changes = components.into_iter().map(|component| {
        let session = Session::of(component, workspace.clone());
        Changes::find(args, session)
    });
    let changes: Vec<Changes> = changes.collect::<Result<_, _>>()?;
    let (outputs, document, text) = match changes.as_slice() {
        [one] => (outputs(&one.selection), one.json(), spoken(&one.rows())),
        several => (outputs_of(several), document(several), spoken_of(several)),
    };
    actions.put_out(&output::DETECT_CHANGES, &outputs)?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&document))?,
        false => terminal.out(&text)?,
    }
    Ok(ExitStatus::Success)
}

/// The callbacks of one component that a change concerns.
struct Changes {
    session: Session,
    head: String,
    held: Environment,
    selection: Selection,
}

impl Changes {
    fn find(args: &Args, session: Session) -> Result<Self, Failure> {
        let head = named_or_newest(&session, "--head-sha", args.head_sha.as_deref())?;
        let held = match &args.base_sha {
            Some(base) => everything_at(&session.component, &named(&session, "--base-sha", base)?),
            None => recorded(&session)?,
        };
        let recorded = Recorded {
            sha: held.held.sha.as_deref(),
            builds: &held.held.builds,
            deploys: &held.held.deploys,
            in_doubt: held.in_doubt(),
        };
        let (component, git) = (&session.component, &session.git);
        let selection = select(component, &recorded, &IndexMap::new(), &head, git)?;
        Ok(Self {
            head,
            held,
            selection,
            session,
        })
    }

    fn name(&self) -> &str {
        self.session.component.name().unwrap_or_default()
    }

    fn is_changed(&self) -> bool {
        !self.selection.builds.is_empty() || !self.selection.deploys.is_empty()
    }

    fn rows(&self) -> Vec<Row<'_>> {
        rows(&self.session.component, &self.held, &self.selection)
    }

    fn json(&self) -> Value {
        json!({
            "base_sha": self.held.held.sha,
            "head_sha": self.head,
            "changed": self.is_changed(),
            "has_changes": self.is_changed(),
            "triggered_builds": self.selection.builds.keys().collect::<Vec<_>>(),
            "triggered_deploys": self.selection.deploys.keys().collect::<Vec<_>>(),
            "callbacks": self.rows().iter().map(Row::json).collect::<Vec<_>>(),
        })
    }
}

/// Names the components that a change concerns.
fn concerned(changes: &[Changes]) -> Vec<&str> {
    let changed = changes.iter().filter(|each| each.is_changed());
    changed.map(Changes::name).collect()
}

fn outputs_of(changes: &[Changes]) -> Outputs {
    let names = concerned(changes);
    let outputs = [
        ("changed", Value::from(!names.is_empty())),
        ("components", json!(names)),
    ];
    outputs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), plans::text(&value)))
        .collect()
}

fn document(changes: &[Changes]) -> Value {
    let names = concerned(changes);
    let each = changes
        .iter()
        .map(|each| (each.name().to_owned(), each.json()));
    json!({
        "changed": !names.is_empty(),
        "has_changes": !names.is_empty(),
        "triggered_components": names,
        "components": each.collect::<Map<_, _>>(),
    })
}

fn spoken_of(changes: &[Changes]) -> String {
    let parts = changes.iter().map(|each| match each.is_changed() {
        true => format!("{}\n{}", each.name(), spoken(&each.rows())),
        false => format!("{}: nothing changed\n", each.name()),
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// One callback.
struct Row<'a> {
    kind: &'static str,
    name: &'a str,
    base: Option<&'a str>,
    reason: Option<&'a Reason>,
}

impl Row<'_> {
    fn json(&self) -> Value {
        json!({
            "kind": self.kind,
            "name": self.name,
            "base_sha": self.base,
            "changed": self.reason.is_some(),
            "reason": self.reason.map(ToString::to_string),
        })
    }
}

/// Returns the state of the first environment as if every callback had run at one commit.
fn everything_at(component: &Component, sha: &str) -> Environment {
    let sha = Some(sha.to_owned());
    let build = || Build {
        sha: sha.clone(),
        ..Build::default()
    };
    let deploy = || Deploy {
        sha: sha.clone(),
        ..Deploy::default()
    };
    let builds = component.builds.iter();
    let deploys = component.deploys.iter();
    let held = Held {
        builds: builds
            .map(|each| (each.callback.name.to_string(), build()))
            .collect(),
        deploys: deploys
            .map(|each| (each.callback.name.to_string(), deploy()))
            .collect(),
        sha: sha.clone(),
        ..Held::default()
    };
    Environment {
        held,
        ..Environment::default()
    }
}

fn recorded(session: &Session) -> Result<Environment, Failure> {
    let mut managed = session.managed()?;
    let place = promotion_order(&session.component).swap_remove(0);
    if let Some(environment) = managed.state.environments.shift_remove(place.name()) {
        return Ok(environment);
    }
    let artifact = place.artifact(&managed.state).unwrap_or_default();
    let held = Held {
        sha: Some(artifact.sha).filter(|sha| !sha.is_empty()),
        builds: artifact.builds,
        ..Held::default()
    };
    Ok(Environment {
        held,
        ..Environment::default()
    })
}

fn rows<'a>(
    component: &'a Component,
    held: &'a Environment,
    selection: &'a Selection,
) -> Vec<Row<'a>> {
    let builds = component.builds.iter().map(|build| {
        let name = build.callback.name.as_str();
        let base = held
            .held
            .builds
            .get(name)
            .and_then(|each| each.sha.as_deref());
        let reason = selection.builds.get(name);
        Row {
            kind: "build",
            name,
            base,
            reason,
        }
    });
    let deploys = component.deploys.iter().map(|deploy| {
        let name = deploy.callback.name.as_str();
        let base = held
            .held
            .deploys
            .get(name)
            .and_then(|each| each.sha.as_deref());
        let reason = selection.deploys.get(name);
        Row {
            kind: "deploy",
            name,
            base,
            reason,
        }
    });
    builds.chain(deploys).collect()
}

fn outputs(selection: &Selection) -> Outputs {
    let names = |reasons: &IndexMap<String, Reason>| json!(reasons.keys().collect::<Vec<_>>());
    let changed = !selection.builds.is_empty() || !selection.deploys.is_empty();
    let outputs = [
        ("changed", Value::from(changed)),
        ("builds", names(&selection.builds)),
        ("deploys", names(&selection.deploys)),
    ];
    outputs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), plans::text(&value)))
        .collect()
}

fn spoken(rows: &[Row<'_>]) -> String {
    let mut table = Table::new(["KIND", "NAME", "CHANGED", "REASON"]);
    for row in rows {
        let changed = if row.reason.is_some() { "yes" } else { "no" };
        let reason = row.reason.map_or_else(String::new, ToString::to_string);
        table.row([
            row.kind.to_owned(),
            row.name.to_owned(),
            changed.to_owned(),
            reason,
        ]);
    }
    table.render()
}
