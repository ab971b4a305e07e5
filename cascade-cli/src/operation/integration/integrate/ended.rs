//! The end of an integration, and the people who are told.

use crate::cli::error::Failure;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::tracker::Tracker;
use crate::run::actions::plain;
use crate::run::{Actions, Outputs};
use cascade_core::lifecycle::integration::{Board, Issue};
use cascade_core::protocol::output;
use cascade_core::summary::Summary;
use serde_json::json;

/// The issue that an integration is for.
pub(super) struct Tracked {
    pub(super) tracker: Tracker,
    pub(super) board: Board,
    pub(super) number: u64,
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Merged,
    Nothing,
    Conflict,
    Failed,
    Held,
    Refused,
    DryRun,
}

/// The end of a run, with its message.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) says: String,
    /// The merged commit.
    pub(super) sha: String,
}

/// The state of the issue, as the run knows it.
pub(super) struct Tracking {
    /// Nothing if no issue says what becomes of it.
    pub(super) tracked: Option<Tracked>,
    /// The reason, or what could not be written.
    pub(super) remark: String,
}

pub(super) fn tell(
    actions: &Actions,
    terminal: &Terminal,
    ended: &Ended,
    tracking: &Tracking,
) -> crate::cli::error::CommandResult {
    let outcome = ended.outcome.as_str();
    let issue = tracking.tracked.as_ref().map(|tracked| tracked.number);
    let remark = match tracking.remark.as_str() {
        "" => String::new(),
        remark => format!("\n\nNot tracked: {}.", plain(remark)),
    };
    let mut summary = Summary::new("Integrate", outcome).sentence(format!("{}.", ended.says));
    if !tracking.remark.is_empty() {
        summary = summary.sentence(format!("Not tracked: {}.", tracking.remark));
    }
    actions.summarise(&summary)?;
    let issue_text = issue.map(|number| number.to_string()).unwrap_or_default();
    let outputs = [
        ("outcome", outcome.to_owned()),
        ("sha", ended.sha.clone()),
        ("issue", issue_text),
    ];
    let outputs: Outputs = outputs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    actions.put_out(&output::INTEGRATION_INTEGRATE, &outputs)?;
    if terminal.json() {
        let document = json!({
            "outcome": outcome,
            "reason": ended.says,
            "sha": ended.sha,
            "issue": issue,
        });
        terminal.out(&crate::cli::diagnostic::json::pretty(&document))?;
    } else {
        terminal.say(&format!("{}{remark}\n", ended.says))?;
    }
    match ended.outcome {
        Outcome::Merged | Outcome::Nothing | Outcome::DryRun => Ok(ExitStatus::Success),
        Outcome::Conflict | Outcome::Failed | Outcome::Held | Outcome::Refused => {
            terminal.failure(&Failure::new(ended.says.clone()));
            Ok(ExitStatus::No)
        }
    }
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Nothing => "nothing",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::DryRun => "dry-run",
        }
    }
}

impl Ended {
    pub(super) fn new(outcome: Outcome, says: impl Into<String>) -> Self {
        Self {
            outcome,
            says: says.into(),
            sha: String::new(),
        }
    }
}

impl Tracking {
    pub(super) fn none(remark: impl Into<String>) -> Self {
        Self {
            tracked: None,
            remark: remark.into(),
        }
    }

    /// The issue, and what changes it; nothing without one that is open.
    pub(super) fn issue(&mut self) -> Option<(&Tracker, &mut Issue)> {
        let Tracked {
            tracker,
            board,
            number,
        } = self.tracked.as_mut()?;
        let mut issues = board.issues.iter_mut();
        let issue = issues.find(|issue| issue.number == *number)?;
        Some((tracker, issue))
    }
}
