//! Many scenarios, some at a time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::Scenario;
use super::trace::{self, Traced};
use crate::engine::Engine;

/// The words of act for a step whose terminal was hung up on a busy machine. Neither cascade nor a
/// fault of a scenario sends that signal, so such a scenario is run a second time.
const HUNG_UP: &str = "signal: hangup";

/// The options for running scenarios.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The number of scenarios that run at a time.
    pub jobs: usize,
    /// Only the scenarios whose name contains this.
    pub only: Option<String>,
    /// The folders stay.
    pub keep: bool,
    /// The state is on a branch of its own, where scenarios do not say where it is.
    pub state_branch: bool,
    /// git is set up to do everything in another way where cascade runs.
    pub hostile_git: bool,
    /// The folder of real actions, which are used instead of stand-ins.
    pub actions: Option<PathBuf>,
    /// The engine that runs the workflows.
    pub engine: Engine,
    /// act runs them, too, and must do the same.
    pub compare: bool,
}

/// The outcome of a scenario.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its file.
    pub file: PathBuf,
    /// Its name.
    pub name: String,
    /// The failures; none if it is as expected.
    pub failures: Vec<String>,
    /// It is about something that this engine does not know.
    pub skipped: bool,
    /// The time that it took.
    pub time: Duration,
    /// The folder in which it ran, if that is kept.
    pub folder: Option<PathBuf>,
}

impl Outcome {
    /// The outcome as lines for people.
    #[must_use]
    pub fn report(&self) -> String {
        let seconds = self.time.as_secs_f32();
        let place = self.folder.as_ref();
        let place = place.map_or_else(String::new, |folder| format!("  {}\n", folder.display()));
        if self.skipped {
            return format!("skipped {}: this engine knows nothing of it\n", self.name);
        }
        if self.failures.is_empty() {
            return format!("ok      {} ({seconds:.1} s)\n{place}", self.name);
        }
        let file = self.file.display();
        let failures = self.failures.iter().map(|failure| format!("  {failure}\n"));
        let failures: String = failures.collect();
        format!(
            "FAILED  {} ({seconds:.1} s, {file})\n{failures}{place}",
            self.name
        )
    }
}

/// The scenario files among these files and in these folders.
///
/// # Errors
/// One of them does not exist.
pub fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path)?;
            let mut inside = entries
                .map(|entry| Ok(entry?.path()))
                .collect::<anyhow::Result<Vec<_>>>()?;
            inside.retain(|path| path.is_dir() || is_yaml(path));
            inside.sort();
            found.extend(files(&inside)?);
        } else {
            path.metadata()
                .with_context(|| format!("no {}", path.display()))?;
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml"))
}

/// Runs the files; `tell` hears of each outcome as it comes.
///
/// # Errors
/// The tools cannot be installed.
pub fn run(
    files: &[PathBuf],
    options: &Options,
    tell: &(dyn Fn(&Outcome) + Sync),
) -> anyhow::Result<Vec<Outcome>> {
    crate::tools::Tools::install()?;
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !is_wanted(file, options) {
                        continue;
                    }
                    let outcome = run_one(file, options);
                    tell(&outcome);
                    let mut all = outcomes
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    all.push(outcome);
                }
            });
        }
    });
    let mut outcomes = outcomes
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    outcomes.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(outcomes)
}

/// Returns true unless `only` leaves the scenario out. A file that cannot be read is not left out.
fn is_wanted(file: &Path, options: &Options) -> bool {
    let Some(only) = &options.only else {
        return true;
    };
    super::load(file).map_or(true, |scenario| scenario.name.contains(only.as_str()))
}

/// Runs the scenario of one file.
#[must_use]
pub fn run_one(file: &Path, options: &Options) -> Outcome {
    let started = Instant::now();
    let mut outcome = Outcome {
        file: file.to_owned(),
        name: file.display().to_string(),
        failures: Vec::new(),
        skipped: false,
        time: Duration::ZERO,
        folder: None,
    };
    let scenario = match super::load(file) {
        Ok(scenario) => scenario,
        Err(error) => {
            outcome.failures.push(format!("{error:#}"));
            return outcome;
        }
    };
    outcome.name.clone_from(&scenario.name);
    if scenario
        .engine
        .is_some_and(|engine| engine != options.engine)
    {
        outcome.skipped = true;
        return outcome;
    }
    let mut scenario = match options.state_branch {
        true => scenario.on_state_branch(),
        false => scenario,
    };
    scenario.hostile_git |= options.hostile_git;
    let first = attempt(&scenario, options, &mut outcome);
    if options.compare && scenario.engine.is_none() && outcome.failures.is_empty() {
        let act = Options {
            engine: Engine::Act,
            compare: false,
            ..options.clone()
        };
        let second = attempt(&scenario, &act, &mut outcome);
        outcome.failures.extend(trace::compare(&first, &second));
    }
    outcome.time = started.elapsed();
    outcome
}

/// Plays a scenario, once more if act's terminal was hung up; returns what its steps led to.
fn attempt(scenario: &Scenario, options: &Options, outcome: &mut Outcome) -> Vec<Traced> {
    let trace = once(scenario, options, outcome);
    match outcome.failures.iter().any(|text| text.contains(HUNG_UP)) {
        true => once(scenario, options, outcome),
        false => trace,
    }
}

fn once(scenario: &Scenario, options: &Options, outcome: &mut Outcome) -> Vec<Traced> {
    let ran = crate::scratch::folder()
        .context("no folder")
        .and_then(|folder| {
            let ran = super::run(scenario, folder.path(), options);
            if options.keep {
                outcome.folder = Some(folder.keep());
            }
            ran
        });
    let (failures, trace) = match ran {
        Ok(played) => (played.differences, played.trace),
        Err(error) => (vec![format!("{error:#}")], Vec::new()),
    };
    outcome.failures = failures;
    trace
}
