//! Findings that only follow from another one.
//!
//! A value that could not be read is one mistake. What depends on it cannot be judged, so a rule
//! that takes it for granted says nothing.

use crate::finding::{Finding, Rule, rules};
use crate::key_path::{KeyPath, Segment};
use crate::manifest::draft::Reader;

/// The findings of other rules that make a rule's own a consequence.
enum Premise {
    /// These keys of the entry that the finding is about, with everything beneath them.
    Own(&'static [&'static str]),
    /// Everything in the entry that the finding is about.
    Entry,
    /// Every other key of the block that the finding is in.
    Block,
    /// The names of everything in these sections.
    Names(&'static [&'static str]),
}

use Premise::{Block, Entry, Names, Own};

const ENVIRONMENTS: Premise = Names(&["environments"]);
const WAITS_FOR: Premise = Own(&["depends_on", "optional_depends_on"]);
const STRATEGY: Premise = Own(&["strategy", "canary", "blue_green", "rollout"]);

/// The rules about several values, and what each takes for granted.
const PREMISES: &[(&Rule, &[Premise])] = &[
    (&rules::MISPLACED_KEY, &[Block]),
    (&rules::INVALID_ROLE, &[ENVIRONMENTS]),
    (&rules::UNKNOWN_ENVIRONMENT, &[ENVIRONMENTS]),
    (&rules::BRANCH_POLICY, &[Block]),
    (&rules::CLI_SOURCE, &[Block]),
    (&rules::DISPATCH_INPUT, &[Block]),
    (&rules::MERGE_GROUP, &[Block]),
    (&rules::GIT_IDENTITY, &[Block]),
    (&rules::EMPTY_TRIGGER, &[Block]),
    (&rules::INVALID_EXPRESSION, &[Names(&["dispatch_inputs"])]),
    (&rules::UNKNOWN_CALLBACK, &[Names(&["builds", "deploys"])]),
    (&rules::NOT_A_DEPENDENCY, &[WAITS_FOR]),
    (&rules::MATRIX_SIZE, &[Own(&["matrix"])]),
    (&rules::UNKNOWN_EXTERNAL, &[Names(&["external"])]),
    (&rules::DEPLOY_TO_NOWHERE, &[ENVIRONMENTS]),
    (
        &rules::MISSING_INPUT,
        &[
            Own(&["inputs", "env_inputs", "matrix"]),
            WAITS_FOR,
            ENVIRONMENTS,
        ],
    ),
    (&rules::MISSING_SECRET, &[Own(&["secrets"])]),
    (&rules::MISSING_PERMISSION, &[Own(&["permissions"])]),
    (&rules::STRATEGY_PLACE, &[STRATEGY]),
    (&rules::STRATEGY_BLOCK, &[STRATEGY]),
    (&rules::STRATEGY_CALLBACKS, &[STRATEGY]),
    (&rules::CANARY_INPUT, &[STRATEGY]),
    (&rules::BAKE_TIME, &[STRATEGY]),
    (&rules::EXTERNAL_MODE, &[Entry]),
    (&rules::EXTERNAL_DEPLOYS, &[Entry]),
    (&rules::EXTERNAL_NAME, &[Entry]),
    (&rules::EXTERNAL_SCHEDULE, &[Entry]),
    (&rules::ON_UPDATE, &[Entry]),
    (&rules::EXTERNAL_SOURCE, &[Entry]),
    (&rules::PULL_TOKEN, &[Entry]),
    (&rules::ROLLBACK_SIGNAL, &[ENVIRONMENTS]),
    (&rules::RELEASE_BUILD, &[Entry, ENVIRONMENTS]),
    (&rules::OPTIONAL_WORKFLOW, &[Entry, ENVIRONMENTS]),
    (&rules::INTEGRATION_BRANCHES, &[Entry]),
    (&rules::INTEGRATION_LABELS, &[Entry]),
    (&rules::INTEGRATION_MONITOR, &[Entry]),
    (&rules::INTEGRATION_VALIDATE, &[Entry]),
    (&rules::COMPONENT_PREFIX, &[Block, Own(&["tag_grammar"])]),
    (&rules::COMPONENT_PATH, &[Block]),
    (&rules::COMPONENT_LINK, &[Own(&["linked_with"])]),
];

/// The findings of reading a draft, before any rule about several values.
pub(super) struct Reading {
    lost: Vec<KeyPath>,
    /// The number of findings about single values.
    findings: usize,
}

impl Reading {
    /// Notes what a reader has understood.
    pub(super) fn of(reader: &Reader) -> Self {
        Self {
            lost: reader.lost(),
            findings: reader.findings().len(),
        }
    }

    /// Returns what a reader has found, but for what only follows from what it has not understood.
    pub(super) fn judged(&self, reader: Reader) -> Vec<Finding> {
        let mut findings = reader.into_findings();
        if !self.lost.is_empty() {
            let mut place = 0_usize;
            findings.retain(|finding| {
                place += 1;
                place <= self.findings || !follows(finding, &self.lost)
            });
        }
        findings
    }
}

fn follows(finding: &Finding, lost: &[KeyPath]) -> bool {
    let own = |(rule, _): &&(&Rule, _)| *rule == finding.rule;
    let Some((_, premises)) = PREMISES.iter().find(own) else {
        return false;
    };
    let at = finding.at.segments();
    let (component, at) = component(&at);
    lost.iter().any(|path| {
        let path = path.segments();
        let (of, path) = self::component(&path);
        of == component && premises.iter().any(|premise| premise.includes(path, at))
    })
}

impl Premise {
    /// Returns true if a finding at `at` takes `path` for granted.
    fn includes(&self, path: &[&Segment], at: &[&Segment]) -> bool {
        match self {
            Own(keys) => {
                let entry = entry(at);
                let rest = path.strip_prefix(entry);
                rest.is_some_and(|rest| rest.first().is_none_or(|key| is_one_of(key, keys)))
            }
            Entry => path.starts_with(entry(at)),
            Block => {
                let block = &at[..at.len().saturating_sub(1)];
                path.starts_with(block)
            }
            Names(sections) => {
                let in_section = path.first().is_some_and(|key| is_one_of(key, sections));
                in_section && is_name(&path[1..])
            }
        }
    }
}

/// Returns true if a path within a section leads to what an entry is called by.
fn is_name(path: &[&Segment]) -> bool {
    const NAMING: &[&str] = &["name", "deploys", "repo", "mode"];
    path.len() < 2 || path.iter().any(|segment| is_one_of(segment, NAMING))
}

fn is_one_of(segment: &Segment, keys: &[&str]) -> bool {
    matches!(segment, Segment::Key(key) if keys.contains(&key.as_ref()))
}

/// The entry of a section that a path leads into, or the section if it has no list.
fn entry<'a, 'b>(path: &'a [&'b Segment]) -> &'a [&'b Segment] {
    let length = match path {
        [_, Segment::Index(_), ..] => 2,
        [_, ..] => 1,
        [] => 0,
    };
    &path[..length]
}

/// A path as it is within its component, and the component's name.
fn component<'a, 'b>(path: &'a [&'b Segment]) -> (Option<&'b Segment>, &'a [&'b Segment]) {
    match path {
        [Segment::Key(first), name, rest @ ..] if first.as_ref() == "components" => {
            (Some(*name), rest)
        }
        _ => (None, path),
    }
}
