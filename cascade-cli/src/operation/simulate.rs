//! `simulate`.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::external::Pins;
use crate::operation::promote::{Asked, decide};
use crate::operation::{dispatch, hotfix, rollback};
use crate::run::Session;
use cascade_core::finding::suggest;
use cascade_core::lifecycle;
use cascade_core::lifecycle::hotfix::{Branch, Deployment, Merge, deploy};
use cascade_core::lifecycle::rollback::Decision;
use cascade_core::lifecycle::simulate::{self, Effect, Simulation, Supposed};
use cascade_core::lifecycle::{orchestrate, promote};
use cascade_core::state::Managed;
use clap::Subcommand;
use serde_json::json;
use similar::TextDiff;

#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// A run of `orchestrate.yaml` for what is checked out
    Orchestrate(Common),
    /// A run of `promote.yaml`
    Promote(Promotion),
    /// A run of `cascade-rollback.yaml`
    Rollback(Back),
    /// A run of `cascade-hotfix.yaml`, and what follows when its pull requests are merged
    Hotfix(Fix),
    /// The release alone that a run of `promote.yaml` would publish
    Release(Promotion),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Suppose that a build or deploy ends so
    ///
    /// In all environments, or in one: `prod/web=failure`.
    #[arg(
        long = "deploy-result",
        visible_alias = "build-result",
        value_name = "NAME=RESULT"
    )]
    results: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Back {
    #[command(flatten)]
    asked: rollback::Wanted,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Fix {
    #[command(flatten)]
    wanted: hotfix::Wanted,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Promotion {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    common: Common,
}

pub(crate) fn run(what: &What, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    session.git.require_history()?;
    session.tell_ignored_tags(terminal)?;
    let before = session.managed_with_begun(terminal)?;
    let simulated = match what {
        What::Orchestrate(common) => orchestrated(&session, common, &before)?,
        What::Hotfix(fix) => fixed(&session, fix, &before)?,
        What::Rollback(back) => back_to(&session, back, &before)?,
        What::Promote(promotion) => promoted(&session, promotion, &before, false)?,
        What::Release(promotion) => promoted(&session, promotion, &before, true)?,
    };
    match terminal.json() {
        true => terminal.out(&json::pretty(&json!({
            "state": simulated.managed.state,
            "latest_release": simulated.managed.latest_release,
            "effects": simulated.effects,
            "green": simulated.green,
        })))?,
        false => terminal.out(&spoken(&before, &simulated))?,
    }
    Ok(ExitStatus::Success)
}

fn orchestrated(
    session: &Session,
    common: &Common,
    before: &Managed,
) -> Result<Simulation, Failure> {
    let head = session.newest_change(&session.git.head()?)?;
    let pins = Pins::asked(session, before)?;
    let asked = orchestrate::Request {
        pulled: pins.pulled,
        elsewhere: pins.elsewhere,
        forced: session.forced(before, &head)?,
        head,
        dry_run: false,
        again: false,
    };
    let (supposed, stamp) = (supposed(session, &common.results)?, session.stamp());
    simulate::orchestrate(
        &session.component,
        before,
        &session.git,
        &asked,
        simulate::Facts {
            supposed: &supposed,
            stamp: &stamp,
        },
    )
}

fn promoted(
    session: &Session,
    promotion: &Promotion,
    before: &Managed,
    release_only: bool,
) -> Result<Simulation, Failure> {
    let asked = promote::Request {
        dry_run: false,
        release_only,
        ..promotion.asked.request(session)?
    };
    let plan = decide(session, before, &asked)?;
    let (supposed, stamp) = (
        supposed(session, &promotion.common.results)?,
        session.stamp(),
    );
    let facts = simulate::Facts {
        supposed: &supposed,
        stamp: &stamp,
    };
    Ok(simulate::promote(&session.component, before, &plan, facts))
}

fn back_to(session: &Session, back: &Back, before: &Managed) -> Result<Simulation, Failure> {
    let asked = back.asked.request(&dispatch::given()?)?;
    let (supposed, stamp) = (supposed(session, &back.common.results)?, session.stamp());
    match rollback::decide(session, &asked)? {
        Decision::Run(plan) => {
            let facts = simulate::Facts {
                supposed: &supposed,
                stamp: &stamp,
            };
            Ok(simulate::rollback(&session.component, before, &plan, facts))
        }
        Decision::Already(reason) => Ok(Simulation {
            managed: before.clone(),
            effects: vec![Effect::Stop { reason }],
            green: true,
        }),
    }
}

fn fixed(session: &Session, fix: &Fix, before: &Managed) -> Result<Simulation, Failure> {
    let wanted = fix.wanted.with(&dispatch::given()?);
    let (supposed, stamp) = (supposed(session, &fix.common.results)?, session.stamp());
    let facts = simulate::Facts {
        supposed: &supposed,
        stamp: &stamp,
    };
    if wanted.deploys() {
        let deployment = hotfix::deploying(session, before, &wanted, false)?;
        return Ok(simulate::hotfix(
            &session.component,
            before,
            &deployment,
            facts,
        ));
    }
    let asked = wanted.request(session)?;
    let mut simulation = Simulation {
        managed: before.clone(),
        effects: Vec::new(),
        green: true,
    };
    match hotfix::opening(session, before, &asked)? {
        lifecycle::hotfix::Decision::Already(reason) => {
            simulation.effects.push(Effect::Stop { reason });
        }
        lifecycle::hotfix::Decision::Open(elevation) => {
            for target in &elevation.targets {
                let Some(made) = hotfix::pick(session, target)? else {
                    let reason = hotfix::unchanged(&target.environment);
                    simulation.effects.push(Effect::Stop { reason });
                    continue;
                };
                simulation.effects.extend(opened(&made));
                simulation.green = made.conflict.is_empty();
                if !simulation.green {
                    break;
                }
                let merged = merged(session, &simulation.managed, &made)?;
                let then =
                    simulate::hotfix(&session.component, &simulation.managed, &merged, facts);
                simulation.effects.extend(then.effects);
                simulation.managed = then.managed;
                simulation.green = then.green;
            }
        }
    }
    Ok(simulation)
}

/// Returns the effects up to the pull request of a target.
fn opened(made: &hotfix::Made) -> Vec<Effect> {
    let target = &made.target;
    let base = target.into.clone();
    let branch = |name: &str, sha: &str| Effect::Branch {
        name: name.to_owned(),
        sha: sha.to_owned(),
    };
    let mut effects = Vec::new();
    if target.branch != Branch::Keep {
        effects.push(branch(&base, &target.onto));
    }
    effects.push(branch(&target.head, &made.head));
    effects.push(Effect::PullRequest {
        head: target.head.clone(),
        base: base.clone(),
        conflict: made.conflict.clone(),
    });
    if made.conflict.is_empty() {
        effects.push(Effect::Merge { base });
    }
    effects
}

/// The deployment of a pull request as if its head were what merging it makes.
fn merged(
    session: &Session,
    managed: &Managed,
    made: &hotfix::Made,
) -> Result<Deployment, Failure> {
    let merge = Merge {
        environment: made.target.environment.clone(),
        sha: made.head.clone(),
        patches: made.picked.clone(),
        ..Merge::default()
    };
    let deployment = deploy(&session.component, managed, &merge, false, &session.git)?;
    Ok(deployment)
}

fn supposed(session: &Session, given: &[String]) -> Result<Supposed, Failure> {
    let pairs = given.iter().map(|pair| {
        let (name, result) = pair.split_once('=').ok_or_else(|| {
            Failure::new(format!("`{pair}` is no supposition"))
                .help("write `web=failure` or `prod/web=failure`")
        })?;
        known(session, name)?;
        Ok((name.to_owned(), result.parse().map_err(Failure::new)?))
    });
    pairs.collect::<Result<_, Failure>>().map(Supposed)
}

/// Refuses a name that is no build or deploy of the pipeline, or of an environment that it has not.
fn known(session: &Session, name: &str) -> Result<(), Failure> {
    let component = &session.component;
    let (environment, callback) = match name.split_once('/') {
        Some((environment, callback)) => (Some(environment), callback),
        None => (None, name),
    };
    session.require_environment(environment.unwrap_or_default())?;
    let builds = component
        .builds
        .iter()
        .map(|build| build.callback.name.as_str());
    let deploys = component
        .deploy_callbacks()
        .map(|callback| callback.name.as_str());
    let fixed = ["validate", "publish"];
    let names: Vec<&str> = builds.chain(deploys).chain(fixed).collect();
    let strategies = component
        .deploys
        .iter()
        .filter(|deploy| deploy.strategy.is_some());
    let mut staged = strategies.map(|deploy| format!("{}-", deploy.callback.name));
    // A stage of a strategy: `web-canary-1`.
    if names.contains(&callback) || staged.any(|stage| callback.starts_with(&stage)) {
        return Ok(());
    }
    let help = suggest::among(callback, names, "the callbacks are");
    Err(Failure::new(format!("there is no build or deploy `{callback}`")).help(help))
}

fn spoken(before: &Managed, simulated: &Simulation) -> String {
    let mut text = String::new();
    for (index, effect) in simulated.effects.iter().enumerate() {
        text.push_str(&format!("{}. {effect}\n", index + 1));
    }
    let (old, new) = (yaml(before), yaml(&simulated.managed));
    if old != new {
        let diff = TextDiff::from_lines(&old, &new);
        let diff = diff
            .unified_diff()
            .context_radius(3)
            .header("state now", "state then")
            .to_string();
        text.push_str(&format!("\n{diff}"));
    }
    text
}

fn yaml(managed: &Managed) -> String {
    let written = managed.write("ci:\n  config: {}\n", "ci");
    written.unwrap_or_default()
}
