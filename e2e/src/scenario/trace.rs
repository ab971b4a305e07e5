//! The outcome of a scenario, by which two engines are compared.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::action::Done;
use super::call::Call;
use super::step::{Action, Step};

/// The last lines of a log that a difference shows.
const LINES: usize = 80;

/// The outcome of a step.
#[derive(Debug, Clone)]
pub(super) struct Traced {
    /// The step, as reports name it.
    pub(super) place: String,
    /// True if act knows of its jobs no more than their ids, as it ran the workflow with its calls.
    is_coarse: bool,
    runs: Vec<Ran>,
    /// The callbacks that were called, each with the job that called it.
    calls: Vec<String>,
}

/// A run.
#[derive(Debug, Clone)]
struct Ran {
    workflow: String,
    result: String,
    jobs: BTreeMap<String, String>,
    log: String,
}

impl Traced {
    pub(super) fn of(step: (&str, &Step), done: &Done, calls: &[Call]) -> Self {
        let (place, step) = step;
        let is_coarse = matches!(&step.action, Action::Launch(launch) if launch.unflattened);
        let runs = done.runs.iter().map(|run| Ran {
            workflow: format!("{} by {}", run.workflow, run.event),
            result: run.result.clone(),
            jobs: run.jobs.clone(),
            log: run.log.clone(),
        });
        let calls = calls.iter().map(|call| {
            let inputs = serde_json::Value::Object(call.inputs.clone());
            let job = call.job.replace("__", "/");
            without_hashes(&format!("{} in {job} with {inputs}", call.callback))
        });
        let mut calls: Vec<String> = calls.collect();
        // Jobs that do not need each other call at the same time.
        calls.sort();
        Self {
            place: place.to_owned(),
            is_coarse,
            runs: runs.collect(),
            calls,
        }
    }

    /// The differences from what the same step led to in the other engine, with both logs.
    fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.is_coarse {
            return found;
        }
        let names = |traced: &Self| -> Vec<String> {
            traced.runs.iter().map(|run| run.workflow.clone()).collect()
        };
        if names(self) != names(other) {
            let (own, act) = (names(self), names(other));
            found.push(format!("{}: runs {own:?}, in act {act:?}", self.place));
        }
        if self.calls != other.calls {
            let (own, act) = (&self.calls, &other.calls);
            found.push(format!("{}: calls {own:#?}, in act {act:#?}", self.place));
        }
        for (own, act) in self.runs.iter().zip(&other.runs) {
            let mut text = own.differences(act);
            if !text.is_empty() {
                text.insert_str(0, &format!("{}: {}\n", self.place, own.workflow));
                found.push(text);
            }
        }
        found
    }
}

impl Ran {
    fn differences(&self, act: &Self) -> String {
        let mut text = String::new();
        if self.result != act.result {
            let _ = writeln!(text, "    {}, in act {}", self.result, act.result);
        }
        let nothing = String::new();
        let paths = self.jobs.keys().chain(act.jobs.keys());
        let paths: std::collections::BTreeSet<&String> = paths.collect();
        for path in paths {
            let of = |run: &Self| run.jobs.get(path).unwrap_or(&nothing).clone();
            let (own, other) = (of(self), of(act));
            if own != other {
                let _ = writeln!(text, "    {path}: {own}, in act {other}");
            }
        }
        if !text.is_empty() {
            for (engine, log) in [("own", &self.log), ("act", &act.log)] {
                let lines: Vec<&str> = log.lines().collect();
                let _ = writeln!(text, "    the end of its log, {engine}:");
                for line in &lines[lines.len().saturating_sub(LINES)..] {
                    let _ = writeln!(text, "    | {line}");
                }
            }
        }
        text
    }
}

/// A text without the hashes of commits: those that record the state name the host, whose port is
/// another one each time.
fn without_hashes(text: &str) -> String {
    const LENGTH: usize = 40;
    let words = text.split_inclusive(|letter: char| !letter.is_ascii_hexdigit());
    let shown = words.map(|word| {
        let hash = word.trim_end_matches(|letter: char| !letter.is_ascii_hexdigit());
        match hash.len() {
            LENGTH => word.replace(hash, "HASH"),
            _ => word.to_owned(),
        }
    });
    shown.collect()
}

/// The differences between a scenario in the engine of our own and in act.
pub(super) fn compare(own: &[Traced], act: &[Traced]) -> Vec<String> {
    let steps = own.iter().zip(act);
    steps.flat_map(|(own, act)| own.differences(act)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice::from_ref;

    fn traced(result: &str, job: &str) -> Traced {
        Traced {
            place: "step 1".to_owned(),
            is_coarse: false,
            runs: vec![Ran {
                workflow: "promote.yaml by push".to_owned(),
                result: result.to_owned(),
                jobs: [("setup".to_owned(), job.to_owned())].into(),
                log: format!("setup | {job}\n"),
            }],
            calls: Vec::new(),
        }
    }

    #[test]
    fn hashes_are_left_out() {
        let text = format!("sha={} version=v1 x={}", "a1".repeat(20), "b".repeat(39));
        let shown = format!("sha=HASH version=v1 x={}", "b".repeat(39));
        assert_eq!(without_hashes(&text), shown);
    }

    #[test]
    fn a_difference_is_shown_with_both_logs() {
        let same = traced("success", "success");
        assert!(compare(from_ref(&same), from_ref(&same)).is_empty());
        let found = compare(&[same], &[traced("failure", "skipped")]).concat();
        for part in [
            "success, in act failure",
            "setup: success, in act skipped",
            "| setup | success",
            "| setup | skipped",
        ] {
            assert!(found.contains(part), "{found}");
        }
    }
}
