//! The begin and the end of each job, noted and shown while runs go on.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::engine::Moment;

/// A job, with milliseconds since the rehearsal began.
#[derive(Debug, Clone)]
pub(super) struct Timed {
    pub(super) run: u64,
    pub(super) path: String,
    pub(super) began: u64,
    pub(super) ended: Option<u64>,
}

/// The timeline of a rehearsal.
pub(super) struct Timeline {
    start: Instant,
    jobs: Mutex<Vec<Timed>>,
    live: Option<Live>,
}

/// The progress that a terminal shows meanwhile.
struct Live {
    bars: MultiProgress,
    running: Mutex<Vec<(u64, String, ProgressBar)>>,
    /// True if it is no terminal, which gets a line for each job that ended.
    plain: bool,
}

impl Timeline {
    /// Begins now; shows itself on stderr unless it is to be quiet.
    pub(super) fn begin(quiet: bool) -> Self {
        let plain = !std::io::stderr().is_terminal();
        Self {
            start: Instant::now(),
            jobs: Mutex::default(),
            live: (!quiet).then(|| Live {
                bars: MultiProgress::new(),
                running: Mutex::default(),
                plain,
            }),
        }
    }

    /// Notes a moment of a run.
    pub(super) fn note(&self, run: u64, moment: &Moment<'_>) {
        let now = self.milliseconds();
        match moment {
            Moment::Started { workflow, event } => {
                let file = workflow.rsplit('/').next().unwrap_or(workflow);
                self.say(&format!("{file}, by {event}"));
            }
            Moment::Began { path } => {
                lock(&self.jobs).push(Timed {
                    run,
                    path: (*path).to_owned(),
                    began: now,
                    ended: None,
                });
                if let Some(live) = self.live.as_ref().filter(|_| !is_stub(path)) {
                    live.begin(run, path);
                }
            }
            Moment::Ended { path, result } => {
                let began = self.end(run, path, now).filter(|_| !is_stub(path));
                if let (Some(live), Some(began)) = (&self.live, began) {
                    live.end(run, path, result, now - began);
                }
            }
            Moment::Printed { .. } => {}
        }
    }

    fn end(&self, run: u64, path: &str, now: u64) -> Option<u64> {
        let mut jobs = lock(&self.jobs);
        let mut jobs = jobs.iter_mut().rev();
        let job = jobs.find(|job| job.run == run && job.path == path && job.ended.is_none())?;
        job.ended = Some(now);
        Some(job.began)
    }

    fn say(&self, line: &str) {
        if let Some(live) = &self.live {
            live.say(line);
        }
    }

    pub(super) fn jobs(&self) -> Vec<Timed> {
        lock(&self.jobs).clone()
    }

    pub(super) fn milliseconds(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Live {
    fn say(&self, line: &str) {
        match self.plain {
            // Whoever closed standard error does not read it.
            true => drop(writeln!(std::io::stderr(), "{line}")),
            false => drop(self.bars.println(line)),
        }
    }

    fn begin(&self, run: u64, path: &str) {
        if self.plain {
            return;
        }
        let bar = self.bars.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(path.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        lock(&self.running).push((run, path.to_owned(), bar));
    }

    fn end(&self, run: u64, path: &str, result: &str, took: u64) {
        let mut running = lock(&self.running);
        let at = running
            .iter()
            .position(|(id, known, _)| *id == run && known == path);
        if let Some((.., bar)) = at.map(|at| running.remove(at)) {
            bar.finish_and_clear();
            self.bars.remove(&bar);
        }
        self.say(&format!(
            "  {} {path} {}",
            mark(result),
            super::text::seconds(took)
        ));
    }
}

/// Returns true if the job is the only one of a stub, which ends when its caller does.
pub(super) fn is_stub(path: &str) -> bool {
    path.ends_with("/call")
}

/// A sign for a result.
pub(super) fn mark(result: &str) -> &'static str {
    match result {
        "success" => "✓",
        "failure" => "✗",
        "cancelled" => "!",
        _ => "-",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
