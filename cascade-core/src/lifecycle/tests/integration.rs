//! Random lives of a fork: no illegal move, no lost change, a monitor that finds nothing to do
//! right after itself.

use crate::lifecycle::integration::{
    Action, Begin, Board, Entry, Event, Facts, Issue, Pass, Progress, Pull, Run, State, Status,
    Trail, Trigger, begin, decide,
};
use crate::manifest::draft::Leaf;
use crate::manifest::{Cron, Duration};
use crate::pipeline::{Labels, Monitor};
use crate::time::Time;
use proptest::prelude::*;

/// How a run ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Ready,
    Conflict,
    Fails,
    /// It dies when the issue is active.
    Dies,
    /// It dies when its pull request is open.
    DiesLate,
    /// It goes on until somebody ends it.
    Hangs,
    /// Issues cannot be reached.
    Untracked,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The upstream changes, and the sync sees it.
    Sync,
    MergeSync,
    Start(Option<usize>),
    Run(Ending),
    /// Somebody runs the failed jobs of a run again.
    Again,
    Reap,
    Release,
    MergePull,
    ClosePull,
    Monitor {
        refuses: bool,
    },
    Tick(u64),
}

struct Asked {
    id: u64,
    created: Time,
    issue: Option<u64>,
    begun: bool,
    over: bool,
}

/// Branches are numbers: each has all the changes up to one.
struct World {
    now: Time,
    upstream: u64,
    mirror: u64,
    integration: u64,
    trunk: u64,
    issues: Vec<Issue>,
    pulls: Vec<Pull>,
    runs: Vec<Asked>,
    next: u64,
    labels: Labels,
    monitor: Monitor,
}

fn change(number: u64) -> String {
    format!("{number:040x}")
}

fn number(change: &str) -> u64 {
    u64::from_str_radix(change, 16).unwrap()
}

