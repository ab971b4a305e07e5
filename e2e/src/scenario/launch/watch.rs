//! A run that is disturbed while it goes on.

use super::{Disturbance, Prepared};
use crate::github::{Fault, FaultKind};
use crate::scenario::tokens;
use crate::scenario::world::World;
use anyhow::Context;
use std::process::Command;
use std::time::Duration;

/// The time between two looks at the run.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs it; where the disturbance says, the host stops answering and the process crashes.
pub(super) fn watched(
    world: &World,
    prepared: &Prepared,
    disturbance: &Disturbance,
) -> anyhow::Result<crate::act::Run> {
    let Prepared {
        repository,
        past,
        flat,
        start,
        ..
    } = prepared;
    let Some(path) = &disturbance.crash else {
        return start.run();
    };
    let job = flat.id(path)?;
    let victim = tokens::of_job(past, job);
    let kind = if disturbance.applied {
        FaultKind::DroppedAfter
    } else {
        FaultKind::Dropped
    };
    let fault = |kind| {
        Fault::new("*", kind)
            .writes()
            .credential(victim.clone())
            .after(disturbance.after)
    };
    world.server.inject(fault(kind));
    world
        .server
        .inject(fault(FaultKind::Dropped).times(usize::MAX));
    let before = dropped(world);
    let mut crashed = false;
    let run = std::thread::scope(|scope| {
        let running = scope.spawn(|| start.run());
        while !running.is_finished() {
            if !crashed && dropped(world) > before {
                crashed = true;
                crash(world, job)?;
            }
            std::thread::sleep(PAUSE);
        }
        let ran = running.join();
        ran.map_err(|_| anyhow::anyhow!("the run panicked"))?
    })?;
    world.server.clear_faults();
    anyhow::ensure!(
        crashed,
        "nothing crashed: {path} of {} made at most {} writes\n{}",
        repository.handle.name(),
        disturbance.after,
        run.log
    );
    Ok(run)
}

/// Ends the process of cascade that runs in a job, as a crash does.
fn crash(world: &World, job: &str) -> anyhow::Result<()> {
    let process = world.exchange.process(job);
    let process = process.context("no cascade runs in the job that crashes")?;
    // It may have ended by itself in this moment.
    let _ = Command::new("kill")
        .args(["-s", "KILL", &process.to_string()])
        .status();
    Ok(())
}

fn dropped(world: &World) -> usize {
    let requests = world.server.requests();
    requests
        .iter()
        .filter(|request| request.status == 0)
        .count()
}
