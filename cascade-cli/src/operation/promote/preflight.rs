//! `promote preflight`.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{dispatch, plans};
use crate::run::hotfixes;
use crate::run::{Actions, Outputs, Session, changelog};
use cascade_core::commits::short;
use cascade_core::finding::suggest;
use cascade_core::graph::Kind;
use cascade_core::lifecycle::Step;
use cascade_core::lifecycle::promote::{self, Closed, Entry, Gate, Mode, Plan};
use cascade_core::lifecycle::promotion_order::Place;
use cascade_core::lifecycle::release::Release;
use cascade_core::pipeline::Component;
use cascade_core::protocol::output;
use cascade_core::state::Managed;
use cascade_core::summary::{Move, Origin, Summary, Table, moved};
use indexmap::IndexSet;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) asked: Asked,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// What a promotion is asked for, by hand; in the workflow the dispatch inputs say it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Asked {
    /// What moves
    ///
    /// `default`, or one artifact up to a step like `dev-to-prod`.
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// Only these deploys, separated by commas
    #[arg(long, value_name = "NAMES")]
    deploys: Option<String>,
    /// Override gates that allow it
    #[arg(long)]
    force: bool,
    /// Release breaking changes
    #[arg(long, visible_alias = "allow-breaking-changes")]
    allow_breaking: bool,
    /// Move to a lower version
    #[arg(long)]
    allow_downgrade: bool,
    /// On failure, restore the step
    ///
    /// Deploys of a step that succeeded are restored when another of the same step fails.
    #[arg(long, value_name = "BOOL", default_missing_value = "true", num_args = 0..=1)]
    rollback_on_failure: Option<bool>,
}

impl Asked {
    /// The request, from flags and dispatch inputs; a flag wins.
    pub(crate) fn request(&self, session: &Session) -> Result<promote::Request, Failure> {
        let given = dispatch::given()?;
        let flag = |name: &str, by_hand: bool| {
            Ok::<bool, Failure>(by_hand || dispatch::flag(&given, name, false)?)
        };
        let mode = self
            .mode
            .clone()
            .unwrap_or_else(|| dispatch::word(&given, "mode"));
        let names = self
            .deploys
            .clone()
            .unwrap_or_else(|| dispatch::word(&given, "deploys"));
        let rollback_on_failure = match self.rollback_on_failure {
            Some(says) => says,
            None => dispatch::flag(&given, "rollback_on_failure", true)?,
        };
        Ok(promote::Request {
            mode: Mode::parse(&mode, &session.component).map_err(Failure::new)?,
            deploys: deploys(&session.component, &names)?,
            force: flag("force", self.force)?,
            allow_breaking: flag("allow_breaking_changes", self.allow_breaking)?,
            allow_downgrade: flag("allow_downgrade", self.allow_downgrade)?,
            rollback_on_failure,
            release_only: false,
            dry_run: flag("dry_run", session.dry_run)?,
        })
    }
}

fn deploys(component: &Component, text: &str) -> Result<Vec<String>, Failure> {
    let wanted = text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let known: Vec<&str> = component
        .deploy_callbacks()
        .map(|callback| callback.name.as_str())
        .collect();
    if text.trim() == "all" && !known.contains(&"all") {
        return Ok(Vec::new());
    }
    wanted
        .map(|name| match known.contains(&name) {
            true => Ok(name.to_owned()),
            false => Err(Failure::new(format!("there is no deploy `{name}`")).help(
                suggest::among(name, known.iter().copied(), "the deploys are"),
            )),
        })
        .collect()
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Promote", failure);
    session.require_trunk().inspect_err(told)?;
    session.git.require_history().inspect_err(told)?;
    let asked = args.asked.request(&session).inspect_err(told)?;
    let managed = session.managed_at_start()?;
    let plan = decide(&session, &managed, &asked)?;
    let repairs = !plan.can_proceed() && plan.gates.is_empty() && session.environment.attempt > 1;
    let proceeds = plan.can_proceed() || repairs;
    actions.put_out(
        &output::PROMOTE_PREFLIGHT,
        &outputs(&session.component, &plan, proceeds),
    )?;
    actions.summarise(&summary(&session, &plan, proceeds))?;
    let document = document(&session.component, &plan, &asked.mode, proceeds);
    match terminal.json() {
        true => terminal.out(&json::pretty(&document))?,
        false => terminal.say(&spoken(&plan))?,
    }
    if proceeds {
        return Ok(ExitStatus::Success);
    }
    terminal.failure(
        &match managed.state.environments.is_empty() && plan.gates.is_empty() {
            true => Failure::new("nothing to promote: nothing was deployed yet").help(
                "a push to the trunk starts `orchestrate`, which deploys to the first environment",
            ),
            false => Failure::new(plan.reason()),
        },
    );
    Ok(ExitStatus::No)
}

