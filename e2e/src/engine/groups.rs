//! Concurrency groups: who runs, and who waits.
//!
//! Source: GitHub, "Control the concurrency of workflows and jobs": one run or job of a group runs.
//! Another waits; without `queue: max` a third takes the place of the one that waits, which is
//! cancelled. Names are compared without case.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use super::contexts::Contexts;

/// The longest wait; whoever waits longer waits for itself.
const LONGEST: Duration = Duration::from_secs(300);

/// The groups of a host.
#[derive(Debug, Default)]
pub struct Groups {
    all: Mutex<BTreeMap<String, Group>>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Group {
    next: u64,
    running: Option<u64>,
    waiting: VecDeque<u64>,
}

/// A place in a group, until it is dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    groups: &'a Groups,
    name: String,
}

/// A group that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    /// True if any number may wait.
    pub(super) queues: bool,
    pub(super) cancels: bool,
}

impl Wanted {
    pub(super) fn read(written: &Value, contexts: &Contexts) -> anyhow::Result<Self> {
        let written = contexts.value(written)?;
        let wanted = |name: &str, queues, cancels| Self {
            name: name.to_lowercase(),
            queues,
            cancels,
        };
        if let Some(name) = written.as_str() {
            return Ok(wanted(name, false, false));
        }
        let fields = written.as_object().context("`concurrency` is no mapping")?;
        let known = ["group", "cancel-in-progress", "queue"];
        if let Some(other) = fields.keys().find(|key| !known.contains(&key.as_str())) {
            bail!("`concurrency.{other}` is outside of what the engine knows");
        }
        let name = written["group"].as_str();
        let name = name.context("`concurrency.group` is no text")?;
        let queues = match written["queue"].as_str() {
            None | Some("single") => false,
            Some("max") => true,
            Some(other) => bail!("`queue` is `single` or `max`, not `{other}`"),
        };
        let cancels = written["cancel-in-progress"] == true;
        anyhow::ensure!(
            !(queues && cancels),
            "`queue: max` and `cancel-in-progress` exclude each other"
        );
        Ok(wanted(name, queues, cancels))
    }
}

impl Groups {
    /// Waits for a place; `None` if somebody else took the place in the queue.
    pub(super) fn enter(&self, wanted: &Wanted) -> anyhow::Result<Option<Held<'_>>> {
        let until = Instant::now() + LONGEST;
        let mut all = self.lock();
        let group = all.entry(wanted.name.clone()).or_default();
        if wanted.cancels && group.running.is_some() {
            bail!(
                "`{}`: cancelling what runs is outside of what the engine knows",
                wanted.name
            );
        }
        if !wanted.queues {
            group.waiting.clear();
            self.changed.notify_all();
        }
        let ticket = group.next;
        group.next += 1;
        group.waiting.push_back(ticket);
        loop {
            let group = all.entry(wanted.name.clone()).or_default();
            if !group.waiting.contains(&ticket) {
                return Ok(None);
            }
            if group.running.is_none() && group.waiting.front() == Some(&ticket) {
                group.waiting.pop_front();
                group.running = Some(ticket);
                return Ok(Some(Held {
                    groups: self,
                    name: wanted.name.clone(),
                }));
            }
            let left = until.saturating_duration_since(Instant::now());
            anyhow::ensure!(
                !left.is_zero(),
                "the group `{}` never became free",
                wanted.name
            );
            let woken = self.changed.wait_timeout(all, left);
            all = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Group>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(group) = self.groups.lock().get_mut(&self.name) {
            group.running = None;
        }
        self.groups.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn wanted(queues: bool) -> Wanted {
        Wanted {
            name: "g".to_owned(),
            queues,
            cancels: false,
        }
    }

    fn waiting(groups: &Groups) -> usize {
        groups
            .lock()
            .get("g")
            .map_or(0, |group| group.waiting.len())
    }

    /// Three come while one runs: how many of them run at last.
    fn three_more(queues: bool) -> usize {
        let groups = Groups::default();
        let ran = AtomicUsize::new(0);
        std::thread::scope(|threads| {
            let first = groups.enter(&wanted(queues)).unwrap();
            for number in 0..3 {
                threads.spawn(|| {
                    if let Some(_held) = groups.enter(&wanted(queues)).unwrap() {
                        ran.fetch_add(1, Ordering::SeqCst);
                    }
                });
                while waiting(&groups) < if queues { number + 1 } else { 1 } {
                    std::thread::yield_now();
                }
            }
            drop(first);
        });
        ran.into_inner()
    }

    #[test]
    fn all_that_wait_run_with_a_queue() {
        assert_eq!(three_more(true), 3);
    }

    #[test]
    fn without_a_queue_only_the_last_one_waits() {
        let groups = Groups::default();
        let first = groups.enter(&wanted(false)).unwrap();
        let second = std::thread::scope(|threads| {
            let second = threads.spawn(|| groups.enter(&wanted(false)).unwrap().is_some());
            while waiting(&groups) < 1 {
                std::thread::yield_now();
            }
            let third = threads.spawn(|| groups.enter(&wanted(false)).unwrap().is_some());
            let second = second.join().unwrap();
            drop(first);
            assert!(third.join().unwrap());
            second
        });
        assert!(!second, "the third took its place");
    }

    #[test]
    fn a_group_is_read_with_its_queue() {
        let contexts = Contexts::new(serde_json::Map::new());
        let read = |text: &str| {
            let written: Value = serde_yaml::from_str(text).unwrap();
            Wanted::read(&written, &contexts)
        };
        assert_eq!(read("G").unwrap().name, "g");
        assert!(
            read("{ group: g, queue: max, cancel-in-progress: false }")
                .unwrap()
                .queues
        );
        for wrong in [
            "{ group: g, queue: maximum }",
            "{ queue: max }",
            "{ group: g, other: 1 }",
            "{ group: g, queue: max, cancel-in-progress: true }",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