impl World {
    fn new() -> Self {
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
                schedule: Cron::parse("0 */6 * * *").unwrap(),
                stale_after: Duration::from_seconds(48 * 3600),
                auto_trigger: true,
                retry: true,
                max_retries: 2,
                report: true,
            },
        }
    }

    fn wait(&mut self, hours: u64) {
        self.now = self.now + std::time::Duration::from_secs(hours * 60 * 60);
    }

    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn entry(&self, event: Event, run: Option<u64>) -> Entry {
        Entry {
            at: self.now,
            by: "octocat".to_owned(),
            run,
            companion: None,
            event,
        }
    }

    fn board(&self) -> Board {
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

    fn issue(&mut self, number: u64) -> &mut Issue {
        let mut issues = self.issues.iter_mut();
        issues.find(|issue| issue.number == number).unwrap()
    }

    /// Every move goes through here, and an illegal one ends the test.
    fn advance(&mut self, issue: u64, to: State, event: Event, run: Option<u64>) {
        let (entry, labels) = (self.entry(event, run), self.labels.clone());
        let moved = self.issue(issue).advance(&labels, to, entry);
        assert_eq!(moved, Ok(()));
        let read = self.issue(issue);
        let open = read.closed.is_none();
        let said = Status::read(&labels, &read.labels, open).map(|status| status.state);
        assert_eq!(said, Ok(to));
        assert_eq!(Trail::read(&read.trail.write(&read.body)), read.trail);
    }

    fn note(&mut self, issue: u64, event: Event) {
        let (entry, labels) = (self.entry(event, None), self.labels.clone());
        self.issue(issue).note(&labels, entry);
    }

    fn open_issue(&mut self, at: u64) {
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

    fn sync(&mut self) {
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

    fn ask(&mut self, issue: Option<u64>) {
        let id = self.id();
        self.runs.push(Asked {
            id,
            created: self.now,
            issue,
            begun: false,
            over: false,
        });
    }

    /// The oldest run that waits begins, unless another one goes on.
    fn run(&mut self, ending: Ending) {
        if self.runs.iter().any(|run| run.begun && !run.over) {
            return;
        }
        let Some(at) = self.runs.iter().position(|run| !run.begun) else {
            return;
        };
        self.runs[at].begun = true;
        let (id, asked) = (self.runs[at].id, self.runs[at].issue);
        if !matches!(ending, Ending::Untracked) {
            self.passes(&[Pass::Completion], false, true);
        }
        self.runs[at].over = self.work(id, asked, ending);
    }

    /// Whether the run is over.
    fn work(&mut self, id: u64, asked: Option<u64>, ending: Ending) -> bool {
        let issue = match (ending, begin(&self.board(), asked, Some(id))) {
            (Ending::Untracked, _) | (_, Begin::Untracked(_)) => None,
            (_, Begin::For(number)) => Some(number),
            (_, Begin::Held { issue, behind, .. }) => {
                if let Some(issue) = issue {
                    self.note(issue, Event::Held { behind });
                }
                return true;
            }
            (_, Begin::Refused(_)) => return true,
        };
        if self.trunk >= self.mirror {
            return true;
        }
        if let Some(issue) = issue {
            match self.issue(issue).state() {
                Some(State::Active) => {
                    let (entry, labels) =
                        (self.entry(Event::Started, Some(id)), self.labels.clone());
                    self.issue(issue).note(&labels, entry);
                }
                _ => self.advance(issue, State::Active, Event::Started, Some(id)),
            }
        }
        let tell = |world: &mut Self, to, event| {
            if let Some(issue) = issue {
                world.advance(issue, to, event, Some(id));
            }
        };
        match ending {
            Ending::Conflict => tell(self, State::Blocked, Event::Conflicted),
            Ending::Fails => {
                self.integration = self.mirror;
                tell(self, State::Failed, Event::Failed);
            }
            Ending::Dies => {}
            Ending::Hangs => return false,
            Ending::DiesLate => _ = self.open_pull(),
            Ending::Ready | Ending::Untracked => {
                let pull = self.open_pull();
                tell(self, State::ProductionReady, Event::Ready { pull });
            }
        }
        true
    }

    fn open_pull(&mut self) -> u64 {
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

    fn end_pull(&mut self, progress: Progress) {
        let mut pulls = self.pulls.iter_mut();
        if let Some(pull) = pulls.find(|pull| pull.progress == Progress::Open) {
            pull.progress = progress;
            if progress == Progress::OnTrunk {
                self.trunk = self.trunk.max(self.integration);
            }
        }
    }

    /// What the passes decide is done; what they decided.
    fn passes(&mut self, passes: &[Pass], refuses: bool, only_moves: bool) -> Vec<Action> {
        let mut all = Vec::new();
        for pass in passes {
            for action in decide(*pass, &self.board(), &self.monitor) {
                match &action {
                    Action::Advance { issue, to, event } => {
                        self.advance(*issue, *to, event.clone(), None);
                    }
                    _ if only_moves => continue,
                    Action::Trigger { issue, why, .. } => self.trigger(*issue, *why, refuses),
                    Action::GiveUp { issue } => self.note(*issue, Event::Exhausted),
                    Action::Open { change } => self.open_issue(number(change)),
                    Action::Escalate { issue, .. } => self.note(*issue, Event::Escalated),
                }
                all.push(action);
            }
        }
        all
    }

    fn trigger(&mut self, issue: u64, why: Trigger, refuses: bool) {
        let event = Event::Triggered { why };
        match why {
            Trigger::Retry => self.advance(issue, State::Active, event, None),
            Trigger::Missed | Trigger::Held => self.note(issue, event),
        }
        match (refuses, why) {
            (false, _) => self.ask(Some(issue)),
            (true, Trigger::Retry) => {
                self.advance(issue, State::RetryReady, Event::TriggerFailed, None);
            }
            (true, _) => self.note(issue, Event::TriggerFailed),
        }
    }

    fn watch(&mut self, refuses: bool) {
        let did = self.passes(&Pass::ALL, refuses, false);
        let opened = did.iter().any(|each| matches!(each, Action::Open { .. }));
        if !refuses && !opened {
            let again = self.passes(&Pass::ALL, refuses, false);
            assert_eq!(again, [], "after {did:?}");
        }
    }

    fn release(&mut self) {
        let labels = self.labels.clone();
        let failed = |issue: &&mut Issue| issue.state() == Some(State::Failed);
        if let Some(issue) = self.issues.iter_mut().find(failed) {
            // A person takes one label away, and nothing is noted.
            issue.labels.retain(|label| *label != labels.human);
            issue.status = Status::read(&labels, &issue.labels, true);
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Sync => {
                self.upstream += 1;
                self.sync();
            }
            Step::MergeSync => self.mirror = self.upstream,
            Step::Start(which) => {
                let board = self.board();
                let issue = which
                    .and_then(|at| board.issues.get(at))
                    .map(|issue| issue.number);
                self.ask(issue);
            }
            Step::Run(ending) => self.run(ending),
            Step::Again => self.again(),
            Step::Reap => self.reap(),
            Step::Release => self.release(),
            Step::MergePull => self.end_pull(Progress::OnTrunk),
            Step::ClosePull => self.end_pull(Progress::Closed),
            Step::Monitor { refuses } => self.watch(refuses),
            Step::Tick(hours) => self.wait(hours),
        }
        self.check();
    }

    fn again(&mut self) {
        if self.runs.iter().any(|run| run.begun && !run.over) {
            return;
        }
        let failed = |issue: &&Issue| issue.state() == Some(State::Failed);
        let Some(issue) = self.issues.iter().find(failed) else {
            return;
        };
        let started = issue.trail.last(|event| *event == Event::Started);
        let (number, run) = (issue.number, started.and_then(|entry| entry.run));
        if self.board().standing(State::Active).next().is_none() && run.is_some() {
            self.advance(number, State::Active, Event::Started, run);
            let pull = self.open_pull();
            self.advance(number, State::ProductionReady, Event::Ready { pull }, run);
        }
    }

    fn reap(&mut self) {
        for run in self.runs.iter_mut().filter(|run| run.begun) {
            run.over = true;
        }
    }

    fn check(&self) {
        let board = self.board();
        let active = board.standing(State::Active).count();
        assert!(active <= 1, "{active} integrations at once");
        let tries = |issue: &Issue| {
            let retry = |entry: &&Entry| {
                entry.event
                    == Event::Triggered {
                        why: Trigger::Retry,
                    }
            };
            issue.trail.entries.iter().filter(retry).count()
        };
        let most = usize::from(self.monitor.max_retries);
        assert!(self.issues.iter().all(|issue| tries(issue) <= most));
        // What the sync saw and trunk lacks is tracked, or the mirror is ahead and will be.
        let tracked = board
            .issues
            .iter()
            .map(|issue| number(issue.trail.change.as_ref().unwrap()));
        let seen = tracked.max().unwrap_or(0).max(self.trunk).max(self.mirror);
        assert!(
            seen >= self.upstream,
            "the change {} is lost",
            self.upstream
        );
    }

    /// People do what the issues say, and everything arrives.
    fn settle(&mut self) {
        for _ in 0..12 {
            self.reap();
            self.wait(6);
            self.mirror = self.upstream;
            self.watch(false);
            let stuck = [State::Blocked, State::Failed, State::Waiting];
            let board = self.board();
            let next = stuck.iter().find_map(|state| board.standing(*state).next());
            if !self.runs.iter().any(|run| !run.begun) {
                self.ask(next.map(|issue| issue.number));
            }
            while self.runs.iter().any(|run| !run.begun) {
                self.run(Ending::Ready);
            }
            self.end_pull(Progress::OnTrunk);
        }
        self.watch(false);
        assert_eq!(self.trunk, self.upstream);
        let open: Vec<_> = self
            .board()
            .issues
            .iter()
            .map(|issue| (issue.number, issue.state()))
            .collect();
        assert_eq!(open, []);
    }
}

fn step() -> impl Strategy<Value = Step> {
    let ending = prop_oneof![
        4 => Just(Ending::Ready),
        2 => Just(Ending::Conflict),
        2 => Just(Ending::Fails),
        1 => Just(Ending::Dies),
        1 => Just(Ending::DiesLate),
        1 => Just(Ending::Hangs),
        1 => Just(Ending::Untracked),
    ];
    prop_oneof![
        3 => Just(Step::Sync),
        3 => Just(Step::MergeSync),
        3 => proptest::option::of(0_usize..3).prop_map(Step::Start),
        6 => ending.prop_map(Step::Run),
        1 => Just(Step::Again),
        1 => Just(Step::Reap),
        2 => Just(Step::Release),
        3 => Just(Step::MergePull),
        1 => Just(Step::ClosePull),
        6 => proptest::bool::weighted(0.2).prop_map(|refuses| Step::Monitor { refuses }),
        3 => (1_u64..60).prop_map(Step::Tick),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_fork_is_kept_in_step_whatever_happens(
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.settle();
    }
}
