//! The log of a run, collected from the threads of its jobs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::moment::{Moment, Watch};
use crate::act::{JobResult, Output, Run};

/// The record of a run.
pub(super) struct Record<'a> {
    run: Mutex<Run>,
    masks: Mutex<Vec<String>>,
    watch: &'a Watch<'a>,
}

impl<'a> Record<'a> {
    pub(super) fn of(secrets: impl Iterator<Item = String>, watch: &'a Watch<'a>) -> Self {
        let record = Self {
            run: Mutex::default(),
            masks: Mutex::default(),
            watch,
        };
        for secret in secrets {
            record.mask(&secret);
        }
        record
    }

    /// Hides a text from now on.
    pub(super) fn mask(&self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let mut masks = lock(&self.masks);
        // GitHub hides each line of a secret of several.
        masks.extend(
            text.lines()
                .map(str::to_owned)
                .filter(|line| !line.trim().is_empty()),
        );
        masks.sort_by_key(|mask| std::cmp::Reverse(mask.len()));
        masks.dedup();
    }

    /// Returns true if something hidden is part of the text.
    pub(super) fn hides(&self, text: &str) -> bool {
        lock(&self.masks)
            .iter()
            .any(|mask| text.contains(mask.as_str()))
    }

    pub(super) fn line(&self, path: &str, line: &str) {
        let mut shown = line.to_owned();
        for mask in lock(&self.masks).iter() {
            shown = shown.replace(mask.as_str(), "***");
        }
        (self.watch)(&Moment::Printed { path, line: &shown });
        let log = &mut lock(&self.run).log;
        for part in shown.split('\n') {
            log.push_str(path);
            log.push_str(" | ");
            log.push_str(part);
            log.push('\n');
        }
    }

    pub(super) fn summary(&self, text: String) {
        if !text.is_empty() {
            lock(&self.run).summaries.push(text);
        }
    }

    pub(super) fn output(&self, output: Output) {
        lock(&self.run).outputs.push(output);
    }

    pub(super) fn began(&self, path: &str) {
        (self.watch)(&Moment::Began { path });
    }

    pub(super) fn skipped(&self, path: &str) {
        let result = "skipped";
        (self.watch)(&Moment::Ended { path, result });
    }

    pub(super) fn ended(&self, job: JobResult) {
        let (path, result) = (&job.path, &job.result);
        (self.watch)(&Moment::Ended { path, result });
        lock(&self.run).jobs.push(job);
    }

    /// The run, which succeeded or not.
    pub(super) fn finish(self, succeeded: bool) -> Run {
        let run = self.run.into_inner();
        Run {
            code: Some(i32::from(!succeeded)),
            ..run.unwrap_or_else(PoisonError::into_inner)
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