/// Plans a promotion, with every gate.
pub(crate) fn decide(
    session: &Session,
    managed: &Managed,
    asked: &promote::Request,
) -> Result<Plan, Failure> {
    let trunk = session.trunk_head()?;
    let hotfixes = open_hotfixes(session)?;
    let facts = promote::Facts {
        trunk: &trunk,
        open_hotfixes: &hotfixes,
        states: &session.states()?,
    };
    let mut plan = promote::plan(&session.component, managed, facts, &session.git, asked)?;
    refuse_foreign_workflows(session, &mut plan)?;
    Ok(plan)
}

/// The environments into which a hotfix is being reviewed.
fn open_hotfixes(session: &Session) -> Result<Vec<String>, Failure> {
    let Some(github) = session
        .github()?
        .filter(|_| session.component.environments.len() > 1)
    else {
        return Ok(Vec::new());
    };
    let pulls = hotfixes::open(&session.component, &github)?;
    Ok(pulls.into_iter().map(|pull| pull.environment).collect())
}

/// GITHUB_TOKEN cannot make the release's tag on a commit with other workflow files than the
/// trunk's; better to say so before anything is deployed.
fn refuse_foreign_workflows(session: &Session, plan: &mut Plan) -> Result<(), Failure> {
    let Some(release) = &plan.release else {
        return Ok(());
    };
    if !session.environment.in_actions || session.settings.tags_foreign_workflows() {
        return Ok(());
    }
    if hotfixes::same_workflows(session, &release.sha)? {
        return Ok(());
    }
    let (from, sha) = (release.from.clone(), release.sha.clone());
    let (to, closed) = (Place::Release.to_string(), Closed::ForeignWorkflows { sha });
    plan.refuse(Gate { from, to, closed });
    Ok(())
}

fn outputs(component: &Component, plan: &Plan, proceeds: bool) -> Outputs {
    let mut outputs = Outputs::new();
    let mut put = |name: String, value: Value| outputs.insert(name, plans::text(&value));
    put("can_proceed".to_owned(), proceeds.into());
    put("plan".to_owned(), plans::value(&plan.without_inputs()));
    let version = plan
        .release
        .as_ref()
        .map_or("", |release| release.version.as_str());
    put("release".to_owned(), version.into());
    put("publish".to_owned(), json!(plan.publishing(component)));
    let about = plan.release.as_ref().filter(|_| !plan.dry_run);
    let about = about.map_or_else(|| "".into(), about_release);
    put("changelog".to_owned(), about);
    put("independent".to_owned(), plan.independent.into());
    for environment in component.environments.iter().skip(1) {
        let name = environment.name.as_str();
        let step = plan.step(name);
        let of = |value: fn(&Step) -> Value| step.map_or_else(|| "".into(), value);
        put(format!("plan-{name}"), of(plans::value));
    }
    outputs
}

/// Returns what a callback that writes the changelog is told of a release.
fn about_release(release: &Release) -> Value {
    let base = &release.base;
    changelog::about(
        (&release.version, &release.sha),
        (base.version.as_deref(), base.sha.as_deref()),
    )
}

