//! The rules: a draft becomes a pipeline, or a list of everything that is wrong with it.
//!
//! Values and keys are judged while the draft is read ([`crate::manifest::draft::Reader`]); what spans
//! several values is judged here, one file a family. [`check`] is the only way to a [`Pipeline`].

mod approvals;
mod callbacks;
mod calls;
mod cli;
mod components;
mod concurrency;
mod consequences;
mod contracts;
mod cycles;
mod environments;
mod external;
mod integration;
mod job_names;
mod limits;
mod lower;
mod optional_workflows;
mod pins;
mod platform;
mod repository;
mod state;
mod strategies;
mod targets;
mod triggers;
mod twins;

#[cfg(feature = "runtime")]
pub(crate) use repository::ACTIONS;

use crate::contract::Contracts;
use crate::finding::{Finding, Severity};
use crate::key_path::{KeyPath, Segment};
use crate::manifest::Config;
use crate::manifest::draft::{Block, Map, Node, Reader};
use crate::normalize::{Normalized, inherit, normalize};
use crate::pipeline::{Callback, Component, Pipeline};
use consequences::Reading;
use std::collections::HashSet;

/// The result of checking a draft.
#[derive(Debug)]
pub struct Checked {
    /// The pipeline, unless something is wrong with the draft.
    pub pipeline: Option<Pipeline>,
    /// Everything that was found, warnings included, in order of declaration.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// The pipeline and the warnings.
    ///
    /// # Errors
    /// Everything that was found, if anything is wrong.
    pub fn into_result(self) -> Result<(Pipeline, Vec<Finding>), Vec<Finding>> {
        match self.pipeline {
            Some(pipeline) => Ok((pipeline, self.findings)),
            None => Err(self.findings),
        }
    }
}

/// Checks the body of `config` against every rule.
///
/// `contracts` are the reusable workflow files of the repository; without them
/// ([`Contracts::unavailable`]) what they declare is not checked.
#[must_use]
pub fn check(draft: &Node, contracts: &Contracts<'_>) -> Checked {
    let empty = Map::new();
    let mut reader = Reader::default();
    let map = match draft {
        Node::Map(map) => map,
        Node::Null => &empty,
        _ => {
            reader.wrong_type(draft, &KeyPath::root(), "a mapping");
            return Checked {
                pipeline: None,
                findings: reader.into_findings(),
            };
        }
    };
    let Normalized {
        config: map,
        moves,
        findings: spelled,
    } = normalize(map);
    let config = Config::read_map(&map, &KeyPath::root(), &mut reader);
    let reading = Reading::of(&reader);
    repository::check(&config, &mut reader);
    platform::check(&config, &mut reader);
    cli::check(&config, &mut reader);
    components::check(&config, &mut reader);
    if let Some(files) = contracts.tracked() {
        triggers::check_components(&config, files, &mut reader);
    }
    twins::components(&config, &mut reader);
    integration::check(&config, &mut reader);
    state::check(&config, &mut reader);
    let validated = integration::validated(&config, contracts, &mut reader);

    let (components, mut findings) = if config.components.is_empty() {
        let component = component(&config, contracts, &mut reader);
        (vec![component], reading.judged(reader))
    } else {
        several(&config, &map, contracts, reading.judged(reader))
    };
    for finding in &mut findings {
        finding.at = moves.written(&finding.at);
    }
    findings.extend(spelled);

    let sound = findings
        .iter()
        .all(|finding| finding.rule.severity == Severity::Warning);
    let pipeline = if sound {
        assemble(&config, validated, components)
    } else {
        None
    };
    Checked { pipeline, findings }
}

/// Checks each component; what is wrong with the keys that they inherit is told once.
fn several(
    config: &Config,
    map: &Map,
    contracts: &Contracts<'_>,
    mut findings: Vec<Finding>,
) -> (Vec<Option<Component>>, Vec<Finding>) {
    let mut components = Vec::new();
    let mut seen: HashSet<(&str, String)> = findings
        .iter()
        .map(|each| (each.rule.code, each.at.to_string()))
        .collect();
    for (name, block) in &config.components {
        let at = KeyPath::root().key("components").key(name);
        let mut reader = Reader::default();
        let merged = Config::read_map(&inherit(map, &block.overrides), &at, &mut reader);
        let reading = Reading::of(&reader);
        components.push(
            component(&merged, contracts, &mut reader)
                .map(|component| lower::identified(config, name, block, component)),
        );
        let own = |finding: &Finding| {
            let relative = relative(&finding.at, name);
            let overridden = exists(&block.overrides, &finding.at);
            overridden || !seen.contains(&(finding.rule.code, relative))
        };
        let mut new = reading.judged(reader);
        new.retain(|finding| own(finding));
        for finding in &new {
            seen.insert((finding.rule.code, relative(&finding.at, name)));
            seen.insert((finding.rule.code, finding.at.to_string()));
        }
        findings.extend(new);
    }
    let mut once = HashSet::new();
    findings.retain(|finding| {
        once.insert((
            finding.rule.code,
            finding.at.clone(),
            finding.message.clone(),
        ))
    });
    (components, findings)
}

fn assemble(
    config: &Config,
    validated: Option<Callback>,
    components: Vec<Option<Component>>,
) -> Option<Pipeline> {
    let components: Option<Vec<Component>> = components.into_iter().collect();
    let mut components = components?;
    lower::link(config, &mut components);
    let mut settings = lower::settings(config)?;
    settings.integration = integration::lower(config, validated);
    Some(Pipeline::new(settings, components))
}

/// Checks everything that is released together.
fn component(config: &Config, contracts: &Contracts<'_>, reader: &mut Reader) -> Option<Component> {
    repository::check_component(config, reader);
    platform::check_component(config, reader);
    environments::check(config, reader);
    strategies::check(config, reader);
    external::check(config, reader);
    let index = callbacks::Index::new(config);
    callbacks::check(config, &index, reader);
    twins::check(config, reader);
    if let Some(files) = contracts.tracked() {
        triggers::check(config, files, reader);
    }
    optional_workflows::check(config, &index, reader);
    targets::check(config, reader);
    let workflows = contracts::Workflows::new(contracts);
    let component = lower::component(config, &index, &workflows, reader);
    if let Some(component) = &component {
        approvals::check(config, component, reader);
    }
    limits::check(config, &workflows, reader);
    concurrency::check(config, &index, &workflows, reader);
    pins::check(config, reader);
    component
}

/// A path as it would read at the top of the configuration.
fn relative(at: &KeyPath, component: &str) -> String {
    let full = at.to_string();
    full.strip_prefix(&format!("components.{component}."))
        .unwrap_or(&full)
        .to_owned()
}

/// Returns true if what a component overrides has something at a path below `components.<name>`.
fn exists(overrides: &Map, at: &KeyPath) -> bool {
    let segments = at.segments();
    let [
        Segment::Key(_),
        Segment::Key(_),
        Segment::Key(first),
        rest @ ..,
    ] = segments.as_slice()
    else {
        return true;
    };
    let Some(mut node) = overrides.get(&**first) else {
        return false;
    };
    for segment in rest {
        let next = match (segment, node) {
            (Segment::Key(key), Node::Map(map)) => map.get(&**key),
            (Segment::Index(index), Node::List(items)) => items.get(*index),
            _ => return true,
        };
        match next {
            Some(next) => node = next,
            None => return false,
        }
    }
    true
}
