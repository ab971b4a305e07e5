//! State-machine test of a fork: no illegal move, no lost change, a monitor that finds nothing to do
//! right after itself.

mod fork;

use crate::lifecycle::integration::{
    Action, Begin, Entry, Event, Issue, Pass, Progress, State, Status, Trigger, begin, decide,
};
use fork::{World, number};
use proptest::prelude::*;

/// The end of a simulated run.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Ready,
    Conflict,
    Fails,
    /// It crashes when the issue is active.
    Crashes,
    /// It crashes when its pull request is open.
    CrashesLate,
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

impl World {
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

    /// Returns true if the run is over.
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
            Ending::Crashes => {}
            Ending::Hangs => return false,
            Ending::CrashesLate => _ = self.open_pull(),
            Ending::Ready | Ending::Untracked => {
                let pull = self.open_pull();
                tell(self, State::ProductionReady, Event::Ready { pull });
            }
        }
        true
    }

    /// Carries out what the passes decide, and returns their decisions.
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
            // Who asks for a later change is told that it is held behind the first.
            let next = stuck.iter().flat_map(|state| board.standing(*state));
            let next = next.min_by_key(|issue| issue.number);
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
        1 => Just(Ending::Crashes),
        1 => Just(Ending::CrashesLate),
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
