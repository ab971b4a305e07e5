//! The events of an integration, noted in the text of its issue.

use crate::commits::is_hash;
use crate::time::Time;
use serde::{Deserialize, Serialize};

const OPENING: &str = "<!-- cascade-integration";
const CLOSING: &str = "-->";
/// The most entries that are kept: GitHub takes 65,536 characters of text.
const MOST: usize = 200;

/// The events of an integration, oldest first.
///
/// It stands in a comment that nobody sees, one JSON object a line. Anybody who may edit the
/// issue may have edited it: a line that is not legible is not there, and nothing in it is trusted
/// to be more than a number, a time, a name or a commit's hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    /// The upstream's commit that the issue is about.
    pub change: Option<String>,
    /// The events.
    pub entries: Vec<Entry>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The time of the event.
    pub at: Time,
    /// The person or bot that caused it.
    pub by: String,
    /// The run in which it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
    /// The issue that was opened for it besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companion: Option<u64>,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
}

/// The reason why the monitor started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// The mirror was ahead, and nobody had started one.
    Missed,
    /// The integration that held the change back is done.
    Held,
    /// A person released a failed one.
    Retry,
}

/// An event of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The issue was opened.
    Opened,
    /// The upstream went on before anybody acted.
    MovedOn,
    /// Another integration was in flight.
    Held {
        /// The issue of that one.
        behind: u64,
    },
    /// A run was asked for.
    Triggered {
        /// The reason.
        why: Trigger,
    },
    /// GitHub refused to start it.
    TriggerFailed,
    /// An integration began.
    Started,
    /// It met conflicts.
    Conflicted,
    /// It failed.
    Failed,
    /// Its run ended, or vanished, without saying how.
    Orphaned,
    /// A person said that it may be tried again.
    Released,
    /// It was tried again as often as it may be.
    Exhausted,
    /// A pull request into trunk is open.
    Ready {
        /// Its number.
        pull: u64,
    },
    /// Somebody closed that pull request.
    Declined,
    /// Somebody was told that nobody acts.
    Escalated,
    /// Trunk has it.
    Done,
}

#[derive(Serialize, Deserialize)]
struct Change {
    change: String,
}

impl Trail {
    /// The trail of a text that people may have edited.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut trail = Self::default();
        let Some(lines) = between(text) else {
            return trail;
        };
        for line in lines.lines() {
            if let Ok(entry) = serde_json::from_str::<Entry>(line) {
                trail.entries.push(entry);
            } else if let Ok(Change { change }) = serde_json::from_str(line)
                && is_hash(&change)
            {
                trail.change = Some(change);
            }
        }
        trail
    }

    /// The text with this trail in place of the one it has, or at its end.
    #[must_use]
    pub fn write(&self, text: &str) -> String {
        let written = self.written();
        match between(text).map(|inner| inner.as_ptr() as usize - text.as_ptr() as usize) {
            Some(start) => {
                let end = text[start..].find(CLOSING).unwrap_or_default() + start;
                let before = &text[..start - OPENING.len()];
                format!("{before}{written}{}", &text[end + CLOSING.len()..])
            }
            None => format!("{}\n\n{written}\n", text.trim_end()),
        }
    }

    fn written(&self) -> String {
        let change = self.change.iter().map(|change| {
            let change = change.clone();
            serde_json::to_string(&Change { change })
        });
        let skipped = self.entries.len().saturating_sub(MOST);
        let entries = self.entries.iter().skip(skipped).map(serde_json::to_string);
        let lines: Vec<String> = change.chain(entries).filter_map(Result::ok).collect();
        // The end of the comment must be its only one.
        let lines = lines
            .join("\n")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        format!("{OPENING}\n{lines}\n{CLOSING}")
    }

    /// The newest entry of which something holds.
    #[must_use]
    pub fn last(&self, holds: impl Fn(&Event) -> bool) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| holds(&entry.event))
    }

    /// The entries that came after the newest one of which something holds; all if there is none.
    pub fn since(&self, holds: impl Fn(&Event) -> bool) -> &[Entry] {
        let last = self.entries.iter().rposition(|entry| holds(&entry.event));
        &self.entries[last.map_or(0, |last| last + 1)..]
    }

    /// The issues that were opened besides, for conflicts, failures and escalations.
    pub fn companions(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().filter_map(|entry| entry.companion)
    }

    /// The pull request into trunk.
    #[must_use]
    pub fn pull(&self) -> Option<u64> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match entry.event {
                Event::Ready { pull } => Some(pull),
                _ => None,
            })
    }
}

fn between(text: &str) -> Option<&str> {
    let start = text.find(OPENING)? + OPENING.len();
    let end = text[start..].find(CLOSING)?;
    Some(&text[start..start + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: Event) -> Entry {
        Entry {
            at: Time::UNIX_EPOCH,
            by: "octo-->cat".to_owned(),
            run: Some(7),
            companion: None,
            event,
        }
    }

    #[test]
    fn a_trail_is_written_where_it_stood() {
        let mut trail = Trail {
            change: Some("a".repeat(40)),
            entries: vec![entry(Event::Opened)],
        };
        let text = format!("{}\nPeople add this.", trail.write("Hello."));
        assert_eq!(Trail::read(&text), trail);
        trail.entries.push(entry(Event::Triggered {
            why: Trigger::Missed,
        }));
        trail.entries.push(entry(Event::Ready { pull: 3 }));
        let text = trail.write(&text);
        assert_eq!(Trail::read(&text), trail);
        assert!(text.starts_with("Hello.\n\n<!--"), "{text}");
        assert!(text.ends_with("People add this."), "{text}");
        assert_eq!(text.matches("-->").count(), 1, "{text}");
        assert_eq!(trail.pull(), Some(3));
    }

    #[test]
    fn hostile_texts_are_empty_trails() {
        for text in [
            "",
            "<!-- cascade-integration",
            "<!-- cascade-integration -->",
            "<!-- cascade-integration\n{\"change\":\"$(id)\"}\n-->",
            "<!-- cascade-integration\n{\"change\":\"HEAD\"}\n{\"event\":\"started\"}\n[]\n-->",
            "<!-- cascade-integration\n{\"at\":\"soon\",\"by\":\"x\",\"event\":\"started\"}\n-->",
        ] {
            assert_eq!(Trail::read(text), Trail::default(), "{text}");
        }
    }

    #[test]
    fn a_long_trail_loses_its_beginning() {
        let entries = vec![entry(Event::MovedOn); 3 * MOST];
        let text = Trail {
            change: None,
            entries,
        }
        .write("");
        assert!(text.len() < 40_000, "{}", text.len());
        assert_eq!(Trail::read(&text).entries.len(), MOST);
    }
}
