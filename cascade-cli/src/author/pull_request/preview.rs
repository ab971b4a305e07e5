//! `pull-request preview`: what a merge of the commit that is checked out would lead to.

use super::check::told;
use super::folder;
use crate::author::pin::callbacks;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::project::Project;
use crate::run::{Actions, Session, Workspace};
use cascade_core::lifecycle::orchestrate;
use cascade_core::lifecycle::preview::{Known, preview};
use cascade_core::lifecycle::simulate::{Facts, Supposed};
use cascade_core::pipeline::Component;
use cascade_core::protocol::variable;
use cascade_core::pull_request::{ComponentPreview, Preview, Report as _};
use cascade_core::state::{Managed, Scope};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow, of the components that ask for one
    #[arg(long)]
    gha_output: bool,
    /// Leave a report in this folder
    #[arg(long, value_name = "FOLDER", env = variable::REPORT.as_str())]
    report: Option<PathBuf>,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let actions = Actions::new(args.gha_output)?;
    let project = Project::open(request, terminal)?;
    let mut findings = project.check_in_manifest().report;
    callbacks::explain(&project, &mut findings);
    let broken = findings.has_errors();
    let mut shown = Shown::default();
    if !broken {
        let (workspace, components) = Workspace::with_components(request, terminal)?;
        let wanted = components
            .into_iter()
            .filter(|each| !args.gha_output || each.pr_preview.is_some());
        shown = Shown::of(&workspace, wanted.collect())?;
    }
    let findings = told(&findings);
    let preview = |components| Preview {
        components,
        asks_nobody: shown.asks_nobody,
        findings: findings.clone(),
    };
    if let Some(folder) = &args.report {
        folder::write(folder, &preview(shown.commented().cloned().collect()))?;
    }
    let all = preview(shown.all().cloned().collect());
    actions.show_report(&all.markdown())?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&all))?,
        false => terminal.say(&all.markdown())?,
    }
    Ok(match broken {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

/// The previews of components, each with whether it is commented.
#[derive(Debug, Default)]
struct Shown {
    components: Vec<(bool, ComponentPreview)>,
    asks_nobody: bool,
}

impl Shown {
    fn of(workspace: &Workspace, components: Vec<Component>) -> Result<Self, Error> {
        workspace.git.require_history()?;
        let trunk = workspace.trunk()?;
        let whole = workspace.managed_on(trunk.as_deref())?;
        let head = workspace.newest_change(&workspace.git.head()?)?;
        let mut shown = Self::default();
        for component in components {
            let comment = component.pr_preview.as_ref().is_some_and(|it| it.comment);
            shown.asks_nobody |= !component.pull_sources.is_empty();
            let session = Session::of(component, workspace.clone());
            let component = of_component(&session, &whole, (&head, trunk.as_deref()))?;
            shown.components.push((comment, component));
        }
        // A list has room for so many: what runs comes first.
        let is_idle = |(_, each): &(bool, ComponentPreview)| each.delivery.is_none();
        shown.components.sort_by_key(is_idle);
        Ok(shown)
    }

    fn all(&self) -> impl Iterator<Item = &ComponentPreview> {
        self.components.iter().map(|(_, each)| each)
    }

    fn commented(&self) -> impl Iterator<Item = &ComponentPreview> {
        let commented = self.components.iter().filter(|(comment, _)| *comment);
        commented.map(|(_, each)| each)
    }
}

fn of_component(
    session: &Session,
    whole: &Managed,
    (head, trunk): (&str, Option<&str>),
) -> Result<ComponentPreview, Failure> {
    let managed = Scope::of(session.component.name()).part(whole);
    let asked = orchestrate::Request {
        forced: session.forced(&managed, head)?,
        head: head.to_owned(),
        ..orchestrate::Request::default()
    };
    let (supposed, stamp) = (Supposed::default(), session.stamp());
    let known = Known {
        managed: &managed,
        states: &whole.state.components,
        trunk,
        facts: Facts {
            supposed: &supposed,
            stamp: &stamp,
        },
    };
    preview(&session.component, known, &session.git, &asked)
}
