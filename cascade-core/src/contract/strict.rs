//! The errors that GitHub reports in a workflow file.
//!
//! Sources: GitHub's documentation, "Workflow syntax for GitHub Actions"; its parser,
//! `@actions/workflow-parser`, with which the tests compare.

use super::parse::Reader;
use super::{Concurrency, Contract, ContractError};
use crate::expression::{Context, Template};
use crate::manifest::yaml::{Kind, View};
use crate::scalar::Scalar;
use std::collections::{HashMap, HashSet};

/// The keys of a workflow file.
const KEYS: [&str; 8] = [
    "name",
    "run-name",
    "on",
    "permissions",
    "env",
    "defaults",
    "concurrency",
    "jobs",
];

impl<'a> Reader<'a> {
    /// Refuses what GitHub refuses, whatever the file declares.
    pub(super) fn strict(&self) -> Result<(), ContractError> {
        if let Some(at) = self.document.tree().merges().first() {
            let message = "GitHub does not know the merge key `<<`: write the keys out";
            return Err(self.malformed_at(*at, message));
        }
        let Some(root) = self.document.root() else {
            return Ok(());
        };
        for (key, value) in root.entries() {
            if !KEYS.contains(&key) {
                let message = format!("a workflow has no key `{key}`: it has {}", KEYS.join(", "));
                return Err(self.malformed_at(key_of(root, key, value), &message));
            }
        }
        self.twins(root)?;
        if self.with_steps {
            self.steps(root)?;
        }
        Ok(())
    }

    /// Refuses keys of one mapping that differ in case only.
    fn twins(&self, root: View<'a>) -> Result<(), ContractError> {
        let mut open = vec![root];
        // An alias shares what it names, which is looked at once.
        let mut known = HashSet::new();
        while let Some(view) = open.pop() {
            if !known.insert(view.span()) {
                continue;
            }
            let mut seen: HashMap<String, &str> = HashMap::new();
            for (key, value) in view.entries() {
                if let Some(other) = seen.insert(key.to_uppercase(), key) {
                    let message =
                        format!("`{other}` and `{key}` are one key to GitHub, which ignores case");
                    return Err(self.malformed_at(key_of(view, key, value), &message));
                }
                open.push(value);
            }
            open.extend(view.items());
        }
        Ok(())
    }

    fn steps(&self, root: View<'a>) -> Result<(), ContractError> {
        for (name, job) in root.get("jobs").into_iter().flat_map(View::entries) {
            let Some(steps) = job.get("steps") else {
                continue;
            };
            if steps.items().next().is_none() {
                let message = format!("the job `{name}` has no steps");
                return Err(self.malformed_at(steps.span(), &message));
            }
        }
        Ok(())
    }

    /// Refuses outputs whose value names no job of the file, or no output of its job.
    pub(super) fn outputs(&self, call: View<'a>) -> Result<(), ContractError> {
        let Some(root) = self.document.root() else {
            return Ok(());
        };
        let jobs = self.section(root, "jobs")?;
        for (name, output) in self.section(call, "outputs")? {
            let Some(value) = output.get("value") else {
                continue;
            };
            let text = value.text().unwrap_or_default();
            let template = Template::parse(&text).map_err(|error| {
                self.malformed_at(value.span(), &format!("the value of `{name}`: {error}"))
            })?;
            for read in template.reads() {
                if Context::named(read.context) != Some(Context::Jobs) {
                    continue;
                }
                if let Some(message) = unknown_output(&jobs, &read.names) {
                    let message = format!("the value of `{name}`: {message}");
                    return Err(self.malformed_at(value.span(), &message));
                }
            }
        }
        Ok(())
    }

    pub(super) fn concurrency(&self, contract: &mut Contract) -> Result<(), ContractError> {
        let root = self.document.root();
        let Some(view) = root.and_then(|root| root.get("concurrency")) else {
            return Ok(());
        };
        let group = match view.kind() {
            Kind::Map(_) => view.get("group").and_then(View::text),
            _ => view.text(),
        };
        let group = group.ok_or_else(|| {
            self.malformed_at(
                view.span(),
                "`concurrency` takes a group, or a mapping with one",
            )
        })?;
        let cancels = view.get("cancel-in-progress").and_then(View::scalar);
        let queue = view.get("queue").and_then(View::text);
        contract.concurrency = Some(Concurrency {
            group,
            cancels: cancels.is_some_and(|cancels| *cancels != Scalar::Bool(false)),
            queues: queue.as_deref() == Some("max"),
        });
        Ok(())
    }
}

/// Returns the place of a key of a mapping.
fn key_of(map: View<'_>, key: &str, value: View<'_>) -> crate::manifest::yaml::Span {
    map.entry(key).map_or(value.span(), |entry| entry.key)
}

fn unknown_output(jobs: &[(&str, View<'_>)], names: &[&str]) -> Option<String> {
    let (wanted, rest) = names.split_first()?;
    let named = |name: &str| name.eq_ignore_ascii_case(wanted);
    let Some((_, job)) = jobs.iter().find(|(name, _)| named(name)) else {
        return Some(format!("there is no job `{wanted}`"));
    };
    let [property, output] = rest else {
        return None;
    };
    let calls = job.get("uses").is_some();
    if calls || !property.eq_ignore_ascii_case("outputs") {
        return None;
    }
    let outputs = job.get("outputs").into_iter().flat_map(View::entries);
    let mut outputs = outputs.map(|(name, _)| name);
    let is_known = outputs.any(|name| name.eq_ignore_ascii_case(output));
    (!is_known).then(|| format!("the job `{wanted}` has no output `{output}`"))
}
