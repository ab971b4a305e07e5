//! A fork with its issues, pull requests and runs, in memory.

use crate::lifecycle::integration::{
    Board, Entry, Event, Facts, Issue, Progress, Pull, Run, State, Status, Trail,
};
use crate::manifest::{Cron, TimeSpan};
use crate::pipeline::{Labels, Monitor};
use crate::time::Time;
use std::str::FromStr;

pub(super) struct Asked {
    pub(super) id: u64,
    pub(super) created: Time,
    pub(super) issue: Option<u64>,
    pub(super) begun: bool,
    pub(super) over: bool,
}

/// Branches are numbers: each has all the changes up to one.
pub(super) struct World {
    pub(super) now: Time,
    pub(super) upstream: u64,
    pub(super) mirror: u64,
    pub(super) integration: u64,
    pub(super) trunk: u64,
    pub(super) issues: Vec<Issue>,
    pub(super) pulls: Vec<Pull>,
    pub(super) runs: Vec<Asked>,
    pub(super) next: u64,
    pub(super) labels: Labels,
    pub(super) monitor: Monitor,
}

pub(super) fn change(number: u64) -> String {
    format!("{number:040x}")
}

pub(super) fn number(change: &str) -> u64 {
    u64::from_str_radix(change, 16).unwrap()
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            now: Time::UNIX_EPOCH,
            upstream: 0,
            mirror: 0,
            integration: 0,
            trunk: 0,
            issues: Vec::new(),
            pulls: Vec::new(),
            runs: Vec::new(),
            next: 0,
            labels: Labels::default(),
            monitor: Monitor {
                schedule: Cron::from_str("0 */6 * * *").unwrap(),
                stale_after: TimeSpan::from_seconds(48 * 3600),
                auto_trigger: true,
                retry: true,
                max_retries: 2,
                report: true,
            },
        }
    }

    pub(super) fn wait(&mut self, hours: u64) {
        self.now = self.now + std::time::Duration::from_secs(hours * 60 * 60);
    }

    pub(super) fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn entry(&self, event: Event, run: Option<u64>) -> Entry {
        Entry {
            at: self.now,
            by: "octocat".to_owned(),
            run,
            companion: None,
            event,
        }
    }

    pub(super) fn board(&self) -> Board {
        let open = |issue: &&Issue| issue.closed.is_none();
        let issues: Vec<Issue> = self.issues.iter().filter(open).cloned().collect();
        let has = |branch: u64| {
            let within = |issue: &&Issue| number(issue.trail.change.as_ref().unwrap()) <= branch;
            issues
                .iter()
                .filter(within)
                .map(|issue| issue.number)
                .collect()
        };
        let runs = self.runs.iter().rev().map(|run| Run {
            id: run.id,
            created: run.created,
            over: run.over,
        });
        let facts = Facts {
            now: self.now,
            mirror: Some(change(self.mirror)),
            ahead: self.mirror > self.integration,
            pending: self.mirror > self.trunk,
            mirrored: has(self.mirror),
            landed: has(self.trunk),
            pulls: self.pulls.iter().rev().cloned().collect(),
            runs: runs.collect(),
        };
        Board { issues, facts }
    }

    pub(super) fn issue(&mut self, number: u64) -> &mut Issue {
        let mut issues = self.issues.iter_mut();
        issues.find(|issue| issue.number == number).unwrap()
    }

    /// Every move goes through here, and an illegal one ends the test.
    pub(super) fn advance(&mut self, issue: u64, to: State, event: Event, run: Option<u64>) {
        let (entry, labels) = (self.entry(event, run), self.labels.clone());
        let moved = self.issue(issue).advance(&labels, to, entry);
        assert_eq!(moved, Ok(()));
        let read = self.issue(issue);
        let open = read.closed.is_none();
        let said = Status::read(&labels, &read.labels, open).map(|status| status.state);
        assert_eq!(said, Ok(to));
        assert_eq!(Trail::read(&read.trail.write(&read.body)), read.trail);
    }

    pub(super) fn note(&mut self, issue: u64, event: Event) {
        let (entry, labels) = (self.entry(event, None), self.labels.clone());
        self.issue(issue).note(&labels, entry);
    }

    pub(super) fn open_issue(&mut self, at: u64) {
        let status = Status::new(State::Waiting);
        let number = self.id();
        let issue = Issue {
            number,
            status: Ok(status),
            labels: status.write(&self.labels, &[]),
            body: String::new(),
            trail: Trail {
                change: Some(change(at)),
                entries: vec![self.entry(Event::Opened, None)],
            },
            created: self.now,
            updated: self.now,
            closed: None,
        };
        self.issues.push(issue);
    }

    pub(super) fn sync(&mut self) {
        if self.mirror == self.upstream {
            return;
        }
        let board = self.board();
        match board.unmerged().map(|issue| issue.number) {
            Some(number) => {
                let upstream = change(self.upstream);
                self.issue(number).trail.change = Some(upstream);
                self.note(number, Event::MovedOn);
            }
            None => self.open_issue(self.upstream),
        }
    }

    pub(super) fn ask(&mut self, issue: Option<u64>) {
        let id = self.id();
        self.runs.push(Asked {
            id,
            created: self.now,
            issue,
            begun: false,
            over: false,
        });
    }

    pub(super) fn open_pull(&mut self) -> u64 {
        self.integration = self.mirror;
        if let Some(number) = self.board().open_pull() {
            return number;
        }
        let number = self.id();
        self.pulls.push(Pull {
            number,
            progress: Progress::Open,
        });
        number
    }

    pub(super) fn end_pull(&mut self, progress: Progress) {
        let mut pulls = self.pulls.iter_mut();
        if let Some(pull) = pulls.find(|pull| pull.progress == Progress::Open) {
            pull.progress = progress;
            if progress == Progress::OnTrunk {
                self.trunk = self.trunk.max(self.integration);
            }
        }
    }
}
