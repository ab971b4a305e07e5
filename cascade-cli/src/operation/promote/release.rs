//! `promote release`.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::Releases;
use crate::run::releases::Wanted;
use crate::run::telemetry::report;
use crate::run::{Actions, Change, Session, changelog};
use cascade_core::lifecycle::promote::Plan;
use cascade_core::lifecycle::release::{Release, record};
use cascade_core::summary::Summary;
use cascade_core::telemetry::Event;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Commit the state and push it to its branch; publish the release
    #[arg(long)]
    commit_push: bool,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let plan: Plan = plans::read("promote preflight")?;
    let Some(release) = &plan.release else {
        terminal.note("nothing is released");
        return Ok(ExitStatus::Success);
    };
    let version = &release.version;
    if plan.dry_run || session.dry_run {
        let summary = Summary::new("Release", "dry run");
        actions.summarise(&summary.sentence(format!("{version} would be published.")))?;
        return Ok(ExitStatus::Success);
    }
    if args.commit_push {
        refuse_foreign_tags(&session, release)
            .inspect_err(|why| actions.refused("Release", why))?;
    }
    // Nothing is released without the text that was asked for.
    changelog::written()?;
    let stamp = session.stamp();
    let written = session.store(args.commit_push)?.write(|managed| {
        let managed = record(managed, release, &stamp).map_err(Failure::from)?;
        let message = format!("release {version}");
        Ok(Change {
            managed,
            message,
            value: (),
        })
    })?;
    if args.commit_push {
        publish(&session, release)?;
        if written.changed || session.environment.attempt > 1 {
            hand_over(&session, release)?;
        }
    }
    let links = session.links();
    let summary = Summary::new("Release", version)
        .sentence(format!("Published from {}.", release.candidate))
        .links(links.release(version))
        .links(links.commit(&release.sha));
    actions.summarise(&summary)?;
    if args.commit_push {
        report(&session, (&actions, terminal), |origin| {
            Event::release(origin, release)
        });
    }
    terminal.out(&format!("published {version}\n"))?;
    Ok(ExitStatus::Success)
}

/// Somebody may have made a tag since the promotion was planned: nothing is recorded then.
fn refuse_foreign_tags(session: &Session, release: &Release) -> Result<(), Failure> {
    let releases = Releases::new(session)?;
    releases.own_tag(&release.version, &release.sha)?;
    releases.own_tag(&release.candidate, &release.sha)?;
    Ok(())
}

/// Publishes what is recorded.
pub(crate) fn publish(session: &Session, release: &Release) -> Result<(), Failure> {
    let wanted = Wanted {
        tag: &release.version,
        sha: &release.sha,
        since: release.base.sha.as_deref(),
        ..Wanted::default()
    };
    Releases::new(session)?.ensure_published(wanted, &release.candidate, true)
}

/// Starts the workflow that goes on with a release.
fn hand_over(session: &Session, release: &Release) -> Result<(), Failure> {
    let Some(workflow) = session.component.release_build.workflow.as_deref() else {
        return Ok(());
    };
    let Some(github) = session.releases()? else {
        return Ok(());
    };
    let file = workflow.rsplit('/').next().unwrap_or(workflow);
    // An earlier attempt may have got as far as starting it.
    if session.environment.attempt > 1 && github.dispatched(file, &release.version)? > 0 {
        return Ok(());
    }
    github.dispatch(file, &release.version, None)
}
