//! Doing what a step says, and running everything that it starts.

mod command;
mod fault;
mod follow;
mod issue;
mod queue;
mod runs;
mod start;

pub(super) use follow::Side;
pub(super) use runs::{ask, dispatch, drain};

use std::collections::BTreeMap;

use super::commit;
use super::git;
use super::launch::{Disturbance, Finished};
use super::step::{Action, Step, Target};
use super::world::{Repository, World};

/// The result of a step.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    pub(super) runs: Vec<Finished>,
    /// Of a command: its exit code and what it printed.
    pub(super) exit: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// The folder in which a command ran.
    pub(super) clone: Option<std::path::PathBuf>,
    /// The host said no.
    pub(super) refused: Option<String>,
}

/// Does the step, and runs everything that it starts.
pub(super) fn act(world: &mut World, step: &Step) -> anyhow::Result<Done> {
    let repository = world.repository(step.repo.as_deref())?.clone();
    let mut done = Done::default();
    match &step.action {
        Action::Commit(new) => commit::make(world, &repository, new)?,
        Action::Tag(tags) => tag(&repository, tags)?,
        Action::Tick(tick) => world.advance(tick.seconds()?),
        Action::MergePull(merge) => issue::merge_pull(world, &repository, merge, &mut done)?,
        Action::Queue(entry) => queue::enter(world, &repository, entry, &mut done)?,
        Action::Issue(issue) => issue::change_issue(world, &repository, issue, &mut done)?,
        Action::Cli(cli) => command::run_cli(world, &repository, cli, &mut done)?,
        Action::Launch(launch) => {
            world.rejects.clone_from(&launch.reject);
            let disturbance = fault::disturb(&step.verb, launch)?;
            for fault in &launch.faults {
                world.server.inject(fault::read(fault)?);
            }
            start::begin(
                world,
                &repository,
                &step.verb,
                launch,
                &disturbance,
                &mut done,
            )?;
        }
    }
    runs::drain(world, &Disturbance::default(), &mut done)?;
    world.server.clear_faults();
    world.rejects.clear();
    Ok(done)
}

/// Makes, moves and deletes tags, past the host.
fn tag(repository: &Repository, tags: &BTreeMap<String, Option<Target>>) -> anyhow::Result<()> {
    let bare = repository.handle.folder();
    for (name, target) in tags {
        let reference = format!("refs/tags/{name}");
        match target {
            None => repository.handle.set_ref(&reference, None)?,
            Some(Target::Commit(sha)) => repository.handle.set_ref(&reference, Some(sha))?,
            Some(Target::Annotated { annotated }) => {
                let arguments = ["tag", "--force", "--message", name, name, annotated];
                git::run(&bare, &arguments)?;
            }
        }
    }
    Ok(())
}