/// The fields that scripts know from other versions.
fn document(component: &Component, plan: &Plan, mode: &Mode, proceeds: bool) -> Value {
    let first = plan.steps.first();
    let last = plan.steps.last();
    let release = plan.release.as_ref();
    let source = match mode {
        Mode::Jump { from, .. } => Some(from.name().to_owned()),
        Mode::Default => first
            .and_then(|step| step.from.clone())
            .or_else(|| release.map(|release| release.from.clone())),
    };
    let promotions: Vec<Value> = plan
        .steps
        .iter()
        .map(|step| promotion(component, step))
        .collect();
    let names = plan.steps.iter().flat_map(|step| step.deploys.keys());
    let (external, deploys): (IndexSet<&String>, IndexSet<&String>) =
        names.partition(|name| component.external_callback(name).is_some());
    json!({
        "mode": plan.mode,
        "source_env": source,
        "target_env": last.map(|step| step.environment.as_str()).or(release.map(|_| "release")),
        "source_sha": first.map(|step| step.sha.as_str()).or(release.map(|release| release.sha.as_str())),
        "version": last.map(|step| step.version.as_str()).or(release.map(|release| release.version.as_str())),
        "rollback_sha": last.and_then(|step| step.base.sha.as_deref()),
        "deploys_to_run": deploys,
        "external_deploys_to_run": external,
        "envs_to_update": plan.steps.iter().map(|step| step.environment.as_str()).collect::<Vec<_>>(),
        "has_breaking": plan.has_breaking,
        "can_proceed": proceeds,
        "reason": if proceeds { String::new() } else { plan.reason() },
        "gates": plan.gates,
        "warnings": plan.warnings,
        "promotions": promotions,
        "release_action": if release.is_some() { "publish" } else { "none" },
        "release_data": release.map(|release| json!({
            "version": release.version,
            "sha": release.sha,
            "candidate": release.candidate,
            "previous_version": release.base.version,
        })),
    })
}

fn promotion(component: &Component, step: &Step) -> Value {
    let (external, deploys): (Vec<&String>, Vec<&String>) =
        (step.deploys.keys()).partition(|name| component.external_callback(name).is_some());
    json!({
        "source_env": step.from,
        "target_env": step.environment,
        "sha": step.sha,
        "version": step.version,
        "rollback_sha": step.base.sha,
        "deploys_to_run": deploys,
        "external_deploys_to_run": external,
    })
}

fn spoken(plan: &Plan) -> String {
    let line = |entry: &Entry<'_>| match entry {
        Entry::Step(step) => line(step),
        Entry::Release(release) => format!("{} -> release: {}\n", release.from, release.version),
    };
    plan.entries().iter().map(line).collect()
}

fn line(step: &Step) -> String {
    let from = step.from.as_deref().unwrap_or_default();
    let names: Vec<&str> = step.deploys.keys().map(String::as_str).collect();
    let deploys = match names.is_empty() {
        true => "no deploys".to_owned(),
        false => names.join(", "),
    };
    format!(
        "{from} -> {}: {} ({deploys})\n",
        step.environment, step.version
    )
}

fn summary(session: &Session, plan: &Plan, proceeds: bool) -> Summary {
    let title = if proceeds { "what moves" } else { "refused" };
    let dry = if plan.dry_run { " (dry run)" } else { "" };
    let head = ["from", "to", "version", "commit", "deploys"];
    let rows = plan.entries().into_iter().map(|entry| match entry {
        Entry::Step(step) => row(step),
        Entry::Release(release) => [
            release.from.clone(),
            "release".to_owned(),
            release.version.clone(),
            short(&release.sha).to_owned(),
            String::new(),
        ],
    });
    let links = session.links();
    let changes = plan.steps.iter().flat_map(|step| links.of(step));
    let summary = Summary::new("Promote", &format!("{title}{dry}"))
        .sentence(format!("Mode `{}`.", plan.mode))
        .table(Table::new(head).rows(rows))
        .points(plan.reason().lines())
        .warnings(&plan.warnings);
    match plan.can_proceed() {
        true => summary.picture(moved(moves(plan))).links(changes),
        false => summary,
    }
}

/// Returns what moves, in order.
fn moves(plan: &Plan) -> impl Iterator<Item = Move<'_>> {
    plan.entries().into_iter().map(|entry| match entry {
        Entry::Step(step) => Move::of(step, false),
        Entry::Release(release) => Move {
            from: Origin::Place(&release.from),
            kind: Kind::Release,
            to: "release",
            held: None,
            version: &release.version,
            done: false,
        },
    })
}

fn row(step: &Step) -> [String; 5] {
    let deploys: Vec<&str> = step.deploys.keys().map(String::as_str).collect();
    [
        step.from.clone().unwrap_or_default(),
        step.environment.clone(),
        step.version.clone(),
        short(&step.sha).to_owned(),
        deploys.join(", "),
    ]
}
