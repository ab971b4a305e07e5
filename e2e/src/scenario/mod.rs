//! Scenarios: data that says what somebody does and what must come of it.
//!
//! A file is read by [`load`] and run by [`run`]: repositories on the host of [`crate::github`],
//! files by the real `cascade generate`, every workflow in act with the real binary, callbacks as
//! stubs that note what they were called with. [`suite`] runs many files.

mod action;
mod app_key;
mod approval;
mod call;
mod commit;
mod compare;
mod fixture;
mod format;
mod git;
mod launch;
mod machine;
mod observe;
mod person;
mod programs;
mod project;
mod simulation;
pub(crate) mod stage;
mod state_branch;
mod step;
mod stub;
mod substitute;
pub mod suite;
mod tokens;
mod trace;
mod trigger;
mod world;

pub(crate) use approval::{Asked, Environment};
pub(crate) use call::{Answer, At, Call};
pub use call::{answer_call, note_process};
pub use format::Scenario;
pub(crate) use format::{Release, Secret, TokenOf};
pub(crate) use git::{command as git_command, finish as git_finish};
pub(crate) use machine::Machine;
pub(crate) use stub::{Stub, text as stub_text};
pub(crate) use world::app_id;

use std::fmt::Write;
use std::path::Path;

use action::Done;
use anyhow::Context;
use machine::START;
use observe::Before;
use simulation::Simulation;
use step::Step;
use trace::Traced;
use world::World;

/// Reads a scenario file.
///
/// # Errors
/// It is not there, no YAML, or not in the format; the message says where.
pub fn load(file: &Path) -> anyhow::Result<Scenario> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let scenario: Scenario = serde_yaml::from_str(&text).with_context(|| name.to_string())?;
    for (at, step) in scenario.steps.iter().enumerate() {
        Step::read(step).with_context(|| format!("{name}: step {}", at + 1))?;
    }
    Ok(scenario)
}

/// A scenario that was played.
#[derive(Debug, Default)]
pub struct Played {
    /// Differences from the expectations of the first step that has differences.
    pub differences: Vec<String>,
    /// The outcome of each step.
    trace: Vec<Traced>,
}

/// Runs a scenario in a folder, which is left behind as the last step left it.
///
/// # Errors
/// A step could not be done at all.
pub fn run(scenario: &Scenario, folder: &Path, options: &suite::Options) -> anyhow::Result<Played> {
    let machine = Machine {
        actions: options.actions.clone(),
        runner: scenario.runner,
        hostile_git: scenario.hostile_git,
        start: START,
        ..Machine::default()
    };
    let mut world = World::create(folder, machine)?;
    world.engine = options.engine;
    world.hides_state_branch = scenario.state_branch;
    world.mistakes.clone_from(&scenario.mistakes);
    fixture::build(&mut world, scenario)?;
    world.write_script()?;
    let mut played = Played::default();
    let mut calls = 0;
    for (at, given) in scenario.steps.iter().enumerate() {
        let step = Step::read(&world.resolve(given))?;
        let place = format!("step {} ({})", at + 1, step.verb);
        // The clock moves before each step, so that no two things happen at once.
        world.advance(60);
        let repository = world.repository(step.repo.as_deref())?.clone();
        let before = Before::of(&world, &repository)?;
        let simulation = Simulation::prepare(&world, &repository, &step)?;
        let done = action::act(&mut world, &step).with_context(|| place.clone())?;
        // The step's own commit may stand in its expectations.
        let expect = Step::read(&world.resolve(given))?.expect;
        let repository = world.repository(step.repo.as_deref())?.clone();
        let mut differences = observe::check(&world, &repository, (&expect, &done, &before))?;
        if let Some(simulation) = simulation {
            differences.extend(simulation.differences(&world, &repository, &done)?);
        }
        keep(folder, at + 1, &done)?;
        let new = world.exchange.calls()?.split_off(calls);
        calls += new.len();
        played.trace.push(Traced::of((&place, &step), &done, &new));
        if !differences.is_empty() {
            let mut report: Vec<_> = differences
                .into_iter()
                .map(|difference| format!("{place}: {difference}"))
                .collect();
            report.push(context(&done, &observe::history(&repository)));
            played.differences = report;
            return Ok(played);
        }
    }
    Ok(played)
}

/// Leaves the logs of a step in the folder.
fn keep(folder: &Path, number: usize, done: &Done) -> anyhow::Result<()> {
    let logs = folder.join("logs");
    std::fs::create_dir_all(&logs)?;
    for (at, run) in done.runs.iter().enumerate() {
        let name = format!("{number:02}-{at}-{}", run.workflow);
        std::fs::write(logs.join(format!("{name}.log")), &run.log)?;
        std::fs::write(logs.join(format!("{name}.md")), &run.summary)?;
    }
    Ok(())
}

/// Describes what happened, for a person who wonders why.
fn context(done: &Done, history: &str) -> String {
    const LINES: usize = 60;
    let mut text = String::new();
    for run in &done.runs {
        let _ = writeln!(
            text,
            "    {} ({}): {}, {:?}",
            run.workflow, run.event, run.result, run.jobs
        );
        if run.result != "success" {
            let lines: Vec<_> = run.log.lines().collect();
            for line in &lines[lines.len().saturating_sub(LINES)..] {
                let _ = writeln!(text, "    | {line}");
            }
        }
    }
    if let Some(refused) = &done.refused {
        let _ = writeln!(text, "    refused: {refused}");
    }
    for line in done.stdout.lines().chain(done.stderr.lines()).take(LINES) {
        let _ = writeln!(text, "    | {line}");
    }
    for line in history.lines() {
        let _ = writeln!(text, "    {line}");
    }
    text
}
