//! A run as the host lists it.

use super::Finished;
use crate::github::{Job, Run};
use crate::scenario::action::Side;
use crate::scenario::world::{Past, Repository, World, stamp};

pub(super) fn begun(world: &World, past: &Past, name: &str) -> Run {
    let event = &past.event;
    let mut run = Run::started(
        past.id,
        &past.workflow,
        &event.name,
        &event.sha,
        &stamp(world),
    );
    name.clone_into(&mut run.name);
    run.attempt = past.attempt;
    run.actor.clone_from(&event.actor);
    let branch = event.reference.trim_start_matches("refs/heads/");
    let branch = branch.trim_start_matches("refs/tags/");
    branch.clone_into(&mut run.branch);
    if let Some(head) = Side::of_pull_request(event) {
        run.branch = head.branch;
        run.sha = head.sha;
    }
    run
}

pub(super) fn complete(
    world: &World,
    repository: &Repository,
    past: &Past,
    finished: &Finished,
) -> anyhow::Result<()> {
    let now = stamp(world);
    let mut run = begun(world, past, &finished.name).completed(&finished.result, &now);
    let job = |(path, result): (&String, &String)| Job {
        name: path.clone(),
        status: "completed".to_owned(),
        conclusion: Some(result.clone()),
        started_at: now.clone(),
        completed_at: Some(now.clone()),
    };
    run.jobs = finished.jobs.iter().map(job).collect();
    repository.handle.register_run(run)
}
